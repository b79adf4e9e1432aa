"""Public pages, rendered once and given out for as long as nothing public changes: they are the same for everybody.

A page belongs to an edition (announcement/editions.py). A browser may keep it too, but asks each time whether it still
stands: a few bytes, and what was taken back is gone at once. Decision 0007.
"""

from __future__ import annotations

import hashlib
from typing import Final

from flask import Flask, Response, current_app, request

from award_app.announcement import editions

_MOST: Final = 256  # pages times the ways browsers ask for compression; beyond this we start afresh

_OF_ONE_VISIT: Final = frozenset({"Strict-Transport-Security", "Date"})

Key = tuple[int, str, str, str]
Kept = dict[Key, tuple[bytes, list[tuple[str, str]]]]


def _pages() -> Kept:
    kept: Kept = current_app.extensions["kept_pages"]
    return kept


def _fits() -> bool:
    return request.blueprint == "public" and request.method in ("GET", "HEAD") and not request.query_string


def _key() -> Key | None:
    """What tells one kept answer from another; None for what is not kept at all."""
    if not _fits() or request.method != "GET" or not current_app.config["KEEP_PAGES"]:
        return None
    return editions.current().number, request.root_path, request.path, request.headers.get("Accept-Encoding", "")


def _give() -> Response | None:
    key = _key()
    found = _pages().get(key) if key else None
    if found is None:
        return None
    body, headers = found
    return Response(body, headers=headers)


def _keep(response: Response) -> Response:
    if not _fits() or response.status_code != 200 or "Set-Cookie" in response.headers:
        return response
    if "ETag" not in response.headers:
        response.direct_passthrough = False
        response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:24])
        _remember(response)
    response.make_conditional(request)
    response.headers.pop("Date", None)  # the server says it: a kept one would be old
    return response


def _remember(response: Response) -> None:
    key, pages = _key(), _pages()
    if key is None:
        return
    if len(pages) >= _MOST or next(iter(pages), key)[0] != key[0]:
        pages.clear()  # too many, or of an edition that is over
    headers = [(name, value) for name, value in response.headers if name not in _OF_ONE_VISIT]
    pages[key] = (response.get_data(), headers)


def init_app(app: Flask) -> None:
    """Registered before all others: asked first on the way in, and last, with the finished answer, on the way out.

    In the demonstration each page shows the clock, and a test changes the database past everything: nothing is kept.
    """
    app.config.setdefault("KEEP_PAGES", not (app.config.get("TESTING") or app.config.get("LAUREL_DEMO")))
    app.extensions["kept_pages"] = {}
    app.before_request(_give)
    app.after_request(_keep)
