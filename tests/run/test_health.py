"""GET /health: which parts answer, and nothing else."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import event

import config
from award_app import create_app
from award_app.db import db
from award_app.run import alive

NOBODY = "redis://127.0.0.1:1/0"


def _client(var: Path, redis_url: str, **settings: str) -> FlaskClient:
    return create_app(config.load({"VAR_DIR": str(var), "REDIS_URL": redis_url, **settings})).test_client()


def test_without_a_broker_only_the_database_answers(var: Path) -> None:
    answer = _client(var, NOBODY).get("/health")
    assert (answer.status_code, answer.json) == (
        503,
        {"broker": False, "database": True, "scheduler": False, "worker": False},
    )


@pytest.mark.served
def test_each_sign_of_life_counts_for_itself(var: Path, redis_url: str) -> None:
    client = _client(var, redis_url)
    with Redis.from_url(redis_url) as broker:
        alive.mark(broker, alive.WORKER)
        assert client.get("/health").json == {"broker": True, "database": True, "scheduler": False, "worker": True}
        alive.mark(broker, alive.SCHEDULER)
        answer = client.get("/health")
        assert (answer.status_code, answer.json) == (
            200,
            {"broker": True, "database": True, "scheduler": True, "worker": True},
        )
        alive.forget(broker, alive.WORKER)
        assert client.get("/health").json == {"broker": True, "database": True, "scheduler": True, "worker": False}


@pytest.mark.served
def test_a_sign_of_life_expires(redis_url: str) -> None:
    with Redis.from_url(redis_url) as broker:
        alive.mark(broker, alive.WORKER)
        assert broker.ttl("laurel:alive:worker") == alive.EXPIRES


def test_a_broker_that_never_speaks_is_false_and_keeps_nobody_waiting(var: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = _client(var, f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        assert client.get("/health").json == {"broker": False, "database": True, "scheduler": False, "worker": False}


def test_a_database_that_cannot_be_opened_is_false(var: Path, tmp_path: Path) -> None:
    client = _client(var, NOBODY)
    (var / "laurel.sqlite").mkdir()
    assert client.get("/health").json == {"broker": False, "database": False, "scheduler": False, "worker": False}


def test_it_asks_the_database_one_thing_and_knows_no_person(var: Path) -> None:
    client, asked = _client(var, NOBODY), []
    client.set_cookie("session", "left by somebody")
    with client.application.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement))
    client.get("/health")
    assert asked == ["BEGIN", "SELECT 1"]


def test_it_starts_no_session_and_is_not_kept(var: Path) -> None:
    answer = _client(var, NOBODY).get("/health")
    assert (answer.headers.getlist("Set-Cookie"), answer.headers["Cache-Control"]) == ([], "no-store")


@pytest.fixture
def var(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir()
    return folder
