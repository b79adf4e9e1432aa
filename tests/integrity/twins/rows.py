"""That two worlds differ in their secret and in nothing else: row by row, before anybody looks at a page.

What is computed or written from a secret differs with it. The ledger's rows are sealed into a chain: one act more, or
another one, shows in every seal that follows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

LEDGER: Final = frozenset({"ledger", "ledger_head", "ledger_anchor"})
_SCORES: Final = frozenset({"score"})
_OUTCOME: Final = _SCORES | {"result", "result_row"}

TABLES: Final[Mapping[str, frozenset[str]]] = {
    "who scored, review": _SCORES,
    "who scored, closed": _SCORES,  # two members change places: the result stays
    "who scored, decided": _SCORES,
    "score, review": _SCORES,
    "score, closed": _OUTCOME,
    "score of a closed file, closed": _OUTCOME,
    "score, decided": _OUTCOME | {"finalist"},
    "a score": _SCORES,
    "comment, review": _SCORES,
    "comment, closed": _SCORES,
    "a comment": _SCORES,
    "declared conflict, review": frozenset({"recusal"}),
    "declared conflict, closed": frozenset({"recusal"}),
    "a declared conflict": frozenset({"recusal"}),
    "a conflict in the secretariat": frozenset({"secretariat_declaration"}),
    "shortlist": frozenset({"finalist"}),
    "a proposed shortlist": frozenset({"shortlist", "finalist"}),
    "a shortlist": frozenset({"shortlist", "finalist"}),
    "winner, decided": frozenset({"place"}),
    "a decision": frozenset({"decision", "place", "present"}),
    "winner, told": frozenset({"place", "announcement", "telling", "letter"}),
    "citation": frozenset({"announcement"}),
    "release instant": frozenset({"announcement", "letter"}),
    "a planned letter": frozenset({"letter"}),
    "text of a file": frozenset({"answer"}),
    "nominee of another mission": frozenset({"answer", "nomination"}),
    "text of a draft": frozenset({"answer"}),
    "a draft": frozenset({"answer", "nomination"}),
    "remark of a return": frozenset({"return"}),
    "a return": frozenset({"return", "nomination", "letter"}),
    "text that came too late": frozenset({"answer"}),
    "contact data, review": frozenset({"answer"}),
    "conduct reference, closed": frozenset({"conduct_clearance"}),
    "a conduct reference": frozenset({"conduct_clearance"}),
}
"""Secret → the tables, beside the ledger's, in which its worlds part."""


def parted(one: Path, other: Path) -> frozenset[str]:
    """The tables, without the ledger's, that do not hold the same rows in both databases."""
    rows, others = _rows(one), _rows(other)
    return frozenset(table for table in rows | others if rows.get(table) != others.get(table)) - LEDGER


def _rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {name: sorted(database.execute(f'SELECT * FROM "{name}"'), key=repr) for (name,) in found.fetchall()}
