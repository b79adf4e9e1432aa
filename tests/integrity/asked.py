"""Which fields of a form and which parameters of an address the application itself asks for, by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict

_names: set[str] = set()


class _Noting(ImmutableMultiDict[str, str]):
    """What Flask gives a view as request.args and request.form. Reading it as a whole names nothing."""

    def __getitem__(self, key: str) -> str:
        _names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        _names.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, *more: Any, **named: Any) -> Any:
        _names.add(key)
        return super().get(key, *more, **named)

    def getlist(self, key: str, *more: Any, **named: Any) -> Any:
        _names.add(key)
        return super().getlist(key, *more, **named)


@contextmanager
def noted(app: Flask) -> Iterator[set[str]]:
    """The names that are asked for inside."""
    before = app.request_class.parameter_storage_class
    _names.clear()
    app.request_class.parameter_storage_class = _Noting
    try:
        yield _names
    finally:
        app.request_class.parameter_storage_class = before
