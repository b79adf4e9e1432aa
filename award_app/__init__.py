"""create_app(): settings, extensions, features, errors, commands - on one page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

import config


def create_app(settings: Mapping[str, object] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.update(config.load() if settings is None else settings)

    from award_app import db, models
    from award_app.web import health

    assert models  # every table is declared before the first query
    db.init_app(app)
    Migrate(app, db.db, directory=str(Path(app.root_path).parent / "migrations"))
    app.register_blueprint(health.bp)
    return app
