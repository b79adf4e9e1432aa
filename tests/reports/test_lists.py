"""Searching, counting and turning pages: the same on both databases, and never more than the list itself shows."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, Select, literal, select, true

from award_app.accounts.models import Person
from award_app.db import db, folded, transaction
from award_app.domain.names import searchable
from award_app.reports.lists import forms, queries
from award_app.reports.lists.forms import Bar, Choice
from award_app.reports.lists.queries import Page, Wanted
from tests import factories as make
from tests.counting import Statements

NAMES = (
    "Zoë Ñandú",
    "ŁUKASZ ØSTERGÅRD",
    "Σοφία ΟΔΥΣΣΕΥΣ",
    "Ольга ЙОРДАН",
    "نَادِيَة",
    "Straße Æsir Œuvre Þór",
    "İrem ıRMAK",
    "O’Brien-O'Hara",
    "ＦＵＬＬ ﬁne ½",
    "100% _sure_ \\ back",
    "李娜",
    "",
)


@pytest.fixture
def people(app: Flask) -> list[Person]:
    with transaction():
        return [make.person(name) for name in NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_both_databases_fold_a_text_as_the_searching_words_are_folded(app: Flask, name: str) -> None:
    assert db.session.scalar(select(folded(literal(name)))) == searchable(name)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        # case and accents do not matter, in either direction
        ("zoe nandu", "Zoë Ñandú"),
        ("ZÖE", "Zoë Ñandú"),
        ("lukasz ostergard", "ŁUKASZ ØSTERGÅRD"),
        ("σοφια οδυσσευσ", "Σοφία ΟΔΥΣΣΕΥΣ"),
        ("ольга йордан", "Ольга ЙОРДАН"),
        ("نادية", "نَادِيَة"),
        ("strasse aesir oeuvre thor", "Straße Æsir Œuvre Þór"),
        ("irem irmak", "İrem ıRMAK"),
        ("o'brien-o’hara", "O’Brien-O'Hara"),
        ("full fine", "ＦＵＬＬ ﬁne ½"),
        # the words in any order, each anywhere
        ("nandu zo", "Zoë Ñandú"),
        # what means something to LIKE means nothing here
        ("100% _sure_ \\", "100% _sure_ \\ back"),
        ("李", "李娜"),
    ],
)
def test_a_search_finds_a_name_as_people_type_it(people: list[Person], words: str, found: str) -> None:
    assert db.session.scalars(select(Person.name).where(queries.matching(words, Person.name))).all() == [found]


@pytest.mark.parametrize("words", ["zoe xandu", "_", "100%sure", "ＸＹＺ"])
def test_every_word_must_be_found(people: list[Person], words: str) -> None:
    found = db.session.scalars(select(Person.name).where(queries.matching(words, Person.name))).all()
    assert found == (["100% _sure_ \\ back"] if words == "_" else [])


def test_a_search_runs_over_several_texts_and_an_empty_one_narrows_nothing(people: list[Person]) -> None:
    both = queries.matching("zoe nowhere", Person.name, Person.home_service)
    people[0].home_service = "Nowhere"
    assert db.session.scalars(select(Person.name).where(both)).all() == ["Zoë Ñandú"]
    assert str(queries.matching("  ", Person.name)) == str(true())


def _listed() -> Select[str]:
    return select(Person.name).where(Person.name != "").order_by(Person.name, Person.id)


def _named(words: str) -> ColumnElement[bool]:
    return queries.matching(words, Person.name)


def test_a_page_counts_what_may_be_seen_and_what_fits(people: list[Person], statements: Statements) -> None:
    with statements.counted() as counted:
        page = queries.page(_listed(), _named("zoe"), Wanted("zoe"))
    assert (page.rows, page.found, page.total, page.pages, counted.number) == ([("Zoë Ñandú",)], 1, 12, 1, 2)


def test_fifty_a_page_in_a_stable_order_and_a_page_behind_the_last_is_the_last(app: Flask) -> None:
    with transaction():
        for n in range(120):
            make.person("Same Name" if n % 2 else f"Name {n:03}")
    pages = [queries.page(_listed(), true(), Wanted(page=n)) for n in (1, 2, 3, 9, 0)]
    assert [(len(p.rows), p.number, p.found, p.pages) for p in pages] == [
        (50, 1, 120, 3),
        (50, 2, 120, 3),
        (20, 3, 120, 3),
        (20, 3, 120, 3),
        (50, 1, 120, 3),
    ]
    whole = queries.page(_listed(), true(), Wanted(page=2, whole=True))
    assert [row for p in pages[:3] for row in p.rows] == list(whole.rows)


@pytest.mark.parametrize(("number", "shown"), [(1, 50), (2, 20), (9, 20)])
def test_what_a_search_finds_is_paged_alike(app: Flask, number: int, shown: int) -> None:
    with transaction():
        for n in range(90):
            make.person(f"Zoë {n:03}" if n < 70 else f"Name {n:03}")
    page = queries.page(_listed(), _named("zoe"), Wanted("zoe", page=number))
    assert (len(page.rows), page.number, page.found, page.total) == (shown, min(number, 2), 70, 90)
    assert [row[0] for row in page.rows] == [f"Zoë {n:03}" for n in range(70)][page.number * 50 - 50 :][:50]
    nothing = queries.page(_listed(), _named("nobody"), Wanted("nobody", page=number))
    assert (nothing.rows, nothing.found, nothing.total, nothing.number) == ([], 0, 90, 1)
    whole = queries.page(_listed(), _named("zoe"), Wanted("zoe", page=number, whole=True))
    assert (len(whole.rows), whole.found, whole.number) == (70, 70, 1)


def test_a_file_holds_as_many_rows_as_it_says(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_IN_A_FILE", 3)
    with transaction():
        for n in range(5):
            make.person(f"Name {n}")
    page = queries.page(_listed(), true(), Wanted(whole=True))
    assert ([row[0] for row in page.rows], page.left_out) == (["Name 0", "Name 1", "Name 2"], 2)


def test_rows_read_whole_are_narrowed_and_paged_alike() -> None:
    rows = [f"Name {n:03}" for n in range(120)] + ["Zoë Ñandú"]
    page = queries.narrowed(rows, lambda row: queries.says("NAME", row), Wanted(page=9))
    assert (page.rows, page.found, page.total, page.number) == (rows[100:120], 120, 121, 3)
    assert queries.narrowed(rows, lambda row: queries.says("nandu zoe", row), Wanted()).rows == ["Zoë Ñandú"]
    assert queries.narrowed(rows, lambda _row: True, Wanted(whole=True)).rows == rows


COLOURS = Choice("colour", "Colour", (("red", "Red"), ("blue", "Blue")))


@pytest.mark.parametrize(
    ("asked", "wanted", "file"),
    [
        ({}, Wanted(), ""),
        ({"q": "  two   words ", "colour": "red", "page": "3"}, Wanted("two words", {"colour": "red"}, 3), ""),
        # what no page of ours has made is left out
        ({"colour": "green", "shape": "round", "page": "-1", "as": "pdf"}, Wanted(), ""),
        ({"q": "a\0b" + "c" * 200, "page": "٣"}, Wanted("ab" + "c" * 98), ""),
        ({"page": "9999999"}, Wanted(), ""),
        ({"as": "xlsx", "colour": "blue"}, Wanted(chosen={"colour": "blue"}, whole=True), "xlsx"),
    ],
)
def test_the_bar_reads_the_address(asked: dict[str, str], wanted: Wanted, file: str) -> None:
    assert forms.bar(asked, COLOURS, hint="") == Bar((COLOURS,), "", wanted, file)


def test_links_from_a_list_carry_what_was_asked() -> None:
    bar = forms.bar({"q": "zoe", "colour": "red", "page": "2"}, COLOURS, hint="")
    asked = {"q": "zoe", "colour": "red"}
    assert (bar.kept, bar.narrowed, bar.at(1), bar.as_file("csv")) == (asked, True, asked, asked | {"as": "csv"})
    turns = dict(bar.turns(Page([], 120, 200, 2)))
    assert turns == {"previous": asked, "next": asked | {"page": "3"}}
    assert forms.bar({}, COLOURS, hint="").narrowed is False
