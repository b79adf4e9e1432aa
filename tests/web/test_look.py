"""The look, measured: the contrast of each pair of colours that docs/design.md names, and what the stylesheet weighs."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).parents[2]
STYLE = (ROOT / "award_app/static/laurel.css").read_text()
LIGHT, DARK = STYLE.split("@media (prefers-color-scheme: dark)")[:2]
_ROW = re.compile(r"^\| `([a-z-]+)` on `([a-z-]+)` \| ([^|]+) \| (\d+\.\d) \| (\d+\.\d) \|$", re.MULTILINE)
TOLD = _ROW.findall((ROOT / "docs/design.md").read_text())
TEXT, EDGE = 4.5, 3.0  # WCAG 2.2: 1.4.3 for text, 1.4.11 for what one must see to use a page


def colours(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})\b", text))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself() -> None:
    assert (round(contrast("#000000", "#ffffff"), 2), contrast("#8a8a8a", "#8a8a8a")) == (21.0, 1.0)
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize(("front", "back", "use", "light", "dark"), TOLD)
def test_each_pair_has_the_contrast_that_the_document_says_and_that_reading_needs(
    front: str, back: str, use: str, light: str, dark: str
) -> None:
    by_day, by_night = colours(LIGHT), {**colours(LIGHT), **colours(DARK)}
    measured = [contrast(place[front], place[back]) for place in (by_day, by_night)]
    assert [f"{value:.1f}" for value in measured] == [light, dark]
    assert min(measured) >= (EDGE if use.startswith("edge") else TEXT)


def test_no_colour_is_left_unmeasured() -> None:
    """But for thin lines that only set apart what stands apart anyway."""
    assert set(colours(LIGHT)) - {name for row in TOLD for name in row[:2]} == {"line"}


def test_no_colour_stands_outside_the_tokens() -> None:
    """Only paper names its own."""
    rest = STYLE.split("@layer base {", 1)[1].split("@media print", 1)[0]
    assert re.findall(r"#[0-9a-f]{3,8}\b(?=[;\s])", rest) == []


def test_no_side_is_named_by_left_or_right() -> None:
    """In Arabic the page begins on the other side."""
    sided = r"[\s;{](?:(?:margin|padding|border)-(?:left|right)|left|right|float: (?:left|right)|text-align: (?:left|right))\s*[:;]"
    assert re.findall(sided, STYLE) == []


def test_the_stylesheet_weighs_little() -> None:
    assert len(brotli.compress(STYLE.encode())) <= 10_000
