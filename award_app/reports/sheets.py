"""One description of a table, written as CSV and as XLSX. Nothing that people typed is ever a formula there.

Why a byte order mark, commas, apostrophes and UTC: docs/decisions/0006.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from io import BytesIO, StringIO
from typing import Any, Final, Generic, TypeVar

from flask_babel import gettext as _

Row = TypeVar("Row")
Value = str | int | float | date | datetime | None

LONGEST_CELL: Final = 32_767  # signs; a spreadsheet program takes no more
LONGEST_NUMBER: Final = 60  # signs; a longer text is read as a text

# A spreadsheet program may take what begins with one of these for a formula, whatever invisible signs stand before it.
# Whoever opens a file with another separator than ours makes cells begin in the middle of a text.
_BEGINS = r"(?:\A|(?<=[;|\t\n])|(?<=\r)(?!\n))"
_UNSEEN = r"[\s\"\x00-\x1f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]{0,200}"
_DANGER = re.compile(rf"{_BEGINS}(?={_UNSEEN}[=+\-@＝﹦＋﹢－﹣＠﹫]|')|\A(?=[\t\r\n\x00])")
_GUARD = re.compile(rf"{_BEGINS}'")
# What would be read as a number, a date, a time or a truth and come back as another text: 007, 1e5, 1/2, Mar-26, TRUE.
_MONTH = r"(?:jan|feb|fév|mar|apr|avr|may|mai|jun|jui|jul|aug|aoû|sep|oct|nov|dec|déc)[a-zûé]*"
_OTHERWISE = re.compile(
    rf"\A\s*(?:(?=\D*\d)[\d\s.,:/()%$€£¥'’+\-]*(?:e[+\-]?\d+|[ap]\.?m\.?|{_MONTH})?[\d\s.,:/()%$€£¥+\-]*|true|false|vrai|faux)\s*\Z",
    re.IGNORECASE,
)


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A moment is written in UTC, and its heading says so."""

    heading: str
    value: Callable[[Row], Value]
    kind: Kind = Kind.TEXT

    @property
    def head(self) -> str:
        return _("%(heading)s (UTC)", heading=self.heading) if self.kind is Kind.MOMENT else self.heading


@dataclass(frozen=True)
class Sheet(Generic[Row]):
    """`name` is the file's, without its ending: letters, digits and hyphens. `title` is for people."""

    name: str
    title: str
    columns: Sequence[Column[Row]]


# --- CSV -------------------------------------------------------------------------------------------------------------


def as_csv(sheet: Sheet[Row], rows: Iterable[Row]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([guarded(column.head) for column in sheet.columns])
    for row in rows:
        writer.writerow([_plain(column, row) for column in sheet.columns])
    return text.getvalue().encode("utf-8-sig")


def from_csv(content: bytes) -> list[list[str]]:
    """The cells as they were given to `as_csv`, headings first; numbers and dates as text."""
    rows = csv.reader(StringIO(content.decode("utf-8-sig"), newline=""))
    return [[unguarded(cell) for cell in row] for row in rows]


def guarded(text: str) -> str:
    """`text` with an apostrophe wherever a cell could begin and be taken for a formula, and before what would be read
    as a number or a date. Nothing else is changed."""
    safe = _DANGER.sub("'", text)
    short = len(text) <= LONGEST_NUMBER
    return f"'{safe}" if short and _OTHERWISE.match(text) and not safe.startswith("'") else safe


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return _GUARD.sub("", text)


def _plain(column: Column[Row], row: Row) -> str:
    value = column.value(row)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return guarded(value) if isinstance(value, str) else str(value)


# --- XLSX ------------------------------------------------------------------------------------------------------------

_WIDTHS: Final = {Kind.TEXT: 24, Kind.NUMBER: 12, Kind.DAY: 12, Kind.MOMENT: 20}
_NUMBER_FORMATS: Final = {
    Kind.TEXT: "@",
    Kind.NUMBER: "General",
    Kind.DAY: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
}
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")


def as_xlsx(sheet: Sheet[Row], rows: Iterable[Row]) -> bytes:
    import xlsxwriter  # only who asks for a workbook pays for it

    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    page = book.add_worksheet(_NOT_IN_A_SHEET_NAME.sub(" ", sheet.title)[:31].strip())
    formats = {kind: book.add_format({"num_format": form, "valign": "top"}) for kind, form in _NUMBER_FORMATS.items()}
    head = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, max(_WIDTHS[column.kind], len(column.head) + 2), formats[column.kind])
        page.write_string(0, place, column.head, head)
    page.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, 1):
        for place, column in enumerate(sheet.columns):
            _write(page, last, place, column.value(row), formats[column.kind], formats[Kind.TEXT])
    page.autofilter(0, 0, last, len(sheet.columns) - 1)
    book.close()
    return content.getvalue()


def _write(page: Any, row: int, place: int, value: Value, form: Any, text: Any) -> None:
    if value is None or value == "":
        page.write_blank(row, place, None, form)
    elif isinstance(value, str):
        page.write_string(row, place, _fitting(value), text)
    elif isinstance(value, datetime):
        page.write_datetime(row, place, value.astimezone(UTC).replace(tzinfo=None), form)
    elif isinstance(value, date):
        page.write_datetime(row, place, value, form)
    else:
        page.write_number(row, place, value, form)


def _fitting(text: str) -> str:
    """A longer text says that it goes on; the CSV has all of it."""
    if len(text) <= LONGEST_CELL:
        return text
    note = _(" [cut here: the whole text stands in the CSV file]")
    return text[: LONGEST_CELL - len(note)] + note
