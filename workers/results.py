"""Results are computed here, where scipy may be: pages read what is stored."""

from __future__ import annotations

from celery import shared_task

from award_app import clock
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from award_app.selection import computing, queries


@shared_task(name="results.compute_due")  # type: ignore[untyped-decorator]  # celery has no types
def compute_due() -> None:
    """Harmless to repeat: what is stored is replaced by the same."""
    due = [cycle.id for cycle in queries.closed_cycles() if queries.is_due(cycle)]
    db.session.rollback()  # looking needs no lock; what follows takes its own
    for cycle_id in due:
        with transaction():
            computing.compute(db.session.get_one(Cycle, cycle_id), now=clock.now())
