"""Remarks on single answers: written by the secretariat or the authority, read beside the answer, answered by a change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import AttachmentKind, Consent, NominationState, Refusal
from award_app.nominations import changes, operations, queries, screening
from award_app.nominations.models import FieldRemark, FileExtension, Nomination, SentBack
from award_app.nominations.remarks import operations as remarking
from award_app.nominations.remarks import queries as remarks
from award_app.nominations.remarks.queries import From
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Clock
from tests.nominations.conftest import Place, pdf
from tests.nominations.test_operations import refusal

As = Callable[[Person], FlaskClient]
S = NominationState
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
ON = {"unit": "Which unit?", "cv": "One page is missing.", "reason": "Shorter, please."}


def returned(place: Place, clock: Clock, **on: str) -> Nomination:
    file = place.handed_in(clock.now)
    with transaction():
        screening.declare_as_secretariat(file, conflict=False, reason=None, by=place.secretariat, now=clock.now)
        screening.send_back(file, "Three things.", None, on=on or ON, by=place.secretariat, now=clock.now)
    return file


def handed_in_again(place: Place, file: Nomination, now: datetime, **answers: str) -> None:
    with transaction():
        place.save(file, now, **answers)
    with transaction():
        place.endorse(file, now)
    with transaction():
        operations.hand_in(file, by=place.authority, now=now)


def senders(file: Nomination) -> list[tuple[From, dict[str, str]]]:
    return [(one.sender, dict(one.on)) for one in remarks.standing(file)]


# --- from the secretariat --------------------------------------------------------------------------------------------


def test_remarks_of_a_return_stand_until_the_file_is_handed_in_again(place: Place, clock: Clock) -> None:
    file = returned(place, clock)
    assert senders(file) == [(From.SECRETARIAT, ON)]
    handed_in_again(place, file, clock.forward(hours=1), unit="Sector East")
    assert senders(file) == []


@pytest.mark.parametrize(
    ("on", "problems"),
    [
        ({"rank": "There is no such answer."}, ()),
        ({"unit": "x" * 2001}, ("unit",)),
        ({"achievements.5.before": "A row too many."}, ()),
    ],
)
def test_a_remark_needs_an_answer_and_an_end(
    place: Place, clock: Clock, on: dict[str, str], problems: tuple[str, ...]
) -> None:
    file = place.handed_in(clock.now)
    with transaction():
        screening.declare_as_secretariat(file, conflict=False, reason=None, by=place.secretariat, now=clock.now)
    said = refusal(lambda: screening.send_back(file, "No.", None, on=on, by=place.secretariat, now=clock.now))
    assert (said.refusal, said.problems) == (Refusal.INVALID, problems)
    assert db.session.query(FieldRemark).count() == 0


@on_sqlite
def test_each_remark_is_read_beside_its_answer_and_in_the_task_list(place: Place, clock: Clock, as_: As) -> None:
    file = returned(place, clock)
    for person in (place.nominator, place.authority):
        html = as_(person).get(f"/nominations/{file.ref}/check").text
        assert [text in html for text in (*ON.values(), "Three things.")] == [True] * 4
    browser = as_(place.nominator)
    tasks = browser.get(f"/nominations/{file.ref}").text
    assert tasks.count("1 remark to answer") == 3
    for step, text in (("service", ON["unit"]), ("files", ON["cv"]), ("case", ON["reason"])):
        assert text in browser.get(f"/nominations/{file.ref}/edit/{step}").text


@on_sqlite
def test_remarks_typed_on_the_screening_page_are_kept_through_a_mistake(place: Place, clock: Clock, as_: As) -> None:
    file, browser = place.handed_in(clock.now), as_(place.secretariat)
    address = f"/screening/files/{file.ref}"
    browser.post(f"{address}/declare", data={"conflict": "no"})
    assert browser.get(address).text.count("Write a remark") > 20
    sent = {"remark.unit": "Which unit?", "remark.nothing": "x"}
    mistake = browser.post(f"{address}/return", data=sent)
    assert (mistake.status_code, "Which unit?" in mistake.text) == (422, True)
    wrong = browser.post(f"{address}/return", data={**sent, "return-remarks": "Look again."})
    assert wrong.status_code == 400
    long = browser.post(f"{address}/return", data={"return-remarks": "Look again.", "remark.unit": "y" * 2001})
    assert (long.status_code, 'id="remark-unit-error"' in long.text, "y" * 2001 in long.text) == (422, True, True)
    good = browser.post(f"{address}/return", data={"return-remarks": "Look again.", "remark.unit": "Which unit?"})
    assert good.status_code == 302
    assert [(r.field, r.text) for r in db.session.query(FieldRemark)] == [("unit", "Which unit?")]
    assert "Which unit?" in browser.get(address).text  # what was asked of the mission


# --- what changed ----------------------------------------------------------------------------------------------------


def test_what_changed_is_told_answer_by_answer_and_paper_by_paper(place: Place, clock: Clock) -> None:
    file = returned(place, clock)
    assert changes.since_the_last(file) is None
    now = clock.forward(hours=1)
    with transaction():
        operations.attach(file, AttachmentKind.CV, "newer.pdf", pdf(2), by=place.nominator, now=now)
    handed_in_again(place, file, now, unit="Sector East", country="FR")
    found = changes.since_the_last(file)
    assert found is not None
    assert [(one.key, one.said, one.remark) for one in found.changed] == [
        ("country", "Answered anew.", ""),
        ("unit", "Answered anew.", "Which unit?"),
        ("cv", "cv.pdf was replaced by newer.pdf.", "One page is missing."),
    ]
    assert ["".join(p.text for p in one.pieces if p.part != "removed") for one in found.changed[:2]] == [
        "France", "Sector East"]  # fmt: skip
    assert [text for _label, text in found.untouched] == ["Shorter, please."]


@on_sqlite
def test_the_change_is_shown_with_its_remark(place: Place, clock: Clock, as_: As) -> None:
    file = returned(place, clock)
    handed_in_again(place, file, clock.forward(hours=1), reason="She opened a desk that women trust.", unit="East <b>")
    html = unescape(as_(place.secretariat).get(f"/screening/files/{file.ref}").text)
    for words in (
        '<ins><span class="sr">[added]</span>women </ins>',
        '<del><span class="sr">[taken away]</span>people </del>',
        "Words added: 1. Words taken away: 1.",
        "Shorter, please.",
        "These remarks were not followed by a change:",
        "One page is missing.",
    ):
        assert words in html


# --- more time -------------------------------------------------------------------------------------------------------


def test_a_returned_file_gets_more_time_with_a_reason_and_letters(place: Place, clock: Clock) -> None:
    file = returned(place, clock)
    until = place.cycle.screening_ends_at + timedelta(days=3)
    with transaction():
        screening.extend(file, until, "The link was down.", by=place.secretariat, now=clock.now)
    assert (file.return_deadline, file.state) == (until, S.RETURNED)
    letters = db.session.query(Letter).filter_by(template="file_extended").all()
    assert {letter.person_id for letter in letters} == {place.nominator.id, place.authority.id}
    late = clock.move_to(place.cycle.screening_ends_at + timedelta(days=1))
    handed_in_again(place, file, late, unit="Sector East")
    assert file.state is S.SUBMITTED


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (0, "No more than it has."),
        (-1, "Less than it has."),
        (21, "The review has ended by then."),
        (1, "  "),
    ],
)
def test_more_time_is_more_than_it_has_leaves_time_to_screen_and_has_a_reason(
    place: Place, clock: Clock, days: int, reason: str
) -> None:
    file = returned(place, clock)
    until = place.cycle.screening_ends_at + timedelta(days=days)
    said = refusal(lambda: screening.extend(file, until, reason, by=place.secretariat, now=clock.now))
    assert said.refusal is Refusal.INVALID
    assert db.session.query(FileExtension).count() == 0


@on_sqlite
def test_more_time_is_given_on_the_page(place: Place, clock: Clock, as_: As) -> None:
    file, browser = returned(place, clock), as_(place.secretariat)
    address = f"/screening/files/{file.ref}"
    assert "Give more time" in browser.get(address).text
    until = (place.cycle.screening_ends_at + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    for sent, words in (
        ({}, "Say until when."),
        ({"extend-until": "soon", "extend-reason": "Late."}, "Write a date and a time"),
        ({"extend-until": "2026-03-11T00:00", "extend-reason": "Late."}, "must be later than the old one"),
    ):
        answer = browser.post(f"{address}/extend", data=sent)
        assert (answer.status_code, words in answer.text) == (422, True)
    done = browser.post(f"{address}/extend", data={"extend-until": until, "extend-reason": "The link was down."})
    assert done.status_code == 302
    assert "The link was down." in browser.get(address).text


# --- from the authority ----------------------------------------------------------------------------------------------


def test_an_endorsed_draft_goes_back_and_its_endorsement_no_longer_holds(place: Place, clock: Clock) -> None:
    file = place.endorsed(clock.now)
    now = clock.forward(minutes=1)
    with transaction():
        sent = remarking.send_to_nominator(file, "Too long.", on={"reason": "Half."}, by=place.authority, now=now)
    assert (file.state, file.endorsed_digest, queries.endorsement(file)) == (S.DRAFT, None, None)
    assert senders(file) == [(From.AUTHORITY, {"reason": "Half."})]
    letters = db.session.query(Letter).filter_by(template="draft_sent_back").all()
    assert [(letter.person_id, letter.ids) for letter in letters] == [
        (place.nominator.id, {"sent_back_id": sent.id})]  # fmt: skip
    # endorsed again, and changed again: the remark has been answered
    with transaction():
        place.endorse(file, clock.forward(minutes=1))
    assert senders(file) == []
    with transaction():
        place.save(file, clock.forward(minutes=1), unit="Sector East")
    assert senders(file) == []


def test_a_returned_file_carries_both_the_remarks_of_the_secretariat_and_those_of_its_authority(
    place: Place, clock: Clock
) -> None:
    file = returned(place, clock)
    with transaction():
        remarking.send_to_nominator(file, "The unit first.", by=place.authority, now=clock.forward(minutes=1))
    assert (file.state, senders(file)) == (S.RETURNED, [(From.SECRETARIAT, ON), (From.AUTHORITY, {})])


def test_a_file_is_not_sent_back_without_a_word(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    said = refusal(lambda: remarking.send_to_nominator(file, " ", by=place.authority, now=clock.now))
    assert (said.refusal, db.session.query(SentBack).count()) == (Refusal.INVALID, 0)


@on_sqlite
def test_the_authority_writes_remarks_beside_the_answers(place: Place, clock: Clock, as_: As) -> None:
    file, head = place.file(clock.now), as_(place.authority)
    address = f"/nominations/{file.ref}/send-back"
    assert head.get(address).text.count("Write a remark") > 20
    empty = head.post(address, data={"remark.unit": "Which one?"})
    assert (empty.status_code, "Which one?" in empty.text) == (422, True)
    long = head.post(address, data={"remarks": "Look.", "remark.unit": "z" * 2001})
    assert (long.status_code, 'id="remark-unit-error"' in long.text) == (422, True)
    assert head.post(address, data={"remarks": "Look.", "remark.unit": "Which one?"}).status_code == 302
    html = as_(place.nominator).get(f"/nominations/{file.ref}/edit/service").text
    assert ("Which one?" in html, "Your nominating authority asks:" in html) == (True, True)
    # the secretariat reads nothing of what a mission writes to itself
    with transaction():
        place.endorse(file, clock.forward(minutes=1))
    with transaction():
        operations.hand_in(file, by=place.authority, now=clock.now)
        screening.declare_as_secretariat(file, conflict=False, reason=None, by=place.secretariat, now=clock.now)
    assert "Which one?" not in as_(place.secretariat).get(f"/screening/files/{file.ref}").text


# --- consent ---------------------------------------------------------------------------------------------------------


def test_what_the_secretariat_was_told_outlives_an_answer_that_nobody_touched(place: Place, clock: Clock) -> None:
    file = place.handed_in(clock.now)
    with transaction():
        screening.declare_as_secretariat(file, conflict=False, reason=None, by=place.secretariat, now=clock.now)
        screening.record_consent(file, Consent.REFUSED, by=place.secretariat, now=clock.now)
        screening.send_back(file, "The unit.", None, by=place.secretariat, now=clock.now)
    handed_in_again(place, file, clock.forward(hours=1), unit="Sector East")
    assert str(file.consent) == "refused"
    with transaction():
        screening.send_back(file, "The unit.", None, by=place.secretariat, now=clock.now)
    handed_in_again(place, file, clock.forward(hours=1), consent="not_told")
    assert str(file.consent) == "not_told"


def test_the_world_has_a_hand_in_for_every_file_that_was_handed_in(place: Place) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, S.ACCEPTED)
    assert changes.since_the_last(file) is None
