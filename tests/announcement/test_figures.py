"""The figures as pictures: where each mark stands, and that the table says the same."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from award_app.announcement import figures
from award_app.reference import laureates as facts

SPANS = [
    # A loose date is the whole year.
    ("about 2018", (2018.0, 2019.0)),
    ("2025", (2025.0, 2026.0)),
    # A month is a twelfth of its year.
    ("2023-07", (2023.5, 2023.5 + 1 / 12)),
    ("2025-01-01", (2025.0, 2025.0 + 1 / 365)),
]


@pytest.mark.parametrize(("date", "years"), SPANS)
def test_a_date_is_as_wide_as_it_is_precise(date: str, years: tuple[float, float]) -> None:
    assert figures.span(date) == years


def test_every_figure_is_one_mark_in_its_groups_picture() -> None:
    drawn = [(panel.group, mark.figure) for panel in figures.panels() for mark in panel.marks]
    assert sorted(map(str, drawn)) == sorted(str((figure.group, figure)) for figure in facts.figures())


def test_values_goals_and_loose_values_are_told_apart() -> None:
    formed = next(panel for panel in figures.panels() if panel.group == "formed police units")
    assert [(mark.kind, mark.figure.percent) for mark in formed.marks] == [
        ("loose", 7),
        ("value", 10.9),
        ("value", 14.8),
        ("value", 15.6),
        ("goal", 15),
        ("goal", 20),
    ]
    assert [mark.width > 20 for mark in formed.marks] == [True, False, False, False, True, True]
    assert all(0 < mark.y < figures.ground() for mark in formed.marks)


def test_the_page_says_in_words_what_the_pictures_show(visitor: FlaskClient) -> None:
    page = visitor.get("/en/figures").text
    described = re.search(r"<desc id=\"desc-1\">(.*?)</desc>", page, re.DOTALL)
    assert described is not None
    assert " ".join(described[1].split()) == (
        "About 2018: 7%. November 2019: 10.9%. April 2021: 14.8%. September 2023: 15.6%. "
        "Goal for 2025: 15%. Goal for 2028: 20%."
    )
    assert page.count('role="img"') == len(figures.panels()) == page.count("<caption")
    assert len(re.findall(r'<tr><th scope="row">', page)) == len(facts.figures())
    assert "4 of 14" in page


def test_no_day_is_shown_that_is_not_known(visitor: FlaskClient) -> None:
    page = visitor.get("/en/figures").text
    assert set(re.findall(r"\d+ [A-Z]\w+ 20\d\d", page)) == {"31 December 2025"}
