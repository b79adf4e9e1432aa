"""A real worker on a real Redis: tasks run inside the application, and none is lost with the process that ran it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from redis import Redis

import config
from tests.service import environment, within
from workers import schedule

pytestmark = [pytest.mark.served, pytest.mark.processes]


def test_a_task_runs_inside_the_application(worker: Celery, redis_url: str, tmp_path: Path) -> None:
    written = tmp_path / "note"
    worker.send_task("probe.note", [str(written)])
    assert within(10, lambda: written.exists() and written.read_text())
    assert written.read_text().split()[0] == redis_url


def test_a_task_whose_process_is_killed_runs_again(worker: Celery, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    worker.send_task("probe.stay", [str(runs)])
    assert within(10, lambda: runs.exists() and runs.read_text())
    os.kill(int(runs.read_text()), signal.SIGKILL)
    assert within(20, lambda: len(runs.read_text().split()) == 2)


def test_the_worker_takes_nothing_but_json(worker: Celery, redis_url: str, tmp_path: Path) -> None:
    refused, taken = tmp_path / "refused", tmp_path / "taken"
    worker.send_task("probe.note", [str(refused)], serializer="pickle")
    worker.send_task("probe.note", [str(taken)])
    assert within(10, taken.exists)
    assert not refused.exists()


def test_the_worker_says_that_it_lives(worker: Celery, redis_url: str) -> None:
    with Redis.from_url(redis_url) as broker:
        assert broker.exists("laurel:alive:worker") == 1


# A task in the schedule that no file in workers/ defines would fail every few seconds.
def test_every_scheduled_task_exists(tmp_path: Path) -> None:
    code = "from workers.celery_app import celery_app, load_tasks; load_tasks(); print('\\n'.join(celery_app.tasks))"
    env = environment(VAR_DIR=str(tmp_path))
    known = subprocess.run([sys.executable, "-c", code], cwd=config.ROOT, env=env, capture_output=True, text=True)
    wanted = {str(entry["task"]) for entry in schedule.SCHEDULE.values()}
    assert wanted - set(known.stdout.split()) == set(), known.stderr


@pytest.fixture
def worker(redis_url: str, tmp_path: Path) -> Iterator[Celery]:
    """A sender for the worker that runs on this Redis."""
    argv = [sys.executable, "-m", "celery", "-A", "tests.workers.probe:celery_app", "worker", "--concurrency", "2"]
    env = environment(VAR_DIR=str(tmp_path / "var"), REDIS_URL=redis_url)
    (tmp_path / "var").mkdir()
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(argv, cwd=config.ROOT, env=env, stdout=log, stderr=log)
    try:
        with Redis.from_url(redis_url) as broker:
            assert within(30, lambda: broker.exists("laurel:alive:worker")), (tmp_path / "worker.log").read_text()
        with Celery(broker=redis_url, set_as_current=False) as sender:
            yield sender
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
