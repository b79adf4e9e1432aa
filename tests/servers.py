"""Real servers for tests and benches: PostgreSQL, Redis and an SMTP sink, each in a folder of its own.

    with running_postgres() as admin_url, fresh_database(admin_url) as url: …
    with running_redis() as url: …
    with smtp_sink() as sink: …  sink.url, sink.messages

Every server ends with the process that started it, also when that process is killed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from redis import Redis, RedisError

from tests.smtp import Sink, smtp_sink

__all__ = ["Sink", "fresh_database", "running_postgres", "running_redis", "smtp_sink", "template_database"]

_PATIENCE = 30.0  # seconds until a server must answer; they take one
_QUICK_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")


@contextmanager
def running_postgres() -> Iterator[str]:
    """URL of the server's own database, as its superuser. Reached by a unix socket only."""
    folder = Path(tempfile.mkdtemp(prefix="laurel-pg-", dir="/tmp"))
    data = folder / "data"
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
    initdb = [str(_postgres_bin() / "initdb"), "-D", str(data), "-U", "laurel", "-A", "trust", "--no-sync"]
    subprocess.run(_as_postgres(*initdb, "-E", "UTF8", "--locale=C.UTF-8"), cwd=folder, check=True, capture_output=True)
    options = [f"unix_socket_directories={folder}", "listen_addresses=", "max_connections=120", *_QUICK_NOT_DURABLE]
    argv = [str(_postgres_bin() / "postgres"), "-D", str(data), *(word for o in options for word in ("-c", o))]
    url = f"postgresql+psycopg://laurel@/postgres?host={folder}"
    with _running(_as_postgres(*argv), folder, end=signal.SIGINT, answers=lambda: _postgres_answers(url)):
        yield url


@contextmanager
def running_redis() -> Iterator[str]:
    """redis:// URL of a real Redis with an append-only file."""
    folder = Path(tempfile.mkdtemp(prefix="laurel-redis-", dir="/tmp"))
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    argv = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    argv = _tied(*argv, "--appendonly", "yes", "--save", "", "--daemonize", "no")
    with _running(argv, folder, end=signal.SIGTERM, answers=lambda: _redis_answers(url)):
        yield url


@contextmanager
def fresh_database(admin_url: str, template: str = "template1") -> Iterator[str]:
    """URL of a new database, a copy of `template`; it is dropped at the end."""
    name = f"laurel_{uuid.uuid4().hex[:12]}"
    _ask(admin_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield admin_url.replace("/postgres?", f"/{name}?")
    finally:
        _ask(admin_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def template_database(admin_url: str, prepare: Callable[[str], None], name: str = "laurel_template") -> str:
    """Make a database once with `prepare(url)`, which must leave no connection behind; its name is for fresh_database."""
    _ask(admin_url, f'CREATE DATABASE "{name}"')
    prepare(admin_url.replace("/postgres?", f"/{name}?"))
    return name


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with running_postgres() as admin_url:
        yield admin_url


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    with running_redis() as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The session's Redis, emptied before the test."""
    with Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture
def sink() -> Iterator[Sink]:
    with smtp_sink() as running:
        yield running


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def _running(argv: list[str], folder: Path, *, end: signal.Signals, answers: Callable[[], bool]) -> Iterator[None]:
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(argv, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        until = time.monotonic() + _PATIENCE
        while not answers():
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{argv[-1]} did not start:\n{(folder / 'server.log').read_text()}")
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(end)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _tied(*argv: str) -> list[str]:
    """The command ends when the process that started it does."""
    return ["setpriv", "--pdeathsig", "TERM", "--", *argv]


def _as_postgres(*argv: str) -> list[str]:
    """As user postgres when we are root; tied to us. SIGINT is PostgreSQL's quick, clean end."""
    user = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *user, "--pdeathsig", "INT", "--", *argv]


def _postgres_bin() -> Path:
    """The newest version that Debian's packages have installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: `make test` installs it")
    return found[-1].parent


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _ask(admin_url: str, statement: str) -> None:
    with psycopg.connect(_plain(admin_url), autocommit=True) as connection:
        connection.execute(statement.encode())


def _postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(_plain(url), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(url: str) -> bool:
    try:
        with Redis.from_url(url, socket_timeout=1) as client:
            return bool(client.ping())
    except RedisError:
        return False
