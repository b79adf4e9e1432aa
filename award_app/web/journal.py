"""Every request has an id, stands as one line in the log and is counted: method, route, status and time, nobody's name."""

from __future__ import annotations

import hashlib
import os
from itertools import count
from time import perf_counter
from typing import Any, Final

import structlog
from flask import Flask, Response, current_app, g, request

from award_app import clock
from award_app.web import metrics

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})

log = structlog.get_logger()
_numbers = count(1)


def _begin() -> None:
    g.request_id = _new_id()
    g.began = perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _new_id() -> str:
    """Not to be guessed from one's own: whoever reads hers on a page learns nothing of how many others there were."""
    said = f"{os.getpid()} {clock.untouched().timestamp()} {next(_numbers)}"
    key = str(current_app.config["SECRET_KEY"]).encode()[:64]
    return hashlib.blake2b(said.encode(), digest_size=6, key=key).hexdigest()


def _end(response: Response) -> Response:
    if response.status_code >= 500:  # elsewhere two equal answers stay equal
        response.headers["X-Request-ID"] = g.get("request_id", "")
    took = perf_counter() - g.get("began", perf_counter())
    route = request.url_rule.rule if request.url_rule else "-"
    method = request.method if request.method in METHODS else "-"  # else it may be any word that somebody sent
    log.info("request", method=method, route=route, status=response.status_code, ms=round(took * 1000, 1))
    metrics.count(request.endpoint or "-", method, response.status_code, took)
    return response


def _failed(exc_info: Any) -> None:
    log.error("request failed", exc_info=exc_info, route=request.url_rule.rule if request.url_rule else "-")


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)
    # Flask would write the address and the exception's words.
    app.log_exception = _failed  # type: ignore[method-assign]
