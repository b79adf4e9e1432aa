"""The secretariat's year without a phone call to a developer: last year copied, dates moved, time given, people changed.

In the demonstration, at 360 px, with every page looked at by axe-core; pictures lie in var/pictures/.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from tests.journeys import rig
from tests.journeys.people import Secretariat
from tests.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.processes]
YEAR = datetime.now(UTC).year
OPEN, COPY = YEAR + 1, YEAR + 2


def test_the_secretariat_runs_a_year(browser: Browser, own_demonstration: Service, complaints: rig.Complaints) -> None:
    rows = json.loads((own_demonstration.var / "demo-accounts.json").read_text())
    account = next(row for row in rows if row["role"] == "secretariat")
    desk = Secretariat(browser, own_demonstration.url, complaints, "Beatriz Ancízar Lobo", account["email"])
    desk.password = account["password"]
    desk.sign_in()
    last_year_is_copied(desk)
    the_call_has_gone_out(desk)
    the_close_is_moved(desk)
    one_mission_gets_more_time(desk)
    drafts_change_hands(desk)
    an_address_is_mended(desk)
    the_seats_change(desk)
    an_account_is_closed(desk)
    assert complaints.found == []


def last_year_is_copied(desk: Secretariat) -> None:
    desk.go(f"/cycles/copy?of={OPEN}")
    desk.picture("s1-copy", wide=True)
    chair = desk.page.locator('main input[name="people"]').first
    chair.check()
    desk.press("Create the award year")
    desk.reads("The award year is created.", f"Award year {COPY}")
    desk.follow("Check and open the award year")
    desk.reads("The award year cannot be opened yet.", "The panel has no deputy chair.")
    desk.picture("s2-ready", wide=True)


def the_call_has_gone_out(desk: Secretariat) -> None:
    desk.go(f"/cycles/{OPEN}/call")
    desk.reads("Everybody at the called missions has had the call.")
    desk.picture("s3-call")


def the_close_is_moved(desk: Secretariat) -> None:
    desk.go(f"/cycles/{OPEN}")
    desk.follow("Move a date")
    desk.write(closes_at=_utc(41), reason="The line to two missions was down for a day.")
    desk.press("Check, and show the letters")
    desk.page.locator("main summary").first.click()
    desk.reads("Peter Lindqvold")
    desk.picture("s4-dates", wide=True)
    desk.press("Move the dates")
    desk.reads("The dates are moved, and those concerned get a letter.")


def one_mission_gets_more_time(desk: Secretariat) -> None:
    desk.go(f"/cycles/{OPEN}/extensions")
    desk.choose(mission="UNMISS")
    desk.write(until=_utc(44), reason="The office in Bentiu is flooded.")
    desk.press("Check, and show the letters")
    desk.reads("This sends 3 letters.")
    desk.picture("s5-extension", wide=True)
    desk.press("Give more time")
    desk.reads("UNMISS has more time, and its people get a letter.")


def drafts_change_hands(desk: Secretariat) -> None:
    desk.go(f"/cycles/{OPEN}/drafts")
    desk.picture("s6-drafts", wide=True)
    row = desk.page.locator("main tr").filter(has_text="MINUSCA").first
    row.get_by_role("button").first.click()
    desk.look()
    desk.reads("1 draft has a new nominator. Both get a letter.")


def an_address_is_mended(desk: Secretariat) -> None:
    desk.go("/people/invite")
    desk.write(email="nora@wrnog.test", name="Nora Lindqvist")
    desk.choose(role="observer")
    desk.press("Send the invitation")
    desk.follow("Mend the address of Nora Lindqvist")
    desk.write(email="nora@right.test")
    desk.picture("s7-mend")
    desk.press("Send the new link")
    desk.reads("The invitation is on its way to nora@right.test.")
    desk.picture("s8-people", wide=True)


def the_seats_change(desk: Secretariat) -> None:
    desk.go(f"/people/panel?year={OPEN}")
    desk.picture("s9-panel")
    chair = desk.field("chair").input_value()
    desk.choose(chair=desk.field("deputy").input_value(), deputy=chair)
    desk.press("Change the seats")
    desk.reads("The seats are changed.")


def an_account_is_closed(desk: Secretariat) -> None:
    desk.go(f"/people/panel?year={OPEN}")
    desk.page.locator("main tbody a").first.click()
    desk.look()
    desk.picture("s10-person", wide=True)
    desk.follow("See what ends, and close the account")
    desk.picture("s11-closing")
    desk.press("Close the account")
    desk.reads("This account is closed.")


def _utc(days: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M}"
