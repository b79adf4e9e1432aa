"""Alembic is loaded when somebody migrates, not by every web worker: a fifth of the time to start would be its."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask

from award_app.db import db


class _Later:
    """Stands where Flask-Migrate looks for its settings, and makes way for them at the first look."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        from flask_migrate import Migrate

        Migrate(self._app, db, directory=str(Path(self._app.root_path).parent / "migrations"))
        return getattr(self._app.extensions["migrate"], name)


def init_app(app: Flask) -> None:
    app.extensions["migrate"] = _Later(app)
