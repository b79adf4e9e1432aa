"""The commands of the first day and of every day after."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from award_app.db import db, transaction
from tests import codes
from tests import factories as make
from tests.conftest import Clock


def test_the_link_of_create_admin_lets_the_first_person_in_who_then_invites(app: Flask, client: FlaskClient) -> None:
    answer = app.test_cli_runner().invoke(args=["create-admin", "First@Laurel.example", "First Person"])
    found = re.fullmatch(r"http://localhost:8000(/invitation/\S+)\n", answer.output)
    assert answer.exit_code == 0
    assert found is not None
    assert client.post(found[1], data={"name": "First Person", "password": "three quiet herons"}).location == "/home"
    assert client.get("/people/invite").location == "/account/second?next=/people/invite"
    codes.set_up(client)
    assert [client.get(path).status_code for path in ("/people/invite", "/cycles/new")] == [200, 200]


def test_create_admin_refuses_where_somebody_is_unless_told(app: Flask) -> None:
    with transaction():
        make.secretariat()
    runner = app.test_cli_runner()
    exits = [runner.invoke(args=["create-admin", "a@b.example", "A", *more]).exit_code for more in ([], ["--another"])]
    assert exits == [1, 0]


def test_create_admin_says_what_is_wrong_with_an_address(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["create-admin", "nowhere", "A"])
    assert (answer.exit_code, "email_invalid" in answer.output) == (1, True)


def test_ledger_verify_says_where_an_edited_row_breaks_the_chain(app: Flask, clock: Clock) -> None:
    runner = app.test_cli_runner()
    runner.invoke(args=["create-admin", "a@b.example", "A"])
    whole = runner.invoke(args=["ledger", "verify"])
    assert (whole.exit_code, re.sub(r"[0-9a-f]{64}", "…", whole.output)) == (
        0,
        "ok: 24 rows, head …, 0 anchors agree\n",
    )
    with db.engine.begin() as connection:
        for trigger in _triggers(connection):
            connection.execute(text(trigger))
        connection.execute(text("UPDATE ledger SET act = 'forged' WHERE seq = 7"))
    db.session.rollback()  # its snapshot is older than the edit
    broken = runner.invoke(args=["ledger", "verify"])
    assert (broken.exit_code, broken.output) == (1, "broken at row 7: seal; 6 rows before it hold\n")


def _triggers(connection: Connection) -> list[str]:
    """What takes away the guard against UPDATE, as somebody with the database in hand could. Put back with a new database."""
    if connection.dialect.name == "sqlite":
        names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='ledger'"))
        return [f'DROP TRIGGER "{name}"' for name in names]
    return ["SET LOCAL session_replication_role = replica"]
