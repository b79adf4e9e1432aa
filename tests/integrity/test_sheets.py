"""T4x: a spreadsheet program opens our files and evaluates nothing; what went in comes out.

LibreOffice is the judge: it reads each file as it would for a person and writes it out again.
"""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from itertools import cycle, product
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from award_app.accounts.models import Person
from award_app.cycles.models import Mission
from award_app.db import db, transaction
from award_app.nominations.models import Nomination
from award_app.reports import sheets
from award_app.reports.sheets import Column, Sheet
from tests import factories as make
from tests.integrity.routes import guarded_routes, places
from tests.integrity.stage import Stage, staged
from tests.integrity.world import World

FORMULAS = ("1+1", "SUM(A1:A9)", 'HYPERLINK("http://127.0.0.1/?"&A1;"x")', "cmd|' /C calc'!A0", "WEBSERVICE(A1)")
SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "\t=", "\r=", "\n=", "\r\n=", "\0=", '"=', "'=", '""=', " =")
BEFORE = ("", "a;", "a\t", "a|", "a\n", 'a";"', 'a","', "a,")
# Not formulas, but read as something else than the text they are.
OTHERWISE = ("007", "1e5", "1/2", "Mar-26", "10:30", "50%", "2026-03-10", "1,000", "$5", "TRUE", "faux", "22222e2222")
HARMLESS = ("Nadia Okoro", "Zoë Ñandú", "نادية عكورو", "李娜", "O’Brien", "a = b", "", "_x0041_", "{=1+1}", "e=mc²")
PAYLOADS = (
    *(before + sign + formula for before in BEFORE for sign in SIGNS for formula in FORMULAS),
    *OTHERWISE,
    *HARMLESS,
)


class Line(NamedTuple):
    name: str
    service: str


SHEET: Sheet[Line] = Sheet("lines", "Lines", (Column("Name", lambda r: r.name), Column("Service", lambda r: r.service)))
# Each payload in the first column and in the last one.
LINES = [Line(text, f"{n}th") for n, text in enumerate(PAYLOADS)] + [Line("x", text) for text in PAYLOADS]
AS_WRITTEN = [["Name", "Service"], *[list(line) for line in LINES]]
# As LibreOffice asks a person: separator, quotes, UTF-8 (76), from the first line on.
COMMAS, SEMICOLONS, TABS = "44,34,76,1", "59,34,76,1", "9,34,76,1"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


class Office:
    """LibreOffice with a profile of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def convert(self, name: str, content: bytes, to: str, *how: str) -> Path:
        (self.folder / "in").mkdir(exist_ok=True)
        source = self.folder / "in" / name
        source.write_bytes(content)
        target = self.folder / f"out.{to.split(':')[0]}"
        profile = f"-env:UserInstallation=file://{self.folder}/profile"
        made = self.folder / "out"
        command = ["soffice", profile, "--headless", *how, "--convert-to", to, "--outdir", str(made), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=240)
        return next(made.glob(f"{source.stem}.*")).rename(target)

    def read(self, name: str, content: bytes, *how: str, dates: bool = False) -> tuple[list[list[str]], int]:
        """The cells as LibreOffice understood them, and how many of them it evaluates. `dates`: some are dates."""
        book = openpyxl.load_workbook(self.convert(name, content, "xlsx", *how))
        rows = list(book.worksheets[0].iter_rows())
        evaluated = sum(cell.data_type == "f" for row in rows for cell in row)
        odd = [
            cell.value for row in rows for cell in row if cell.data_type not in "sn" or isinstance(cell.value, float)
        ]
        assert dates or odd == []  # nothing became a date, a truth or an error
        return [[str("" if cell.value is None else cell.value) for cell in row] for row in rows], evaluated


def as_office_keeps(rows: Sequence[Sequence[str]], without: str = "") -> list[list[str]]:
    """LibreOffice knows one kind of line break, in its own count where two kinds meet."""
    kept = [[re.sub(r"[\r\n]+", "\n", cell) for cell in row] for row in rows]
    return [[cell.replace(without, "") for cell in row] for row in kept] if without else kept


# Every page that gives its list out as a file.
LISTS = (
    "accounts.people",
    "cycles.every",
    "screening.cycle",
    "reports.missions",
    "letters.index",
    "ledger.ledger",
    "nominations.index",
    "reviews.progress",
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A world in which whatever people type is a formula."""
    with staged(tmp_path_factory.mktemp("sheets")) as built:
        with transaction():
            _poison(built.world)
        yield built


