"""Signing in with a second factor and setting one up, as a browser meets it: without scripts, and with what they send."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts import links, passwords, sessions
from award_app.accounts import operations as accounts
from award_app.accounts.factors import operations, queries
from award_app.accounts.factors.models import FactorReset
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.demo import codes as demonstration
from award_app.domain.vocabulary import AppointmentRole
from award_app.web.guard import WITHOUT_SECOND
from tests import factories as make
from tests.accounts.softkey import SoftKey
from tests.codes import SECRET, code_for
from tests.conftest import Clock, application
from tests.counting import Statements

pytestmark = pytest.mark.usefixtures("app")
PASSWORD = "three quiet herons"
As = Callable[[Person], FlaskClient]


@pytest.fixture(params=["sqlite"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Pages ask nothing that differs between the databases; operations are tested on both."""
    yield from application(request)


# --- who needs one ---------------------------------------------------------------------------------------------------


# Secretariat, panel (chair and deputy are members) and observer need one; nominators, authorities and everybody else do not.
@pytest.mark.parametrize(
    ("part", "led"),
    [
        ("secretariat", True),
        ("observer", True),
        ("member", True),
        ("chair", True),
        ("nominator", False),
        ("authority", False),
        ("nobody", False),
    ],
)
def test_who_is_led_to_set_one_up(client: FlaskClient, clock: Clock, part: str, led: bool) -> None:
    somebody(part)
    assert sign_in(client).location == "/home"
    assert client.get("/home").location == ("/account/second?next=/home" if led else None)


def test_without_one_nothing_is_open_but_setting_it_up_the_language_and_signing_out(
    client: FlaskClient, app: Flask, clock: Clock
) -> None:
    somebody("secretariat")
    sign_in(client)
    page = client.get("/account/second")
    assert (page.status_code, 'href="/people"' in page.text) == (200, False)
    assert {
        get(client, path) for path in ("/home", "/account", "/people", "/cycles", "/letters", "/account/second/codes")
    } == {302}
    refused = client.post("/people/invite", data={"name": "Nobody"})
    assert (refused.status_code, "A second factor is needed first" in refused.text) == (403, True)
    client.post("/account/second/language", data={"locale": "fr"})
    assert '<html lang="fr"' in client.get("/account/second").text
    assert client.post("/sign-out").location == "/sign-in"
    assert set(app.view_functions) >= WITHOUT_SECOND


def test_a_part_that_comes_in_mid_session_asks_for_one_at_the_next_page(client: FlaskClient, clock: Clock) -> None:
    person = somebody("nobody")
    sign_in(client)
    assert get(client, "/home") == 200
    with transaction():
        make.appoint(person, AppointmentRole.OBSERVER)
    assert client.get("/home").status_code == 302


def test_ordinary_pages_ask_the_database_nothing_more_for_it(as_: As, clock: Clock, statements: Statements) -> None:
    browser = as_(somebody("secretariat"))
    with statements.counted() as found:
        browser.get("/home")
    assert found.number > 0
    assert [text for text in found.texts if "authenticator" in text or "passkey" in text] == []


# --- coming in -------------------------------------------------------------------------------------------------------


def test_a_code_lets_her_in_and_she_goes_where_she_was_going(client: FlaskClient, clock: Clock) -> None:
    enrolled()
    half = sign_in(client, onward="?next=/people?q=ada")
    assert half.location == "/sign-in/second?next=/people?q%3Dada"
    assert client.get("/people").location == "/sign-in?next=/people"  # half a sign-in opens nothing
    page = client.get(half.location)
    assert 'autocomplete="one-time-code"' in page.text
    assert 'inputmode="numeric"' in page.text
    assert SECRET not in page.text
    done = client.post(half.location, data={"code": code_for(at=clock.now)})
    assert done.location == "/people?q=ada"
    assert get(client, "/people") == 200


def test_the_page_of_the_password_tells_nothing_of_it_before_the_password_is_right(
    client: FlaskClient, clock: Clock
) -> None:
    enrolled()
    with transaction():
        make.person(email="bob@laurel.example", password_hash=passwords.hash_of(PASSWORD))
    pages = [sign_in(client, f"{name}@laurel.example", "wrong") for name in ("ada", "bob", "eve")]
    texts = {re.sub(r'value="[^"]*"', "", page.text) for page in pages}
    assert (len(texts), {page.status_code for page in pages}) == (1, {422})


