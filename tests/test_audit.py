"""The ledger is written with the work, in one unbroken chain, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from award_app import audit, clock
from award_app.accounts.models import Person
from award_app.audit import LedgerEntry, LedgerHead
from award_app.db import db, transaction
from tests import factories as make
from tests.conftest import Clock


def test_what_was_recorded_stands_in_the_chain_after_the_commit(app: Flask, clock: Clock) -> None:
    with transaction():
        person = make.person()
        audit.record("one", person, by=None, at=clock.now)
        audit.record("two", person, by=person, at=clock.now, count=3)
    rows = db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq)).all()
    assert [(row.seq, row.act, row.actor_id, row.subject, row.subject_id, row.detail) for row in rows] == [
        (1, "one", None, "person", person.id, {}),
        (2, "two", person.id, "person", person.id, {"count": 3}),
    ]
    assert (audit.verify().ok, audit.verify().count) == (True, 2)


def test_work_that_rolls_back_leaves_no_row_and_nothing_for_the_next_one(app: Flask, clock: Clock) -> None:
    with pytest.raises(RuntimeError, match="broke"):
        _record_and_break(clock)
    with transaction():
        audit.record("kept", make.person(), by=None, at=clock.now)
    assert list(db.session.scalars(select(LedgerEntry.act))) == ["kept"]


def test_many_at_once_make_one_chain(app: Flask) -> None:
    with transaction():
        person_id = make.person().id

    def act(number: int) -> None:
        with app.app_context(), transaction():
            person = db.session.get_one(Person, person_id)
            audit.record("act", person, by=person, at=clock.now(), number=number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(40)))
    assert (audit.verify().ok, db.session.scalar(select(func.count()).select_from(LedgerEntry))) == (True, 40)


@pytest.mark.parametrize(
    ("tampering", "broken_at"),
    [
        # a word is changed
        ("UPDATE ledger SET act = 'other' WHERE seq = 3", 3),
        # the actor is changed
        ("UPDATE ledger SET actor_id = NULL WHERE seq = 2", 2),
        # a row is taken out
        ("DELETE FROM ledger WHERE seq = 2", 2),
        # the last rows are cut off
        ("DELETE FROM ledger WHERE seq > 3", 4),
    ],
)
def test_a_row_that_was_tampered_with_shows_where(app: Flask, clock: Clock, tampering: str, broken_at: int) -> None:
    with transaction():
        person = make.person()
        for number in range(5):
            audit.record("act", person, by=person, at=clock.now, number=number)
    with _triggers_off():
        db.session.execute(text(tampering))
    verdict = audit.verify()
    assert (verdict.ok, verdict.broken_at) == (False, broken_at)


def test_the_head_is_one_row(app: Flask) -> None:
    assert [(head.id, head.seq) for head in db.session.scalars(select(LedgerHead))] == [(1, 0)]


def _record_and_break(clock: Clock) -> None:
    with transaction():
        audit.record("lost", make.person(), by=None, at=clock.now)
        raise RuntimeError("broke")


@contextmanager
def _triggers_off() -> Iterator[None]:
    """As somebody with rights on the database could do it; all within a transaction that the test throws away."""
    if db.engine.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            db.session.execute(text(f"DROP TRIGGER ledger_refuses_{verb}"))
    else:
        db.session.execute(text("ALTER TABLE ledger DISABLE TRIGGER ledger_append_only"))
    yield
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ALTER TABLE ledger ENABLE TRIGGER ledger_append_only"))
