"""T1 on routes: every actor before every guarded route, for everything in the world that its address can name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from award_app import access
from tests import factories as make
from tests.integrity.expectations import ACTORS, Expectations, RouteExpectations
from tests.integrity.routes import THINGS, UNKNOWN, Place, Route, guarded_routes, places, unknown
from tests.integrity.stage import ANONYMOUS, Stage

SIGN_IN = "sign-in"
STATUS = {
    "404": 404,
    **dict.fromkeys(("not_yours", "declare_first", "conflict"), 403),
    **dict.fromkeys(("too_early", "too_late", "wrong_state", "already_done"), 409),
}
# An empty form of somebody who may: carried out, or refused for what it lacks or for how the thing stands.
DONE_OR_LACKING = {200, 204, 302, 303, 400, 409, 422}
# Stands in every file's text, and on no page for somebody who may not read the file.
TEXT = make.ANSWERS["achievements.0.before"].encode()
# What differs between two pages that say the same: tokens.
_TOKENS = re.compile(rb'(name="(?:csrf_token|once)"[^>]*value="[^"]*")|(value="[^"]*"[^>]*name="(?:csrf_token|once)")')


@dataclass
class Report:
    cells: int = 0
    seen: int = 0  # the thing was truly there for the actor
    refused: int = 0  # and she was told why not
    read: int = 0  # a file's text was truly on the page
    routes: set[str] = field(default_factory=set)
    found: Counter[str] = field(default_factory=Counter)
    deviations: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Cell:
    route: Route
    place: Place
    actor: str
    expected: str
    reads: bool = False  # whether she may read the file the address names

    @property
    def path(self) -> str:
        return self.route.path(self.place.values)


def cells(stage: Stage) -> list[Cell]:
    """Everything there is to ask, reading before writing."""
    by_action, by_route = Expectations(), RouteExpectations()

    def expected(route: Route, place: Place, actor: str) -> str:
        if actor == ANONYMOUS:
            return SIGN_IN
        wanted = by_action.of(route.action.name, actor, place.state, place.phase)
        return by_route.of(route.endpoint, actor, wanted)

    def reads(place: Place, actor: str) -> bool:
        return by_action.of("READ", actor, place.state, place.phase) == "yes"

    found = [
        Cell(route, place, actor, expected(route, place, actor), reads(place, actor))
        for route in guarded_routes(stage.app)
        for place in places(route, stage.world)
        for actor in (*ACTORS, ANONYMOUS)
    ]
    return sorted(found, key=lambda cell: cell.route.method != "GET")


def nothing_there(stage: Stage) -> Iterator[Cell]:
    for route in guarded_routes(stage.app):
        for values in unknown(route, stage.world):
            for actor in (*ACTORS, ANONYMOUS):
                wanted = SIGN_IN if actor in (ANONYMOUS, "deactivated") else "404"
                yield Cell(route, Place(values), actor, wanted)


def sample(found: list[Cell], share: float, seed: int) -> list[Cell]:
    """A seeded share of the cells, three times that of those in which the answer is yes, and of each route and each
    answer expected of it at least one."""
    chance = Random(seed)
    met: set[tuple[str, str]] = set()
    order = {id(cell): chance.random() for cell in found}
    chosen = []
    for cell in sorted(found, key=lambda cell: order[id(cell)]):
        kind = (cell.route.name, cell.expected)
        wanted = share * 3 if cell.expected == "yes" else share
        if order[id(cell)] < wanted or kind not in met:
            met.add(kind)
            chosen.append(cell)
    return sorted(chosen, key=lambda cell: cell.route.method != "GET")


def ask(stage: Stage, cell: Cell, report: Report) -> Any:
    access.asked.clear()
    answer = stage.send(cell.actor, cell.route.method, cell.path)
    found = _found(answer)
    report.cells += 1
    report.routes.add(cell.route.name)
    report.found[f"{cell.expected}: {found}"] += 1
    report.seen += cell.expected == "yes"
    report.refused += cell.expected in STATUS and cell.expected != "404"
    where = f"{cell.actor} {cell.route.name} ({cell.path}) [{cell.place.state} in {cell.place.phase}]"
    if not _fits(cell, answer.status_code, found):
        raised = f" raised {stage.raised[0]!r}" if stage.raised else ""
        report.deviations.append(f"{where}: expected {cell.expected}, found {found}{raised}")
    elif cell.expected not in ("404", SIGN_IN) and cell.route.action not in access.asked:
        report.deviations.append(f"{where}: {cell.route.action.name} was never asked")
    if TEXT in answer.data:
        report.read += 1
        if not cell.reads:
            report.deviations.append(f"{where}: the text of the file is on the page")
    if cell.route.method != "GET" and answer.status_code not in (403, 404) and found != SIGN_IN:
        stage.reset()
    return answer


def without_tokens(page: bytes) -> bytes:
    return _TOKENS.sub(b"", page)


def same_but_for_tokens(one: bytes, other: bytes) -> bool:
    return without_tokens(one) == without_tokens(other)


def _found(answer: Any) -> str:
    if answer.status_code == 302 and answer.location.split("?")[0] == "/sign-in":
        return SIGN_IN
    return str(answer.status_code)


def _fits(cell: Cell, status: int, found: str) -> bool:
    if cell.expected == SIGN_IN:
        return found == SIGN_IN
    if cell.expected != "yes":
        return status == STATUS[cell.expected]
    return found != SIGN_IN and status in ({200, 302, 303} if cell.route.method == "GET" else DONE_OR_LACKING)


def hidden_like_nothing(stage: Stage, hidden: list[Cell], report: Report) -> None:
    """What one may not see answers like what is not there, to the byte but for tokens."""
    for cell in hidden:
        named = [(name, kind) for name, kind in cell.route.arguments.items() if kind in THINGS]
        if not named:
            continue
        name, kind = named[-1]
        nothing = cell.route.path({**cell.place.values, name: UNKNOWN[kind]})
        one, other = (stage.send(cell.actor, cell.route.method, path) for path in (cell.path, nothing))
        report.cells += 1
        same = set(one.headers.keys()) == set(other.headers.keys()) and one.status_code == other.status_code
        if not same or not same_but_for_tokens(one.data, other.data):
            report.deviations.append(f"{cell.actor} {cell.path} does not answer like {nothing}")
