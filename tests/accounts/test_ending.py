"""T12: a session that is over stays over, whatever ended it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts import links, operations, own, passwords, sessions
from award_app.accounts.models import Person
from award_app.accounts.resetting import operations as resetting
from award_app.accounts.resetting.models import PasswordReset
from award_app.db import db, transaction
from award_app.domain.vocabulary import Phase
from tests import factories as make
from tests.conftest import Clock, application

PASSWORD, NEW = "three quiet herons", "four loud pelicans"


@pytest.fixture(params=["sqlite"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Pages ask nothing that differs between the databases; operations are tested on both."""
    yield from application(request)


@dataclass
class Door:
    person: Person
    admin: Person
    browser: FlaskClient
    app: Flask
    clock: Clock

    def other(self) -> FlaskClient:
        """Another browser of hers."""
        browser = self.app.test_client()
        browser.post("/sign-in", data={"email": self.person.email, "password": PASSWORD})
        return browser


def reset(at: Door) -> None:
    with transaction():
        resetting.ask(at.person.email, now=at.clock.now)
    with transaction():
        resetting.answer_all(now=at.clock.now)
    made = db.session.query(PasswordReset).one()
    at.app.test_client().post(f"/reset/{links.token(made)}", data={"password": NEW})


def change_password_elsewhere(at: Door) -> None:
    at.other().post("/account/password", data={"current": PASSWORD, "password": NEW})


def end_from_devices(at: Door) -> None:
    other = at.other()
    page = other.get("/account/devices").text
    ref = page.split('name="device" value="')[1].split('"')[0]
    other.post("/account/devices/end", data={"device": ref})


def deactivate(at: Door) -> None:
    with transaction():
        own.set_active(at.person, False, by=at.admin, now=at.clock.now)


def end_appointment(at: Door) -> None:
    with transaction():
        operations.end_appointment(at.person.appointments[0], by=at.admin, now=at.clock.now)


def replace_factor(at: Door) -> None:
    with transaction():
        sessions.end_all(at.person, now=at.clock.now, why=sessions.Why.FACTOR)


# What happens, whether her cookie of before is told why.
EVENTS: list[tuple[str, Callable[[Door], object], str]] = [
    ("she signs out", lambda at: at.browser.post("/sign-out"), ""),
    ("she changes her password in another browser", change_password_elsewhere, "your password was changed"),
    ("she changes her password in this browser", lambda at: at.browser.post("/account/password", data={"current": PASSWORD, "password": NEW}), ""),
    ("she sets a new one by a link", reset, "your password was changed"),
    ("her account is closed", deactivate, ""),
    ("her appointment ends", end_appointment, "your appointments changed"),
    ("her second factor is replaced", replace_factor, "second step of signing in was replaced"),
    ("she ends this session from another browser", end_from_devices, "from your page of devices"),
    ("she ends all others", lambda at: at.other().post("/account/devices/end-others"), "from your page of devices"),
    ("she is away for too long", lambda at: at.clock.forward(hours=4), "without a new page"),
    ("twelve hours are over, though she is there", lambda at: stay(at), "without a new page"),
    ("she shows anew who she is", lambda at: at.browser.post("/account/prove", data={"current": PASSWORD}), ""),
    ("she signs in again in this browser", lambda at: at.browser.post("/sign-in", data={"email": at.person.email, "password": PASSWORD}), ""),
]  # fmt: skip


def stay(at: Door) -> None:
    for _hour in range(12):
        at.clock.forward(hours=1)
        at.browser.get("/home")


@pytest.mark.parametrize(("event", "why"), [pytest.param(act, why, id=name) for name, act, why in EVENTS])
def test_the_cookie_of_before_leads_to_the_sign_in_page_after(
    event: Callable[[Door], object], why: str, app: Flask, clock: Clock
) -> None:
    at = door(app, clock)
    stolen = cookie(at.browser)
    event(at)
    thief = app.test_client()
    thief.set_cookie("laurel", stolen)
    assert [thief.get(page).location for page in ("/home", "/account")] == [
        "/sign-in?next=/home",
        "/sign-in?next=/account",
    ]
    page = thief.get("/sign-in").text
    assert thief.post("/account", data={"name": "Thief", "locale": "en", "timezone": "UTC"}).status_code in (302, 403)
    assert (why in page) if why else ("You were signed out" not in page)
    db.session.refresh(at.person)
    assert at.person.name != "Thief"


def test_a_cookie_from_before_signing_in_is_worthless_after_it(app: Flask, clock: Clock) -> None:
    """Whoever plants a cookie in a browser does not come in with the one who signs in there."""
    at = door(app, clock)
    planted = app.test_client()
    planted.get("/home")
    with planted.session_transaction() as content:
        content["planted"] = "by a stranger"
    before = cookie(planted)
    planted.post("/sign-in", data={"email": at.person.email, "password": PASSWORD})
    assert planted.get("/home").status_code == 200
    with planted.session_transaction() as content:
        assert "planted" not in content
    thief = app.test_client()
    thief.set_cookie("laurel", before)
    assert thief.get("/home").location == "/sign-in?next=/home"


def test_who_types_is_here_and_nothing_else_happens(app: Flask, clock: Clock) -> None:
    at = door(app, clock)
    for _time in range(12):
        clock.forward(minutes=50)
        answer = at.browser.post("/account/here")
        assert (answer.status_code, answer.data) == (204, b"")
    assert at.browser.get("/home").status_code == 200
    clock.forward(hours=4)
    assert at.browser.post("/account/here").status_code == 302


def test_one_sees_and_ends_ones_own_sessions_and_nobody_elses(app: Flask, clock: Clock) -> None:
    at = door(app, clock)
    phone = app.test_client()
    says = "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0"
    phone.post("/sign-in", data={"email": at.person.email, "password": PASSWORD}, headers={"User-Agent": says})
    page = at.browser.get("/account/devices").text
    assert ("Firefox on Android" in page, page.count("this one"), page.count('name="device"')) == (True, 1, 1)
    with transaction():
        stranger = make.person(email="eve@laurel.example", password_hash=passwords.hash_of(PASSWORD))
    eve = app.test_client()
    eve.post("/sign-in", data={"email": stranger.email, "password": PASSWORD})
    ref = page.split('name="device" value="')[1].split('"')[0]
    assert (
        ref in eve.get("/account/devices").text,
        eve.post("/account/devices/end", data={"device": ref}).status_code,
    ) == (False, 302)
    eve.post("/account/devices/end-others")
    assert (phone.get("/home").status_code, at.browser.get("/home").status_code) == (200, 200)
    assert at.browser.post("/account/devices/end", data={"device": ref}).status_code == 302
    assert (phone.get("/home").status_code, at.browser.get("/home").status_code) == (302, 200)


def door(app: Flask, clock: Clock) -> Door:
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.OPEN, missions=(mission,))
        person = make.nominator(cycle, mission, email="ada@laurel.example", password_hash=passwords.hash_of(PASSWORD))
        admin = make.secretariat()
    browser = app.test_client()
    browser.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    assert browser.get("/home").status_code == 200
    return Door(person, admin, browser, app, clock)


def cookie(browser: FlaskClient) -> str:
    found = browser.get_cookie("laurel")
    return found.value if found else ""
