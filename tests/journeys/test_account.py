"""One's own account, without scripts: another address by a link, a zone by a city, French, and what happens to a text
when the session has ended meanwhile. Every state is looked at by axe-core in a browser with scripts."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.journeys.people import Somebody
from tests.journeys.rig import DESK, Complaints
from tests.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.processes]


def test_somebody_moves_to_another_address_zone_and_language(
    browser: Browser, service: Service, first_link: str, complaints: Complaints
) -> None:
    ingrid = Somebody(browser, service.url, complaints, "Ingrid Solheim", "ingrid@secretariat.test")
    ingrid.accept_invitation(first_link)
    _mistakes_are_said_beside_the_fields(ingrid)
    _a_new_address(ingrid)
    ingrid.go("/account")
    ingrid.write(timezone="juba")
    ingrid.choose(locale="fr")
    ingrid.press("Save")
    assert ingrid.page.locator("html").get_attribute("lang") == "fr"
    assert ingrid.field("timezone").input_value() == "Africa/Juba"
    ingrid.picture("70-account-french", wide=True)
    assert complaints.found == []


def test_a_text_outlives_its_session(
    browser: Browser, service: Service, first_link: str, complaints: Complaints
) -> None:
    """She wrote for longer than a session lasts; a second browser stands for the time that passed."""
    ingrid = Somebody(browser, service.url, complaints, "Ingrid Solheim", "ingrid@secretariat.test")
    ingrid.accept_invitation(first_link)
    ingrid.go("/cycles/new")
    ingrid.write(title_en="UN Woman Police Officer of the Year")
    cookies = ingrid.context.cookies()
    ingrid.page.context.request.post(f"{service.url}/sign-out", form={"csrf_token": _token(ingrid)})
    ingrid.context.clear_cookies()
    ingrid.context.add_cookies(cookies)  # type: ignore[arg-type]  # what it gave is what it takes
    ingrid.press("Create the award year", status=403)
    ingrid.reads("You were signed out meanwhile", "UN Woman Police Officer of the Year")
    ingrid.picture("71-signed-out-meanwhile")
    ingrid.follow("Sign in", within=ingrid.page.locator("main"))
    ingrid.sign_in_here()
    assert ingrid.path == "/cycles/new"
    assert complaints.found == []


def _mistakes_are_said_beside_the_fields(ingrid: Somebody) -> None:
    ingrid.go("/account")
    ingrid.write(timezone="Atlantis")
    ingrid.press("Save", status=422)
    ingrid.reads("There is a problem", "Laurel does not know this city.")
    ingrid.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    ingrid.picture("70-account-problem")


def _a_new_address(ingrid: Somebody) -> None:
    ingrid.go("/account")
    form = ingrid.page.locator("form[action='/account/address']")
    form.locator("[name=email]").fill("solheim@secretariat.test")
    form.locator("[name=current]").fill(ingrid.password)
    ingrid.press("Change the address", within=form)
    ingrid.reads("A letter with a link went to solheim@secretariat.test.")
    ingrid.picture("70-account-address-asked")
    ingrid.letter("A new address for your account")
    ingrid.email = "solheim@secretariat.test"
    ingrid.letter("Please confirm your new address")
    link = ingrid.page.locator('main a[href*="/address/"]').get_attribute("href")
    assert link
    ingrid.go(urlsplit(link).path)
    ingrid.write(current=ingrid.password)
    ingrid.picture("70-account-address-confirm")
    ingrid.press("Use this address")
    ingrid.press("Sign out", within=ingrid.page.locator("header"))
    ingrid.sign_in()


def _token(somebody: Somebody) -> str:
    return somebody.page.locator("header [name=csrf_token]").get_attribute("value") or ""
