"""Letters for forgotten passwords; and what was kept for somebody and nobody came for."""

from __future__ import annotations

import structlog
from celery import shared_task

from award_app import clock
from award_app.accounts.factors import halves
from award_app.accounts.keeping import operations as keeping
from award_app.accounts.resetting import operations as resetting
from award_app.db import transaction
from workers import outbox

log = structlog.get_logger()


@shared_task(name="accounts.answer_forgotten")  # type: ignore[untyped-decorator]  # celery has no types
def answer_forgotten() -> None:
    """She waits for the letter: it leaves at once."""
    with transaction():
        written = resetting.answer_all(now=clock.now())
    if written:
        outbox.sweep()


@shared_task(name="accounts.purge_kept")  # type: ignore[untyped-decorator]  # celery has no types
def purge_kept() -> None:
    """Running this twice is harmless: what is gone is gone."""
    with transaction():
        gone = keeping.purge(now=clock.now())
        half = halves.forget_old(now=clock.now())
    if gone or half:
        log.info("what nobody came for is purged", forms=gone, half_sign_ins=half)
