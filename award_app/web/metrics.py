"""GET /metrics for Prometheus, with the bearer token METRICS_TOKEN; without that setting there is no such page.

Counts and times by route name; of the database only numbers: letters by state, the age of the oldest that waits, rows of
the ledger. prometheus-client is imported only where the setting asks for it, after its folder for several processes was named.
"""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, request
from sqlalchemy import func, select

import config
from award_app import clock
from award_app.audit import LedgerHead
from award_app.db import db
from award_app.domain.vocabulary import LetterState
from award_app.notifications.models import Letter

bp = Blueprint("metrics", __name__)
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


@bp.get("/metrics")
def metrics() -> Response:
    token = str(current_app.config["METRICS_TOKEN"])
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess

    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    _of_the_database(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def count(endpoint: str, method: str, status: int, seconds: float) -> None:
    meters = current_app.extensions.get("metrics")
    if meters:
        meters["requests"].labels(endpoint, method, str(status)).inc()
        meters["seconds"].labels(endpoint).observe(seconds)


def _of_the_database(registry: Any) -> None:
    from prometheus_client.core import GaugeMetricFamily

    states = dict.fromkeys((state.value for state in LetterState), 0)
    for state, number in db.session.execute(select(Letter.state, func.count()).group_by(Letter.state)):
        states[state.value] = number
    letters = GaugeMetricFamily("laurel_letters", "Letters by state.", labels=["state"])
    for name, number in states.items():
        letters.add_metric([name], number)
    oldest = db.session.scalar(select(func.min(Letter.next_at)).where(Letter.state == LetterState.WAITING))
    waits = (clock.now() - oldest).total_seconds() if oldest else 0
    rows = db.session.scalar(select(LedgerHead.seq)) or 0
    found = [
        letters,
        GaugeMetricFamily(
            "laurel_oldest_due_letter_seconds", "Since the oldest waiting letter fell due.", max(0, waits)
        ),
        GaugeMetricFamily("laurel_ledger_rows", "Rows in the ledger.", rows),
    ]
    registry.register(_Fixed(found))


class _Fixed:
    def __init__(self, families: list[Any]) -> None:
        self._families = families

    def collect(self) -> list[Any]:
        return self._families


def folder(settings: Any) -> Path:
    return Path(str(settings["VAR_DIR"])).absolute() / "run" / "metrics"


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    if not app.config["METRICS_TOKEN"]:
        return
    where = folder(app.config)
    where.mkdir(parents=True, exist_ok=True)
    config.count_in(where)
    from prometheus_client import CollectorRegistry, Counter, Histogram

    registry = CollectorRegistry()  # each process writes into the folder; a scrape reads the folder
    names = ("endpoint", "method", "status")
    app.extensions["metrics"] = {
        "requests": Counter("laurel_requests", "Answers by route and status.", names, registry=registry),
        "seconds": Histogram(
            "laurel_request_seconds", "Time to answer.", ("endpoint",), registry=registry, buckets=BUCKETS
        ),
    }
