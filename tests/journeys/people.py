"""The seven kinds of people of an award year, as they use the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator

from tests import codes
from tests.journeys.rig import Complaints, Visitor
from tests.service import within

_TOLD: set[str] = set()


class Somebody(Visitor):
    """Anybody at all: reads public pages and, in the demonstration, the mailbox."""

    def __init__(self, browser: Browser, url: str, complaints: Complaints, name: str, email: str, **more: Any) -> None:
        super().__init__(browser, url, complaints, **more)
        self.name, self.email = name, email
        self.password = f"{name} walks to the harbour"
        self.secret = ""  # of the authenticator she has set up herself

    def letter(self, subject: str) -> str:
        """Waits for a letter to this person whose subject has these words, and opens the newest; its text."""
        arrived = within(45, lambda: self.has_letter(subject), pause=0.5)
        assert arrived, f"no letter “{subject}” to {self.email}:\n{self.page.locator('main').inner_text()}"
        self._letters(subject).first.get_by_role("link").first.click()
        self.look()
        return self.page.locator("main").inner_text()

    def has_letter(self, subject: str) -> bool:
        self.go("/mailbox")
        return self._letters(subject).count() > 0

    def _letters(self, subject: str) -> Locator:
        return self.page.locator("main tr").filter(has_text=self.email).filter(has_text=subject)

    def accept_invitation(self, link: str | None = None) -> None:
        """By the link of the letter, or by one that was told."""
        if link is None:
            self.letter("Your invitation")
            link = self.page.locator('main a[href*="/invitation/"]').get_attribute("href")
        assert link
        self.go(urlsplit(link).path)
        self.write(name=self.name, password=self.password)
        self.picture_once("accounts-invitation")
        self.press("Accept the invitation")
        if self.path == "/account/second":
            self.set_up_second()
        self.reads(self.name)

    def sign_in(self) -> None:
        self.go("/sign-in")
        self.sign_in_here()
        self.reads(self.name)

    def sign_in_here(self) -> None:
        self.write(email=self.email, password=self.password)
        self.press("Sign in")
        if self.path == "/sign-in/second":
            self.show_second()

    def set_up_second(self) -> None:
        """An authenticator app, with the key that is written below the picture; and then on to where she was going."""
        self.follow("Set up an authenticator app")
        self.press("Continue")
        self.secret = self.page.locator("main dd code").first.inner_text().replace(" ", "")
        self.picture_once("accounts-second")
        self.write(code=codes.fresh_code(self.email, self.secret))
        self.press("Confirm the app")
        self.reads("Your recovery codes")
        self.follow("I have kept them: continue")

    def show_second(self) -> None:
        """A code that was not shown before; where all of now are used up, the next one. In the demonstration the page
        says the code, if she has set up none herself."""
        known = self.secret or ("" if self.page.locator("#shown-code").count() else codes.SECRET)
        self.write(code=codes.fresh_code(self.email, known) if known else self._told_code())
        self.page.locator("main form:has([name=code]) button").click()
        self.look()

    def _told_code(self) -> str:
        """One that was not told before: who signs in three times within a minute waits for it."""
        told = self.page.locator("#shown-code")
        assert within(65, lambda: told.inner_text() not in _TOLD or not self.page.reload(), pause=1)
        _TOLD.add(told.inner_text())
        return told.inner_text()

    def picture_once(self, name: str) -> None:
        """Of a page that several people come to, the first one's."""
        if self.complaints.is_new("picture", name):
            self.picture(name)


