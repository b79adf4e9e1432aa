"""Alembic's side of the models: one engine, batch changes for SQLite, views left alone."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from award_app.db import Base, db


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=_is_ours,
            transaction_per_migration=True,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


def _is_ours(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    return not (kind == "table" and name == "sqlite_sequence")


run()
