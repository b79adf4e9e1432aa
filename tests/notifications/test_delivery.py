"""Each letter leaves once, or says why not; whatever dies on the way, it ends in a named state."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import timedelta
from typing import Any

import pysqlite3.dbapi2 as sqlite
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from award_app import audit
from award_app.db import db, transaction
from award_app.domain.vocabulary import LetterState
from award_app.notifications import delivery, facts, message
from award_app.notifications.models import Letter
from award_app.notifications.outcome import Fate, Outcome
from tests.conftest import Clock
from tests.notifications import scene
from tests.servers import Sink
from workers import outbox as worker

S = LetterState


def test_a_letter_leaves_once_and_is_written_down(post_box: Sink, clock: Clock) -> None:
    letter = scene.post(scene.written("handed_in"))
    assert (letter.state, letter.note, letter.attempts, letter.closed_at) == (S.SENT, "smtp 250", 1, clock.now)
    assert [m.recipients for m in post_box.messages] == [(_person(letter),)]
    assert _ledger() == [("letter_sent", letter.id, {"template": "handed_in", "attempts": 1})]
    assert worker.send(letter.id) is None
    assert len(post_box.messages) == 1


def test_of_many_workers_that_reach_for_a_letter_one_sends_it(app: Flask, post_box: Sink) -> None:
    letter_id = scene.written("handed_in")
    outcomes = _at_once(app, 8, lambda: worker.send(letter_id))
    assert [o.fate for o in outcomes if o is not None] == [Fate.SENT]
    assert len(post_box.messages) == 1


def test_later_means_growing_pauses_and_the_same_message_id(post_box: Sink, clock: Clock) -> None:
    letter_id = scene.written("accepted")
    name = db.session.get_one(Letter, letter_id).message_id
    post_box.answer_to_recipient = "451 later"
    for pause in (1, 2, 4, 8, 15, 30, 60, 60):
        letter = scene.post(letter_id)
        assert (letter.state, letter.note) == (S.WAITING, "smtp 451")
        assert letter.next_at == clock.now + timedelta(minutes=pause)
        clock.forward(minutes=pause, seconds=-1)
        assert delivery.due_ids(clock.now) == []
        assert worker.send(letter_id) is None
        clock.forward(seconds=1)
    post_box.answer_to_recipient = "250 OK"
    letter = scene.post(letter_id)
    assert (letter.state, letter.attempts, letter.message_id) == (S.SENT, 9, name)
    assert [m.parsed["Message-ID"] for m in post_box.messages] == [name]


def test_after_a_day_of_attempts_a_person_looks(post_box: Sink, clock: Clock) -> None:
    letter_id = scene.written("round_open")
    post_box.answer_to_recipient = "451 later"
    began = clock.now
    while (letter := scene.post(letter_id)).state is S.WAITING:
        clock.move_to(letter.next_at)
    assert (letter.state, letter.attempts, letter.closed_at) == (S.HELD, delivery.PATIENCE, None)
    assert timedelta(hours=22) < clock.now - began < timedelta(hours=26)


# A recipient or a letter that is refused for good is not tried again.
@pytest.mark.parametrize("step", ["answer_to_recipient", "answer_to_letter"])
def test_a_refusal_for_good_ends_it(post_box: Sink, step: str) -> None:
    setattr(post_box, step, "550 no")
    letter = scene.post(scene.written("not_selected"))
    assert (letter.state, letter.note, post_box.messages) == (S.REFUSED, "smtp 550", [])
    assert _ledger()[0][0] == "letter_refused"


def test_a_line_dropped_after_the_data_of_a_retry_letter_leads_to_a_second_copy(post_box: Sink, clock: Clock) -> None:
    letter_id = scene.written("invitation")
    post_box.drops_the_line_after_data = True
    letter = scene.post(letter_id)
    assert (letter.state, letter.note) == (S.WAITING, "line dropped after data")
    post_box.drops_the_line_after_data = False
    clock.forward(minutes=1)
    assert scene.post(letter_id).state is S.SENT
    assert [m.parsed["Message-ID"] for m in post_box.messages] == [letter.message_id] * 2


@pytest.mark.parametrize("template", ["released", "not_selected"])
def test_a_line_dropped_after_the_data_of_a_hold_letter_ends_uncertain(
    post_box: Sink, clock: Clock, template: str
) -> None:
    letter_id = scene.written(template)
    post_box.drops_the_line_after_data = True
    letter = scene.post(letter_id)
    assert (letter.state, letter.note) == (S.UNCERTAIN, "line dropped after data")
    clock.forward(days=2)
    worker.sweep()
    assert len(post_box.messages) == 1
    assert _ledger()[0][0] == "letter_uncertain"


# A worker killed between claim and close leaves `sending`; what happens next depends on the kind of letter.
@pytest.mark.parametrize(("template", "state", "copies"), [("accepted", S.SENT, 1), ("released", S.UNCERTAIN, 0)])
def test_a_letter_of_a_killed_worker_is_found_after_five_minutes(
    post_box: Sink, clock: Clock, template: str, state: LetterState, copies: int
) -> None:
    letter_id = scene.written(template)
    with transaction():
        assert delivery.claim(letter_id, now=clock.now) == 1
    clock.forward(minutes=5, seconds=-1)
    worker.sweep()
    assert delivery.count_by_state() == {"sending": 1}
    clock.forward(seconds=1)
    worker.sweep()
    assert delivery.count_by_state() == {state.value: 1}
    assert len(post_box.messages) == copies


def test_who_comes_back_after_being_given_up_changes_nothing(post_box: Sink, clock: Clock) -> None:
    letter_id = scene.written("accepted")
    with transaction():
        first = delivery.claim(letter_id, now=clock.now)
    clock.forward(minutes=6)
    worker.sweep()
    assert first is not None
    with transaction():
        delivery.close(letter_id, first, Outcome(Fate.REFUSED, "smtp 550"), now=clock.now)
    letter = db.session.get_one(Letter, letter_id, populate_existing=True)
    assert (letter.state, letter.attempts) == (S.SENT, 2)


# The mail server writes to the very database while it thinks: with a transaction open, SQLite would lock it out.
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_no_transaction_is_open_while_the_mail_server_thinks(
    app: Flask, post_box: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_id = scene.written("accepted")
    seen: list[tuple[Any, ...]] = []
    keep, file = post_box.handle_DATA, str(db.engine.url.database)

    async def writes_itself(server: SMTP, session: Session, envelope: Envelope) -> str:
        with closing(sqlite.connect(file, timeout=0, isolation_level=None)) as own:
            own.execute("BEGIN EXCLUSIVE")
            own.execute("UPDATE letter SET note = 'written meanwhile'")
            seen.extend(own.execute("SELECT state FROM letter"))
            own.execute("COMMIT")
        return await keep(server, session, envelope)

    monkeypatch.setattr(post_box, "handle_DATA", writes_itself)
    assert scene.post(letter_id).state is S.SENT
    assert seen == [("sending",)]


def test_a_letter_that_cannot_be_made_waits_for_a_person_and_the_others_leave(
    post_box: Sink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = scene.written("accepted"), scene.written("handed_in")
    with transaction():
        db.session.get_one(Letter, first).ids = {"nomination_id": 999_999}
    worker.sweep()
    worker.sweep()
    states = {i: db.session.get_one(Letter, i, populate_existing=True) for i in (first, second)}
    assert (states[first].state, states[first].note) == (S.HELD, "cannot be made: LookupError")
    assert (states[first].attempts, states[second].state) == (1, S.SENT)


# A template that asks for a fact it is not given must not leave with a gap.
def test_a_template_with_a_gap_is_held(post_box: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    letter_id = scene.written("accepted")
    monkeypatch.setattr(facts, "of", lambda letter, subject, to: {"name": "Amara"})
    letter = scene.post(letter_id)
    assert (letter.state, letter.note) == (S.HELD, "cannot be made: UndefinedError")


def test_a_kind_nobody_knows_is_held_and_never_stops_the_sweep(post_box: Sink, clock: Clock) -> None:
    letter_id = scene.written("accepted")
    with transaction():
        db.session.get_one(Letter, letter_id).template = "of_another_release"
    assert (scene.post(letter_id).state, scene.post(letter_id).note) == (S.HELD, "unknown template")


def test_a_database_that_fails_while_reading_costs_a_minute_not_the_letter(
    post_box: Sink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter_id = scene.written("released")

    def fails(*_: object) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    with monkeypatch.context() as broken:
        broken.setattr(message, "compose", fails)
        letter = scene.post(letter_id)
    assert (letter.state, letter.note) == (S.WAITING, "database")
    clock.forward(minutes=1)
    assert scene.post(letter_id).state is S.SENT


def test_when_the_line_fails_the_rest_waits_for_the_next_sweep(app: Flask, post_box: Sink, clock: Clock) -> None:
    ids = [scene.written("accepted") for _ in range(3)]
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    worker.sweep()
    assert [db.session.get_one(Letter, i, populate_existing=True).attempts for i in ids] == [1, 0, 0]
    app.config["SMTP_URL"] = post_box.url
    clock.forward(minutes=1)
    worker.sweep()
    assert delivery.count_by_state() == {"sent": 3}


def test_a_wrong_address_of_the_mail_server_costs_no_attempt(app: Flask, post_box: Sink) -> None:
    letter_id = scene.written("accepted")
    app.config["SMTP_URL"] = "http://127.0.0.1"
    with pytest.raises(ValueError, match="SMTP_URL"):
        worker.sweep()
    db.session.rollback()
    assert db.session.get_one(Letter, letter_id).attempts == 0


def test_the_oldest_leave_first(post_box: Sink, clock: Clock) -> None:
    first = scene.written("accepted")
    clock.forward(seconds=5)
    second = scene.written("accepted")
    assert list(delivery.due_ids(clock.now)) == [first, second]
    assert list(delivery.due_ids(clock.now, limit=1)) == [first]


def _person(letter: Letter) -> str:
    assert letter.person is not None
    return letter.person.email


def _ledger() -> list[tuple[str, int, dict[str, Any]]]:
    rows = db.session.scalars(select(audit.LedgerEntry).order_by(audit.LedgerEntry.seq))
    return [(row.act, row.subject_id, row.detail) for row in rows]


def _at_once(app: Flask, n: int, work: Any) -> list[Any]:
    """The same work in n threads, each with a session of its own, let go together."""
    gate, answers = threading.Barrier(n), []

    def run() -> None:
        with app.app_context():
            gate.wait()
            answers.append(work())

    threads = [threading.Thread(target=run) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == n
    return answers
