"""One way to write: a page that reads cannot, whatever it tries, and what it asked is not planned anew each time."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import InternalError

from award_app.accounts.models import Person
from award_app.db import db, transaction
from tests import factories as make

# SQLite says at BEGIN that it will write, see db.py.
pytestmark = [pytest.mark.parametrize("app", ["postgresql"], indirect=True), pytest.mark.served]


def _rename_and_fail(person: Person) -> None:
    with transaction():
        person.name = "Binta"
        db.session.flush()
        raise ZeroDivisionError


def _names() -> list[str]:
    return list(db.session.scalars(select(Person.name)))


@pytest.fixture
def served(app: Flask) -> Flask:
    make.person(name="Awa")
    db.session.commit()
    return app


def test_within_a_request_only_a_transaction_writes(served: Flask) -> None:
    # Whether the page is got or something was sent: what stands outside of transaction() is refused by the database.
    for method in ("GET", "POST"):
        with served.test_request_context("/", method=method):
            with pytest.raises(InternalError, match="read-only transaction"):
                db.session.execute(update(Person).values(name="Binta"))
            db.session.rollback()
    assert _names() == ["Awa"]


def test_what_was_read_first_does_not_keep_a_transaction_from_writing(served: Flask) -> None:
    with served.test_request_context("/", method="POST"):
        person = db.session.scalars(select(Person)).one()
        with transaction():
            person.name = "Binta"
        assert person.name == "Binta"  # read again, outside of the transaction
    db.session.rollback()
    assert _names() == ["Binta"]


def test_what_fails_in_a_transaction_is_undone_whole(served: Flask) -> None:
    with served.test_request_context("/", method="POST"):
        person = db.session.scalars(select(Person)).one()
        with pytest.raises(ZeroDivisionError):
            _rename_and_fail(person)
    db.session.rollback()
    assert _names() == ["Awa"]


def test_a_statement_that_was_prepared_stays_so_after_the_page(served: Flask) -> None:
    for _page in range(8):
        with served.test_request_context("/"):
            db.session.scalars(select(Person)).all()
    with served.test_request_context("/"):
        kept = db.session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert [statement for statement in kept if "FROM person" in statement]
