"""One's own account, as a browser meets it: address, time zone, and how little the page weighs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts import links, passwords, zones
from award_app.accounts.models import AddressChange, Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import AppointmentRole
from tests import factories as make
from tests.conftest import Clock, application

pytestmark = pytest.mark.usefixtures("app")
PASSWORD = "three quiet herons"
As = Callable[[Person], FlaskClient]


@pytest.fixture(params=["sqlite"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Pages ask nothing that differs between the databases; operations are tested on both."""
    yield from application(request)


@pytest.fixture
def ada(clock: Clock) -> Person:
    with transaction():
        return make.person(email="ada@laurel.example", name="Ada Lund", password_hash=passwords.hash_of(PASSWORD))


def changes() -> list[AddressChange]:
    return db.session.query(AddressChange).order_by(AddressChange.id).all()


def ask(browser: FlaskClient, email: str = "new@laurel.example", password: str = PASSWORD) -> Any:
    return browser.post("/account/address", data={"email": email, "current": password})


def test_a_new_address_holds_from_the_moment_its_link_is_confirmed_with_the_password(
    as_: As, ada: Person, client: FlaskClient
) -> None:
    assert ask(as_(ada)).location == "/account#address"
    path = f"/address/{links.token(changes()[0])}"
    assert client.get(path).status_code == 200
    assert ada.email == "ada@laurel.example"  # mail scanners follow links: looking changes nothing
    assert client.post(path, data={"current": "a guess"}).status_code == 422
    assert client.post(path, data={"current": PASSWORD}).location == "/home"
    assert ada.email == "new@laurel.example"
    assert (client.get(path).status_code, client.post(path, data={"current": PASSWORD}).status_code) == (410, 410)


def test_the_link_of_ones_own_change_works_for_48_hours(
    as_: As, ada: Person, client: FlaskClient, clock: Clock
) -> None:
    ask(as_(ada))
    path = f"/address/{links.token(changes()[0])}"
    clock.forward(hours=47, minutes=59)
    assert client.get(path).status_code == 200
    clock.forward(minutes=1)
    assert client.post(path, data={"current": PASSWORD}).status_code == 410


REFUSED = [
    # Whoever finds a browser open does not carry the account away.
    ("new@laurel.example", "a guess", 422, "This is not the password of your account."),
    # A slip in the address is said beside it.
    ("new@laurel", PASSWORD, 422, "Write an e-mail address, like name@example.org."),
    # The address she has needs no letter.
    ("Ada@laurel.example", PASSWORD, 409, "This has been done already."),
]


@pytest.mark.parametrize(("email", "password", "status", "sentence"), REFUSED)
def test_a_refused_address_keeps_what_was_typed(
    as_: As, ada: Person, email: str, password: str, status: int, sentence: str
) -> None:
    answer = ask(as_(ada), email, password)
    assert (answer.status_code, changes()) == (status, [])
    assert sentence in answer.text
    assert f'value="{email}"' in answer.text


def test_she_keeps_the_old_address_after_all(as_: As, ada: Person, client: FlaskClient) -> None:
    browser = as_(ada)
    ask(browser)
    assert "A letter with a link went to new@laurel.example." in browser.get("/account").text
    browser.post("/account/address/cancel")
    assert "A letter with a link went" not in browser.get("/account").text
    assert client.get(f"/address/{links.token(changes()[0])}").status_code == 410


CITIES = [
    # As the page shows it.
    ("Africa/Juba", "Africa/Juba"),
    # As people write it.
    ("juba", "Africa/Juba"),
    ("New  York", "America/New_York"),
    ("america/new_york", "America/New_York"),
    ("utc", "UTC"),
    # No place with a zone of its own.
    ("Kumasi", None),
    ("", None),
    ("../Juba", None),
]


@pytest.mark.parametrize(("written", "zone"), CITIES)
def test_a_time_zone_is_named_by_a_city(written: str, zone: str | None) -> None:
    assert zones.find(written) == zone


def test_an_unknown_city_is_refused_with_a_way_on(as_: As, ada: Person) -> None:
    answer = as_(ada).post("/account", data={"name": "Ada Lund", "locale": "en", "timezone": "Kumasi"})
    assert (answer.status_code, ada.timezone) == (422, "UTC")
    assert "Write the capital, or a large city near you." in answer.text


def test_her_missions_zone_is_offered_first(as_: As, ada: Person) -> None:
    with transaction():
        cycle = make.cycle()
        mission = make.mission("MINUSCA")
        mission.timezone = "Africa/Bangui"
        make.appoint(ada, AppointmentRole.NOMINATOR, cycle, mission)
    page = as_(ada).get("/account").text
    offered = re.findall(r'<option value="([^"]+/[^"]+)">', page)
    assert (offered[0], len(offered) < 40) == ("Africa/Bangui", True)


def test_what_is_saved_is_said_in_the_language_just_chosen(as_: As, ada: Person) -> None:
    browser = as_(ada)
    browser.post("/account", data={"name": "Ada Lund", "locale": "fr", "timezone": "Juba"})
    assert (ada.locale, ada.timezone) == ("fr", "Africa/Juba")
    assert '<html lang="fr"' in browser.get("/account").text