class Secretariat(Somebody):
    def create_award_year(self, year: int) -> None:
        self.go("/home")
        self.picture("01-start-empty")
        self.follow("Create an award year")
        self.write(
            award_year=str(year),
            title_en="UN Woman Police Officer of the Year",
            title_fr="Policière de l’année des Nations Unies",
            opens_at=_utc(timedelta(minutes=-5)),
            closes_at=_utc(timedelta(days=10)),
            screening_ends_at=_utc(timedelta(days=20)),
            review_ends_at=_utc(timedelta(days=30)),
            service_from=_day(-365),
            service_to=_day(0),
            default_quota="4",
            quorum="2",
        )
        self.picture("02-cycle-settings")
        self.press("Create the award year")
        self.picture("03-cycle-overview", wide=True)

    def check_criteria(self, year: int) -> None:
        self.go(f"/cycles/{year}/criteria")
        self.picture("04-cycle-criteria")
        self.press("Save the criteria")

    def call_missions(self, year: int, quotas: Mapping[str, int]) -> None:
        self.go(f"/cycles/{year}/missions")
        for acronym, quota in quotas.items():
            self.tick(f"call_{acronym}")
            self.write(**{f"quota_{acronym}": str(quota)})
        self.picture("05-cycle-missions")
        self.press("Save the missions")

    def open_award_year(self, year: int) -> None:
        self.go(f"/cycles/{year}")
        self.follow("Check and open the award year")
        self.picture("08-cycle-ready", wide=True)
        self.press("Open the award year")
        self.reads("The award year is open.")
        self.picture("09-cycle-open")

    def invite(self, somebody: Somebody, role: str, *, year: int | None = None, mission: str | None = None) -> None:
        self.go("/people/invite")
        self.write(email=somebody.email, name=somebody.name)
        self.choose(role=role)
        if year:
            self.choose(cycle=str(year))
        if mission:
            self.choose(mission=mission)
        self.picture_once("06-people-invite")
        self.press("Send the invitation")
        self.reads(f"The invitation is on its way to {somebody.email}.")

    def move_clock(self, weeks: int) -> None:
        """Everybody’s session ends by that: it is a week and more later."""
        for _week in range(weeks):
            self.go("/mailbox")
            self.choose(step="7d")
            self.press("Move the clock")
            self.reads("It is now")

    def open_to_screen(self, year: int, nominee: str) -> None:
        self.go(f"/screening/{year}")
        self.follow(nominee)

    def declare_none(self) -> None:
        self.choose(conflict="no")
        self.press("Declare")

    def accept(self) -> None:
        self.press("Accept for the panel")
        self.reads("Accepted")

    def send_back(self, remarks: str) -> None:
        self.page.locator("summary", has_text="Return for changes").click()
        self.write(**{"return-remarks": remarks})
        self.picture("24-screening-return")
        self.press("Return the file")

    def clear(self, year: int, nominee: str) -> None:
        """The nominee agrees, and the conduct database knows nothing against her."""
        self.open_to_screen(year, nominee)
        self.open_part("The nominee’s consent")
        self.choose(**{"consent-consent": "given"})
        self.press("Note this")
        self.open_part("Conduct clearance")
        self.choose(**{"conduct-cleared": "yes"})
        self.write(**{"conduct-on": _day(0), "conduct-reference": "CDT 2026-148"})
        self.press("Note this answer")
        self.picture("29-screening-cleared")

    def open_part(self, words: str) -> None:
        part = self.page.locator("details", has=self.page.locator("summary", has_text=words)).first
        if part.get_attribute("open") is None:
            part.locator("summary").click()

    def write_announcement(self, year: int, texts: Mapping[str, str]) -> None:
        self.go(f"/announcements/{year}")
        self.picture("50-announcement-nothing-yet")
        self.follow("Write the announcement")
        self.write(**texts)
        self.picture("51-announcement-write")
        self.press("Save")

    def approve_release(self, year: int, typed: str, *, status: int = 200) -> None:
        self.go(f"/announcements/{year}")
        self.write(typed=typed)
        self.press("Approve the release", status=status)


class Nominator(Somebody):
    def begin(self) -> None:
        self.go("/home")
        self.picture_once("10-nominator-start")
        self.go("/nominations")
        self.picture_once("11-nominations-empty")
        self.press("Begin a nomination")

    def write_page(self, step: str, answers: Mapping[str, str], *, then: str = "Save and continue") -> None:
        assert self.path.endswith(f"/edit/{step}"), f"expected the page {step}, is on {self.path}"
        for name, answer in answers.items():
            if name.endswith("="):
                self.choose(**{name[:-1]: answer})
            elif name.endswith("!"):
                self.tick(name[:-1])
            else:
                self.write(**{name: answer})
        self.picture_once(f"12-nomination-{step}")
        self.press(then)

    def write_file(self, pages: Mapping[str, Mapping[str, str]], papers: Mapping[str, Path], credit: str) -> None:
        """Every page from the beginning to the check of the answers."""
        for step, answers in pages.items():
            if step == "statements":
                self.attach_all(papers, credit)
            self.write_page(step, answers)

    def attach_all(self, papers: Mapping[str, Path], credit: str) -> None:
        for kind, path in papers.items():
            author = {"author_name": "Ruth Adeyemi", "author_email": "ruth@elsewhere.test"}
            self.attach(kind, path, **(author if kind == "supporting_letter" else {}))
        self.write_page("files", {"photo_credit": credit})

    def attach(self, kind: str, path: Path, **author: str) -> None:
        card = self.page.locator(f"section#{kind}")
        for name, text in author.items():
            card.locator(f'[name="{name}"]').fill(text)
        card.locator('input[type="file"]').set_input_files(path)
        self.press("Attach this file", within=card)
        self.reads(path.name)

    def open_file(self, nominee: str) -> None:
        self.go("/nominations")
        self.follow(nominee)


