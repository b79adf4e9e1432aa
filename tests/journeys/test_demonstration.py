"""The demonstration as each of its accounts finds it: every page that the start page leads to, and what pages weigh.

The weights of all pages are written to var/pictures/weights.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.journeys import rig
from tests.journeys.people import Somebody
from tests.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.processes]

DEPTH = 2  # links away from the start page
FIRST, LATER = 30_000, 10_000  # bytes over the wire, with everything a page loads
PUBLIC = ("/en/", "/en/laureates", "/en/about", "/sign-in")
_OPEN_LINKS = """links => links.filter(a => !/Recused/.test(a.closest('tr')?.innerText || ''))
  .map(a => a.href)"""


@dataclass(frozen=True)
class Weight:
    """Bytes over the wire, headers too: with nothing kept from before, and with what other pages left behind."""

    who: str
    path: str
    first: int
    later: int


def test_every_page_that_the_start_page_leads_to(
    browser: Browser, demonstration: Service, complaints: rig.Complaints
) -> None:
    """No account meets an error, a script that complains, what axe-core finds wrong, or a page that weighs too much."""
    weights = list(_public_pages(browser, demonstration.url, complaints))
    for role in _accounts(demonstration):
        person = _signed_in(browser, demonstration, complaints, role)
        for path in _walk(person):
            if path == "/home" or complaints.is_new("weight", rig.kind_of(path)):
                weights.append(_weigh(browser, person, path))
                person.picture(_picture_name(person, path))
        person.leave()
    (rig.PICTURES / "weights.json").write_text(json.dumps([asdict(weight) for weight in weights], indent=1))
    assert complaints.found == []
    assert [weight for weight in weights if weight.first > FIRST or weight.later > LATER] == []


def test_a_public_page_is_the_same_for_everybody(
    browser: Browser, demonstration: Service, complaints: rig.Complaints
) -> None:
    """It may be kept by caches, so it knows nobody, whoever is signed in."""
    pages = []
    for visitor in (
        Somebody(browser, demonstration.url, complaints, "", ""),
        _signed_in(browser, demonstration, complaints, "secretariat"),
    ):
        visitor.go("/en/laureates")
        pages.append(visitor.page.locator("header").inner_text())
        visitor.leave()
    assert pages[0] == pages[1]


def test_pictures_of_the_readme(browser: Browser, demonstration: Service, complaints: rig.Complaints) -> None:
    """Each is of a page with something to do on it."""
    writer, *_authority = (role for role in _accounts(demonstration) if role.startswith("nominator"))
    nominator = _signed_in(browser, demonstration, complaints, writer, device_scale_factor=2)
    nominator.portrait("start")
    nominator.go("/nominations")
    nominator.page.locator("main tr", has=nominator.page.get_by_text("Draft", exact=True)).first.get_by_role(
        "link"
    ).click()
    nominator.follow("What she achieved")
    nominator.portrait("nomination")
    nominator.go("/en/laureates")
    nominator.portrait("laureates")
    member = _signed_in(browser, demonstration, complaints, "panel member")
    member.page.get_by_role("link", name="Go to the files").first.click()
    member.page.locator("main tr", has=member.page.get_by_text("● Scored")).first.get_by_role("link").click()
    member.look()
    member.portrait("desk", wide=True)
    chair = _signed_in(browser, demonstration, complaints, "chair")
    chair.go("/results")
    chair.page.locator("main h2 a").first.click()
    chair.look()
    chair.portrait("result", wide=True)
    assert complaints.found == []


def _accounts(demonstration: Service) -> dict[str, dict[str, str]]:
    rows = json.loads((demonstration.var / "demo-accounts.json").read_text())
    return {row["role"]: row for row in rows}


def _signed_in(
    browser: Browser, demonstration: Service, complaints: rig.Complaints, role: str, **more: Any
) -> Somebody:
    account = _accounts(demonstration)[role]
    person = Somebody(browser, demonstration.url, complaints, "", account["email"], **more)
    person.password = account["password"]
    person.sign_in()
    return person


def _public_pages(browser: Browser, url: str, complaints: rig.Complaints) -> Iterator[Weight]:
    visitor = Somebody(browser, url, complaints, "", "")
    visitor.go("/en/about")  # or the first of them would be weighed twice as a first visit
    for path in PUBLIC:
        yield _weigh(browser, visitor, path)
        visitor.picture(_picture_name(visitor, path))
    visitor.leave()


def _walk(person: Somebody) -> Iterator[str]:
    """The addresses of one page of each kind, the nearest first, as the person comes to them."""
    seen, level = {"/home"}, ["/home"]
    for _step in range(DEPTH + 1):
        found: list[str] = []
        for path in level:
            person.go(path)
            yield path
            for link in _links(person):
                if rig.kind_of(link) not in seen:
                    seen.add(rig.kind_of(link))
                    found.append(link)
        level = found
    assert len(seen) > 5, f"{person.email} finds nothing but {seen}"


def _picture_name(person: Somebody, path: str) -> str:
    """The start page is each person's own."""
    who = f"{person.email.partition('@')[0]}-" if path == "/home" else ""
    return f"demo-{who}{rig.kind_of(path).strip('/').replace('/', '-')}"


def _links(person: Somebody) -> list[str]:
    """The pages of this service that the page links to: no attached files, and no file that is closed to the reader."""
    hrefs: list[str] = person.page.eval_on_selector_all("a[href]", _OPEN_LINKS)
    own = [urlsplit(href) for href in hrefs if href.startswith(person.url)]
    return [parts.path for parts in own if not parts.path.startswith(("/files/", "/language"))]


def _weigh(browser: Browser, person: Somebody, path: str) -> Weight:
    """In a browser that has been nowhere yet, and in the one the person has walked about in."""
    fresh = browser.new_context(storage_state=person.context.storage_state())
    first = _bytes(fresh.new_page(), person.url + path)
    fresh.close()
    later = _bytes(person.page, person.url + path)
    return Weight(person.email, path, first, later)


def _bytes(page: Page, address: str) -> int:
    finished: list[Request] = []

    def note(request: Request) -> None:
        finished.append(request)

    page.on("requestfinished", note)
    page.goto(address)
    page.wait_for_load_state("load")
    page.remove_listener("requestfinished", note)
    sizes = [request.sizes() for request in finished]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
