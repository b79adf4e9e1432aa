"""The tasks that begin and end a round: due once, harmless to repeat."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Phase
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Clock
from workers import cycles
from workers.schedule import SCHEDULE

pytestmark = pytest.mark.usefixtures("app")


def test_both_tasks_are_scheduled_by_their_names() -> None:
    named = {entry["task"] for entry in SCHEDULE.values()}
    assert {cycles.open_due_rounds.name, cycles.close_due_rounds.name} <= named


def test_a_round_begins_and_ends_at_its_instants_and_once(clock: Clock) -> None:
    cycle = make.cycle(Phase.SCREENING)
    make.cycle(Phase.PREPARING)
    make.member(cycle)
    make.secretariat()
    db.session.commit()
    begins, ends = cycle.screening_ends_at, cycle.review_ends_at
    for moment, letters in (
        (begins - timedelta(seconds=1), []),
        (begins, ["round_open"]),
        (ends, ["round_open"]),  # the worker waits a minute for requests that arrived in time
        (ends + timedelta(minutes=1), ["round_closed", "round_closed", "round_open"]),
    ):
        clock.move_to(moment)
        for _ in range(2):
            cycles.open_due_rounds.run()
            cycles.close_due_rounds.run()
        assert sorted(db.session.scalars(select(Letter.template))) == letters
        db.session.rollback()
    closed = [
        (row.round_opened_at, row.round_closed_at) for row in db.session.scalars(select(Cycle).order_by(Cycle.id))
    ]
    assert closed == [(begins, ends + timedelta(minutes=1)), (None, None)]
