"""expected_access.csv, written by hand from DOMAIN's "Who may know what". The first row that fits a cell speaks for it."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GROUPS = {
    "the_secretariat": ("secretariat", "secretariat_undeclared", "secretariat_conflict"),
    "missions": ("nominator", "nominator_other", "authority", "authority_other"),
    "panel": ("member", "member_undeclared", "member_recused", "chair", "deputy"),
}
OUTSIDERS = ("member_removed", "member_other_cycle")
EVERYBODY = (*(name for group in GROUPS.values() for name in group), "observer", *OUTSIDERS)
ACTORS = (*EVERYBODY, "deactivated")


@dataclass(frozen=True)
class Row:
    number: int
    action: str
    actors: frozenset[str]
    states: frozenset[str]
    phases: frozenset[str]
    expected: str

    def fits(self, action: str, actor: str, state: str, phase: str) -> bool:
        return (
            self.action in (action, "*")
            and _in(actor, self.actors)
            and _in(state, self.states)
            and _in(phase, self.phases)
        )


@cache
def rows() -> tuple[Row, ...]:
    with Path(__file__).with_name("expected_access.csv").open(newline="") as file:
        return tuple(
            Row(
                number,
                line["action"],
                frozenset(name for word in line["actors"].split("|") for name in _people(word)),
                frozenset(line["states"].split("|")),
                frozenset(line["phases"].split("|")),
                line["expected"],
            )
            for number, line in enumerate(csv.DictReader(file), 2)
        )


class Expectations:
    """Answers cells and counts which rows spoke."""

    def __init__(self) -> None:
        self.hits: Counter[int] = Counter()

    def of(self, action: str, actor: str, state: str = "-", phase: str = "-") -> str:
        row = next(row for row in rows() if row.fits(action, actor, state, phase))
        self.hits[row.number] += 1
        return row.expected

    def unheard(self) -> list[int]:
        return [row.number for row in rows() if not self.hits[row.number]]


def _people(word: str) -> tuple[str, ...]:
    return EVERYBODY if word == "everybody" else GROUPS.get(word, (word,))


def _in(value: str, allowed: frozenset[str]) -> bool:
    return "*" in allowed or value in allowed
