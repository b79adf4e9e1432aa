"""A release is a fact as soon as its instant has passed; this writes it down and posts the letters."""

from __future__ import annotations

from celery import shared_task

from award_app import clock
from award_app.announcement import operations
from award_app.db import transaction


@shared_task(name="announcements.release_due")  # type: ignore[untyped-decorator]  # celery has no types
def release_due() -> None:
    """Harmless to repeat: each release is written once."""
    with transaction():
        operations.release_due(clock.now())
