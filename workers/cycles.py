"""What happens to a cycle at its instants. The database says what is due; doing it twice does nothing."""

from __future__ import annotations

from collections.abc import Callable

from celery import shared_task

from award_app import clock
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from award_app.reviews import rounds


@shared_task(name="cycles.open_due_rounds")  # type: ignore[untyped-decorator]  # celery has no types
def open_due_rounds() -> None:
    """Tell the panel that scoring has begun. Of two workers the second finds it done."""
    for cycle_id in rounds.due_to_open(clock.now()):
        _do(rounds.open_round, cycle_id)


@shared_task(name="cycles.close_due_rounds")  # type: ignore[untyped-decorator]  # celery has no types
def close_due_rounds() -> None:
    """Close a round a minute after its end, under the lock. Of two workers the second finds it done."""
    for cycle_id in rounds.due_to_close(clock.now()):
        _do(rounds.close_round, cycle_id)


def _do(operation: Callable[..., bool], cycle_id: int) -> None:
    db.session.rollback()  # the look at what is due ends here; each cycle is a transaction of its own
    with transaction():
        operation(db.session.get_one(Cycle, cycle_id), now=clock.now())
