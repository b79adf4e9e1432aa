"""Every list and a page of each kind with fifty of everything and the hardest names; then with nothing on them yet.

Each page is examined at 1280 and 360 px. The numbers are rows: what a page holds before one turns to the next.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.journeys import crowd, rig
from tests.journeys.crowd import EMPTY, OPEN, RESULT, REVIEW, SCREENING
from tests.journeys.people import Somebody

pytestmark = [pytest.mark.browser, pytest.mark.processes]

# Who → where she goes, and how many rows she finds there. A path that ends with > goes on to the first row's page.
CROWDED: dict[str, dict[str, int]] = {
    "desk": {
        "/home": 0,
        "/people": crowd.PEOPLE + crowd.LETTERS - 10,
        "/letters >": 50,
        f"/screening/{SCREENING} >": crowd.FILES + crowd.MISSIONS,
        f"/reports/{REVIEW}": 24,
        f"/reports/{OPEN}/missions": crowd.MISSIONS,
        f"/panel/{REVIEW}/progress": crowd.FILES + crowd.MEMBERS,
        f"/results/{RESULT}": crowd.FILES + crowd.MEMBERS,
        f"/cycles/{OPEN}": 18,
        f"/cycles/{OPEN}/drafts": 7,
        f"/cycles/{OPEN}/extensions": 0,
        f"/cycles/{OPEN}/call": 0,
        f"/people/panel?year={REVIEW}": crowd.MEMBERS,
        f"/letters/remind/{REVIEW}": 0,
    },
    "nominator0": {"/home": 0, "/nominations >": 50},
    "authority0": {"/nominations >": 25},
    "member0.2034": {
        f"/panel/{REVIEW} >": crowd.FILES,
        f"/panel/{REVIEW}/so-far": crowd.FILES,
        f"/panel/{REVIEW}/finish": crowd.FILES,
    },
    "member4.2034": {f"/panel/{REVIEW} >": crowd.FILES},
    "member0.2033": {"/home": 0, f"/results/{RESULT}/shortlist/propose": 0},
    "observer0": {"/home": 0},
}

# Who → where → what the page says when nothing has happened yet: what comes next, or what to do.
NOTHING_YET: dict[str, dict[str, str]] = {
    "desk": {
        f"/screening/{EMPTY}": "No file has been handed in yet. Files stand here from the moment a mission hands them in.",
        f"/panel/{EMPTY}/progress": "No file is with the panel yet. Files stand here from the moment they are accepted.",
        f"/cycles/{EMPTY}/drafts": "Nobody has an open draft.",
        f"/letters/remind/{EMPTY}": "This sends no letter.",
        f"/reports/{EMPTY}": "Nobody can hand a file in for",
        f"/screening/{SCREENING}?q=nobody+of+this+name": "Show all again",
    },
    "new.nominator": {"/home": "Your mission can still nominate.", "/nominations": "Begin one here"},
    "new.authority": {"/home": "Your mission can still nominate.", "/nominations": "No file has been begun."},
    "new.member": {
        "/home": "Next for you: scoring. You get a letter when it begins:",
        f"/panel/{EMPTY}": "No nomination has been accepted yet. You will get a letter when scoring begins.",
    },
    "new.chair": {"/results": "There is no result for you to read yet."},
}


def test_fifty_of_everything(browser: Browser, crowded: str, complaints: rig.Complaints) -> None:
    """A list longer than a page can be turned and narrowed."""
    found = {}
    for who, pages in CROWDED.items():
        person = _signed_in(browser, crowded, complaints, who)
        found[who] = {path: _rows(person, path) for path in pages}
        person.leave()
    assert found == CROWDED
    assert complaints.found == []


def test_nothing_yet(browser: Browser, crowded: str, complaints: rig.Complaints) -> None:
    for who, pages in NOTHING_YET.items():
        person = _signed_in(browser, crowded, complaints, who)
        for path, sentence in pages.items():
            person.go(path)
            person.reads(sentence)
        person.leave()
    assert complaints.found == []


def _rows(person: Somebody, path: str) -> int:
    address, *onwards = path.split(" ")
    person.go(address)
    rows = person.page.locator("main tbody tr").count()
    if onwards:
        assert person.page.locator("main form select, main a[href*='?']").count(), f"{address} cannot be narrowed"
        _turn_the_page(person)
        person.go(address)
        person.page.locator("main tbody a").first.click()
        person.look()
    return rows


def _turn_the_page(person: Somebody) -> None:
    following = person.page.locator("main").get_by_role("link", name="Next page")
    if following.count():
        following.click()
        person.look()


def _signed_in(browser: Browser, url: str, complaints: rig.Complaints, who: str) -> Somebody:
    person = Somebody(browser, url, complaints, "", f"{who}@laurel.example")
    person.password = crowd.PASSWORD
    person.sign_in()
    return person
