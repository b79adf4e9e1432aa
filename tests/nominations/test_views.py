"""The pages of a mission's files, as its people see them, and as nobody else does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.form import STEPS, field
from award_app.domain.vocabulary import AttachmentKind, NominationState
from award_app.nominations import labels, operations, queries, storage
from award_app.nominations.models import Nomination
from tests import factories as make
from tests.conftest import Clock
from tests.nominations.conftest import Place, pdf, picture

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
As = Callable[[Person], FlaskClient]
CODES = [code for code, _weight in make.CRITERIA]
TICKS = {"in_active_service": "y", "no_serious_sanction": "y", "none_pending": "y"}


def page(step: str) -> dict[str, str]:
    """What a browser sends of one page of a complete file."""
    return {k: v for k, v in make.ANSWERS.items() if (f := field(k, CODES)) is not None and f.step == step}


def hidden(html: str, name: str) -> str:
    found = re.search(f'name="{name}"[^>]*value="([^"]*)"', html)
    assert found
    return unescape(found[1])


# --- the way of a file -----------------------------------------------------------------------------------------------


def test_a_file_is_begun_written_endorsed_and_handed_in(place: Place, as_: As) -> None:
    writer, head = as_(place.nominator), as_(place.authority)
    assert "Begin a nomination" in writer.get("/nominations").text
    begun = writer.post(f"/nominations/begin/{place.cycle.award_year}/{place.mission.acronym}")
    ref = begun.location.split("/")[2]
    for number, step in enumerate(STEPS):
        answer = writer.post(f"/nominations/{ref}/edit/{step}", data=page(step))
        onward = f"/nominations/{ref}/edit/{STEPS[number + 1]}" if step != STEPS[-1] else f"/nominations/{ref}/check"
        assert (answer.status_code, answer.location) == (302, onward)
        assert f"Your answers on “{labels.STEPS[step]}” were saved at 12:00." in writer.get(onward).text
    assert "What is still missing" in writer.get(f"/nominations/{ref}/check").text
    for kind in ("cv", "endorsement_letter"):
        sent = {"file": (BytesIO(pdf()), "paper.pdf")}
        assert writer.post(f"/nominations/{ref}/files/{kind}", data=sent).status_code == 302
    assert "Everything is there." in writer.get(f"/nominations/{ref}/check").text
    read = hidden(head.get(f"/nominations/{ref}/endorse").text, "read")
    assert head.post(f"/nominations/{ref}/endorse", data={"read": read, **TICKS}).location.endswith("/hand-in")
    assert "0 of 4 are taken" in head.get(f"/nominations/{ref}/hand-in").text
    assert head.post(f"/nominations/{ref}/hand-in").location.endswith("/receipt")
    file = db.session.query(Nomination).one()
    assert file.submitted_digest is not None
    for browser in (writer, head):
        assert file.submitted_digest in browser.get(f"/nominations/{ref}/receipt").text


def test_a_form_sent_twice_begins_one_file(place: Place, as_: As) -> None:
    browser, address = as_(place.nominator), f"/nominations/begin/{place.cycle.award_year}/{place.mission.acronym}"
    first, second = (browser.post(address, data={"once": "the same"}) for _ in range(2))
    assert first.location == second.location
    assert db.session.query(Nomination).count() == 1


@pytest.mark.parametrize("step", STEPS)
def test_each_page_shows_what_was_written(place: Place, clock: Clock, as_: As, step: str) -> None:
    file = place.file(clock.now)
    html = unescape(as_(place.nominator).get(f"/nominations/{file.ref}/edit/{step}").text)
    typed = {k: v for k, v in page(step).items() if v not in ("yes", "no", "given", "IPO", "fr", "SN")}
    assert [text for text in typed.values() if text not in html] == []


def test_too_long_and_unfit_answers_are_saved_and_said_so(place: Place, clock: Clock, as_: As) -> None:
    file, long = place.file(clock.now), "word " * 41
    answer = as_(place.nominator).post(
        f"/nominations/{file.ref}/edit/case", data={"reason": long, "seen": '{"reason":1}'}
    )
    assert answer.status_code == 200
    assert "This is longer than 40 words." in answer.text
    assert "41 of at most 40 words" in answer.text
    assert queries.answers(file)["reason"] == long.strip()


def test_the_next_save_from_the_page_that_complained_is_a_save_of_its_own(place: Place, clock: Clock, as_: As) -> None:
    file, browser = place.file(clock.now), as_(place.nominator)
    address = f"/nominations/{file.ref}/edit/case"
    first = browser.post(address, data={"reason": "word " * 41, "seen": '{"reason":1}', "once": "k"})
    again = {"reason": "Short.", "seen": hidden(first.text, "seen"), "once": hidden(first.text, "once")}
    assert browser.post(address, data=again).status_code == 302
    assert queries.answers(file)["reason"] == "Short."


def test_another_row_is_a_save_and_one_row_more(place: Place, clock: Clock, as_: As) -> None:
    file, browser = place.file(clock.now), as_(place.nominator)
    assert "Achievement 2" not in browser.get(f"/nominations/{file.ref}/edit/case").text
    seen = {"seen": '{"citation":1}', "citation": "Better.", "go": "add:achievements"}
    added = browser.post(f"/nominations/{file.ref}/edit/case", data=seen)
    assert "Achievement 2" in browser.get(added.location).text
    assert queries.answers(file)["citation"] == "Better."
    row = {"achievements.1.before": "Nothing.", "go": "leave"}
    assert browser.post(f"/nominations/{file.ref}/edit/case", data=row).status_code == 302
    assert queries.answers(file)["achievements.1.before"] == "Nothing."


def test_a_colleagues_text_is_shown_beside_mine(place: Place, clock: Clock, as_: As) -> None:
    file = place.file(clock.now)
    with transaction():
        colleague = make.nominator(place.cycle, place.mission)
        operations.save(file, {"unit": "Hers"}, seen={"unit": 1}, operation_id="a", by=colleague, now=clock.now)
    answer = as_(place.nominator).post(
        f"/nominations/{file.ref}/edit/service", data={"unit": "Mine", "seen": '{"unit":1}'}
    )
    assert (answer.status_code, "Hers" in answer.text, "Mine" in answer.text) == (200, True, True)


# --- refused, and nothing typed is lost ------------------------------------------------------------------------------


def test_what_comes_too_late_is_kept_and_shown(place: Place, clock: Clock, as_: As) -> None:
    file, browser = place.file(clock.now), as_(place.nominator)
    clock.move_to(place.cycle.closes_at)
    browser = as_(place.nominator)
    sent = {"unit": "Written too late", "seen": '{"unit":1}'}
    answer = browser.post(f"/nominations/{file.ref}/edit/service", data=sent)
    assert answer.status_code == 409
    assert "Written too late" in answer.text
    assert "It is too late for this." in answer.text
    assert "Written too late" in browser.get(f"/nominations/{file.ref}").text
    assert "Written too late" not in as_(place.authority).get(f"/nominations/{file.ref}").text
    assert queries.answers(file)["unit"] == make.ANSWERS["unit"]


def test_a_file_handed_in_meanwhile_keeps_what_was_typed(place: Place, clock: Clock, as_: As) -> None:
    file = place.handed_in(clock.now)
    answer = as_(place.nominator).post(
        f"/nominations/{file.ref}/edit/service", data={"unit": "A moment late", "seen": '{"unit":1}'}
    )
    assert (answer.status_code, "A moment late" in answer.text) == (409, True)
    assert [row.text for row in queries.late_answers(file, place.nominator)] == ["A moment late"]


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("cv", b"<html></html>", "This is not a PDF that can be read."),
        ("photo", b"<svg/>", "This is not a JPEG or PNG picture that can be read."),
        ("cv", b"", "Choose a file first."),
        ("supporting_letter", pdf(), "Write who wrote this letter."),
    ],
)
def test_a_wrong_file_gets_its_reason_beside_it(
    place: Place, clock: Clock, as_: As, kind: str, content: bytes, words: str
) -> None:
    file = place.file(clock.now)
    sent = {"file": (BytesIO(content), "a.pdf")}
    answer = as_(place.nominator).post(f"/nominations/{file.ref}/files/{kind}", data=sent)
    assert (answer.status_code, words in answer.text) == (422, True)


def test_an_endorsement_without_every_attestation_says_which(place: Place, clock: Clock, as_: As) -> None:
    file, head = place.file(clock.now), as_(place.authority)
    read = hidden(head.get(f"/nominations/{file.ref}/endorse").text, "read")
    answer = head.post(f"/nominations/{file.ref}/endorse", data={"read": read, "none_pending": "y"})
    assert (answer.status_code, answer.text.count("Please tick this if it is so.")) == (409, 4)


def test_a_file_that_changed_under_her_eyes_is_not_endorsed(place: Place, clock: Clock, as_: As) -> None:
    file, head = place.file(clock.now), as_(place.authority)
    read = hidden(head.get(f"/nominations/{file.ref}/endorse").text, "read")
    with transaction():
        place.save(file, clock.now, unit="Another unit")
    answer = head.post(f"/nominations/{file.ref}/endorse", data={"read": read, **TICKS})
    assert (answer.status_code, "The file has changed since you opened this page." in answer.text) == (409, True)


def test_who_changes_an_endorsed_file_reads_that_the_endorsement_is_gone(place: Place, clock: Clock, as_: As) -> None:
    file, writer = place.endorsed(clock.now), as_(place.nominator)
    sent = {"unit": "Another unit", "seen": '{"unit":1}', "go": "leave"}
    onward = writer.post(f"/nominations/{file.ref}/edit/service", data=sent).location
    assert "The endorsement no longer holds." in writer.get(onward).text


def test_a_step_that_does_not_fit_leads_back_to_the_file(place: Place, clock: Clock, as_: As) -> None:
    file = place.file(clock.now)
    answer = as_(place.authority).get(f"/nominations/{file.ref}/hand-in")
    assert (answer.status_code, f'class="button" href="/nominations/{file.ref}"' in answer.text) == (409, True)


def test_a_full_quota_is_said_on_the_page(place: Place, clock: Clock, as_: As) -> None:
    with transaction():
        for _ in range(4):
            make.nomination(place.cycle, place.mission, place.nominator, NominationState.ACCEPTED)
    file = place.endorsed(clock.now)
    answer = as_(place.authority).post(f"/nominations/{file.ref}/hand-in")
    assert (answer.status_code, "as its quota allows" in answer.text) == (409, True)


def test_a_withdrawal_without_a_reason_comes_back(place: Place, clock: Clock, as_: As) -> None:
    file, head = place.file(clock.now), as_(place.authority)
    assert head.post(f"/nominations/{file.ref}/withdraw", data={"reason": " "}).status_code == 422
    assert head.post(f"/nominations/{file.ref}/withdraw", data={"reason": "She went home."}).status_code == 302


# --- who may see what ------------------------------------------------------------------------------------------------

PAGES = ("", "/check", "/receipt", "/edit/nominee", "/endorse", "/hand-in", "/withdraw")


@pytest.mark.parametrize("page_", PAGES)
def test_a_draft_is_nothing_to_everybody_else(place: Place, clock: Clock, as_: As, page_: str) -> None:
    file = place.file(clock.now)
    with transaction():
        others = [
            make.nominator(place.cycle, make.mission()),
            make.authority(make.cycle(missions=(place.mission,)), place.mission),
            make.member(place.cycle),
            make.observer(),
            place.secretariat,
        ]
    assert {as_(p).get(f"/nominations/{file.ref}{page_}").status_code for p in others} == {404}


def test_the_panel_and_the_observer_read_without_contact_photo_and_statements(
    place: Place, clock: Clock, as_: As
) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, NominationState.ACCEPTED)
        make.attachment(file, AttachmentKind.PHOTO, place.nominator, media_type="image/jpeg")
        member, observer = make.member(place.cycle), make.observer()
        make.declaration(file, member)
        undeclared = make.member(place.cycle)
    for person in (member, observer):
        html = as_(person).get(f"/nominations/{file.ref}").text
        secrets = ("nadia.okoro@", "33 000 0000", "Photo in uniform", "Does the nominee agree")
        assert [secret for secret in secrets if secret in html] == []
        assert "She opened a desk that people trust." in html
    assert as_(undeclared).get(f"/nominations/{file.ref}").status_code == 403


def test_a_photo_is_given_to_its_mission_only_and_papers_to_those_who_read(place: Place, clock: Clock, as_: As) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, NominationState.ACCEPTED, files=False)
        digests = {"photo": storage.store(picture("JPEG")), "cv": storage.store(pdf())}
        refs = {
            kind: make.attachment(file, AttachmentKind(kind), place.nominator, digest=digest).ref
            for kind, digest in digests.items()
        }
        member, stranger = make.member(place.cycle), make.nominator(place.cycle, make.mission())
        make.declaration(file, member)
    people = (place.nominator, member, stranger)
    assert [as_(p).get(f"/files/{refs['photo']}").status_code for p in people] == [200, 404, 404]
    assert [as_(p).get(f"/files/{refs['cv']}").status_code for p in people] == [200, 200, 404]


def test_a_download_is_shut_into_a_box(place: Place, clock: Clock, as_: As) -> None:
    file, browser = place.file(clock.now), as_(place.nominator)
    ref = queries.attachments(file)[0].ref
    answer = browser.get(f"/files/{ref}")
    names = (
        "Content-Type",
        "Content-Disposition",
        "X-Content-Type-Options",
        "Content-Security-Policy",
        "Cache-Control",
    )
    assert [answer.headers[name] for name in names] == [
        "application/pdf",
        "attachment; filename=cv.pdf",
        "nosniff",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
        "no-store",
    ]
    assert answer.data == pdf()


def test_lost_bytes_are_a_page_not_found(place: Place, clock: Clock, as_: As) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator)
    ref = queries.attachments(file)[0].ref  # the factory writes no bytes
    assert as_(place.nominator).get(f"/files/{ref}").status_code == 404


def test_after_the_panel_has_it_the_file_reads_the_same_to_its_mission(place: Place, clock: Clock, as_: As) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, NominationState.ACCEPTED)
    clock.move_to(place.cycle.review_ends_at + timedelta(days=30))
    for person in (place.nominator, place.authority):
        assert "The file is with the panel." in as_(person).get(f"/nominations/{file.ref}").text


# --- what nobody sends on purpose ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"seen": "[]", "go": "\x00", "once": "k" * 5000},
        {"seen": '{"unit":"x"}', "unit": "\x00", "earlier.99.mission": "x", "earlier.x.mission": "x"},
        {"go": "add:nothing", "unit": "😀"},
        {"seen": '{"unit":99999999999999999999}', "unit": "x"},
    ],
)
def test_odd_input_is_no_accident(place: Place, clock: Clock, as_: As, sent: dict[str, str]) -> None:
    file, browser = place.file(clock.now), as_(place.nominator)
    assert browser.post(f"/nominations/{file.ref}/edit/service", data=sent).status_code in (200, 302, 409)


@pytest.mark.parametrize(
    "address", ["/nominations/a%00b", "/files/%00", "/nominations/begin/9999/X", "/nominations/x/edit/nowhere"]
)
def test_what_is_not_there_is_not_found(place: Place, as_: As, address: str) -> None:
    browser = as_(place.nominator)
    answer = browser.post(address) if "begin" in address else browser.get(address)
    assert answer.status_code == 404


# --- saving by itself ------------------------------------------------------------------------------------------------

JSON = {"Accept": "application/json"}


def test_a_part_of_a_page_is_saved_and_nothing_else_of_it_is_touched(place: Place, clock: Clock, as_: As) -> None:
    """A box that is not sent is not unticked, a text that is not named is not looked at."""
    file = place.file(clock.now)
    address = f"/nominations/{file.ref}/edit/statements"
    before = queries.answers(file)
    sent = {"part": "identifies_survivor", "identifies_survivor": "yes", "true_and_complete": "", "once": "a"}
    sent["seen"] = '{"identifies_survivor": 1}'
    answer = as_(place.nominator).post(address, data=sent, headers=JSON)
    assert (answer.status_code, answer.json) == (
        200,
        {"said": "All changes saved 12:00", "warning": "", "units": {"identifies_survivor": {"mark": 2}}},
    )
    db.session.expire_all()
    assert queries.answers(file) == {**before, "identifies_survivor": "yes"}
    # the same sent again is written once, and an empty part writes nothing
    again = as_(place.nominator).post(address, data=sent, headers=JSON)
    assert again.get_json()["units"] == {"identifies_survivor": {"mark": 2}}
    assert as_(place.nominator).post(address, data={"once": "b"}, headers=JSON).get_json()["units"] == {}


def test_what_somebody_else_wrote_meanwhile_comes_along_to_choose_from(place: Place, clock: Clock, as_: As) -> None:
    file = place.file(clock.now)
    with transaction():
        place.save(file, clock.now, reason="Theirs.")
    sent = {"part": "reason", "reason": "Mine.", "seen": '{"reason": 1}', "once": "a"}
    answer = as_(place.nominator).post(f"/nominations/{file.ref}/edit/case", data=sent, headers=JSON)
    unit = answer.get_json()["units"]["reason"]
    assert (unit["mark"], unit["text"], "changed this meanwhile" in unit["said"]) == (3, "Theirs.", True)
    db.session.expire_all()
    assert queries.answers(file)["reason"] == "Mine."


def test_an_endorsement_that_a_word_has_voided_is_said(place: Place, clock: Clock, as_: As) -> None:
    file = place.endorsed(clock.now)
    sent = {"part": "reason", "reason": "Another reason.", "seen": '{"reason": 1}', "once": "a"}
    answer = as_(place.nominator).post(f"/nominations/{file.ref}/edit/case", data=sent, headers=JSON)
    assert answer.get_json()["warning"] == "The endorsement no longer holds: the file has to be endorsed again."


def test_after_the_deadline_the_module_hears_that_it_is_over_and_what_became_of_the_text(
    place: Place, clock: Clock, as_: As
) -> None:
    file = place.file(clock.now)
    clock.move_to(place.cycle.closes_at + timedelta(hours=1))
    sent = {"part": "reason", "reason": "Too late.", "seen": '{"reason": 1}', "once": "a"}
    answer = as_(place.nominator).post(f"/nominations/{file.ref}/edit/case", data=sent, headers=JSON)
    assert (answer.status_code, answer.get_json()["final"]) == (409, True)
    assert answer.get_json()["said"] == (
        "Could not save: It is too late for this. The time for this step has passed. "
        "What you wrote is kept as a late draft. Only you can see it."
    )
    assert [row.text for row in queries.late_answers(file, place.nominator)] == ["Too late."]