@pytest.mark.parametrize("field", ["code", "recovery"])
def test_a_wrong_one_is_said_beside_its_field_and_after_five_the_password_is_asked_for_again(
    client: FlaskClient, clock: Clock, field: str
) -> None:
    enrolled()
    sign_in(client)
    answers = [client.post("/sign-in/second", data={field: "000000"}) for _try in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [302]
    assert f'id="{field}-error"' in answers[0].text
    assert client.get("/sign-in/second").location == "/sign-in"
    assert client.post("/sign-in/second", data={"code": code_for(at=clock.now)}).location == "/sign-in"


def test_a_code_that_was_used_opens_nothing(client: FlaskClient, app: Flask, clock: Clock) -> None:
    enrolled()
    code, thief = code_for(at=clock.now), app.test_client()
    for browser in (client, thief):
        sign_in(browser)
    answers = [browser.post("/sign-in/second", data={"code": code}) for browser in (client, thief)]
    assert [answer.status_code for answer in answers] == [302, 422]
    assert thief.get("/home").location == "/sign-in?next=/home"


def test_the_session_is_a_fresh_one_and_the_half_cookie_worthless(
    client: FlaskClient, app: Flask, clock: Clock
) -> None:
    enrolled()
    sign_in(client)
    half = client.get_cookie("laurel")
    client.post("/sign-in/second", data={"code": code_for(at=clock.now)})
    whole = client.get_cookie("laurel")
    assert half
    assert whole
    assert half.value != whole.value
    thief = app.test_client()
    thief.set_cookie("laurel", half.value)
    assert thief.get("/sign-in/second").location == "/sign-in"
    assert thief.get("/home").location == "/sign-in?next=/home"


def test_a_recovery_code_lets_her_in_and_says_how_many_are_left(client: FlaskClient, clock: Clock) -> None:
    person = enrolled()
    with transaction():
        person.second_shown = True
        paper = operations.write_paper_codes(person, now=clock.now)
    sign_in(client)
    assert client.post("/sign-in/second", data={"recovery": paper[0]}).location == "/home"
    assert "You have 9 left." in client.get("/home").text
    again = sign_in(client)
    assert client.post(again.location, data={"recovery": paper[0]}).status_code == 422


def test_a_passkey_lets_her_in(client: FlaskClient, clock: Clock) -> None:
    key = passkeyed(clock)
    sign_in(client)
    page = client.get("/sign-in/second")
    done = client.post("/sign-in/second/passkey", data={"credential": key.show(options(page.text))})
    assert (done.location, get(client, "/home")) == ("/home", 200)


# The browser without scripts sends the form as it is; a copied answer is to a challenge that is over.
def test_an_empty_or_old_answer_does_not(client: FlaskClient, clock: Clock) -> None:
    key = passkeyed(clock)
    sign_in(client)
    old = key.show(options(client.get("/sign-in/second").text))
    first = client.post("/sign-in/second/passkey", data={"credential": ""})
    second = client.post("/sign-in/second/passkey", data={"credential": old})
    assert [first.status_code, second.status_code] == [422, 422]
    assert "The passkey was not accepted." in second.text
    third = client.post("/sign-in/second/passkey", data={"credential": key.show(options(second.text))})
    assert third.location == "/home"


def test_an_invitation_accepted_with_a_known_password_asks_for_the_second_factor_too(
    client: FlaskClient, clock: Clock
) -> None:
    enrolled()
    with transaction():
        invited = accounts.invite("ada@laurel.example", "Ada", AppointmentRole.OBSERVER, by=None, now=clock.now)
        link = f"/invitation/{links.token(invited)}"
    assert client.post(link, data={"current": PASSWORD}).location == "/sign-in/second"
    assert client.get("/home").location == "/sign-in?next=/home"


def test_a_new_password_leaves_the_second_factor_and_the_session_that_showed_it(
    client: FlaskClient, clock: Clock
) -> None:
    person = enrolled()
    sign_in(client)
    client.post("/sign-in/second", data={"code": code_for(at=clock.now)})
    client.post("/account/password", data={"current": PASSWORD, "password": "another quiet heron"})
    assert (get(client, "/home"), queries.has_any(person)) == (200, True)


# --- setting up ------------------------------------------------------------------------------------------------------


def test_an_app_is_set_up_without_scripts_and_then_everything_opens(client: FlaskClient, clock: Clock) -> None:
    somebody("observer")
    sign_in(client)
    assert client.get("/account/second/authenticator.svg").status_code == 404
    assert (
        client.post("/account/second/authenticator?next=/ledger").location
        == "/account/second/authenticator?next=/ledger"
    )
    page = client.get("/account/second/authenticator?next=/ledger")
    picture = client.get("/account/second/authenticator.svg")
    assert (picture.mimetype, picture.headers["Cache-Control"], b"<path" in picture.data) == (
        "image/svg+xml",
        "no-store",
        True,
    )
    secret = re.search(r'<code dir="ltr">([A-Z2-7 ]+)</code>', page.text)
    assert secret
    wrong = client.post("/account/second/authenticator/confirm", data={"code": "000000"})
    assert (wrong.status_code, get(client, "/ledger")) == (422, 302)
    done = client.post(
        "/account/second/authenticator/confirm?next=/ledger",
        data={"code": code_for(secret[1].replace(" ", ""), clock.now)},
    )
    assert len(set(re.findall(r'<code dir="ltr">(\w{5}-\w{5})</code>', done.text))) == 10
    assert 'href="/ledger"' in done.text
    assert (get(client, "/ledger"), client.get("/account/second/authenticator.svg").status_code) == (200, 404)


def test_a_passkey_is_set_up_and_named(client: FlaskClient, clock: Clock) -> None:
    person, key = somebody("observer"), SoftKey()
    sign_in(client)
    begun = client.post("/account/second/passkey", data={"label": "my phone <b>"})
    page = client.get(begun.location)
    done = client.post(
        "/account/second/passkey/add", data={"credential": key.create(options(page.text)), "label": "my phone <b>"}
    )
    assert (done.status_code, "Your recovery codes" in done.text, get(client, "/home")) == (200, True, 200)
    assert [one.label for one in queries.passkeys(person)] == ["my phone <b>"]
    assert "my phone &lt;b&gt;" in client.get("/account/second").text


# What the browser signs is asked for once, and by the session that asked.
def test_an_answer_to_nothing_that_was_asked_adds_no_passkey(client: FlaskClient, clock: Clock) -> None:
    person, key = somebody("observer"), SoftKey()
    sign_in(client)
    page = client.get(client.post("/account/second/passkey", data={"label": "x"}).location)
    wrong = client.post("/account/second/passkey/add", data={"credential": "{}", "label": "x"})
    again = client.post(
        "/account/second/passkey/add", data={"credential": key.create(options(page.text)), "label": "x"}
    )
    assert ([wrong.status_code, again.status_code], queries.passkeys(person)) == ([422, 409], [])


@pytest.mark.parametrize("path", ["authenticator", "passkey", "codes", "remove?what=authenticator"])
def test_whoever_is_in_gives_her_password_again_to_change_it(as_: As, clock: Clock, path: str) -> None:
    browser, form = as_(enrolled()), {"label": "x"}
    answers = [browser.post(f"/account/second/{path}", data=form | {"current": given}) for given in ("", "wrong")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all('id="current-error"' in answer.text for answer in answers)


def test_codes_are_shown_once(as_: As, clock: Clock) -> None:
    browser = as_(enrolled())
    page = browser.post("/account/second/codes", data={"current": PASSWORD})
    assert len(re.findall(r"\w{5}-\w{5}</code>", page.text)) == 10
    assert not re.findall(r"\w{5}-\w{5}</code>", browser.get("/account/second/codes").text)


def test_the_last_one_stays_and_another_goes(as_: As, clock: Clock) -> None:
    person = enrolled()
    browser = as_(person)
    assert browser.post("/account/second/remove?what=authenticator", data={"current": PASSWORD}).status_code == 422
    add_passkey(person, SoftKey(), clock)
    assert browser.post("/account/second/remove?what=authenticator", data={"current": PASSWORD}).status_code == 302
    assert queries.authenticator(person) is None


def test_a_passkey_of_somebody_else_is_not_there(as_: As, clock: Clock) -> None:
    passkeyed(clock)
    hers = queries.passkeys(db.session.query(Person).filter_by(email="ada@laurel.example").one())[0]
    other = as_(somebody("observer", "bob@laurel.example"))
    assert other.get(f"/account/second/remove?what={hers.ref}").location == "/account/second"
    other.post(f"/account/second/remove?what={hers.ref}", data={"current": PASSWORD})
    assert hers.removed_at is None


# --- a lost one ------------------------------------------------------------------------------------------------------


def test_two_of_the_secretariat_remove_it_and_she_sets_up_another(client: FlaskClient, as_: As, clock: Clock) -> None:
    person = enrolled()
    with transaction():
        asker, confirmer = make.secretariat(name="Rita"), make.secretariat()
    base = f"/people/{person.ref}/second"
    asked = as_(asker).post(f"{base}/ask", data={"reason": "I called her back in Juba."})
    assert asked.location == f"/people/{person.ref}"
    form = {"request": db.session.query(FactorReset).one().ref}
    assert "I called her back in Juba." in as_(confirmer).get(f"/people/{person.ref}").text
    assert as_(asker).post(f"{base}/confirm", data=form).status_code == 403
    assert as_(confirmer).post(f"{base}/confirm", data={"request": "other"}).status_code == 409
    assert as_(confirmer).post(f"{base}/confirm", data=form).status_code == 302
    assert as_(confirmer).post(f"{base}/confirm", data=form).status_code == 409
    assert sign_in(client).location == "/home"
    assert client.get("/home").location == "/account/second?next=/home"


def test_a_request_without_a_reason_keeps_the_page(as_: As, clock: Clock) -> None:
    person, admin = enrolled(), committed(make.secretariat)
    page = as_(admin).post(f"/people/{person.ref}/second/ask", data={"reason": "  "})
    assert (page.status_code, 'id="reason-error"' in page.text) == (422, True)


# --- the demonstration -----------------------------------------------------------------------------------------------


# The code stands on the page under LAUREL_DEMO, and nowhere else.
@pytest.mark.parametrize("demo", [False, True])
def test_only_the_demonstration_says_the_code(client: FlaskClient, app: Flask, clock: Clock, demo: bool) -> None:
    enrolled()
    if demo:
        demonstration.init_app(app)
    try:
        sign_in(client)
        page = client.get("/sign-in/second").text
    finally:
        app.extensions.pop("shown_code", None)
    code = code_for(at=clock.now)
    assert (f"{code[:3]} {code[3:]}" in page, "Demonstration" in page) == (demo, demo)


def test_without_the_switch_the_application_knows_no_way_to_say_it(app: Flask) -> None:
    assert (app.config["LAUREL_DEMO"], "shown_code" in app.extensions) == (False, False)


# ---------------------------------------------------------------------------------------------------------------------


def somebody(part: str, email: str = "ada@laurel.example") -> Person:
    with transaction():
        person = make.person(email=email, password_hash=passwords.hash_of(PASSWORD))
        cycle, mission = make.cycle(), make.mission()
        roles: dict[str, tuple[Any, ...]] = {
            "secretariat": (AppointmentRole.SECRETARIAT,),
            "observer": (AppointmentRole.OBSERVER,),
            "member": (AppointmentRole.MEMBER, cycle),
            "chair": (AppointmentRole.MEMBER, cycle, None, "chair"),
            "nominator": (AppointmentRole.NOMINATOR, cycle, mission),
            "authority": (AppointmentRole.AUTHORITY, cycle, mission),
        }
        if part in roles:
            make.appoint(person, *roles[part])
    return person


def enrolled() -> Person:
    from award_app import clock

    person = somebody("secretariat")
    with transaction():
        operations.enrol(person, SECRET, now=clock.now())
    return person


def passkeyed(clock: Clock) -> SoftKey:
    key = SoftKey()
    add_passkey(somebody("secretariat"), key, clock)
    return key


def add_passkey(person: Person, key: SoftKey, clock: Clock) -> None:
    with transaction():
        token = sessions.start(person, now=clock.now, second=True)
    running = sessions.resume(token, now=clock.now)
    assert running
    person = running.row.person
    with transaction():
        operations.ask_passkey(person, now=clock.now)
        challenge = operations.take_challenge(person) or ""
        challenged = json.dumps({"challenge": _b64(challenge)})
        operations.add_passkey(person, key.create(challenged), "my phone", challenge=challenge, now=clock.now)


def _b64(challenge: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(challenge)).decode().rstrip("=")


def committed(factory: Callable[[], Person]) -> Person:
    with transaction():
        return factory()


def sign_in(client: FlaskClient, email: str = "ada@laurel.example", password: str = PASSWORD, onward: str = "") -> Any:
    return client.post("/sign-in" + onward, data={"email": email, "password": password})


def get(client: FlaskClient, path: str) -> int:
    return client.get(path).status_code


def options(page: str) -> str:
    found = re.search(r'data-options="([^"]+)"', page)
    assert found
    return html.unescape(found[1])
