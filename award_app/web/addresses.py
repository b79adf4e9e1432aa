"""Numbers in addresses: no longer than what a database keeps, in the digits that we print ourselves."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter


class Number(IntegerConverter):
    """Anything else is an address at which there is nothing."""

    regex = "[0-9]{1,9}"


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = Number
