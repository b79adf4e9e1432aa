"""Signing in and out, invitations and people, as a browser meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts import links, operations, passwords
from award_app.accounts.models import Appointment, Invitation, Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import AppointmentRole
from tests import codes
from tests import factories as make
from tests.conftest import Clock, application
from tests.servers import running_redis

pytestmark = pytest.mark.usefixtures("app")
PASSWORD = "three quiet herons"
As = Callable[[Person], FlaskClient]


@pytest.fixture(params=["sqlite"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Pages ask nothing that differs between the databases; operations are tested on both."""
    yield from application(request)


def somebody(**more: Any) -> Person:
    with transaction():
        return make.person(email="ada@laurel.example", password_hash=passwords.hash_of(PASSWORD), **more)


def sign_in(
    client: FlaskClient, email: str = "ada@laurel.example", password: str = PASSWORD, onward: str = ""
) -> object:
    return client.post("/sign-in" + onward, data={"email": email, "password": password})


def test_signing_in_leads_to_the_start_page_and_a_local_next_to_its_page(client: FlaskClient) -> None:
    somebody()
    assert sign_in(client).location == "/home"  # type: ignore[attr-defined]
    assert client.get("/home").status_code == 200
    assert sign_in(client, onward="?next=/account").location == "/account"  # type: ignore[attr-defined]
    assert sign_in(client, onward="?next=//evil.example").location == "/home"  # type: ignore[attr-defined]


def test_the_answer_is_the_same_for_an_unknown_address_and_a_wrong_password(client: FlaskClient, clock: Clock) -> None:
    somebody()
    pages = [sign_in(client, "ada@laurel.example", "wrong"), sign_in(client, "bob@laurel.example", "wrong")]
    texts = [page.text.replace("bob@", "ada@") for page in pages]  # type: ignore[attr-defined]
    without_keys = [[line for line in text.splitlines() if 'name="once"' not in line] for text in texts]
    assert without_keys[0] == without_keys[1]
    assert [page.status_code for page in pages] == [422, 422]  # type: ignore[attr-defined]


def test_a_cookie_replayed_after_signing_out_is_worthless(client: FlaskClient, app: Flask) -> None:
    somebody()
    sign_in(client)
    cookie = client.get_cookie("laurel")
    assert cookie is not None
    assert cookie.http_only
    client.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("laurel", cookie.value)
    assert thief.get("/home").location == "/sign-in?next=/home"


def test_a_deactivated_person_is_out_at_her_next_request(client: FlaskClient, as_: As) -> None:
    person, admin = somebody(), committed(make.secretariat)
    sign_in(client)
    as_(admin).post(f"/people/{person.ref}/active", data={"active": "no"})
    assert client.get("/home").status_code == 302