class Authority(Somebody):
    def open_file(self, nominee: str) -> None:
        self.go("/nominations")
        self.follow(nominee)

    def endorse(self, nominee: str) -> None:
        self.open_file(nominee)
        self.follow("Read and endorse")
        self.tick("in_active_service", "no_serious_sanction", "none_pending")
        self.picture_once("20-endorse")
        self.press("Endorse this file")

    def hand_in(self) -> None:
        self.picture_once("21-hand-in")
        self.press("Hand in this file")
        self.reads("Receipt", "The file is handed in.")


class Member(Somebody):
    def open_from_list(self, year: int, nominee: str) -> None:
        self.go(f"/panel/{year}")
        self.follow(nominee)

    def declare_none(self) -> None:
        self.choose(answer="none")
        self.picture_once("31-declaration-card")
        self.press("Save my answer")

    def step_out_before_reading(self, reason: str) -> None:
        self.choose(answer="close_tie")
        self.write(reason=reason)
        self.picture("32-step-out")
        self.press("Save my answer")

    def open_from_list_closed(self, year: int, nominee: str) -> None:
        """A file one has stepped out of: the page says so, and shows nothing of the text."""
        self.page.get_by_role("link", name=nominee, exact=True).click()
        self.look(403)
        self.reads("This file is closed to you")
        self.picture_once("35-closed-to-you")

    def score(self, values: list[int], comment: str) -> None:
        """A value for each weighted criterion, no concern about conduct, and one comment."""
        sheet = self.page.locator("#sheet")
        scales = sheet.locator("fieldset.scale")
        for place in range(scales.count()):
            value = values[place] if place < len(values) else 2
            self.pick(scales.nth(place).locator(f'input[value="{value}"]'))
        sheet.locator("textarea").first.fill(comment)
        self.picture_once("34-desk-scored")
        self.press("Save", within=sheet)
        assert within(10, lambda: "Saved " in sheet.inner_text()), sheet.inner_text()  # the page saves without leaving

    def pick(self, radio: Locator) -> None:
        """By its words: on a phone the button itself is not seen, the number stands for it."""
        label = self.page.locator(f'label[for="{radio.get_attribute("id")}"]')
        (label.locator("b") if label.locator("b").count() else label).first.click()
        assert radio.is_checked()

    def sees_her_scores_so_far(self, year: int) -> None:
        """On a page of their own, and brought to the desk when they are opened there."""
        self.go(f"/panel/{year}/so-far")
        self.picture_once("36-so-far")
        self.page.locator("#so-far tbody a").first.click()
        part = self.page.locator("details[data-part]")
        part.locator("summary").click()
        part.locator("table").wait_for()
        assert part.locator("tr[aria-current]").count() == 1

    def finish(self, year: int) -> None:
        self.sees_her_scores_so_far(year)
        self.go(f"/panel/{year}/finish")
        self.picture_once("36-finish")
        self.press("Yes, finish scoring")
        self.reads("You have finished scoring:")


class Chair(Member):
    def sees_result(self, year: int) -> bool:
        """Whether the worker has computed it."""
        self.go(f"/results/{year}")
        return "being computed" not in self.page.locator("main").inner_text()

    def propose_shortlist(self, year: int, names: list[str], reasons: str) -> None:
        self.go(f"/results/{year}/shortlist")
        self.follow("Propose the shortlist")
        for name in names:
            self.page.get_by_label(name).check()
        self.write(reasons=reasons)
        self.picture("41-shortlist-propose")
        self.press("Keep this shortlist")
        self.reads("each file needs its conduct clearance")

    def confirm_shortlist(self, year: int) -> None:
        self.go(f"/results/{year}/shortlist")
        self.picture("41-shortlist", wide=True)
        self.press("Confirm the shortlist")
        self.reads("The decision is taken among these files.")

    def decide(self, year: int, laureate: str, runner_up: str, reasons: str, present: list[str]) -> None:
        self.follow("Record the decision")
        for name, who in (("laureate", laureate), ("runner_up_1", runner_up)):
            option = self.field(name).locator("option", has_text=who).get_attribute("value")
            self.field(name).select_option(option)
        self.write(reasons=reasons)
        for name in present:
            self.page.get_by_label(name).check()
        self.picture("41-decision-record")
        self.press("Continue")
        self.picture("42-decision-check")
        self.press("Record the decision")


class Observer(Somebody):
    def read_ledger(self) -> None:
        self.go("/ledger")
        self.reads("The chain holds")
        self.picture("63-ledger", wide=True)


class Public(Somebody):
    """Nobody in particular, not signed in."""


def _utc(away: timedelta) -> str:
    return f"{datetime.now(UTC) + away:%Y-%m-%dT%H:%M}"


def _day(away: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=away):%Y-%m-%d}"
