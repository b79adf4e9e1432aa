"""Tasks for the tests of the worker itself; `celery -A tests.workers.probe` knows them, the service does not."""

from __future__ import annotations

import os
import time
from pathlib import Path

from celery import shared_task
from flask import current_app

from workers.celery_app import celery_app

__all__ = ["celery_app"]


@shared_task(name="probe.note")  # type: ignore[untyped-decorator]  # celery has no types
def note(path: str) -> None:
    """Writes down the broker as the application knows it, and the process that asked."""
    Path(path).write_text(f"{current_app.config['REDIS_URL']} {os.getpid()}")


@shared_task(name="probe.stay")  # type: ignore[untyped-decorator]
def stay(path: str) -> None:
    """Takes forever the first time, no time the second."""
    runs = Path(path)
    first = not runs.exists()
    with runs.open("a") as file:
        file.write(f"{os.getpid()}\n")
    if first:
        time.sleep(60)
