"""The door: noting that somebody is still here never costs her the page."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from typing import Any

from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from award_app.accounts.models import Person, SignIn
from award_app.db import db
from tests import factories as make
from tests.conftest import Clock


def test_a_page_stands_though_somebody_else_wrote_while_it_was_read(
    app: Flask, clock: Clock, as_: Callable[[Person], FlaskClient]
) -> None:
    person = make.person()
    db.session.commit()
    browser = as_(person)
    clock.forward(minutes=2)

    engine = db.engine

    def write() -> None:
        with engine.begin() as other:
            other.execute(text("UPDATE person SET locale = locale"))

    def somebody_writes(*_sender: Any, **_more: Any) -> None:
        Context().run(write)  # outside of the request: within it nothing but transaction() may write

    with template_rendered.connected_to(somebody_writes, app):
        assert browser.get("/account").status_code == 200
    assert db.session.scalar(select(func.max(SignIn.seen_at))) == clock.now
