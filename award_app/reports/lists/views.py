"""A list as a file: the same rows as the page, with the same filters, and a row of the ledger that says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from flask import Response

from award_app import audit
from award_app.accounts.models import Person
from award_app.audit import Thing
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from award_app.reports import sheets
from award_app.reports.lists.forms import Bar
from award_app.reports.lists.queries import Page
from award_app.reports.sheets import Sheet
from award_app.web.guard import ask_to_prove

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_file(
    bar: Bar, page: Page[Any], sheet: Sheet[Any], *, by: Person, now: datetime, cycle: Cycle | None = None
) -> Response:
    """The answer to `bar.file`: for whoever has lately proved who she is. Reading is over before the ledger is written, in
    a transaction of its own."""
    first = ask_to_prove()
    if first is not None:
        return cast(Response, first)
    content = (sheets.as_csv if bar.file == "csv" else sheets.as_xlsx)(sheet, page.rows)
    name = f"laurel-{sheet.name}-{now:%Y-%m-%d}.{bar.file}"
    _record(sheet.name, bar.file, len(page.rows), by=by, now=now, cycle=cycle)
    answer = Response(content, content_type=_TYPES[bar.file])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _record(name: str, form: str, rows: int, *, by: Person, now: datetime, cycle: Cycle | None) -> None:
    thing: Thing = by if cycle is None else cycle
    cycle_id = None if cycle is None else cycle.id
    db.session.rollback()  # SQLite cannot turn the list's reading into writing once somebody else has written
    with transaction():
        audit.record("export", thing, by=by, at=now, cycle_id=cycle_id, list=name, form=form, rows=rows)
