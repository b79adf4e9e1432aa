"""How worker and scheduler show that they live (award_app/run/alive.py).

The worker's own loop beats, not a task in its pool: a long computation keeps the pool busy without being ill, and a
task that hangs meets its time limit.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from celery.beat import Scheduler as InMemory
from celery.signals import heartbeat_sent
from redis import Redis

from award_app.run import alive


@cache
def _broker(url: str) -> Redis:
    return alive.client(url)


@heartbeat_sent.connect(weak=False)  # type: ignore[untyped-decorator]  # celery has no types
def worker_lives(sender: Any, **_: Any) -> None:
    """Celery's worker sends this every two seconds."""
    alive.mark(_broker(sender.eventer.app.conf.broker_url), alive.WORKER)


class Scheduler(InMemory):  # type: ignore[misc]  # celery has no types
    """Keeps no file: every entry comes round within a minute, and a file can be torn by a hard kill."""

    max_interval = 1

    def tick(self, *args: Any, **kwargs: Any) -> float:
        alive.mark(_broker(self.app.conf.broker_url), alive.SCHEDULER)
        return float(super().tick(*args, **kwargs))
