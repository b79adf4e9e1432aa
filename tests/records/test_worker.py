"""The worker stores the head once a day and when it was asked to, and walks the chain every quarter of an hour."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from award_app import audit, clock
from award_app.audit import LedgerAnchor, LedgerCheck
from award_app.db import db, transaction
from award_app.records import anchors
from tests import factories as make
from tests.conftest import Clock
from workers import ledger as tasks


@pytest.fixture(autouse=True)
def folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(app.config, "ANCHOR_DIR", str(tmp_path))
    with transaction():
        audit.record("sign_in", make.secretariat(), by=None, at=clock.now())
    return tmp_path / anchors.FILE


def _reasons() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(LedgerAnchor.reason).order_by(LedgerAnchor.id)))


def _checked() -> list[tuple[bool, int]]:
    db.session.rollback()
    return [(row.ok, row.rows) for row in db.session.scalars(select(LedgerCheck))]


def test_each_day_has_its_anchor_whatever_happens(app: Flask, clock: Clock, folder: Path) -> None:
    for hours in (0, 1, 23):
        clock.forward(hours=hours)
        tasks.anchor()
    assert _reasons() == ["daily", "daily"]
    assert len(folder.read_text().splitlines()) == 2


def test_what_was_asked_for_is_stored_at_once(app: Flask, clock: Clock, folder: Path) -> None:
    tasks.anchor()
    with transaction():
        audit.anchor("decide", at=clock.now)
    tasks.anchor()
    assert _reasons() == ["daily", "decide"]
    assert len(folder.read_text().splitlines()) == 2


def test_the_chain_is_walked_every_quarter_of_an_hour(app: Flask, clock: Clock) -> None:
    tasks.check()
    assert _checked() == [(True, 1)]
    with transaction():
        audit.record("sign_in", make.person(), by=None, at=clock.now)
    clock.forward(minutes=14)
    tasks.check()
    assert _checked() == [(True, 1)]
    clock.forward(minutes=1)
    tasks.check()
    assert _checked() == [(True, 2)]


def test_a_file_that_was_taken_away_shows_at_the_next_walk(app: Flask, clock: Clock, folder: Path) -> None:
    tasks.anchor()
    folder.unlink()
    tasks.check()
    assert [ok for ok, _rows in _checked()] == [False]
