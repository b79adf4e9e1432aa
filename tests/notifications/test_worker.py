"""A real worker on a real Redis posts to a real SMTP line; the table is the truth, the queue only makes it quick."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from flask import Flask
from redis import Redis
from sqlalchemy import update

import config
from award_app import clock
from award_app.db import db, transaction
from award_app.notifications import delivery
from award_app.notifications.models import Letter
from tests.notifications import scene
from tests.servers import Sink
from tests.service import environment, within

pytestmark = [pytest.mark.served, pytest.mark.processes]


@pytest.mark.parametrize("app", ["sqlite", "postgresql"], indirect=True)
def test_letters_leave_by_the_real_task(app: Flask, sink: Sink, redis_url: str, tmp_path: Path) -> None:
    ids = [scene.written(template) for template in ("invitation", "handed_in", "returned")]
    with _worker(app, sink, redis_url, tmp_path) as (sender, _pid):
        sender.send_task("outbox.deliver", [ids[0]])
        assert within(20, lambda: _counts() == {"waiting": 2, "sent": 1})
        sender.send_task("outbox.sweep")
        sender.send_task("outbox.sweep")
        assert within(20, lambda: _counts() == {"sent": 3})
    names = {db.session.get_one(Letter, i).message_id for i in ids}
    assert sorted(m.parsed["Message-ID"] for m in sink.messages) == sorted(names)


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_a_queue_that_forgets_everything_loses_no_letter(
    app: Flask, sink: Sink, redis_url: str, tmp_path: Path
) -> None:
    with _worker(app, sink, redis_url, tmp_path) as (sender, _pid):
        for _letter in range(5):
            sender.send_task("outbox.deliver", [scene.written("accepted")])
        with Redis.from_url(redis_url) as broker:
            broker.flushall()
        within(1, lambda: _counts() == {"sent": 5})
        sender.send_task("outbox.sweep")
        assert within(20, lambda: _counts() == {"sent": 5})
    assert len(sink.messages) == 5


# The worker dies while the mail server thinks. Nothing tells whether the letter arrived; its kind says what follows.
@pytest.mark.parametrize(
    ("app", "template", "ends"),
    [("sqlite", "accepted", "sent"), ("postgresql", "released", "uncertain")],
    indirect=["app"],
)
def test_a_worker_killed_while_it_sends(
    app: Flask, sink: Sink, redis_url: str, tmp_path: Path, template: str, ends: str
) -> None:
    scene.written(template)
    kill: list[int] = []
    keep = sink.handle_DATA

    async def kills(*args: object) -> str:
        for pid in kill:
            os.kill(pid, signal.SIGKILL)
        kill.clear()
        return await keep(*args)  # type: ignore[arg-type]

    sink.handle_DATA = kills  # type: ignore[method-assign,assignment]
    with _worker(app, sink, redis_url, tmp_path) as (sender, pid):
        kill.extend([*_children(pid), pid])
        sender.send_task("outbox.sweep")
        assert within(20, lambda: not kill)
    assert _counts() == {"sending": 1}
    with transaction():  # five minutes later
        db.session.execute(update(Letter).values(claimed_at=clock.now() - timedelta(minutes=6)))
    with _worker(app, sink, redis_url, tmp_path) as (sender, _pid):
        sender.send_task("outbox.sweep")
        assert within(20, lambda: _counts() == {ends: 1})
    copies = [m.parsed["Message-ID"] for m in sink.messages]
    assert (len(copies), len(set(copies))) == ({"sent": 2, "uncertain": 1}[ends], 1)


def _counts() -> dict[str, int]:
    db.session.rollback()
    return delivery.count_by_state()


@contextmanager
def _worker(app: Flask, sink: Sink, redis_url: str, folder: Path) -> Iterator[tuple[Celery, int]]:
    """A worker on the test's own database, as `make run` starts it."""
    argv = [sys.executable, "-m", "celery", "-A", "workers.celery_app:celery_app", "worker", "--concurrency", "2"]
    with Redis.from_url(redis_url) as broker:
        broker.flushall()
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(argv, cwd=config.ROOT, env=_settings(app, sink, redis_url), stdout=log, stderr=log)
    try:
        _wait(redis_url, folder)
        with Celery(broker=redis_url, set_as_current=False) as sender:
            yield sender, process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(redis_url: str, folder: Path) -> None:
    with Redis.from_url(redis_url) as broker:
        assert within(60, lambda: broker.exists("laurel:alive:worker")), (folder / "worker.log").read_text()


def _settings(app: Flask, sink: Sink, redis_url: str) -> dict[str, str]:
    names = ("DATABASE_URL", "VAR_DIR", "SECRET_KEY", "LEDGER_KEY")
    served = {name: str(app.config[name]) for name in names}
    return environment(**served, REDIS_URL=redis_url, SMTP_URL=sink.url, MAIL_FROM="laurel@laurel.example")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]
