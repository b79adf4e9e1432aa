"""A forgotten password: the same answer for everybody, a link that works once, and nothing but the password changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from award_app.accounts import addresses, links, own, passwords, sessions
from award_app.accounts.factors import operations as factors
from award_app.accounts.factors import queries as factor_queries
from award_app.accounts.models import Person
from award_app.accounts.resetting import operations
from award_app.accounts.resetting.models import ForgottenPassword, PasswordReset
from award_app.db import db, transaction
from award_app.domain.vocabulary import Refusal, Refused
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Clock
from tests.counting import Statements

ROOT = Path(__file__).resolve().parents[2]
PASSWORD, NEW = "three quiet herons", "four loud pelicans"


def test_a_known_address_gets_a_letter_and_an_unknown_or_closed_one_none(app: Flask, clock: Clock) -> None:
    somebody()
    somebody("out@laurel.example", deactivated_at=clock.now)
    ask("ada@laurel.example", "out@laurel.example", "nobody@laurel.example", now=clock)
    assert [(one.template, to(one)) for one in letters("password_reset")] == [("password_reset", "ada@laurel.example")]
    assert db.session.scalar(select(func.count(ForgottenPassword.id))) == 0


def test_asking_again_within_ten_minutes_writes_no_second_letter_and_leaves_the_link(app: Flask, clock: Clock) -> None:
    somebody()
    first = link(clock)
    clock.forward(minutes=9)
    ask("ada@laurel.example", now=clock)
    assert links.password_reset(first).cancelled_at is None
    clock.forward(minutes=1)
    ask("ada@laurel.example", now=clock)
    assert (len(letters("password_reset")), links.password_reset(first).cancelled_at) == (2, clock.now)


def test_nobody_fills_a_mailbox(app: Flask, clock: Clock) -> None:
    somebody()
    for _time in range(15):
        ask("ada@laurel.example", now=clock)
        clock.forward(minutes=11)
    assert len(letters("password_reset")) == operations.MOST_A_DAY


def test_the_link_sets_the_password_once_ends_every_session_and_lets_nobody_in(
    app: Flask, clock: Clock, client: FlaskClient
) -> None:
    person = somebody()
    with transaction():
        before = sessions.start(person, now=clock.now)
    address = f"/reset/{link(clock)}"
    page = client.get(address)
    assert (page.status_code, "ada@laurel.example" in page.text) == (200, True)
    assert client.post(address, data={"password": NEW}).location == "/sign-in"
    assert client.get("/home").location == "/sign-in?next=/home"
    assert sessions.resume(before, now=clock.now) is None
    assert passwords.fits(NEW, person.password_hash)
    assert [client.get(address).status_code, client.post(address, data={"password": NEW}).status_code] == [410, 410]
    assert [to(one) for one in letters("password_changed")] == ["ada@laurel.example"]


def test_looking_at_the_link_spends_nothing(app: Flask, clock: Clock, client: FlaskClient) -> None:
    somebody()
    address = f"/reset/{link(clock)}"
    assert [client.get(address).status_code, client.head(address).status_code, client.get(address).status_code] == [
        200
    ] * 3
    assert client.post(address, data={"password": "short"}).status_code == 422
    assert client.post(address, data={"password": NEW}).status_code == 302


def test_the_second_factor_stays_and_is_asked_for(app: Flask, clock: Clock, client: FlaskClient) -> None:
    person = somebody()
    with transaction():
        factors.enrol(person, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", now=clock.now)
    page = client.get(f"/reset/{(token := link(clock))}").text
    assert "code" not in re.sub(r"<p class=.lead.*?</p>", "", page.lower().split("<main")[1].split("</main")[0])
    client.post(f"/reset/{token}", data={"password": NEW})
    assert factor_queries.has_any(person)
    answer = client.post("/sign-in", data={"email": person.email, "password": NEW})
    assert answer.location.startswith("/sign-in/second")


@pytest.mark.parametrize(
    "event",
    [
        # Two hours have passed.
        lambda clock, _person: clock.forward(hours=2),
        # A newer link was asked for.
        lambda clock, person: ask(person.email, now=clock, after=11),
        # She remembered the password and changed it.
        lambda clock, person: own.change_password(person, current=PASSWORD, new=NEW, now=clock.now),
        # Her address is another one now.
        lambda clock, person: addresses.confirm(
            addresses.ask(person, "new@laurel.example", by=person, now=clock.now), password=PASSWORD, now=clock.now
        ),
        # Her account was closed.
        lambda clock, person: own.set_active(person, False, by=make.secretariat(), now=clock.now),
    ],
)
def test_a_link_is_gone_after(event: Callable[[Clock, Person], object], app: Flask, clock: Clock) -> None:
    person = somebody()
    token = link(clock)
    with transaction():
        event(clock, person)
    with pytest.raises(Refused) as refused:
        operations.spend(links.password_reset(token), NEW, now=clock.now)
    db.session.rollback()
    assert refused.value.refusal is Refusal.SPENT


def test_the_page_does_the_same_for_known_unknown_and_closed_addresses(
    app: Flask, clock: Clock, client: FlaskClient, statements: Statements
) -> None:
    somebody()
    somebody("out@laurel.example", deactivated_at=clock.now)
    seen = []
    client.post("/sign-in/forgotten", data={"email": "warm@laurel.example"})
    for email in ("ada@laurel.example", "out@laurel.example", "nobody@laurel.example"):
        with statements.counted() as counted:
            answer = client.post("/sign-in/forgotten", data={"email": email})
        headers = [(name, value) for name, value in answer.headers if name not in {"Set-Cookie", "X-Request-Id"}]
        seen.append((answer.status_code, headers, masked(answer.text), counted.texts))
    assert seen[0] == seen[1] == seen[2]
    assert "a letter is on its way" in seen[0][2]


def test_nobody_sets_anothers_password() -> None:
    """Three forms take a new password, and three acts write one: one's own account, one's own link, one's own invitation.
    What the demonstration invents is nobody's."""
    code = {path: path.read_text() for path in (ROOT / "award_app").rglob("*.py") if "demo" not in path.parts}
    forms = {
        name
        for text in code.values()
        for name, body in re.findall(r"^class (\w+)\(Form\):\n((?:.*\n)*?)(?=^\S|\Z)", text, re.MULTILINE)
        if "new_password(" in body
    }
    acts = {
        str(path.relative_to(ROOT / "award_app"))
        for path, text in code.items()
        if re.search(r"password_hash ?= ?\w", text)
    }
    assert forms == {"PasswordForm", "ResetForm", "NewcomerForm"}
    assert acts == {"accounts/own.py", "accounts/resetting/operations.py", "accounts/operations.py"}


def masked(text: str) -> str:
    return re.sub(r'value="[0-9a-f]{64}"', "", text)


def somebody(email: str = "ada@laurel.example", **more: Any) -> Person:
    with transaction():
        return make.person(email=email, password_hash=passwords.hash_of(PASSWORD), **more)


def ask(*emails: str, now: Clock, after: int = 0) -> None:
    now.forward(minutes=after)
    with transaction():
        for email in emails:
            operations.ask(email, now=now.now)
    with transaction():
        operations.answer_all(now=now.now)


def to(letter: Letter) -> str:
    return letter.person.email if letter.person else ""


def link(clock: Clock, email: str = "ada@laurel.example") -> str:
    ask(email, now=clock)
    return links.token(db.session.scalars(select(PasswordReset).order_by(PasswordReset.id.desc()).limit(1)).one())


def letters(template: str) -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.template == template).order_by(Letter.id)))
