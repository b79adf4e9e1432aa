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


class RouteExpectations:
    """expected_routes.csv, by hand too: pages that are open to fewer people than their action is, and why.

    Where the action alone would lead to `instead_of`, this page answers as `expected` says.
    """

    def __init__(self) -> None:
        with Path(__file__).with_name("expected_routes.csv").open(newline="") as file:
            self._rows = [
                (
                    line["endpoint"],
                    {name for word in line["actors"].split("|") for name in _people(word)},
                    line["instead_of"],
                    line["expected"],
                )
                for line in csv.DictReader(file)
            ]
        self.endpoints = {row[0] for row in self._rows}

    def of(self, endpoint: str, actor: str, otherwise: str) -> str:
        """What the page answers where the action alone would say `otherwise`; a 404 stays one."""
        if otherwise in ("404", "sign-in"):
            return otherwise
        for name, actors, instead_of, expected in self._rows:
            if name == endpoint and actor in actors and instead_of in ("*", otherwise):
                return expected
        return otherwise


def _people(word: str) -> tuple[str, ...]:
    return EVERYBODY if word == "everybody" else GROUPS.get(word, (word,))


def _in(value: str, allowed: frozenset[str]) -> bool:
    return "*" in allowed or value in allowed
