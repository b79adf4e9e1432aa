"""The score sheet that saves by itself, in Chromium: what its status line says, and what is kept when things go wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from award_app import chance, clock
from award_app.accounts import passwords
from award_app.accounts.models import SignIn
from award_app.db import db, transaction
from award_app.reviews import queries
from award_app.reviews.models import Score
from tests import codes
from tests.integrity.server import running_web
from tests.journeys.rig import chromium
from tests.panel.test_views import Year

pytestmark = pytest.mark.browser

PASSWORD = "a horse, a staple and a laurel"
SOON = 8_000  # milliseconds


class Desk:
    def __init__(self, port: int, year: Year, browser: Browser) -> None:
        self.home, self.year = f"http://localhost:{port}", year
        self.criteria = {c.code: c.id for c in year.cycle.criteria}
        self.context = browser.new_context(viewport={"width": 360, "height": 780}, locale="en-GB")

    def sign_in(self, page: Page) -> None:
        page.goto(f"{self.home}/sign-in")
        page.fill("[name=email]", self.year.member.email)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.fill("[name=code]", codes.fresh_code(self.year.member.email))
        page.click("main form:has([name=code]) button")
        page.wait_for_url("**/home")

    def open(self, context: BrowserContext | None = None) -> Page:
        page = (context or self.context).new_page()
        page.goto(self.home + self.year.file)
        return page

    def choose(self, page: Page, code: str, value: int) -> None:
        page.locator(
            f"[name=value_{self.criteria[code]}][value='{value}'] + label b, [name=value_{self.criteria[code]}][value='{value}'] + label"
        ).first.click()

    def comment(self, page: Page, code: str, text: str) -> None:
        page.fill(f"[name=comment_{self.criteria[code]}]", text)

    def given(self) -> dict[str, tuple[int | None, str]]:
        db.session.rollback()
        lines = queries.own_scores(self.year.member, self.year.files[0])
        return {line.criterion.code: (line.value, line.comment) for line in lines if line.value or line.comment}


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Browser]]:
    with running_web(tmp_path_factory.mktemp("desk")) as (_app, port), chromium() as browser:
        yield port, browser


@pytest.fixture
def desk(started: tuple[int, Browser]) -> Iterator[Desk]:
    port, browser = started
    chance.seed(None)  # one database for all tests here: references must differ
    year = Year(2)
    year.member.password_hash = passwords.hash_of(PASSWORD)
    year.declare()
    with transaction():
        codes.enrol([year.member], now=clock.now())
    made = Desk(port, year, browser)
    page = made.context.new_page()
    made.sign_in(page)
    page.close()
    yield made
    made.context.close()
    db.session.rollback()  # what was read is old: the served process writes too
    with transaction():
        year.mission.acronym = f"GONE{year.mission.id}"  # the next test makes its own


def _status(page: Page, text: str) -> None:
    expect(page.locator("#save-status")).to_have_text(re.compile(text), timeout=SOON)


def test_what_is_chosen_and_typed_is_saved_and_said_and_comes_back(desk: Desk) -> None:
    page = desk.open()
    desk.choose(page, "mandate", 4)
    _status(page, r"^Saved \d\d:\d\d$")
    desk.comment(page, "gender", "Before I judge.")
    expect(page.locator("#save-status")).to_have_text("Saving …", timeout=SOON)
    _status(page, r"^Saved")
    assert desk.given() == {"mandate": (4, ""), "gender": (None, "Before I judge.")}
    page.reload()
    expect(page.locator(f"[name=comment_{desk.criteria['gender']}]")).to_have_value("Before I judge.")
    expect(page.locator(f"[name=value_{desk.criteria['mandate']}][value='4']")).to_be_checked()


def test_without_a_line_it_is_kept_on_the_page_and_sent_when_the_line_is_back(desk: Desk) -> None:
    page = desk.open()
    desk.context.set_offline(True)
    desk.choose(page, "mandate", 5)
    _status(page, "^Saved on this device, waiting for a connection")
    desk.comment(page, "mandate", "Forty reports.")
    desk.context.set_offline(False)
    _status(page, r"^Saved")
    page.wait_for_timeout(2_500)
    assert desk.given() == {"mandate": (5, "Forty reports.")}
    assert page.locator(".field .notice").count() == 0  # it was nobody else who changed it


def test_a_closed_tab_without_a_line_loses_no_score(desk: Desk) -> None:
    page = desk.open()
    # not by the browser's own switch: a page that is closed would hear that the line is back
    page.route("**/scores", lambda route: route.abort())
    desk.choose(page, "mandate", 5)
    desk.comment(page, "gender", "On a train.")
    _status(page, "^Saved on this device")
    page.close()
    assert desk.given() == {}
    page = desk.open()
    _status(page, r"^Saved \d\d:\d\d$")
    assert desk.given() == {"mandate": (5, ""), "gender": (None, "On a train.")}
    expect(page.locator(f"[name=value_{desk.criteria['mandate']}][value='5']")).to_be_checked()


def test_what_is_wrong_with_one_criterion_keeps_no_other_from_being_saved(desk: Desk) -> None:
    one, other = desk.open(), desk.open()
    desk.choose(one, "mandate", 4)
    _status(one, r"^Saved")
    desk.context.set_offline(True)
    desk.choose(other, "mandate", 2)
    desk.choose(other, "community", 3)
    _status(other, "^Saved on this device")
    desk.context.set_offline(False)
    expect(other.get_by_text("Another window saved at")).to_be_visible(timeout=SOON)
    _status(other, r"^Saved \d\d:\d\d$")
    assert desk.given() == {"mandate": (4, ""), "community": (3, "")}


def test_a_session_that_ended_costs_nothing_that_was_typed(desk: Desk) -> None:
    page = desk.open()
    db.session.rollback()
    with transaction():
        for row in db.session.scalars(select(SignIn).where(SignIn.person_id == desk.year.member.id)):
            row.ended_at = clock.now()
    desk.comment(page, "evidence", "Typed while nobody was signed in.")
    _status(page, "your time signed in is over")
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()
    other = desk.context.new_page()
    desk.sign_in(other)
    other.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    _status(page, r"^Saved")
    assert desk.given() == {"evidence": (None, "Typed while nobody was signed in.")}


@pytest.mark.parametrize(("button", "kept"), [("Keep what stands here", 2), ("Take what the other window saved", 4)])
def test_two_windows_are_shown_both_and_she_decides(desk: Desk, button: str, kept: int) -> None:
    one, other = desk.open(), desk.open()
    desk.choose(one, "mandate", 4)
    _status(one, r"^Saved")
    desk.choose(other, "mandate", 2)
    _status(other, "You changed this in another window too")
    expect(other.get_by_text("Another window saved at")).to_be_visible()
    other.get_by_role("button", name=button).click()
    _status(other, r"^Saved")
    assert desk.given() == {"mandate": (kept, "")}
    expect(other.locator(f"[name=value_{desk.criteria['mandate']}][value='{kept}']")).to_be_checked()


def test_a_concern_says_what_is_missing_and_is_saved_with_its_comment(desk: Desk) -> None:
    page = desk.open()
    desk.choose(page, "conduct", 1)
    _status(page, "Not saved yet. Please look at what is marked.")
    expect(page.get_by_text("Please say in a comment what the concern is")).to_be_visible()
    desk.comment(page, "conduct", "A sanction in 2019.")
    _status(page, r"^Saved")
    assert desk.given() == {"conduct": (1, "A sanction in 2019.")}


def test_save_and_next_right_after_typing_loses_nothing_and_asks_nothing(desk: Desk) -> None:
    page = desk.open()
    desk.choose(page, "mandate", 3)
    desk.comment(page, "mandate", "In haste.")
    page.get_by_role("button", name="Save and go to the next file").click()
    page.wait_for_url(f"**/{desk.year.files[1].ref}")
    assert desk.given() == {"mandate": (3, "In haste.")}


def test_after_the_close_the_module_keeps_it_as_late_and_stops(desk: Desk) -> None:
    page = desk.open()
    db.session.rollback()
    with transaction():
        desk.year.cycle.round_closed_at = clock.now()
    desk.choose(page, "mandate", 3)
    _status(page, "marked as late")
    desk.choose(page, "gender", 3)
    page.wait_for_timeout(1_000)
    assert desk.given() == {}
    late = db.session.scalars(select(Score.criterion_id).where(Score.person_id == desk.year.member.id, Score.late))
    assert list(late) == [desk.criteria["mandate"]]


def test_nothing_of_the_sheet_sticks_out_of_a_phone(desk: Desk) -> None:
    page = desk.open()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box = page.locator(".levels b").first.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 40
