"""A visitor without an account, in an application that also speaks the pseudo-locale."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app import create_app
from award_app.db import db
from tests.conftest import settings


@pytest.fixture(scope="session")
def public_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = create_app(settings(tmp_path_factory.mktemp("var"), HELP_CONTACT="award@example.org"))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def visitor(public_app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Nobody has been announced by Laurel's own cycles, and no public page may need the database to know that."""
    from award_app.announcement import queries

    monkeypatch.setattr(queries, "released_laureates", list)
    return public_app.test_client()
