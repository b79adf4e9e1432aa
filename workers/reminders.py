"""Those with open work are reminded, at a decent hour of their own day. Doing it twice does nothing."""

from __future__ import annotations

from celery import shared_task

from award_app import clock
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from award_app.notifications import reminders


@shared_task(name="letters.remind_due")  # type: ignore[untyped-decorator]  # celery has no types
def remind_due() -> None:
    """Looking takes no lock; each cycle in which it is somebody's hour is a transaction of its own."""
    now = clock.now()
    cycles = [db.session.get_one(Cycle, cycle_id) for cycle_id in reminders.running(now)]
    due = [cycle.id for cycle in cycles if any(reminders.due(cycle, now))]
    db.session.rollback()
    for cycle_id in due:
        with transaction():
            reminders.remind_due(db.session.get_one(Cycle, cycle_id), now=now)
