"""The page of building blocks, by day and by night, wide and narrow. Its pictures stand in docs/design.md."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.journeys import rig
from tests.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.processes]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_building_block_by_day_and_by_night(
    browser: Browser, demonstration: Service, complaints: rig.Complaints, scheme: str
) -> None:
    """axe-core looks at each width anew: the scale and the tables are others there."""
    night = "-dark" if scheme == "dark" else ""
    for name, size in (("-phone", rig.PHONE), ("", rig.DESK)):
        visitor = rig.Visitor(browser, demonstration.url, rig.Complaints(), color_scheme=scheme)
        visitor.page.set_viewport_size(size)  # type: ignore[arg-type]
        visitor.go("/demo/design")
        complaints.found += visitor.complaints.found
        if not (name and night):
            visitor.page.set_viewport_size({"width": size["width"], "height": 1900})
            visitor.page.screenshot(path=_picture(f"readme-design{name}{night}"))
        visitor.leave()
    assert complaints.found == []


def _picture(name: str) -> str:
    rig.PICTURES.mkdir(parents=True, exist_ok=True)
    return str(rig.PICTURES / f"{name}.png")


def test_paper_carries_what_is_read_and_nothing_to_press(browser: Browser, demonstration: Service) -> None:
    visitor = rig.Visitor(browser, demonstration.url, rig.Complaints())
    visitor.page.set_viewport_size({"width": 657, "height": 930})  # A4 within its margins
    visitor.go("/demo/design")
    visitor.page.emulate_media(media="print")
    away = (".nav", ".crumbs", ".demo", ".button", ".foot ul")
    assert [part for part in away if visitor.page.locator(part).first.is_visible()] == []
    assert visitor.page.locator("tbody tr").last.is_visible()
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= 657")
    visitor.leave()
