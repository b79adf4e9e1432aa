"""Alembic is loaded when somebody migrates, not by every web worker: a fifth of the time to start would be its."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
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


class _Commands(click.Command):
    """`flask db …`: Flask-Migrate's own group takes over once somebody asks for it."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        from flask_migrate.cli import db as group

        context: click.Context = group.make_context(info_name, args, parent, **extra)
        return context


def init_app(app: Flask) -> None:
    app.extensions["migrate"] = _Later(app)
    app.cli.add_command(_Commands("db", help="Bring the database up to the models, and other migrations."))
