"""The ledger's head is stored outside, and its chain is walked. Doing either twice does no harm."""

from __future__ import annotations

import structlog
from celery import shared_task

from award_app import clock
from award_app.db import db, transaction
from award_app.records import anchors, checking

log = structlog.get_logger()


@shared_task(name="ledger.anchor")  # type: ignore[untyped-decorator]  # celery has no types
def anchor() -> None:
    """Ask for the day's anchor, then store all that wait. Looking takes no lock."""
    asks = anchors.daily_is_due(clock.now())
    db.session.rollback()
    if asks:
        with transaction():
            anchors.ask_daily(clock.now())
    waits = anchors.waiting()
    db.session.rollback()
    if waits:
        with transaction():
            anchors.write(clock.now())


@shared_task(name="ledger.check")  # type: ignore[untyped-decorator]
def check() -> None:
    """Every quarter of an hour by the service's clock. The walk takes seconds, and no lock."""
    found = checking.walk() if checking.due(clock.now()) else None
    db.session.rollback()
    if found is None:
        return
    if not found.ok:
        log.error("the ledger does not hold", row=found.broken_at, reason=found.reason)
    with transaction():
        checking.keep(found, clock.now())