def _poison(world: World) -> None:
    texts = cycle(PAYLOADS)
    for n, payload in enumerate(PAYLOADS):
        make.person(payload or "Nobody", email=f"={n}+1@laurel.example")
    for table in (Person, Mission, Nomination):
        for row in db.session.scalars(select(table)).all():
            for name in TYPED[table]:
                setattr(row, name, next(texts) or "Nobody")
    for year in world.cycles.values():
        year.titles = {"en": next(texts) or "Nobody", "fr": next(texts) or "Nobody"}


TYPED: Mapping[type[Any], tuple[str, ...]] = {
    Person: ("name", "home_service"),
    Mission: ("name", "area"),
    Nomination: ("nominee_name", "nominee_rank", "nominee_service", "nominee_unit"),
}


def _taken_along(stage: Stage, form: str) -> dict[str, bytes]:
    """Endpoint → its list as a file, for whoever may see it. A list is of the service or of a year."""
    found: dict[str, bytes] = {}
    routes = [r for r in guarded_routes(stage.app) if r.method == "GET" and set(r.arguments.values()) <= {"year"}]
    for route, actor in product(routes, ("secretariat", "observer", "nominator", "member")):
        place = places(route, stage.world)[-1]
        answer = stage.send(actor, "GET", f"{route.path(place.values)}?as={form}")
        if 'filename="laurel-' in answer.headers.get("Content-Disposition", ""):
            found[route.endpoint] = max(found.get(route.endpoint, b""), answer.data, key=len)
    return found


@pytest.mark.processes
def test_every_list_that_can_be_taken_along_is_safe_in_a_spreadsheet_program(stage: Stage, office: Office) -> None:
    texts, books = _taken_along(stage, "csv"), _taken_along(stage, "xlsx")
    assert set(texts) == set(books) == set(LISTS)
    seen = 0
    for endpoint in LISTS:
        rows, evaluated = office.read(f"{endpoint}.csv", texts[endpoint], f"--infilter=CSV:{COMMAS}", dates=True)
        assert (endpoint, evaluated) == (endpoint, 0)
        assert office.read(f"{endpoint}.xlsx", books[endpoint], dates=True)[1] == 0
        seen += len(rows)
    people = {row[0] for row in sheets.from_csv(texts["accounts.people"])[1:]}
    assert (len(people & set(PAYLOADS)) > 350, seen > 800) == (True, True)


@pytest.mark.processes
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
class TestLibreOffice:
    def test_it_evaluates_nothing_of_a_csv_file_and_gives_every_text_back(self, app: Flask, office: Office) -> None:
        rows, evaluated = office.read("lines.csv", sheets.as_csv(SHEET, LINES), f"--infilter=CSV:{COMMAS}")
        assert evaluated == 0
        texts = [[sheets.unguarded(cell) for cell in row] for row in rows]
        assert as_office_keeps(texts) == as_office_keeps(AS_WRITTEN, without="\0")  # it drops the NUL of a CSV file

    @pytest.mark.parametrize("how", [SEMICOLONS, TABS])
    def test_it_evaluates_nothing_where_it_reads_another_separator_than_ours(
        self, app: Flask, office: Office, how: str
    ) -> None:
        book = openpyxl.load_workbook(
            office.convert("lines.csv", sheets.as_csv(SHEET, LINES), "xlsx", f"--infilter=CSV:{how}")
        )
        cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
        assert [cell.value for cell in cells if cell.data_type == "f"] == []
        assert len(cells) > len(LINES)

    def test_it_evaluates_nothing_of_a_workbook_and_gives_every_text_back(self, app: Flask, office: Office) -> None:
        content = sheets.as_xlsx(SHEET, LINES)
        how = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
        text = office.convert("lines.xlsx", content, how).read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(StringIO(text, newline="")))
        assert as_office_keeps(rows) == as_office_keeps(AS_WRITTEN)
        assert office.read("lines.xlsx", content)[1] == 0

    def test_the_judge_sees_a_formula_where_there_is_one(self, app: Flask, office: Office) -> None:
        """Without our guard it evaluates: so the zeros above say something."""
        text = StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows([line] for line in PAYLOADS)
        book = openpyxl.load_workbook(
            office.convert("raw.csv", text.getvalue().encode("utf-8-sig"), "xlsx", f"--infilter=CSV:{COMMAS}")
        )
        evaluated = sum(cell.data_type == "f" for row in book.worksheets[0].iter_rows() for cell in row)
        assert evaluated == 2 * len(FORMULAS)  # after “=” alone, and after a NUL, which it drops
