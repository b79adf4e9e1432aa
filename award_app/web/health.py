"""GET /health: 200 when every part answers, else 503. Public; no session, no ledger, no words about why."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from functools import partial
from time import monotonic

from flask import Blueprint, Response, current_app, jsonify
from redis import Redis
from sqlalchemy import Engine, text

from award_app.db import db
from award_app.run import alive

bp = Blueprint("health", __name__)

LONGEST = 1.0  # seconds for all checks together
# Checks that hang keep their thread, never the request's; when all four hang, later ones wait and count as false.
_checks = ThreadPoolExecutor(max_workers=4, thread_name_prefix="health")


@bp.get("/health")
def health() -> Response:
    engine, broker = db.engine, _broker()
    found = _answers(
        {
            "database": partial(_database, engine),
            "broker": partial(_answers_ping, broker),
            "worker": partial(alive.seen, broker, alive.WORKER),
            "scheduler": partial(alive.seen, broker, alive.SCHEDULER),
        }
    )
    response = jsonify(found)
    response.status_code = 200 if all(found.values()) else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def _answers(checks: dict[str, Callable[[], bool]]) -> dict[str, bool]:
    until = monotonic() + LONGEST
    asked = {name: _checks.submit(check) for name, check in checks.items()}
    return {name: _within(future, until) for name, future in asked.items()}


def _within(future: Future[bool], until: float) -> bool:
    try:
        return future.result(timeout=max(0.0, until - monotonic()))
    except TookTooLong:
        future.cancel()
    except Exception:  # whatever went wrong, the part does not answer; that is all this page says
        return False
    return False


def _database(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.execute(text("SELECT 1")).scalar_one())


def _answers_ping(broker: Redis) -> bool:
    return bool(broker.ping())


def _broker() -> Redis:
    """One client per application: its connections are pooled and made anew after a fork."""
    kept: Redis | None = current_app.extensions.get("health_broker")
    if kept is None:
        kept = current_app.extensions["health_broker"] = alive.client(current_app.config["REDIS_URL"], LONGEST)
    return kept
