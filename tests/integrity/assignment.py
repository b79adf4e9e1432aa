"""T1f: every column there is, sent along with every form. What is stored is the same as without them.

Each form is sent twice from the same database, at the same instant, with the same chance: once as a person fills it in,
once with a value for every column of every table beside it but those that are fields of this very form. The two
databases must be equal to the last row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, request_started
from sqlalchemy import Boolean, Column, Enum, Integer, select
from sqlalchemy.types import JSON

from award_app import chance
from award_app.db import Base, Instant, db
from tests.integrity.forms import Sent
from tests.integrity.stage import Stage

# What a person writes where a page leaves a field empty, by how the field's name ends.
_WRITES = {
    "email": "somebody@laurel.example",
    "until": "2026-03-20T10:00",
    "at": "2026-03-20T10:00",
    "on": "2026-03-01",
    "started": "2020-01-01",
    "score": "3",
    "password": "a horse that stays calm 7",
    "current": "a horse that stays calm 7",
}
# Fields, named like a column, of forms that stand on no page of this world.
_OWN = {"reviews.answered": {"number"}, "shortlist.confirm": {"version"}}
_OTHERWISE = "Words that say why."


@dataclass
class Found:
    forms: int = 0
    carried_out: int = 0  # forms that changed something: the others store nothing to compare
    columns: int = 0
    deviations: list[str] = field(default_factory=list)


def columns() -> dict[str, str]:
    """Every column's name, with a value that would matter if it were taken."""
    return {column.name: _value(column) for table in Base.metadata.sorted_tables for column in table.columns}


def compare(stage: Stage, forms: list[Sent]) -> Found:
    found, extra = Found(columns=len(columns())), columns()
    for form in forms:
        filled = _filled(form)
        before = _everything()
        plain, status = _after(stage, form, filled)
        own = {*form.names, *_OWN.get(form.endpoint, ())}
        more = {**{name: text for name, text in extra.items() if name not in own}, **filled}
        loaded, with_columns = _after(stage, form, more)
        found.forms += 1
        found.carried_out += plain != before
        if status != with_columns and with_columns != 429:  # codes and passwords may be tried a few times only
            found.deviations.append(f"{form.endpoint} {form.path}: {status}, with columns {with_columns}")
        found.deviations += [f"{form.endpoint} {form.path}: {line}" for line in _differences(plain, loaded)]
    return found


def _after(stage: Stage, form: Sent, values: dict[str, str]) -> tuple[dict[str, list[str]], int]:
    stage.reset()
    with request_started.connected_to(_same_chance, stage.app):  # each request has a context of its own
        status = stage.send(form.actor, "POST", form.path, data=values).status_code
    rows = _everything()
    stage.reset()
    return rows, status


def _same_chance(_app: Flask, **_more: Any) -> None:
    chance.seed(1)


def _everything() -> dict[str, list[str]]:
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
        }


def _differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> Iterator[str]:
    for table, rows in one.items():
        for row in sorted(set(other[table]) - set(rows)):
            yield f"{table} holds {row:.200}"


def _filled(form: Sent) -> dict[str, str]:
    return {name: text or _writes(name) for name, text in form.values.items() if name not in ("csrf_token", "once")}


def _writes(name: str) -> str:
    last = name.replace("-", "_").split("_")[-1]
    return _WRITES.get(last, _OTHERWISE)


def _value(column: Column[Any]) -> str:
    if isinstance(column.type, Enum):
        return str(column.type.enums[-1])
    for kind, value in ((Boolean, "1"), (Integer, "1"), (Instant, "2020-01-01T00:00"), (JSON, "[]")):
        if isinstance(column.type, kind):
            return value
    return "taken"
