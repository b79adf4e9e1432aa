"""The second factor in a real browser: a passkey by the virtual authenticator, codes and recovery codes without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from award_app import clock
from award_app.accounts import passwords
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import Phase
from tests import codes
from tests import factories as make
from tests.integrity.server import running_web
from tests.journeys import rig
from tests.journeys.people import Somebody

pytestmark = [pytest.mark.browser, pytest.mark.processes]
YEAR = 2034
PASSWORD = "a key, a code and a laurel"
SECRETS: dict[str, str] = {}  # of apps that were set up in an earlier journey


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address. A member and two people of the secretariat who have no second factor yet, and an observer who has one."""
    with running_web(tmp_path_factory.mktemp("second")) as (_app, port):
        with transaction():
            make.member(make.cycle(Phase.REVIEW, award_year=YEAR), name="Amara Diallo", email="amara@panel.example")
            make.secretariat(name="Ingrid Solheim", email="ingrid@secretariat.example")
            observer = make.observer()
            observer.name, observer.email = "Olga Petrova", "olga@observer.example"
            db.session.flush()
            for person in db.session.query(Person):
                person.password_hash = passwords.hash_of(PASSWORD)
            codes.enrol([observer], now=clock.now())
        yield f"http://localhost:{port}"


def test_a_member_adds_a_passkey_signs_out_and_signs_in_with_it(
    browser: Browser, place: str, complaints: rig.Complaints
) -> None:
    amara = somebody(browser, place, complaints, "Amara Diallo", "amara@panel.example")
    device = virtual_authenticator(amara)
    amara.go(f"/panel/{YEAR}")
    amara.sign_in_here()
    assert amara.path == "/account/second"
    amara.picture("80-second-needed", wide=True)
    amara.follow("Add a passkey")
    amara.write(label="My phone")
    amara.press("Continue")
    amara.picture("81-second-passkey")
    amara.press("Make the passkey “My phone”")
    amara.page.wait_for_url("**/account/second/passkey/add**")
    amara.reads("Your recovery codes", "Each code works once")
    amara.picture("82-second-recovery-codes")
    amara.follow("I have kept them: continue")
    assert amara.path.startswith(f"/panel/{YEAR}")
    amara.press("Sign out", within=amara.page.locator("header"))
    amara.write(email=amara.email, password=amara.password)
    amara.press("Sign in")
    amara.reads("With a passkey")
    amara.picture("83-second-asked")
    amara.press("Use my passkey")
    amara.page.wait_for_url("**/home")
    amara.go("/account/second")
    amara.reads("My phone")
    assert "Not yet" not in amara.page.locator("main table").inner_text()
    amara.picture("84-second-own", wide=True)
    assert device("WebAuthn.getCredentials")["credentials"][0]["signCount"] >= 2
    amara.leave()
    assert complaints.found == []


# She stops the browser's question, or the device has no key: the page says what else to do, and asks again.
def test_a_browser_without_her_passkey_offers_the_other_ways(
    browser: Browser, place: str, complaints: rig.Complaints
) -> None:
    amara = somebody(browser, place, complaints, "Amara Diallo", "amara@panel.example")
    virtual_authenticator(amara)
    amara.go("/sign-in")
    amara.write(email=amara.email, password=amara.password)
    amara.press("Sign in")
    amara.page.get_by_role("button", name="Use my passkey").click()
    amara.page.get_by_text("The browser found no passkey for this account").wait_for()
    amara.page.locator("summary", has_text="Use a recovery code").click()
    amara.write(recovery="abcde-fghjk")
    amara.press("Sign in with the recovery code", status=422)
    amara.reads("This recovery code is not right")
    amara.leave()
    assert complaints.found == []


@pytest.mark.parametrize("scripts", [True, False])
def test_an_app_its_codes_and_a_recovery_code_without_a_passkey(
    browser: Browser, place: str, complaints: rig.Complaints, scripts: bool
) -> None:
    olga = somebody(browser, place, complaints, "Olga Petrova", "olga@observer.example", scripts=scripts)
    olga.go("/sign-in")
    olga.sign_in_here()
    olga.go("/account/second")
    olga.follow("Set up another app instead")
    olga.write(current=olga.password)
    olga.press("Continue")
    olga.secret = olga.page.locator("main dd code").first.inner_text().replace(" ", "")
    olga.picture_once("85-second-app")
    assert olga.page.locator("main img").evaluate("e => e.naturalWidth") > 100
    olga.write(code="000000")
    olga.press("Confirm the app", status=422)
    olga.write(code=codes.fresh_code(olga.email, olga.secret))
    olga.press("Confirm the app")
    olga.follow("Make new recovery codes")
    olga.write(current=olga.password)
    olga.press("Make ten new codes")
    written = re.findall(r"\b[a-z0-9]{5}-[a-z0-9]{5}\b", olga.page.locator("main ol").inner_text())
    assert len(written) == 10
    olga.press("Sign out", within=olga.page.locator("header"))
    olga.write(email=olga.email, password=olga.password)
    olga.press("Sign in")
    olga.page.locator("summary", has_text="Use a recovery code").click()
    olga.write(recovery=written[3].upper())
    olga.press("Sign in with the recovery code")
    olga.reads("This recovery code is used up. You have 9 left.")
    SECRETS[olga.email] = olga.secret
    olga.leave()
    assert complaints.found == []


def test_who_has_no_scripts_is_told_that_a_passkey_needs_them(
    browser: Browser, place: str, complaints: rig.Complaints
) -> None:
    ingrid = somebody(browser, place, complaints, "Ingrid Solheim", "ingrid@secretariat.example", scripts=False)
    ingrid.go("/people/invite")
    ingrid.sign_in_here()
    ingrid.follow("Add a passkey")
    ingrid.write(label="My computer")
    ingrid.press("Continue")
    ingrid.reads("A passkey needs a browser that runs scripts")
    assert not ingrid.page.get_by_role("button", name="Make the passkey").is_visible()
    ingrid.go("/account/second")
    ingrid.set_up_second()
    ingrid.go("/people/invite")
    ingrid.leave()
    assert complaints.found == []


def somebody(browser: Browser, url: str, complaints: rig.Complaints, name: str, email: str, **more: Any) -> Somebody:
    made = Somebody(browser, url, complaints, name, email, **more)
    made.password, made.secret = PASSWORD, SECRETS.get(email, "")
    return made


def virtual_authenticator(somebody: Somebody) -> Any:
    """A device that answers at once, as a finger on its sensor would. Returns a way to ask it."""
    line = somebody.context.new_cdp_session(somebody.page)
    line.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    device = line.send("WebAuthn.addVirtualAuthenticator", {"options": kind | {"automaticPresenceSimulation": True}})
    return lambda question: line.send(question, {"authenticatorId": device["authenticatorId"]})
