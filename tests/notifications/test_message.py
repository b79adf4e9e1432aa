"""What people read in their mailbox, in their language and their time."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

from award_app import clock
from award_app.accounts import links
from award_app.accounts.models import Invitation
from award_app.db import db, transaction
from award_app.domain.vocabulary import AppointmentRole, NominationState
from award_app.notifications import catalogue, facts, message
from award_app.notifications.models import Letter
from tests import factories
from tests.languages import english_left
from tests.notifications import scene
from tests.notifications.occasions import OCCASIONS
from tests.servers import Sink
from tests.smtp import Received

SUBJECTS = {
    "invitation": "Your invitation to take part in the International Female Police Peacekeeper Award {year}",
    "handed_in": "Handed in: the nomination of Nadia Okoro ({mission})",
    "returned": "Please change: the nomination of Nadia Okoro ({mission})",
    "accepted": "With the panel: the nomination of Nadia Okoro ({mission})",
    "ineligible": "Cannot go forward: the nomination of Nadia Okoro ({mission})",
    "round_open": "Scoring is open: International Female Police Peacekeeper Award {year}",
    "round_closed": "Scoring is closed: International Female Police Peacekeeper Award {year}",
    "released": "Announced: the International Female Police Peacekeeper Award {year}",
    "not_selected": "About your mission’s nomination for the International Female Police Peacekeeper Award {year}",
    "call": "Call for nominations: International Female Police Peacekeeper Award {year}",
    "appointed": "Your part in the International Female Police Peacekeeper Award {year}",
    "seat_changed": "Your seat on the panel: International Female Police Peacekeeper Award {year}",
    "authority_deputised": (
        "Another nominating authority for your mission: International Female Police Peacekeeper Award {year}"
    ),
    "handed_over": "Drafts have a new nominator: International Female Police Peacekeeper Award {year}",
    "dates_moved": "Dates have changed: International Female Police Peacekeeper Award {year}",
    "extended": "More time for your mission: International Female Police Peacekeeper Award {year}",
    "file_extended": "More time: the nomination of Nadia Okoro ({mission})",
    "draft_sent_back": "Please look again: a nomination of your mission ({mission})",
    "withdrawn": "Withdrawn: the nomination of Nadia Okoro ({mission})",
    "cannot_finish": "A panel member cannot finish: International Female Police Peacekeeper Award {year}",
    "round_waits": "The scoring round waits: International Female Police Peacekeeper Award {year}",
    "reminder": "Still open for you: International Female Police Peacekeeper Award {year}",
    "outcome_changed": "Please sign in: International Female Police Peacekeeper Award {year}",
    "told": "In confidence: your mission’s nomination for the International Female Police Peacekeeper Award {year}",
    "taken_back": "Taken back: the announcement of the International Female Police Peacekeeper Award {year}",
    "factor_added": "A second factor for your account",
    "factor_replaced": "Another second factor for your account",
    "factor_removed": "A second factor of your account was removed",
    "recovery_code_used": "A recovery code of your account was used",
    "factor_reset": "Your second factor was removed",
    "factor_reset_asked": "A lost second factor waits for your answer",
    "password_reset": "A new password for your account",
    "password_changed": "Your password was changed",
    "address_change": "Please confirm your new address",
    "address_changed_notice": "A new address for your account",
    "ledger_anchored": "Please keep: a seal of the ledger",
}


def test_every_letter_has_a_scene() -> None:
    assert {*scene.EVERY_KIND, *OCCASIONS} == set(catalogue.CATALOGUE) == set(SUBJECTS)


@pytest.mark.parametrize("template", SUBJECTS)
def test_every_letter_is_made_from_real_rows(post_box: Sink, template: str) -> None:
    received = _received(post_box, template)
    letter = _letter()
    subject = catalogue.subject_of(letter)
    to = facts.recipient(letter, subject)
    cycle = catalogue.cycle_of(subject)
    expected = SUBJECTS[template].format(year=cycle.award_year if cycle else "", mission=_acronym(letter))
    mail = received.parsed
    assert mail["Subject"] == expected
    assert mail["To"].addresses[0].addr_spec == to.email == received.recipients[0]
    assert mail["To"].addresses[0].display_name == to.name
    assert mail["From"] == "Laurel <laurel@laurel.example>"
    assert mail["Message-ID"] == letter.message_id
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "en")
    assert mail["Date"].datetime == clock.now()
    text = _text(received)
    assert text.startswith(f"Dear {to.name},\n\n")
    assert "\n\n\n" not in text
    assert "https://award.example/" in text


# Whatever stands outside the marks was not translated; links, names and moments are data.
@pytest.mark.parametrize("template", SUBJECTS)
def test_every_word_of_a_letter_can_be_translated(post_box: Sink, template: str) -> None:
    received = _received(post_box, template, locale="en-XA")
    assert received.parsed["Content-Language"] == "en-XA"
    said = f"{received.parsed['Subject']}\n{_text(received)}"
    data = r"https?://\S+|Awa Ndiaye|Capitaine, Senegal|Mission MISSION\d+ \(MISSION\d+\)|\b0{64}\b"
    assert re.findall(r"[^\W\d_]{2,}", _outside_marks(re.sub(data, "", said))) == []


@pytest.mark.parametrize("template", SUBJECTS)
def test_a_letter_to_a_french_reader_is_french(post_box: Sink, template: str) -> None:
    received = _received(post_box, template, locale="fr")
    said = f"{received.parsed['Subject']}\n{_text(received)}"
    cycle = catalogue.cycle_of(catalogue.subject_of(_letter()))
    assert received.parsed["Content-Language"] == "fr"
    assert _text(received).startswith("Bonjour ")
    assert english_left(html.escape(said), "fr", data=str(cycle.titles) if cycle else "") == []


# Letter → the page its link opens.
LINKS = {
    "invitation": "accounts.invitation",
    "handed_in": "nominations.receipt",
    **dict.fromkeys(("returned", "accepted", "ineligible", "not_selected"), "nominations.file"),
    "round_open": "panel.files",
    "round_closed": "accounts.start",
    "released": "public.laureate",
    **dict.fromkeys(("call", "appointed", "authority_deputised", "extended", "handed_over"), "nominations.index"),
    **dict.fromkeys(("file_extended", "draft_sent_back", "withdrawn", "told"), "nominations.file"),
    **dict.fromkeys(("seat_changed", "dates_moved", "outcome_changed"), "accounts.start"),
    **dict.fromkeys(("taken_back", "address_changed_notice", "ledger_anchored"), "accounts.start"),
    **dict.fromkeys(("cannot_finish", "round_waits"), "reviews.progress"),
    "reminder": "nominations.index",
    **dict.fromkeys(("factor_added", "factor_replaced", "factor_removed", "factor_reset"), "accounts.own_second"),
    "recovery_code_used": "accounts.own_second",
    "factor_reset_asked": "accounts.people_person",
    "password_reset": "accounts.reset",
    "password_changed": "accounts.forgotten",
}


@pytest.mark.parametrize(("template", "page"), LINKS.items())
def test_every_link_opens_a_page(app: Flask, post_box: Sink, template: str, page: str) -> None:
    (path,) = re.findall(r"^https://award\.example(/\S+)$", _text(_received(post_box, template)), re.MULTILINE)
    assert app.url_map.bind("award.example").match(path)[0] == page


# A deadline stands in the reader's zone, in the mission's and in UTC, each once.
def test_a_return_names_its_deadline_for_reader_mission_and_utc(post_box: Sink) -> None:
    text = _text(_received(post_box, "returned"))
    moments = [line.strip() for line in text.split("\n") if line.startswith("  ")]
    assert moments == [
        "Sunday, 15 March 2026, 08:00 (Port-au-Prince, UTC−4)",
        "Sunday, 15 March 2026, 14:00 (Juba, UTC+2)",
        "Sunday, 15 March 2026, 12:00 UTC",
    ]


def test_an_invitation_carries_its_link_and_goes_to_the_invited(post_box: Sink) -> None:
    received = _received(post_box, "invitation")
    invitation = catalogue.subject_of(_letter())
    assert isinstance(invitation, Invitation)
    assert received.recipients == ("amara.diallo@laurel.example",)
    assert _text(received).count(f"\nhttps://award.example/invitation/{links.token(invitation)}\n") == 1
    assert "as a nominating authority for Mission" in _text(received)


def test_an_invitation_to_the_secretariat_names_no_award(post_box: Sink) -> None:
    with transaction():
        letter = scene.to("invitation", None, invitation_id=scene.invitation(AppointmentRole.SECRETARIAT).id).id
    scene.post(letter)
    assert post_box.messages[0].parsed["Subject"] == "Your invitation to Laurel"
    assert "as a member of the secretariat." in _text(post_box.messages[0])


def test_a_year_without_an_award_is_announced_as_one(post_box: Sink) -> None:
    with transaction():
        letter = scene.no_award().id
    scene.post(letter)
    text = _text(post_box.messages[0])
    assert "is not given this year. The panel has decided to make no award." in text
    assert "goes to" not in text


def test_an_invented_laureate_is_called_invented(post_box: Sink) -> None:
    letter_id = scene.written("released")
    with transaction():
        cycle = catalogue.cycle_of(catalogue.subject_of(db.session.get_one(Letter, letter_id)))
        assert cycle is not None
        cycle.demonstration = True
    scene.post(letter_id)
    assert "Invented, for demonstration: these people do not exist." in _text(post_box.messages[0])


# All who are told "not selected" read the same words: names taken out, two letters are equal.
def test_not_selected_is_one_text_for_all(post_box: Sink) -> None:
    with transaction():
        made = scene.released()
        other = factories.mission()
        authority = factories.authority(made.cycle, other, name=made.authority.name)
        author = factories.nominator(made.cycle, other)
        second = factories.nomination(made.cycle, other, author, NominationState.ACCEPTED, publish_name="Lea Rossi")
        pairs = [(made.authority, made.file), (authority, second)]
        letters = [scene.to("not_selected", person, nomination_id=file.id).id for person, file in pairs]
    for letter in letters:
        scene.post(letter)
    named = r"Nadia Okoro|Lea Rossi|MISSION\d+|/nominations/\w+"
    first, last = (re.sub(named, "", _text(received)) for received in post_box.messages)
    assert first == last


def test_lines_that_begin_with_a_dot_arrive_whole(post_box: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message, "_body", lambda letter, known: ".\n..\n. é\nend\n")
    assert _text(_received(post_box, "accepted")) == ".\n..\n. é\nend\n"


def _received(post_box: Sink, template: str, locale: str = "en") -> Received:
    letter_id = scene.written(template)
    with transaction():
        letter = db.session.get_one(Letter, letter_id)
        subject = catalogue.subject_of(letter)
        (letter.person or subject).locale = locale  # type: ignore[union-attr]
    scene.post(letter_id)
    return post_box.messages[-1]


def _letter() -> Letter:
    return db.session.scalars(select(Letter)).one()


def _acronym(letter: Letter) -> str:
    subject = catalogue.subject_of(letter)
    return catalogue.nomination_of(subject).mission.acronym if isinstance(subject, catalogue.OfFile) else ""


def _text(received: Received) -> str:
    body = received.parsed.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def _outside_marks(text: str) -> str:
    while (inner := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:
        text = inner
    return text
