"""A visitor without an account, in an application that also speaks the pseudo-locale."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app import create_app


@pytest.fixture(scope="session")
def public_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    var: Path = tmp_path_factory.mktemp("var")
    return create_app(
        {
            "DATABASE_URL": f"sqlite:///{var / 'empty.sqlite'}",
            "SECRET_KEY": "for tests",
            "LEDGER_KEY": "for tests",
            "VAR_DIR": str(var),
            "PSEUDO_LOCALE": True,
            "HELP_CONTACT": "award@example.org",
        }
    )


@pytest.fixture
def visitor(public_app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Nobody has been announced by Laurel's own cycles, and no public page may need the database to know that."""
    from award_app.announcement import queries

    monkeypatch.setattr(queries, "released_laureates", list)
    return public_app.test_client()
