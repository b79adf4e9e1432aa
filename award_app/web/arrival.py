"""When a request arrived: the instant that decides about deadlines.

It is noted before anything of the body is read, so that a slow line costs nobody the deadline. A body that takes longer
than the largest attachment does on the slowest line is kept back on purpose: such a request counts from its end.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from flask import Flask, g, request_started

from award_app import clock

LONGEST: Final = timedelta(minutes=30)  # 10 megabytes at 64 kbit/s take 21


def arrived() -> datetime:
    """The instant at which this request's headers were there, as the service's clock counts."""
    ended: datetime = clock.untouched()
    return clock.moved(g.arrived if ended - g.arrived <= LONGEST else ended)


def _note(_app: Flask, **_more: Any) -> None:
    g.arrived = clock.untouched()


def init_app(app: Flask) -> None:
    request_started.connect(_note, app)
