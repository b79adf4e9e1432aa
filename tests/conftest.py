"""app, session, client, as_(person), clock, chance: on SQLite and on PostgreSQL (marker `served`)."""

from __future__ import annotations

import contextvars
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from sqlalchemy import event

import config
from award_app import chance, create_app
from award_app.accounts import passwords, sessions
from award_app.accounts.models import Person
from award_app.db import db, transaction
from tests.counting import statements
from tests.servers import fresh_database, postgres_server, redis_server, redis_url, sink, template_database

__all__ = ["postgres_server", "redis_server", "redis_url", "sink", "statements"]

# A slow machine is no failure: no test asserts on time.
hypothesis.register_profile("laurel", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("laurel")

START = datetime(2026, 3, 10, 12, tzinfo=UTC)

# With two workers, whoever meets a file of minutes last leaves the other one idle.
LONGEST_FIRST = (
    "tests/journeys/test_award_year",
    "tests/integrity/",
    "tests/journeys/",
    "tests/test_every_page",
    "tests/demo/",
    "tests/run/",
    "tests/backup/",
    "tests/workers/",
    "tests/notifications/test_worker",
    "tests/migrations/",
    "tests/domain/",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        found = [place for place, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start)]
        return found[0] if found else len(LONGEST_FIRST)

    items.sort(key=rank)


class Client(FlaskClient):
    """Each request in a context of its own, as a server would do it: nothing of the test leaks into it."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.rollback()
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        db.session.rollback()
        return answer


class Clock:
    """Stands still until it is moved."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller
        self.now = START

    def move_to(self, instant: datetime) -> datetime:
        self.now = instant
        self._traveller.move_to(instant, tick=False)
        return instant

    def forward(self, **duration: float) -> datetime:
        return self.move_to(self.now + timedelta(**duration))


def settings(folder: Path, **more: str) -> dict[str, object]:
    keys = {
        "SECRET_KEY": "for tests only",
        "LEDGER_KEY": "for tests only",
        "VAR_DIR": str(folder),
        "PSEUDO_LOCALE": "1",
    }
    served = {"REDIS_URL": "redis://127.0.0.1:1/0", "SMTP_URL": "smtp://127.0.0.1:1"}
    return {**config.load(keys | served | more), "TESTING": True, "WTF_CSRF_ENABLED": False}


def quick_not_durable(made: Flask) -> None:
    """Like PostgreSQL in these tests: nobody pulls the plug on them. What is served keeps its own setting."""

    def on_connect(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    with made.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", on_connect)


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, Path]:
    """The application on SQLite, with a migrated file to copy."""
    folder = tmp_path_factory.mktemp("sqlite")
    made = create_app(settings(folder))
    quick_not_durable(made)
    _migrate(made)
    shutil.copy(folder / "laurel.sqlite", folder / "template.sqlite")
    return made, folder


@pytest.fixture(scope="session")
def postgres_app(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("postgres")

    def prepare(url: str) -> None:
        _migrate(create_app(settings(folder, DATABASE_URL=url)))

    with fresh_database(postgres_server, template_database(postgres_server, prepare)) as url:
        made = create_app(settings(folder, DATABASE_URL=url))
        yield made
        with made.app_context():
            db.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.served)])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    yield from application(request)


def application(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application with an empty, migrated database, inside its context. `request.param` says on which; a file whose
    pages ask nothing that differs makes an `app` of its own, on SQLite only."""
    if request.param == "sqlite":
        made, folder = request.getfixturevalue("sqlite_app")
        with made.app_context():
            db.engine.dispose()
        for left in folder.glob("laurel.sqlite*"):
            left.unlink()
        shutil.copy(folder / "template.sqlite", folder / "laurel.sqlite")
    else:
        made = request.getfixturevalue("postgres_app")
        with made.app_context():
            _empty()
    made.test_client_class = Client
    made.extensions.pop("limits_memory", None)  # attempts of the test before
    before = dict(made.config)
    with made.app_context():
        yield made
        db.session.remove()
        # A new line to PostgreSQL costs more than many a test; one that knows tables since rebuilt is of no more use.
        if request.param == "sqlite" or request.node.get_closest_marker("rebuilds"):
            db.engine.dispose()
    made.config.clear()
    made.config.update(before)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def as_(app: Flask) -> Callable[[Person], FlaskClient]:
    """A browser in which this person is signed in."""

    def signed_in(person: Person) -> FlaskClient:
        from award_app import clock as the_clock

        with transaction():
            token = sessions.start(person, now=the_clock.now(), second=True)
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return browser

    return signed_in


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(START, tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hashed cheaply in this process: what is tested is who comes in, not how long a guess takes. What is served hashes
    as tests/accounts/test_passwords.py says."""
    kept, passwords._hasher = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords._hasher = kept
    passwords._of_nobody.cache_clear()


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    chance.seed(1)
    yield
    chance.seed(None)


def _migrate(made: Flask) -> None:
    with made.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


def _empty() -> None:
    """As TRUNCATE … RESTART IDENTITY leaves it, thirty times quicker: most tables are empty already, and TRUNCATE makes
    new files for each of them. As a replica neither row triggers nor foreign keys speak, nor need they for a clean slate.
    """
    names = [f'"{table.name}"' for table in db.metadata.sorted_tables]
    with db.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for name in connection.exec_driver_sql(_filled(names)).scalars().all():
            connection.exec_driver_sql(f"DELETE FROM {name}")
        connection.exec_driver_sql(_COUNT_ANEW)
        connection.exec_driver_sql("INSERT INTO ledger_head (id, seq, seal) VALUES (1, 0, '')")


def _filled(names: list[str]) -> str:
    return " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names)


_COUNT_ANEW = """SELECT setval(format('%%I.%%I', schemaname, sequencename), start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL"""
