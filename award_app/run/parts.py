"""The five parts, in the order in which they come up, and the questions that show that each answers."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from redis import RedisError

from award_app.run import alive, broker
from award_app.run.part import Part

CELERY = [sys.executable, "-m", "celery", "-A", "workers.celery_app:celery_app"]


def embedded_broker(run: Path) -> tuple[str, Part]:
    """The broker's URL and its part."""
    path = broker.socket_path(run)
    url = broker.url(path)
    return url, Part("broker", broker.command(path, run), partial(_broker_answers, url))


def embedded_sink(mailbox: Path) -> tuple[str, Part]:
    """The sink's URL and its part. The port is opened here and outlives a restart of the sink."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    argv = [sys.executable, "-m", "award_app.run.sink", str(listening.fileno()), str(mailbox)]
    part = Part("sink", argv, partial(_greets, port, listening), pass_fds=(listening.fileno(),))
    return f"smtp://127.0.0.1:{port}", part


def worker(broker_url: str) -> Part:
    argv = [*CELERY, "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "WARNING"]
    argv += ["--hostname", "laurel@%h", "--without-gossip", "--without-mingle"]
    return Part("worker", argv, *_sign_of_life(broker_url, alive.WORKER))


def scheduler(broker_url: str) -> Part:
    argv = [*CELERY, "beat", "--loglevel", "WARNING", "--pidfile="]
    return Part("scheduler", argv, *_sign_of_life(broker_url, alive.SCHEDULER))


def web(port: int, host: str) -> Part:
    argv = [sys.executable, "-m", "gunicorn", "-c", "python:award_app.run.gunicorn", "wsgi:app"]
    return Part("web", argv, partial(_healthy, port, host))


def _sign_of_life(broker_url: str, part: str) -> tuple[Callable[[], bool], Callable[[], None]]:
    client = alive.client(broker_url)

    def answers() -> bool:
        try:
            return alive.seen(client, part)
        except RedisError:
            return False

    return answers, partial(alive.forget, client, part)


def _broker_answers(url: str) -> bool:
    try:
        return bool(alive.client(url).ping())
    except RedisError:
        return False


def _greets(port: int, _listening: socket.socket) -> bool:
    """The socket is kept here so that it stays open as long as the part may be started again."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5) as connection:
            return connection.recv(3) == b"220"
    except OSError:
        return False


def _healthy(port: int, host: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/health", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
