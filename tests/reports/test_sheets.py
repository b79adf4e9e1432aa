"""What stands in a file of a list is what stood in the list, and none of it is a formula."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from typing import NamedTuple

import openpyxl
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from award_app.reports import sheets
from award_app.reports.sheets import Column, Kind, Sheet


class Line(NamedTuple):
    name: str
    files: int | None
    day: date | None
    at: datetime | None


SHEET: Sheet[Line] = Sheet(
    "lines",
    "Lines: all [of] them",
    (
        Column("Name", lambda line: line.name),
        Column("Files", lambda line: line.files, Kind.NUMBER),
        Column("Day", lambda line: line.day, Kind.DAY),
        Column("Handed in", lambda line: line.at, Kind.MOMENT),
    ),
)
NADIA = Line("Nadia Ōkoro", -3, date(2026, 3, 1), datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=-5))))
NOTHING = Line("", None, None, None)


@pytest.fixture(autouse=True)
def inside(app: Flask) -> None:
    """Headings are said in the language of whoever asks."""


def test_the_csv_begins_with_the_mark_that_says_utf_8_and_every_cell_is_quoted() -> None:
    content = sheets.as_csv(SHEET, [NADIA, NOTHING])
    assert content.decode("utf-8") == (
        "\ufeff" + '"Name","Files","Day","Handed in (UTC)"\r\n'
        '"Nadia Ōkoro","-3","2026-03-01","2026-03-02 04:30:00"\r\n'
        '"","","",""\r\n'
    )


def test_the_workbook_holds_texts_numbers_and_dates_as_what_they_are() -> None:
    page = openpyxl.load_workbook(BytesIO(sheets.as_xlsx(SHEET, [NADIA, NOTHING]))).worksheets[0]
    assert [list(row) for row in page.iter_rows(values_only=True)] == [
        ["Name", "Files", "Day", "Handed in (UTC)"],
        ["Nadia Ōkoro", -3, datetime(2026, 3, 1), datetime(2026, 3, 2, 4, 30)],  # noqa: DTZ001 - cells have no zone
        [None, None, None, None],
    ]
    assert [cell.number_format for cell in page[2]] == ["@", "General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert (page.title, page.freeze_panes, page.auto_filter.ref) == ("Lines  all  of  them", "A2", "A1:D3")


def test_an_empty_list_is_a_row_of_headings() -> None:
    page = openpyxl.load_workbook(BytesIO(sheets.as_xlsx(SHEET, []))).worksheets[0]
    assert page.max_row == 1
    assert sheets.from_csv(sheets.as_csv(SHEET, [])) == [["Name", "Files", "Day", "Handed in (UTC)"]]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        # what every list is full of stays as it is
        ("Nadia O’Brien-Diallo", "Nadia O’Brien-Diallo"),
        ("one, two; three = four", "one, two; three = four"),
        ("12 officers", "12 officers"),
        # a formula, in each way a program knows
        ("=1+1", "'=1+1"),
        ("+221 33 000", "'+221 33 000"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("\t=1", "'\t'=1"),
        (' "=1', "' \"=1"),
        # where a program reads another separator than ours, a cell may begin inside
        ("a;=1", "a;'=1"),
        ("a\n=1", "a\n'=1"),
        ("a,=1", "a,=1"),
        # an apostrophe at such a place is doubled, so that ours can be told from it
        ("'tis", "''tis"),
        # what would come back as another text
        ("007", "'007"),
        ("1/2", "'1/2"),
        ("TRUE", "'TRUE"),
    ],
)
def test_an_apostrophe_stands_where_a_cell_could_be_taken_for_something_else(text: str, cell: str) -> None:
    assert (sheets.guarded(text), sheets.unguarded(cell)) == (cell, text)


def test_nothing_is_lost_on_the_way_through_a_csv_file() -> None:
    @given(st.lists(st.text(alphabet=st.sampled_from("=+-@＝'\"\t\r\n\0;|, a0.:/eé\u200b")), min_size=1, max_size=5))
    def holds(texts: list[str]) -> None:
        lines = [Line(text, None, None, None) for text in texts]
        assert [row[0] for row in sheets.from_csv(sheets.as_csv(SHEET, lines))[1:]] == texts

    holds()


def test_a_text_no_cell_can_hold_says_that_it_was_cut_and_where_the_rest_is() -> None:
    long = Line("é" * 40_000, None, None, None)
    cell = openpyxl.load_workbook(BytesIO(sheets.as_xlsx(SHEET, [long]))).worksheets[0]["A2"].value
    assert isinstance(cell, str)
    assert (len(cell), cell[-20:]) == (sheets.LONGEST_CELL, "stands in the CSV file]"[-20:])
    assert sheets.from_csv(sheets.as_csv(SHEET, [long]))[1][0] == long.name


def test_instants_are_written_in_one_zone_whatever_zone_they_came_in() -> None:
    utc = NADIA.at.astimezone(UTC) if NADIA.at else None
    assert sheets.as_csv(SHEET, [NADIA]) == sheets.as_csv(SHEET, [NADIA._replace(at=utc)])
