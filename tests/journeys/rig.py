"""A browser as people in the field have it: 360 px wide, and everything it complains about written down.

Each page a visitor comes to is looked at: its status, whether anything sticks out to the right, what axe-core finds,
what the console and the content security policy complain about. Pictures go to var/pictures/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import Browser, ConsoleMessage, Locator, Playwright, Response, sync_playwright

import config

PICTURES = config.ROOT / "var" / "pictures"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
# Chromium without its windows: the same engine for half the work (decision 0016). Paint is measured in the whole browser.
SHELL, WHOLE = "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
AXE = files(axe_playwright_python).joinpath("axe.min.js").read_text()
_RUN_AXE = "() => axe.run({resultTypes: ['violations']}).then(r => r.violations)"
# Also inside a box that scrolls: on a phone nobody looks there. What only screen readers read may lie anywhere.
_STICKS_OUT = """() => {
  const edge = document.documentElement.clientWidth + 1;
  const seen = e => !e.closest('.sr, thead, svg');
  const cut = e => e.getBoundingClientRect().right > edge || e.matches('th, td') && e.scrollWidth > e.clientWidth + 1;
  const found = [...document.querySelectorAll('main *')].filter(e => seen(e) && cut(e));
  return found.slice(0, 3).map(e => e.outerHTML.slice(0, 120));
}"""
# What differs between two pages of one kind: the year, and what names a file, a person or a letter.
_OWN = re.compile(r"/(?!(?:invitation|statements)\b)(\d{4}|[a-z0-9]{10}|(?=[\w.-]*\d)[\w.-]{11,})(?=/|$)")


# A form that saves by itself first sends what waits, and signing out first asks what is unsent: the page goes after that.
_SENDS_LATER = """button => {
  const later = button.type === 'submit' && Boolean(button.form?.matches('[data-autosave], .who'));
  window.pressedHere = later;
  return later;
}"""


_running: list[Browser] = []


@contextmanager
def chromium(executable: str = SHELL) -> Iterator[Browser]:
    """One browser in a process: its driver cannot be started twice. Whoever comes while one runs uses that one."""
    if _running:
        yield _running[0]
        return
    with sync_playwright() as driver:
        browser = _launch(driver, executable)
        _running.append(browser)
        try:
            yield browser
        finally:
            _running.clear()
            browser.close()


def _launch(driver: Playwright, executable: str) -> Browser:
    return driver.chromium.launch(executable_path=executable, args=FLAGS)


class Complaints:
    """What browsers and axe-core found wrong, by page; a page of one kind is examined once."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.examined = 0  # pages, at each width
        self._examined: set[tuple[str, str]] = set()

    def add(self, where: str, what: str) -> None:
        self.found.append(f"{where}: {what}")

    def is_new(self, path: str, heading: str) -> bool:
        kind = (kind_of(path), heading)
        fresh = kind not in self._examined
        self._examined.add(kind)
        return fresh


def kind_of(path: str) -> str:
    return _OWN.sub("/x", path)


class Visitor:
    """One browser of one person. Without `scripts` nothing but HTML, CSS and forms is at work."""

    def __init__(
        self, browser: Browser, url: str, complaints: Complaints, *, scripts: bool = True, **more: Any
    ) -> None:
        self.url, self.complaints, self.scripts = url, complaints, scripts
        self.context = browser.new_context(viewport=PHONE, locale="en-GB", java_script_enabled=scripts, **more)  # type: ignore[arg-type]
        self.context.set_default_timeout(10_000)
        self.page = self.context.new_page()
        self.status = 0
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.add(self.path, f"script: {error}"))
        self.page.on("response", self._response)

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text() if self.page.locator("h1").count() else ""

    def go(self, path: str, *, status: int = 200) -> None:
        self.page.goto(path if path.startswith("http") else self.url + path)
        self.look(status)

    def follow(self, words: str, *, within: Locator | None = None) -> None:
        (within or self.page.locator("body")).get_by_role("link", name=words, exact=True).first.click()
        self.look()

    def press(self, words: str, *, within: Locator | None = None, status: int = 200) -> None:
        button = (within or self.page.locator("main")).get_by_role("button", name=words, exact=True).first
        later = self.scripts and button.evaluate(_SENDS_LATER)
        button.click()
        if later:
            self.page.wait_for_function("() => !window.pressedHere")  # it is another page's window by then
        self.look(status)

    def write(self, **answers: str) -> None:
        """Into fields by name."""
        for name, text in answers.items():
            self.field(name).fill(text)

    def choose(self, **choices: str) -> None:
        for name, value in choices.items():
            if self.page.locator(f'main select[name="{name}"]').count():
                self.field(name).select_option(value)
            else:
                self.page.locator(f'main input[name="{name}"][value="{value}"]').check()

    def tick(self, *names: str) -> None:
        for name in names:
            self.field(name).check()

    def field(self, name: str) -> Locator:
        return self.page.locator(f'main [name="{name}"]').first

    def reads(self, *sentences: str) -> None:
        """These words stand on the page. A failure shows the page."""
        text = _plain(self.page.locator("body").inner_text())
        missing = [sentence for sentence in sentences if _plain(sentence) not in text]
        assert not missing, f"{self.path} does not say {missing}. It says:\n{self.page.locator('body').inner_text()}"

    def look(self, status: int = 200) -> None:
        """The page is there, and in order."""
        self.page.wait_for_load_state("load")
        text = self.page.locator("body").inner_text()
        assert self.status == status, f"{self.page.url} answered {self.status} instead of {status}:\n{text}"
        if not self.complaints.is_new(self.path, self.heading):
            return
        for size in (DESK, PHONE):  # the phone last: it is what she goes on with
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.complaints.examined += 1
            for stray in self.page.evaluate(_STICKS_OUT):
                self.complaints.add(self.path, f"sticks out at {size['width']} px: {stray}")
            if self.scripts:
                self._axe()

    def picture(self, name: str, *, wide: bool = False) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
        if wide:
            self.page.set_viewport_size(DESK)  # type: ignore[arg-type]
            self.page.screenshot(path=PICTURES / f"{name}-1280.png", full_page=True)
            self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    def portrait(self, name: str, *, wide: bool = False) -> None:
        """For the README: the upper part of the page, on a long phone or on a desk."""
        self.page.set_viewport_size(DESK if wide else {"width": 360, "height": 1000})  # type: ignore[arg-type]
        self.page.screenshot(path=PICTURES / f"readme-{name}.png")
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    def leave(self) -> None:
        self.context.close()

    def _axe(self) -> None:
        """By the debugger's door, which the content security policy does not guard: it stays in force for the page."""
        self.page.evaluate(AXE)
        for violation in self.page.evaluate(_RUN_AXE):
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            self.complaints.add(self.path, f"axe {violation['id']} ({violation['impact']}): {nodes}")

    def _console(self, message: ConsoleMessage) -> None:
        """A page answered with 4xx is an answer like any other; its status is checked where it is expected."""
        told_by_status = "the server responded with a status of 4" in message.text
        if message.type in ("error", "warning") and not told_by_status:
            self.complaints.add(self.path, f"console {message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self.status = response.status
        elif response.status >= 400:
            self.complaints.add(self.path, f"{response.status} for {response.url}")


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()
