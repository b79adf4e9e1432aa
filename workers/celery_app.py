"""The Celery side of create_app(): every task runs inside the application's context."""

from __future__ import annotations

import os
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from celery import Celery, Task
from celery.signals import celeryd_init, worker_process_init
from flask import Flask

import workers
from award_app import create_app
from award_app.run.child import die_with_parent
from workers.schedule import SCHEDULE


def make_celery(app: Flask) -> Celery:
    class InContext(Task):  # type: ignore[misc]  # celery has no types
        def __call__(self, *args: object, **kwargs: object) -> Any:
            with app.app_context():
                return self.run(*args, **kwargs)

    celery = Celery(app.name, task_cls=InContext)
    celery.conf.update(settings(str(app.config["REDIS_URL"])))
    celery.set_default()
    app.extensions["celery"] = celery
    return celery


def settings(broker_url: str) -> dict[str, object]:
    """Nothing is lost when a worker is killed: a message is acknowledged after its work, and comes back if not."""
    return {
        "broker_url": broker_url,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {
            "visibility_timeout": 600,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
        },
        "task_serializer": "json",
        "result_serializer": "json",
        "event_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "task_soft_time_limit": 480,
        "task_time_limit": 540,  # below the visibility timeout, or a slow task would run twice at once
        "worker_hijack_root_logger": False,
        "timezone": "UTC",
        "beat_schedule": SCHEDULE,
        "beat_max_loop_interval": 1,
        "beat_scheduler": "workers.pulse:Scheduler",
    }


@celeryd_init.connect(weak=False)  # type: ignore[untyped-decorator]
def load_tasks(**_: object) -> None:
    """Each file in workers/ registers its tasks when it is imported: by the worker only, as they bring scipy along.

    The scheduler sends names and needs no tasks.
    """
    for module in iter_modules(workers.__path__):
        import_module(f"workers.{module.name}")


@worker_process_init.connect(weak=False)  # type: ignore[untyped-decorator]  # celery has no types
def begin_in_pool(**_: object) -> None:
    """A pool process ends with its worker, and makes its own database connections."""
    from award_app.db import db

    die_with_parent(_main_process)
    with flask_app.app_context():
        for engine in db.engines.values():
            engine.dispose(close=False)


_main_process = os.getpid()  # pool processes are forked from here, after this line has run
flask_app = create_app()
celery_app = make_celery(flask_app)
import_module("workers.pulse")
