"""One way for every list: what is asked of it, how many there are, and one page of them.

Who may see a row is the list's own WHERE clause, in the statement before it comes here. A search looks at what the list
shows to this reader and at nothing else, or it would tell what the list does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, literal, true
from sqlalchemy.sql.base import ExecutableOption

from award_app.db import db, folded
from award_app.domain.names import searchable

Row = TypeVar("Row")
Other = TypeVar("Other")

PAGE: Final = 50
MOST_IN_A_FILE: Final = 10_000


@dataclass(frozen=True)
class Wanted:
    """What a reader asks of a list: words, one value for each filter she chose, a page counted from 1. `whole`: all
    that fit, for a file."""

    search: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    page: int = 1
    whole: bool = False

    def get(self, name: str) -> str:
        """The chosen value; "" where the filter is open."""
        return self.chosen.get(name, "")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`total` rows may be seen, `found` of them fit what is asked, `rows` are those of page `number`."""

    rows: Sequence[Row]
    found: int
    total: int
    number: int = 1

    @property
    def pages(self) -> int:
        return max(math.ceil(self.found / PAGE), 1)

    @property
    def left_out(self) -> int:
        """Rows that fit but are too many for a file."""
        return max(self.found - MOST_IN_A_FILE, 0)

    def turned(self, into: Callable[[Row], Other]) -> Page[Other]:
        return Page([into(row) for row in self.rows], self.found, self.total, self.number)


def matching(words: str, *texts: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Every word stands somewhere in the texts, whatever its case and accents. A text may be NULL."""
    found = searchable(words).split()
    if not found:
        return true()
    joined: ColumnElement[str] = literal("")
    for text in texts:
        joined = joined.concat(func.coalesce(text, "")).concat(" ")
    haystack = folded(joined)
    return and_(*(haystack.contains(word, autoescape=True) for word in found))


def page(
    rows: Select[*tuple[Any, ...]], fits: ColumnElement[bool], wanted: Wanted, *loads: ExecutableOption
) -> Page[tuple[Any, ...]]:
    """Two statements: `rows` is what this reader may see, in an order that ends with a unique column; `fits` is what
    she asks for; `loads` belong to the rows alone. A page behind the last one is the last one."""
    # Folding every text costs more than all the rest: where there is a search, it is done once, with the rows.
    counted = true() if wanted.search else fits
    counts = rows.with_only_columns(func.count(), func.count().filter(counted), maintain_column_froms=True)
    total, fitting = db.session.execute(counts.order_by(None)).one()
    window = rows.where(fits).options(*loads)
    if wanted.search:
        return _searched(window.add_columns(func.count().over()), total, wanted)
    number = _number(wanted, fitting)
    return Page([tuple(row) for row in db.session.execute(_cut(window, wanted, number))], fitting, total, number)


def _searched(window: Select[*tuple[Any, ...]], total: int, wanted: Wanted) -> Page[tuple[Any, ...]]:
    """The last column says how many fit. Behind the last page it is asked once more."""
    found = db.session.execute(_cut(window, wanted, max(wanted.page, 1))).all()
    number = 1 if wanted.whole else max(wanted.page, 1)
    if not found and number > 1:
        first = db.session.execute(window.limit(1)).first()
        number = _number(wanted, first[-1] if first else 0)
        found = db.session.execute(_cut(window, wanted, number)).all()
    return Page([tuple(row[:-1]) for row in found], found[0][-1] if found else 0, total, number)


def _number(wanted: Wanted, found: int) -> int:
    return 1 if wanted.whole else min(max(wanted.page, 1), max(math.ceil(found / PAGE), 1))


def _cut(window: Select[*tuple[Any, ...]], wanted: Wanted, number: int) -> Select[*tuple[Any, ...]]:
    return window.limit(MOST_IN_A_FILE) if wanted.whole else window.limit(PAGE).offset((number - 1) * PAGE)


def narrowed(rows: Sequence[Row], fits: Callable[[Row], bool], wanted: Wanted) -> Page[Row]:
    """The same of rows that the page has read whole, because it says something about all of them."""
    found = [row for row in rows if fits(row)]
    number = _number(wanted, len(found))
    window = found[:MOST_IN_A_FILE] if wanted.whole else found[(number - 1) * PAGE : number * PAGE]
    return Page(window, len(found), len(rows), number)


def says(words: str, *texts: str) -> bool:
    """What `matching` asks in SQL."""
    haystack = searchable(" ".join(texts))
    return all(word in haystack for word in searchable(words).split())
