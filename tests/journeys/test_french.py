"""The main pages in French, which is longer: nothing sticks out, and the page says that it is French."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.journeys import crowd, rig
from tests.journeys.crowd import RESULT, REVIEW, SCREENING
from tests.journeys.people import Somebody

pytestmark = [pytest.mark.browser, pytest.mark.processes]

PUBLIC = ("/fr/", "/fr/laureates", "/fr/laureates/2018", "/fr/figures", "/fr/about")
# Who → where she goes; > goes on to the first row's page.
PAGES = {
    "nominator0": ("/home", "/nominations", "/nominations >", "/account"),
    "member5.2034": ("/home", f"/panel/{REVIEW}", f"/panel/{REVIEW} >", f"/panel/{REVIEW}/finish"),
    "member0.2033": (f"/results/{RESULT}", f"/results/{RESULT}/shortlist"),
    "desk": ("/home", f"/screening/{SCREENING}", f"/reports/{REVIEW}", "/people", "/letters"),
}


def test_the_main_pages_in_french(browser: Browser, crowded: str, complaints: rig.Complaints) -> None:
    for path in PUBLIC:
        visitor = Somebody(browser, crowded, complaints, "", "")
        visitor.go(path)
        _is_french(visitor)
        visitor.leave()
    for who, paths in PAGES.items():
        person = Somebody(browser, crowded, complaints, "", f"{who}@laurel.example")
        person.password = crowd.PASSWORD
        person.sign_in()
        person.go("/account")
        person.choose(locale="fr")
        person.page.locator('main form:has([name="locale"]) button').first.click()
        person.look()
        for path in paths:
            _goes(person, path)
            _is_french(person)
        person.leave()
    assert complaints.found == []


def _goes(person: Somebody, path: str) -> None:
    address, *onwards = path.split(" ")
    person.go(address)
    if onwards:
        person.page.locator("main tbody a").first.click()
        person.look()


def _is_french(person: Somebody) -> None:
    assert person.page.locator("html").get_attribute("lang") == "fr", person.path
