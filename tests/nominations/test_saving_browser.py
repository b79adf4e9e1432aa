"""The pages of the form that save by themselves, in Chromium: what is said, what is kept on the device, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from award_app import chance, clock
from award_app.accounts import passwords
from award_app.accounts.models import Person, SignIn
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState, Phase
from award_app.nominations import operations, queries
from award_app.nominations.models import Answer, Nomination
from tests import factories as make
from tests.integrity.server import running_web
from tests.journeys.rig import chromium

pytestmark = pytest.mark.browser

PASSWORD = "a horse, a staple and a laurel"
SOON = 8_000  # milliseconds
_KEPT = """() => new Promise(done => {
  const asked = indexedDB.open('laurel', 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction('pieces').objectStore('pieces').getAll();
    all.onsuccess = () => { asked.result.close(); done(all.result.map(piece => [piece.unit, piece.data.text])); };
  };
})"""


class Form:
    def __init__(self, port: int, browser: Browser) -> None:
        with transaction():
            mission = make.mission()
            cycle = make.cycle(Phase.OPEN, missions=(mission,))
            self.nominator, self.mate = (
                make.nominator(cycle, mission, password_hash=passwords.hash_of(PASSWORD)) for _ in range(2)
            )
            self.file = make.nomination(cycle, mission, self.nominator, NominationState.DRAFT)
        self.home = f"http://localhost:{port}"
        self.context = browser.new_context(viewport={"width": 360, "height": 780}, locale="en-GB")

    def sign_in(self, person: Person) -> None:
        page = self.context.new_page()
        page.goto(f"{self.home}/sign-in")
        page.fill("[name=email]", person.email)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/home")
        page.close()

    def open(self, step: str) -> Page:
        page = self.context.new_page()
        page.goto(f"{self.home}/nominations/{self.file.ref}/edit/{step}")
        return page

    def answer(self, key: str) -> str:
        db.session.rollback()
        found = queries.current(db.session.get_one(Nomination, self.file.id)).get(key)
        return found.text if found else ""

    def versions(self, key: str) -> list[str]:
        db.session.rollback()
        rows = select(Answer.text).where(Answer.nomination_id == self.file.id, Answer.field == key)
        return list(db.session.scalars(rows.order_by(Answer.revision)))

    def written_by_mate(self, key: str, text: str) -> None:
        db.session.rollback()
        file = db.session.get_one(Nomination, self.file.id)
        seen = {key: queries.current(file)[key].revision}
        with transaction():
            operations.save(file, {key: text}, seen=seen, operation_id=chance.token(), by=self.mate, now=clock.now())


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Browser]]:
    with running_web(tmp_path_factory.mktemp("answers")) as (_app, port), chromium() as browser:
        yield port, browser


@pytest.fixture
def form(started: tuple[int, Browser]) -> Iterator[Form]:
    chance.seed(None)  # one database for all tests here: references must differ
    made = Form(*started)
    made.sign_in(made.nominator)
    yield made
    made.context.close()
    db.session.rollback()  # what was read is old: the served process writes too
    with transaction():
        made.file.mission.acronym = f"GONE{made.file.mission_id}"  # the next test makes its own


def _status(page: Page, text: str) -> None:
    expect(page.locator("#save-status")).to_have_text(re.compile(text), timeout=SOON)


def _cut(page: Page) -> None:
    """Nothing that is sent arrives. Not by the browser's own switch: a page that is closed would hear that the line is back."""
    page.route("**/edit/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())


SAVED = r"^All changes saved \d\d:\d\d$"


def test_what_is_typed_and_chosen_is_saved_and_said_and_leaves_the_device(form: Form) -> None:
    page = form.open("case")
    _status(page, "^Each answer is saved by itself as you write.$")
    page.fill("[name=reason]", "She opened a desk to which women come on their own.")
    expect(page.locator("#save-status")).to_have_text("Saving …", timeout=SOON)
    _status(page, SAVED)
    assert form.answer("reason") == "She opened a desk to which women come on their own."
    assert page.evaluate(_KEPT) == []
    page.reload()
    expect(page.locator("[name=reason]")).to_have_value("She opened a desk to which women come on their own.")


def test_only_what_was_touched_is_written(form: Form) -> None:
    """A choice that is not sent is not taken back, and what others write on the page meanwhile stays."""
    page = form.open("statements")
    before = form.versions("true_and_complete")
    page.locator("[name=identifies_survivor][value=yes]").check()
    _status(page, SAVED)
    assert (form.answer("identifies_survivor"), form.versions("true_and_complete")) == ("yes", before)
    page.locator("[name=true_and_complete]").uncheck()
    _status(page, SAVED)
    page.wait_for_timeout(500)
    assert form.answer("true_and_complete") in ("", "no")


def test_a_closed_tab_without_a_line_loses_nothing(form: Form) -> None:
    page = form.open("case")
    _cut(page)
    page.fill("[name=reason]", "Written in a tent, without a line.")
    _status(page, "^Saved on this device, waiting for a connection")
    page.close()
    page = form.open("case")
    expect(page.locator("[name=reason]")).to_have_value("Written in a tent, without a line.")
    _status(page, SAVED)
    assert (form.answer("reason"), page.evaluate(_KEPT)) == ("Written in a tent, without a line.", [])


def test_a_row_that_was_added_comes_back_with_its_text(form: Form) -> None:
    page = form.open("case")
    page.locator("button[value='add:achievements']").click()
    page.wait_for_url("**more=achievements**")
    _cut(page)
    page.fill("[name='achievements.1.before']", "The second one.")
    _status(page, "^Saved on this device")
    page.close()
    page = form.open("case")
    expect(page.locator("[name='achievements.1.before']")).to_have_value("The second one.", timeout=SOON)
    _status(page, SAVED)
    assert form.answer("achievements.1.before") == "The second one."


def test_a_session_that_ended_costs_nothing_that_was_typed(form: Form) -> None:
    page = form.open("case")
    db.session.rollback()
    with transaction():
        for row in db.session.scalars(select(SignIn).where(SignIn.person_id == form.nominator.id)):
            row.ended_at = clock.now()
    page.fill("[name=reason]", "Typed while nobody was signed in.")
    _status(page, "your time signed in is over")
    form.sign_in(form.nominator)
    page.evaluate("dispatchEvent(new Event('focus'))")
    _status(page, SAVED)
    assert form.answer("reason") == "Typed while nobody was signed in."


@pytest.mark.parametrize(("button", "stands"), [("Keep what stands here", "Mine."), ("Take the other text", "Theirs.")])
def test_where_two_people_wrote_both_are_shown_and_both_are_kept(form: Form, button: str, stands: str) -> None:
    page = form.open("case")
    form.written_by_mate("reason", "Theirs.")
    page.fill("[name=reason]", "Mine.")
    expect(page.get_by_text("Somebody else, or another window of yours, changed this meanwhile.")).to_be_visible()
    expect(page.locator(".notice .kept")).to_have_text("Theirs.")
    page.get_by_role("button", name=button).click()
    _status(page, SAVED)
    expect(page.locator("[name=reason]")).to_have_value(stands)
    page.wait_for_timeout(800)
    assert form.answer("reason") == stands
    assert {"Mine.", "Theirs."} <= set(form.versions("reason"))
    assert page.locator(".notice .kept").count() == 0


def test_another_person_at_the_same_browser_is_neither_shown_nor_sends_it(form: Form) -> None:
    page = form.open("case")
    _cut(page)
    page.fill("[name=reason]", "Hers alone.")
    _status(page, "^Saved on this device")
    page.close()
    form.context.clear_cookies()  # her session is gone without a word
    form.sign_in(form.mate)
    page = form.open("case")
    page.wait_for_timeout(1_500)
    assert "Hers alone." not in page.content()
    assert form.answer("reason") != "Hers alone."
    page.close()
    form.context.clear_cookies()
    form.sign_in(form.nominator)
    page = form.open("case")
    _status(page, SAVED)
    assert form.answer("reason") == "Hers alone."


def test_signing_out_names_what_is_unsent_and_leaves_nothing_behind(form: Form) -> None:
    page = form.open("case")
    title = page.title()
    _cut(page)
    page.fill("[name=reason]", "Not sent yet.")
    _status(page, "^Saved on this device")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#left-here")).to_contain_text(title, timeout=SOON)
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.locator("#left-here")).to_have_count(0)
    assert [text for _unit, text in page.evaluate(_KEPT)] == ["Not sent yet."]
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out and delete it").click()
    page.wait_for_url("**/sign-in")
    assert page.evaluate(_KEPT) == []


def test_save_and_continue_right_after_typing_waits_until_all_is_there(form: Form) -> None:
    page = form.open("case")
    page.fill("[name=reason]", "In haste.")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/edit/**")
    expect(page.locator("h1")).not_to_have_text("What she achieved", timeout=SOON)
    assert (form.answer("reason"), page.evaluate(_KEPT)) == ("In haste.", [])


def test_after_the_deadline_it_is_kept_as_a_late_draft_and_no_more_is_sent(form: Form) -> None:
    page = form.open("case")
    db.session.rollback()
    with transaction():
        form.file.cycle.closes_at = clock.now()
    page.fill("[name=reason]", "A minute too late.")
    _status(page, "^Could not save: .* kept as a late draft")
    assert form.answer("reason") != "A minute too late."
    db.session.rollback()
    late = queries.late_answers(db.session.get_one(Nomination, form.file.id), form.nominator)
    assert [row.text for row in late] == ["A minute too late."]
