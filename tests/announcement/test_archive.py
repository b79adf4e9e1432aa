"""Looking for laureates."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from award_app.announcement import archive, queries
from tests.web.test_pages_public import INVENTED, names

FOUND = [
    # A part of a name, with or without its accents.
    ("name=kabore", [2022]),
    ("name=Kaboré Kinda", [2022]),
    # The words in any order, and the beginnings of words.
    ("name=malambo dor", [2020]),
    # Not what stands in the middle of a word.
    ("name=alambo", []),
    # A name of punctuation alone is no name.
    ("name=...", []),
    ("year=2012", [2012]),
    ("year=12", []),
    ("country=SN", [2019, 2013]),
    ("mission=UNISFA", [2024, 2017]),
    ("country=SN&mission=MINUSTAH", [2013]),
    # Nothing that anybody typed breaks the page.
    ("year=%00&name=%F0%9F%98%80", []),
    ("page=99", list(range(2024, 2010, -1))),
    ("page=²", list(range(2024, 2010, -1))),
]


@pytest.mark.parametrize(("asked", "years"), FOUND)
def test_what_is_asked_for_is_found(visitor: FlaskClient, asked: str, years: list[int]) -> None:
    page = visitor.get(f"/en/laureates?{asked}").text
    assert [int(part.split("<")[0]) for part in page.split('<span class="year">')[1:]] == years


def test_what_was_typed_stays_and_is_never_markup(visitor: FlaskClient) -> None:
    page = visitor.get('/en/laureates?name="><b>x&country=SN').text
    assert 'value="&#34;&gt;&lt;b&gt;x"' in page
    assert '<option value="SN" translate="no" selected>' in page
    assert "No laureate fits." in page


def test_twenty_stand_on_a_page_and_the_search_goes_with_them() -> None:
    many = [replace(INVENTED, year=3000 - place, invented=place > 23) for place in range(27)]
    first, second = archive.search(many, archive.Wanted()), archive.search(many, archive.Wanted(), "2")
    assert (len(first.rows), first.pages, first.total) == (20, 2, 27)
    assert (len(second.record), len(second.invented)) == (4, 3)
    assert archive.Wanted(name="a", mission="UNMIS").as_asked() == {"name": "a", "mission": "UNMIS"}


def test_the_pages_lead_to_one_another(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [replace(INVENTED, year=3000 - place, invented=False) for place in range(27)]
    monkeypatch.setattr(queries, "released_laureates", lambda: many)
    page = visitor.get("/en/laureates?name=amina").text
    assert len(names(page)) == 20
    assert "/en/laureates?page=2&amp;name=amina" in page
    assert len(names(visitor.get("/en/laureates?page=2&name=amina").text)) == 7
