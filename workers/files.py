"""Attachments become pictures of their pages. The table says what waits; drawing twice keeps one."""

from __future__ import annotations

import time

import structlog
from celery import shared_task

from award_app import clock
from award_app.db import db, transaction
from award_app.nominations.viewer import operations

log = structlog.get_logger()

LONG_ENOUGH = 240.0  # seconds; with the slowest last file still below the task's time limit


@shared_task(name="files.draw_waiting")  # type: ignore[untyped-decorator]  # celery has no types
def draw_waiting() -> None:
    """One after the other: reading in a transaction, drawing in none, writing in another."""
    with transaction():
        due = operations.waiting(clock.now())
    began = time.monotonic()
    for attachment_id, digest in due:
        if time.monotonic() - began > LONG_ENOUGH:
            break
        db.session.rollback()
        drawn = operations.draw(digest)
        if drawn.note:
            log.warning("attachment cannot be drawn", attachment=attachment_id, note=drawn.note)
        with transaction():
            operations.keep(attachment_id, drawn, now=clock.now())
