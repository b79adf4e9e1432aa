"""Public pages, rendered once and given out for a few seconds: they are the same for everybody.

What may change them is a release, and that is seen within KEPT_SECONDS here and within the browser's own time beyond.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from flask import Flask, Response, current_app, request

from award_app import clock

KEPT_SECONDS: Final = 5
_MOST: Final = 256  # pages times the ways browsers ask for compression; beyond this we start afresh

Key = tuple[str, str, str]
Kept = dict[Key, tuple[datetime, bytes, list[tuple[str, str]]]]


def _pages() -> Kept:
    kept: Kept = current_app.extensions["kept_pages"]
    return kept


def _key() -> Key | None:
    """What tells one kept answer from another; None for what is not kept at all."""
    if request.blueprint != "public" or request.method != "GET" or request.query_string:
        return None
    if not current_app.config["KEPT_SECONDS"]:
        return None
    return request.root_path, request.path, request.headers.get("Accept-Encoding", "")


def _give() -> Response | None:
    key = _key()
    found = _pages().get(key) if key else None
    if found is None or found[0] <= clock.now():
        return None
    _until, body, headers = found
    return Response(body, headers=headers)


def _keep(response: Response) -> Response:
    key = _key()
    if key is None or response.status_code != 200 or "Set-Cookie" in response.headers:
        return response
    pages, now = _pages(), clock.now()
    if key in pages and pages[key][0] > now:
        return response
    if len(pages) >= _MOST:
        pages.clear()
    until = now + timedelta(seconds=current_app.config["KEPT_SECONDS"])
    headers = [(name, value) for name, value in response.headers if name != "Strict-Transport-Security"]
    pages[key] = (until, response.get_data(), headers)
    return response


def init_app(app: Flask) -> None:
    """Registered before all others: asked first on the way in, and last, with the finished answer, on the way out.

    A test and the demonstration move the clock, so there nothing is kept.
    """
    standing = app.config.get("TESTING") or app.config.get("LAUREL_DEMO")
    app.config.setdefault("KEPT_SECONDS", 0 if standing else KEPT_SECONDS)
    app.extensions["kept_pages"] = {}
    app.before_request(_give)
    app.after_request(_keep)