def test_a_link_shows_who_invites_is_accepted_by_post_only_and_works_once(
    client: FlaskClient, app: Flask, clock: Clock
) -> None:
    address = invited(clock)
    for _twice in range(2):
        page = client.get(address)
        assert (page.status_code, "Observer" in page.text, "Person" in page.text) == (200, True, True)
    answer = client.post(address, data={"name": "Ada Lund", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (302, "/home")
    codes.set_up(client)
    assert "Ada Lund" in client.get("/home").text
    again = app.test_client()
    assert (again.get(address).status_code, again.post(address).status_code) == (410, 410)


def test_the_page_behind_a_link_speaks_as_the_letter_did_whatever_the_browser_asks_for(
    client: FlaskClient, clock: Clock
) -> None:
    address = invited(clock, locale="fr")
    pages = [client.get(address, headers={"Accept-Language": "en"}), client.post(address, data={})]
    assert [(page.status_code, '<html lang="fr"' in page.text) for page in pages] == [(200, True), (422, True)]
    client.post(address, data={"name": "Ada Lund", "password": PASSWORD})
    assert '<html lang="fr"' in client.get("/account/second", headers={"Accept-Language": "en"}).text


def test_a_weak_password_keeps_the_link_and_the_name_typed(client: FlaskClient, clock: Clock) -> None:
    address = invited(clock)
    page = client.post(address, data={"name": "Ada Lund", "password": "short"})
    assert (page.status_code, "Ada Lund" in page.text, "at least 12" in page.text) == (422, True, True)
    assert client.get(address).status_code == 200


def test_an_expired_link_is_gone_and_one_never_made_is_not_found(client: FlaskClient, clock: Clock) -> None:
    address = invited(clock)
    clock.forward(days=15)
    assert [client.get(a).status_code for a in (address, address[:-1], "/invitation/x")] == [410, 404, 404]


def test_the_secretariat_invites_once_though_the_form_is_sent_twice(as_: As) -> None:
    admin = committed(make.secretariat)
    browser = as_(admin)
    form = {"email": "n@laurel.example", "name": "N", "role": "observer", "locale": "en", "once": "key"}
    assert [browser.post("/people/invite", data=form).status_code for _twice in range(2)] == [302, 302]
    assert db.session.query(Invitation).count() == 1
    assert "n@laurel.example" in browser.get("/people").text


def test_a_role_for_one_year_asks_for_the_year(as_: As) -> None:
    page = as_(committed(make.secretariat)).post(
        "/people/invite", data={"email": "n@laurel.example", "name": "Nora", "role": "member", "locale": "en"}
    )
    assert (page.status_code, "held for one award year" in page.text, "Nora" in page.text) == (422, True, True)


def test_appointing_ending_and_describing_a_member(as_: As) -> None:
    with transaction():
        cycle, person, admin = make.cycle(), make.person(), make.secretariat()
        mission = make.mission("UNMISS")
    browser, base = as_(admin), f"/people/{person.ref}"
    year = str(cycle.award_year)
    assert browser.post(base + "/appoint", data={"role": "chair", "cycle": year}).status_code == 302
    stint = {"stints-0-mission": mission.acronym, "stints-0-started": "2024-01-01"}
    assert browser.post(base + "/profile", data={"nationality": "NO", "home_service": "P", **stint}).status_code == 302
    assert (person.nationality, len(person.stints)) == ("NO", 1)
    conflict = browser.post(base + "/appoint", data={"role": "secretariat"})
    assert (conflict.status_code, "secretariat and on the panel" in conflict.text) == (422, True)
    held = db.session.query(Appointment).filter_by(person_id=person.id).one()
    assert browser.post(f"{base}/appointments/{held.id}/end").status_code == 302
    assert browser.post(f"{base}/appointments/{held.id}/end").status_code == 409
    assert browser.post(f"/people/{admin.ref}/appointments/{held.id}/end").status_code == 404


def test_nobody_else_finds_the_pages_about_people(as_: As) -> None:
    with transaction():
        cycle = make.cycle()
        people = [make.observer(), make.member(cycle), make.person()]
    found = {as_(p).get(path).status_code for p in people for path in ("/people", "/people/invite", f"/people/{p.ref}")}
    assert found == {404}


def test_a_person_changes_her_language_zone_and_password(client: FlaskClient, app: Flask) -> None:
    person = somebody()
    other = app.test_client()
    sign_in(client)
    sign_in(other)
    client.post("/account", data={"name": "Ada Lund", "locale": "en", "timezone": "Africa/Juba"})
    assert (person.name, person.timezone) == ("Ada Lund", "Africa/Juba")
    change = {"current": PASSWORD, "password": "another quiet heron"}
    assert client.post("/account/password", data=change).status_code == 302
    assert (client.get("/account").status_code, other.get("/account").status_code) == (200, 302)


@pytest.mark.served
def test_guessing_is_slowed_down_for_this_account_and_address_alone(client: FlaskClient, app: Flask) -> None:
    somebody()
    with running_redis() as url:
        app.config["REDIS_URL"] = url
        app.extensions.pop("limits_broker", None)
        tried = [sign_in(client, password="wrong").status_code for _time in range(11)]  # type: ignore[attr-defined]
        mate = sign_in(client, "bob@laurel.example", "wrong").status_code  # type: ignore[attr-defined]
    app.extensions.pop("limits_broker", None)
    assert (tried, mate) == ([422] * 10 + [429], 422)


def committed(factory: Callable[[], Person]) -> Person:
    with transaction():
        return factory()


def invited(clock: Clock, locale: str = "en") -> str:
    with transaction():
        found = operations.invite(
            "new@laurel.example", "New", AppointmentRole.OBSERVER, locale=locale, by=make.secretariat(), now=clock.now
        )
        assert found.expires_at - clock.now == timedelta(days=14)
        return f"/invitation/{links.token(found)}"
