"""The outbox as the secretariat reads and steers it; what it may not know, it neither sees nor counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from award_app import audit, clock
from award_app.accounts import links
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import Handled, LetterState, NominationState, Phase, Refusal, Refused
from award_app.nominations.models import SecretariatDeclaration
from award_app.notifications import catalogue, delivery, operations, queries, words
from award_app.notifications.masking import MASK, as_html, masked
from award_app.notifications.models import Handling, Letter
from award_app.reports.lists.queries import Wanted
from tests import factories
from tests.conftest import Clock
from tests.counting import Statements
from tests.notifications import scene
from tests.servers import Sink
from workers import outbox as worker

S = LetterState
As = Callable[[Person], FlaskClient]


@pytest.fixture
def reader(app: Flask, clock: Clock) -> Person:
    with transaction():
        return factories.secretariat(name="Rita Bloom")


def _shown(reader: Person, **chosen: str) -> list[tuple[str, str]]:
    page = queries.page(reader, Wanted(search=chosen.pop("search", ""), chosen=chosen))
    return sorted((line.letter.template, line.name) for line in page.rows)


# --- what is shown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", catalogue.CATALOGUE)
def test_every_kind_of_letter_has_a_line_and_a_page(as_: As, reader: Person, template: str) -> None:
    letter = db.session.get_one(Letter, scene.written(template))
    line = queries.by_ref(queries.reference(letter), seen_by=reader, now=letter.created_at)
    browser = as_(reader)
    listed = browser.get("/letters").text
    page = browser.get(f"/letters/{line.address}")
    assert page.status_code == 200
    assert str(words.KINDS[template]) in listed
    assert line.name
    assert line.email in listed
    assert words.why(line) in page.text.replace("&#39;", "’")
    assert "%(" not in words.why(line)
    assert str(template).split("_")[0] in words.KINDS or words.KINDS[template]


# The list names the address that a letter truly goes to.
@pytest.mark.parametrize("template", catalogue.CATALOGUE)
def test_the_address_shown_is_the_one_it_goes_to(post_box: Sink, reader: Person, template: str) -> None:
    letter = scene.post(scene.written(template))
    line = queries.by_ref(queries.reference(letter), seen_by=reader, now=letter.created_at)
    (received,) = post_box.messages
    assert (line.email,) == received.recipients
    assert line.name == received.parsed["To"].addresses[0].display_name


def test_filters_narrow_the_list(app: Flask, reader: Person, clock: Clock) -> None:
    with transaction():
        made = scene.year(NominationState.ACCEPTED, Phase.REVIEW)
        scene.to("round_open", made.member, cycle_id=made.cycle.id)
        scene.to("accepted", made.authority, nomination_id=made.file.id)
        scene.to("invitation", None, invitation_id=scene.invitation().id).state = S.HELD
    year = str(made.cycle.award_year)
    both = [("accepted", "Amara Diallo"), ("round_open", "Kari Berg")]
    assert _shown(reader) == [both[0], ("invitation", "Amara Diallo"), both[1]]
    assert _shown(reader, year=year) == both
    assert _shown(reader, kind="round_open") == [both[1]]
    assert _shown(reader, state="held") == [("invitation", "Amara Diallo")]
    assert _shown(reader, state="trouble") == [("invitation", "Amara Diallo")]
    assert _shown(reader, search="kari BERG") == [both[1]]
    assert _shown(reader, search=made.mission.acronym) == [both[0]]
    assert queries.kinds(reader) == ["accepted", "invitation", "round_open"]


def test_the_list_asks_the_same_few_questions_for_two_letters_and_for_fifty(
    app: Flask, as_: As, reader: Person, statements: Statements
) -> None:
    counts = []
    browser = as_(reader)
    for more in (2, 48):
        with transaction():
            made = scene.year(NominationState.ACCEPTED)
            for _ in range(more):
                scene.to("accepted", made.authority, nomination_id=made.file.id)
        with statements.counted() as counted:
            page = browser.get("/letters").text
        counts.append(counted.number)
    assert page.count('<th scope="row">') == 50
    assert counts[0] == counts[1] <= 8, counted.texts


def test_a_token_is_never_on_the_page(as_: As, reader: Person) -> None:
    for template in ("invitation", "address_change"):
        letter = db.session.get_one(Letter, scene.written(template))
        subject = catalogue.subject_of(letter)
        page = as_(reader).get(f"/letters/{queries.reference(letter)}").text
        assert links.token(subject) not in page  # type: ignore[arg-type]  # both carry one
        assert links.token(subject).partition(".")[2] not in page  # type: ignore[arg-type]
        assert f"/{'invitation' if template == 'invitation' else 'address'}/{MASK}" in page


# What is long enough to open a door is masked; what merely names something stays.
MASKED = [
    ("https://award.example/home", "https://award.example/home"),
    ("https://award.example/nominations/abcdefghjk", "https://award.example/nominations/abcdefghjk"),
    ("https://award.example/invitation/abc.0123456789abcdefgh", f"https://award.example/invitation/{MASK}"),
    ("https://award.example/x?t=0123456789abcdefgh&u=1", f"https://award.example/x?t={MASK}&u=1"),
    ("see https://a.example/x#0123456789abcdefgh now", f"see https://a.example/x#{MASK} now"),
    ("no link: 0123456789abcdefgh", "no link: 0123456789abcdefgh"),
]


@pytest.mark.parametrize(("text", "shown"), MASKED)
def test_links_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_what_people_typed_is_text_and_links_are_shown_not_followed() -> None:
    shown = as_html("<b>Dear</b>\nhttps://award.example/home\n")
    assert shown == "&lt;b&gt;Dear&lt;/b&gt;\n<code>https://award.example/home</code>\n"


# --- what is not shown -----------------------------------------------------------------------------------------------

HIDDEN_WITH_THE_FILE = ["handed_in", "returned", "accepted", "ineligible", "withdrawn", "file_extended", "told"]
HIDDEN_WITH_THE_OUTCOME = ["released", "not_selected", "taken_back", "outcome_changed", "told", "ledger_anchored"]


@pytest.mark.parametrize("template", HIDDEN_WITH_THE_FILE)
def test_who_has_a_conflict_in_a_file_neither_sees_nor_counts_its_letters(
    as_: As, reader: Person, template: str
) -> None:
    letter = db.session.get_one(Letter, scene.written(template))
    _conflict(reader, catalogue.nomination_of(catalogue.subject_of(letter)).id)  # type: ignore[arg-type]
    _nowhere(as_(reader), reader, letter)


@pytest.mark.parametrize("template", HIDDEN_WITH_THE_OUTCOME)
def test_who_has_a_conflict_in_an_accepted_file_learns_nothing_of_the_outcome(
    as_: As, reader: Person, template: str
) -> None:
    letter = db.session.get_one(Letter, scene.written(template))
    cycle = catalogue.cycle_of(catalogue.subject_of(letter))
    assert cycle is not None
    with transaction():
        mission = factories.mission()
        other = factories.nomination(cycle, mission, factories.nominator(cycle, mission), NominationState.ACCEPTED)
    _conflict(reader, other.id)
    _nowhere(as_(reader), reader, letter)


def test_a_reminder_to_the_secretariat_may_speak_of_what_a_conflict_hides(as_: As, reader: Person) -> None:
    with transaction():
        made = scene.year(NominationState.ACCEPTED, Phase.REVIEW)
        other = factories.secretariat()
        hers = scene.to("reminder", other, cycle_id=made.cycle.id)
        own = scene.to("reminder", reader, cycle_id=made.cycle.id)
        panel = scene.to("reminder", made.member, cycle_id=made.cycle.id)
    assert len(_shown(reader)) == 3
    _conflict(reader, made.file.id)
    assert [name for _kind, name in _shown(reader)] == sorted([reader.name, made.member.name])
    assert as_(reader).get(f"/letters/{queries.reference(hers)}").status_code == 404
    assert own.id != panel.id


# Of a file that was never handed in the secretariat knows that there is one, not whose.
def test_a_letter_about_a_draft_names_nobody_and_has_no_text(as_: As, reader: Person) -> None:
    letter = db.session.get_one(Letter, scene.written("draft_sent_back"))
    browser = as_(reader)
    for page in (browser.get("/letters").text, browser.get(f"/letters/{queries.reference(letter)}").text):
        assert "Nadia Okoro" not in page
        assert "Something happened to a draft of MISSION" in page
    assert "Only the mission may read it." in page


def test_a_reminder_to_a_mission_has_no_text_here(as_: As, reader: Person) -> None:
    letter = db.session.get_one(Letter, scene.written("reminder"))
    page = as_(reader).get(f"/letters/{queries.reference(letter)}").text
    assert "Only the mission may read it." in page
    assert "not endorsed" not in page


def test_a_number_in_the_address_leads_nowhere(as_: As, reader: Person) -> None:
    letter_id = scene.written("accepted")
    assert as_(reader).get(f"/letters/{letter_id}").status_code == 404


def _conflict(reader: Person, nomination_id: int) -> None:
    with transaction():
        db.session.add(
            SecretariatDeclaration(
                nomination_id=nomination_id,
                person_id=reader.id,
                conflict=True,
                reason="A cousin.",
                at=clock.now(),
            )
        )


def _nowhere(browser: FlaskClient, reader: Person, letter: Letter) -> None:
    ref = queries.reference(letter)
    page = queries.page(reader, Wanted())
    assert (page.total, queries.kinds(reader), queries.troubles(reader)) == (0, [], 0)
    assert browser.get(f"/letters/{ref}").status_code == 404
    for act in ("hold", "release", "skip", "again"):
        data = {f"{act}_reason": "Why not.", "once": "k"}
        assert browser.post(f"/letters/{ref}/{act}", data=data).status_code == 404
    with pytest.raises(Refused) as refused:
        operations.skip(letter, "Why not.", by=reader, now=letter.created_at)
    assert refused.value.refusal is Refusal.NOT_FOUND


# --- what can be done ------------------------------------------------------------------------------------------------

H = Handled
# State → what its page offers.
OFFERED = [
    (S.WAITING, {H.HELD, H.SKIPPED}),
    (S.HELD, {H.RELEASED, H.SKIPPED}),
    (S.SENDING, set()),
    (S.SENT, {H.SENT_AGAIN}),
    (S.REFUSED, {H.SENT_AGAIN, H.SKIPPED}),
    (S.UNCERTAIN, {H.SENT_AGAIN, H.SKIPPED}),
    (S.SKIPPED, {H.SENT_AGAIN}),
    (S.CANCELLED, set()),
]


@pytest.mark.parametrize(("state", "offered"), OFFERED)
def test_each_state_offers_what_fits_it(app: Flask, reader: Person, state: S, offered: set[Handled]) -> None:
    letter = _in_state(state)
    assert operations.offered(letter) == offered
    for what in Handled:
        if what not in offered:
            with pytest.raises(Refused) as refused:
                _do(what, letter, reader)
            assert refused.value.refusal is Refusal.WRONG_STATE
            db.session.rollback()


def test_held_and_released_it_leaves_under_the_name_it_had(post_box: Sink, as_: As, reader: Person) -> None:
    letter = db.session.get_one(Letter, scene.written("accepted"))
    browser, ref = as_(reader), queries.reference(letter)
    assert browser.post(f"/letters/{ref}/hold").status_code == 302
    worker.sweep()
    assert post_box.messages == []
    assert "When somebody releases it" in browser.get(f"/letters/{ref}").text
    assert browser.post(f"/letters/{ref}/release").status_code == 302
    worker.sweep()
    assert [m.parsed["Message-ID"] for m in post_box.messages] == [f"<{ref}@laurel.invalid>"]
    assert _acts() == ["letter_held_by_hand", "letter_released_by_hand", "letter_sent"]


def test_skipped_with_a_reason_it_never_leaves(post_box: Sink, as_: As, reader: Person) -> None:
    letter = db.session.get_one(Letter, scene.written("accepted"))
    browser, ref = as_(reader), queries.reference(letter)
    bare = browser.post(f"/letters/{ref}/skip", data={"skip_reason": "  ", "once": "a"})
    assert (bare.status_code, "Say why, in a few words." in bare.text) == (422, True)
    assert (
        browser.post(f"/letters/{ref}/skip", data={"skip_reason": "Told her myself.", "once": "b"}).status_code == 302
    )
    worker.sweep()
    db.session.expire_all()
    assert (letter.state, letter.note, post_box.messages) == (S.SKIPPED, "skipped_by_hand", [])
    page = browser.get(f"/letters/{ref}").text
    assert "Told her myself." in page
    assert "Rita Bloom" in page


def test_sent_again_it_is_a_letter_of_its_own_and_says_why(post_box: Sink, as_: As, reader: Person) -> None:
    letter = scene.post(scene.written("released"))
    browser, ref = as_(reader), queries.reference(letter)
    data = {"again_reason": "She lost it.", "once": "one key"}
    first = browser.post(f"/letters/{ref}/again", data=data)
    second = browser.post(f"/letters/{ref}/again", data=data)
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"] != f"/letters/{ref}"
    worker.sweep()
    names = [m.parsed["Message-ID"] for m in post_box.messages]
    assert (len(names), len(set(names))) == (2, 2)
    assert "She lost it." in browser.get(first.headers["Location"]).text
    third = browser.post(f"/letters/{ref}/again", data=data | {"once": "another"})
    assert third.status_code == 409
    assert db.session.query(Letter).count() == 2


def test_what_would_not_leave_is_not_sent_again(as_: As, reader: Person) -> None:
    letter = db.session.get_one(Letter, scene.written("accepted"))
    with transaction():
        letter.state, letter.closed_at = S.SENT, letter.created_at
        for held in letter.person.appointments:  # type: ignore[union-attr]  # it has a reader
            held.ended_at = letter.created_at
    answer = as_(reader).post(
        f"/letters/{queries.reference(letter)}/again", data={"again_reason": "Again.", "once": "k"}
    )
    assert answer.status_code == 409
    assert "no longer has the part in the award" in answer.text
    assert "Again." in answer.text


def test_a_reminder_is_never_sent_again(app: Flask, reader: Person) -> None:
    letter = db.session.get_one(Letter, scene.written("reminder"))
    with transaction():
        letter.state, letter.closed_at = S.SENT, letter.created_at
    assert operations.offered(letter) == set()
    with pytest.raises(Refused):
        operations.send_again(letter, "Please.", by=reader, now=letter.created_at)


def test_what_waits_for_a_person_is_on_the_start_page_until_somebody_settles_it(as_: As, reader: Person) -> None:
    letter, browser = _in_state(S.UNCERTAIN), as_(reader)
    assert "1 letter waits for a person." in browser.get("/home").text
    with transaction():
        operations.skip(letter, "She answered.", by=reader, now=letter.created_at)
    assert "waits for a person" not in browser.get("/home").text
    assert (letter.state, queries.troubles(reader)) == (S.UNCERTAIN, 0)
    with pytest.raises(Refused) as refused:
        operations.skip(letter, "Twice.", by=reader, now=letter.created_at)
    assert refused.value.refusal is Refusal.ALREADY_DONE


# A worker that has just claimed the letter wins; one that comes after finds nothing to send.
def test_skip_against_claim(app: Flask, reader: Person, clock: Clock) -> None:
    first, second = (db.session.get_one(Letter, scene.written("accepted")) for _ in range(2))
    with transaction():
        assert first.state is S.WAITING
        assert delivery.claim(first.id, now=clock.now) == 1
        with pytest.raises(Refused) as refused:
            operations.skip(first, "Not needed.", by=reader, now=clock.now)
    assert (refused.value.refusal, first.state) == (Refusal.CHANGED_MEANWHILE, S.SENDING)
    with transaction():
        operations.skip(second, "Not needed.", by=reader, now=clock.now)
    with transaction():
        assert delivery.claim(second.id, now=clock.now + timedelta(hours=1)) is None


def test_skip_and_claim_at_once_have_one_winner(app: Flask, reader: Person, clock: Clock) -> None:
    reader_id = reader.id
    for _round in range(10):
        letter_id = scene.written("accepted")
        won = _at_once(app, letter_id, reader_id, clock)
        db.session.rollback()
        state = db.session.get_one(Letter, letter_id, populate_existing=True).state
        assert (won, state) in ((["claim"], S.SENDING), (["skip"], S.SKIPPED))


def _at_once(app: Flask, letter_id: int, reader_id: int, clock: Clock) -> list[str]:
    """Who of the two got the letter."""
    gate, won = threading.Barrier(2), []

    def claim() -> None:
        with app.app_context():
            gate.wait()
            with transaction():
                if delivery.claim(letter_id, now=clock.now):
                    won.append("claim")

    def skip() -> None:
        with app.app_context(), suppress(Refused):
            gate.wait()
            with transaction():
                by, letter = db.session.get_one(Person, reader_id), db.session.get_one(Letter, letter_id)
                operations.skip(letter, "Why.", by=by, now=clock.now)
            won.append("skip")

    threads = [threading.Thread(target=work) for work in (claim, skip)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return won


def test_two_who_send_the_same_letter_again_make_one_copy(app: Flask, reader: Person, clock: Clock) -> None:
    letter = scene.written("accepted")
    with transaction():
        row = db.session.get_one(Letter, letter)
        row.state, row.closed_at = S.SENT, clock.now
        operations.send_again(row, "Lost.", by=reader, now=clock.now)
        with pytest.raises(Refused) as refused:
            operations.send_again(row, "Lost.", by=reader, now=clock.now)
    assert refused.value.refusal is Refusal.ALREADY_DONE
    assert db.session.query(Handling).count() == 1


def _in_state(state: S) -> Letter:
    letter = db.session.get_one(Letter, scene.written("accepted"))
    ended = state in {S.SENT, S.REFUSED, S.UNCERTAIN, S.SKIPPED, S.CANCELLED}
    with transaction():
        letter.state, letter.claimed_at = state, letter.created_at
        letter.closed_at = letter.created_at if ended else None
    return letter


def _do(what: Handled, letter: Letter, by: Person) -> None:
    now = letter.created_at
    if what is Handled.HELD:
        operations.hold(letter, by=by, now=now)
    elif what is Handled.RELEASED:
        operations.release(letter, by=by, now=now)
    elif what is Handled.SKIPPED:
        operations.skip(letter, "Why.", by=by, now=now)
    else:
        operations.send_again(letter, "Why.", by=by, now=now)


def _acts() -> list[str]:
    rows = db.session.scalars(select(audit.LedgerEntry).order_by(audit.LedgerEntry.seq))
    return [row.act for row in rows if row.subject == "letter"]
