"""Letters leave. Both tasks are harmless to repeat: the table says what is due, and only one run can claim a letter."""

from __future__ import annotations

import time

import structlog
from celery import shared_task

from award_app import clock
from award_app.db import db, transaction
from award_app.notifications import delivery
from award_app.notifications.outcome import Outcome
from award_app.notifications.post_office import Office, post_office

log = structlog.get_logger()

LONG_ENOUGH = 240.0  # seconds; with the slowest last letter still below the task's time limit


@shared_task(name="outbox.sweep")  # type: ignore[untyped-decorator]  # celery has no types
def sweep() -> None:
    """Send what is due, one after the other. When the line fails, the rest waits for the next sweep."""
    with transaction():
        delivery.recover(clock.now())
    ids = delivery.due_ids(clock.now())
    db.session.rollback()
    office, began = post_office(), time.monotonic()
    for letter_id in ids:
        if time.monotonic() - began > LONG_ENOUGH:
            break
        outcome = send(letter_id, office)
        if outcome is not None and outcome.line:
            log.warning("mail server fails", note=outcome.note)
            break


@shared_task(name="outbox.deliver")  # type: ignore[untyped-decorator]
def deliver(letter_id: int) -> None:
    """Send one letter now, for whoever does not want to wait for the next sweep."""
    send(letter_id)


def send(letter_id: int, office: Office | None = None) -> Outcome | None:
    """One attempt; None where another run has the letter or it is not due."""
    office = office or post_office()  # before the claim: a wrong SMTP_URL must not cost an attempt
    with transaction():
        attempt = delivery.claim(letter_id, now=clock.now())
    if attempt is None:
        return None
    prepared = delivery.prepare(letter_id, now=clock.now())
    db.session.rollback()  # what was read is in hand; no transaction stays open while a mail server thinks
    outcome = prepared if isinstance(prepared, Outcome) else office.send(prepared)
    with transaction():
        delivery.close(letter_id, attempt, outcome, now=clock.now())
    return outcome
