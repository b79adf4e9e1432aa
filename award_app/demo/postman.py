"""Posts letters in a process of its own, through the worker's real task, at the instants it is told.

    python -m award_app.demo.postman

Each line it reads is an instant (ISO 8601) at which to stand still; when no letter is due then, it answers "done".
"""

from __future__ import annotations

import sys
from datetime import datetime

from award_app import clock
from award_app.notifications import delivery
from workers.celery_app import celery_app, flask_app
from workers.outbox import sweep

ROUNDS = 100  # a letter that is put off comes back only when the clock moves on


def main() -> None:
    for line in sys.stdin:
        clock.stand_at(datetime.fromisoformat(line.strip()))
        _post_everything()
        print("done", flush=True)


def _post_everything() -> None:
    for _ in range(ROUNDS):
        with flask_app.app_context():
            if not delivery.due_ids(clock.now()):
                return
        sweep.apply(app=celery_app, throw=True)


if __name__ == "__main__":
    main()
