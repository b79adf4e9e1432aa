"""When a request arrived: the instant that decides about deadlines.

It is noted before anything of the body is read, so that a slow line costs nobody the deadline.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, g, request_started

from award_app import clock


def arrived() -> datetime:
    """The instant at which this request's headers were there, as the service's clock counts."""
    return clock.moved(g.arrived)


def _note(_app: Flask, **_more: Any) -> None:
    g.arrived = clock.untouched()


def init_app(app: Flask) -> None:
    request_started.connect(_note, app)
