"""The pictures of the guides, taken as the people they are for; and the guides name no other."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser

import config
from tests.journeys import rig
from tests.journeys.people import Somebody
from tests.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.processes]

# Taken by tests/journeys/test_demonstration.py, for the README.
OF_THE_README = {"start", "nomination", "desk", "result"}


def test_each_guide_has_its_pictures(browser: Browser, demonstration: Service, complaints: rig.Complaints) -> None:
    accounts = {row["role"]: row for row in json.loads((demonstration.var / "demo-accounts.json").read_text())}

    def as_(role: str) -> Somebody:
        found = next(row for name, row in accounts.items() if name.startswith(role))
        person = Somebody(browser, demonstration.url, complaints, "", found["email"], device_scale_factor=2)
        person.password = found["password"]
        person.sign_in()
        return person

    taken: set[str] = set()

    def take(person: Somebody, name: str, **how: Any) -> None:
        person.portrait(f"guide-{name}", **how)
        taken.add(f"guide-{name}")

    for_nominators(as_("nominator"), take)
    for_authorities(as_("nominating authority"), take)
    for_the_secretariat(as_("secretariat"), take)
    for_the_panel(as_("panel member"), as_("chair"), take)
    observer = as_("observer")
    observer.go("/ledger")
    take(observer, "ledger", wide=True)
    named = set()
    for guide in (config.ROOT / "docs" / "guides").glob("*.md"):
        named |= set(re.findall(r"\(\.\./pictures/([\w-]+)\.png\)", guide.read_text()))
    assert named == taken | OF_THE_README
    assert complaints.found == []


def for_nominators(nominator: Somebody, take: Any) -> None:
    nominator.go("/nominations")
    nominator.page.locator("main tr", has=nominator.page.get_by_text("Draft", exact=True)).first.get_by_role(
        "link"
    ).first.click()
    nominator.look()
    nominator.go(nominator.page.url.rstrip("/") + "/check")
    take(nominator, "check")


def for_authorities(authority: Somebody, take: Any) -> None:
    authority.go("/nominations")
    take(authority, "mission", wide=True)
    authority.page.locator("main tr", has=authority.page.get_by_text("Nothing", exact=True)).first.get_by_role(
        "link"
    ).first.click()
    authority.look()
    authority.follow("Read and endorse")
    authority.follow("Go to what you attest")
    authority.tick("in_active_service", "no_serious_sanction")
    take(authority, "endorse")


def for_the_secretariat(desk: Somebody, take: Any) -> None:
    year = desk.page.evaluate("new Date().getFullYear()")
    desk.go(f"/reports/{year}")
    take(desk, "cockpit", wide=True)
    desk.go(f"/screening/{year}")
    desk.page.locator("main tbody a").first.click()
    desk.look()
    take(desk, "screening", wide=True)
    desk.go("/letters")
    take(desk, "letters", wide=True)


def for_the_panel(member: Somebody, chair: Somebody, take: Any) -> None:
    year = member.page.evaluate("new Date().getFullYear()")
    member.go(f"/panel/{year}")
    take(member, "list")
    chair.go(f"/results/{year - 1}/shortlist")
    take(chair, "shortlist", wide=True)
