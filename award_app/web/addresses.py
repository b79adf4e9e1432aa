"""Numbers in addresses: no longer than what a database keeps, in the digits that we print ourselves; and addresses of
pages, made once: a page names up to a hundred of them, and most are those of the page before."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, has_request_context, request
from werkzeug.routing import IntegerConverter

_MOST: Final = 8192  # beyond this we start afresh


class Number(IntegerConverter):
    """Anything else is an address at which there is nothing."""

    regex = "[0-9]{1,9}"


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = Number
    app.url_map.merge_slashes = False  # an address with two slashes is another one, at which there is nothing
    _remember_addresses(app)


def _remember_addresses(app: Flask) -> None:
    """An address within this site depends on nothing but its key."""
    make, made = app.url_for, dict[object, str]()

    def url_for(endpoint: str, /, **values: Any) -> str:
        key = _key(endpoint, values)
        if key is None:
            return make(endpoint, **values)
        found = made.get(key)
        if found is None:
            if len(made) >= _MOST:
                made.clear()
            found = made[key] = make(endpoint, **values)
        return found

    app.url_for = url_for  # type: ignore[method-assign, assignment]  # the same, said in fewer words


def _key(endpoint: str, values: dict[str, Any]) -> object | None:
    """None where it is not worth it, or where more than words and numbers decide."""
    if not has_request_context():
        return None
    for name, value in values.items():
        plain = isinstance(value, str) or type(value) is int
        if value is not None and (name[0] == "_" or not plain):
            return None
    here = request.blueprint if endpoint[0] == "." else None
    return endpoint, here, request.method, request.root_path, tuple(values.items())
