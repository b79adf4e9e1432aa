"""Doors, as a nominator of the demonstration meets them: a forgotten password, her devices, a text that came too late."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.journeys.people import Secretariat, Somebody
from tests.journeys.rig import Complaints
from tests.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.processes]
TEXT = "She opened a desk to which women come on their own, and it is still open."


def test_a_text_that_came_too_late_comes_back_and_a_forgotten_password_is_chosen_anew(
    browser: Browser, own_demonstration: Service, complaints: Complaints
) -> None:
    writer = _nominator(browser, own_demonstration, complaints)
    _her_devices(browser, own_demonstration, complaints, writer)
    _a_new_password(writer)
    _a_week_at_one_page(browser, own_demonstration, complaints, writer)
    assert complaints.found == []


def _her_devices(browser: Browser, service: Service, complaints: Complaints, writer: Somebody) -> None:
    elsewhere = Somebody(browser, service.url, complaints, "", writer.email)
    elsewhere.password = writer.password
    elsewhere.sign_in()
    writer.go("/account")
    writer.follow("Your devices")
    writer.reads("Chrome on Linux", "this one")
    writer.picture("72-account-devices", wide=True)
    writer.press("End all other sessions")
    writer.reads("1 other session has ended.")
    elsewhere.go("/home")
    assert elsewhere.path == "/sign-in"
    elsewhere.reads("You were signed out because this session was ended from your page of devices.")
    elsewhere.leave()


def _a_new_password(writer: Somebody) -> None:
    writer.press("Sign out", within=writer.page.locator("header"))
    writer.follow("I forgot my password")
    writer.picture("73-forgotten", wide=True)
    writer.write(email=writer.email)
    writer.press("Send me a letter")
    writer.reads("If this address has an account, a letter is on its way.")
    writer.picture("73-forgotten-asked")
    writer.letter("A new password for your account")
    link = writer.page.locator('main a[href*="/reset/"]').get_attribute("href")
    assert link
    writer.go(urlsplit(link).path)
    writer.picture("73-reset", wide=True)
    writer.write(password="short")
    writer.press("Change the password", status=422)
    writer.reads("Choose a longer password")
    writer.password = "a desk with an open door"
    writer.write(password=writer.password)
    writer.press("Change the password")
    writer.reads("Your password is changed. Sign in with the new one.")
    writer.go(urlsplit(link).path, status=410)
    writer.sign_in()


def _a_week_at_one_page(browser: Browser, service: Service, complaints: Complaints, her: Somebody) -> None:
    """Without scripts; with them the page saves by itself (tests/nominations/test_saving_browser.py)."""
    writer = Somebody(browser, service.url, complaints, "", her.email, scripts=False)
    writer.password = her.password
    writer.sign_in()
    writer.go("/nominations")
    drafts = writer.page.locator("main tr", has=writer.page.get_by_text("Draft", exact=True))
    drafts.first.get_by_role("link").click()
    writer.follow("What she achieved")
    page = writer.path
    writer.write(reason=TEXT)
    Secretariat(browser, service.url, complaints, "", "").move_clock(weeks=1)
    writer.press("Save and leave", status=403)
    writer.reads("You were signed out meanwhile", "it is kept for you")
    writer.picture("74-kept")
    writer.follow("Sign in", within=writer.page.locator("main"))
    writer.sign_in_here()
    assert writer.path == page
    writer.reads("Nothing of it has been sent yet.")
    assert writer.field("reason").input_value() == TEXT
    writer.picture("74-kept-and-back", wide=True)
    writer.press("Save and leave")
    writer.go(page)
    assert writer.field("reason").input_value() == TEXT
    assert writer.page.get_by_text("Nothing of it has been sent yet.").count() == 0
    writer.leave()


def _nominator(browser: Browser, service: Service, complaints: Complaints) -> Somebody:
    rows = json.loads((service.var / "demo-accounts.json").read_text())
    account = next(row for row in rows if row["role"].startswith("nominator"))
    person = Somebody(browser, service.url, complaints, "", account["email"])
    person.password = account["password"]
    person.sign_in()
    return person
