"""T21: something breaks inside a check. Whatever breaks, nothing is shown or done that the check stood before.

First each route is asked once while every check only counts; then each check that a route truly asked is broken before
that route, and so is the database at one of its statements.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from types import FunctionType, ModuleType
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from award_app import access, audit, notes, outbox
from award_app.accounts import limits, sessions
from award_app.db import db
from award_app.domain import policy
from award_app.nominations import lifecycle, storage
from award_app.web import once, typed
from tests.integrity import walk
from tests.integrity.stage import ANONYMOUS, WRITTEN_BY_READING, Stage

WORDS = "SELECT password_hash FROM person -- inside of a failure"
CHECKED: tuple[ModuleType, ...] = (
    *(access, policy, sessions, limits, audit, outbox, storage, lifecycle, once, notes, typed),
)
# Written about the work when it has ended (decision 12): where this fails the work stands, and its answer does not leave.
AFTERWARDS = frozenset({"award_app.notes.write", "award_app.accounts.sessions.touch"})
_WRITTEN = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
_LEAKS = (WORDS.encode(), b"password_hash", b"RuntimeError", b"OperationalError", b"Traceback", b"sqlalchemy")


@dataclass
class Report:
    tried: int = 0
    refused: int = 0  # the check was reached, broke, and the answer was a refusal or a failure
    checks: set[str] = field(default_factory=set)
    deviations: list[str] = field(default_factory=list)


@dataclass
class Made:
    """The statements of a request, and after which of them something was committed."""

    statements: list[str] = field(default_factory=list)
    commits: list[int] = field(default_factory=list)

    def writes(self, start: int, end: int | None = None) -> bool:
        found = (_WRITTEN.match(statement) for statement in self.statements[start:end])
        return any(one and one[1] not in WRITTEN_BY_READING for one in found)

    @property
    def done_at(self) -> int:
        """By this statement the work was committed; what comes after it is written down about it."""
        return next((n for n in self.commits if self.writes(0, n)), len(self.statements))


@dataclass(frozen=True)
class Asked:
    """One request that goes well, the checks it asks and the statements it makes."""

    actor: str
    method: str
    route: str
    path: str
    checks: frozenset[str]
    made: Made


def checks() -> dict[str, FunctionType]:
    """Every public function of the parts that check, record and store."""
    return {
        f"{module.__name__}.{name}": thing
        for module in CHECKED
        for name, thing in vars(module).items()
        if isinstance(thing, FunctionType) and thing.__module__ == module.__name__ and not name.startswith("_")
    }


def routes(stage: Stage) -> list[walk.Cell]:
    """Of each guarded route one cell in which the answer is yes."""
    found: dict[str, walk.Cell] = {}
    for cell in walk.cells(stage):
        if cell.expected == "yes":
            found.setdefault(cell.route.name, cell)
    return list(found.values())


def ask_all(stage: Stage, cells: list[walk.Cell]) -> list[Asked]:
    return [
        _ask(stage, cell.actor, cell.route.method, f"{cell.route.method} {cell.route.rule}", cell.path)
        for cell in cells
    ]


def ask_public(stage: Stage) -> list[Asked]:
    """Every page that everybody may read, as the site itself lists them, and the feed."""
    listed = re.findall(r"<loc>[^<]*?//[^/<]+(/[^<]*)</loc>", stage.send(ANONYMOUS, "GET", "/sitemap.xml").text)
    return [_ask(stage, ANONYMOUS, "GET", path, path) for path in ("/sitemap.xml", "/en/feed.xml", *listed)]


def _ask(stage: Stage, actor: str, method: str, route: str, path: str) -> Asked:
    with counted() as called, statements(stop_at=0) as made:
        stage.send(actor, method, path)
    _back(stage, method)
    return Asked(actor, method, route, path, frozenset(called), made)


def break_all(stage: Stage, asked: list[Asked], share: float, seed: int) -> Report:
    """Each check before each route that asks it, or a seeded share of them and each check at least once."""
    report, chance, met = Report(), Random(seed), set[str]()
    for one in chance.sample(asked, len(asked)):
        for name in sorted(one.checks):
            if chance.random() < share or name not in met:
                met.add(name)
                _break(stage, one, name, report)
        if one.made.writes(one.made.done_at):
            report.deviations.append(f"{one.route} does its work in more than one transaction")
        last = len(one.made.statements)
        for number in {1, (last + 1) // 2, last}:
            if number and chance.random() < share:
                _break_database(stage, one, number, report)
    report.checks = met
    return report


def _break(stage: Stage, one: Asked, name: str, report: Report) -> None:
    def broken(*_arguments: object, **_more: object) -> Any:
        reached.append(name)
        raise RuntimeError(WORDS)

    reached: list[str] = []
    before = "" if name in AFTERWARDS else _state(stage, one)
    with replaced({name: broken}):
        answer = stage.send(one.actor, one.method, one.path)
    _judge(stage, one, f"with {name} broken", answer, before, bool(reached), report)


def _break_database(stage: Stage, one: Asked, number: int, report: Report) -> None:
    before = "" if number > one.made.done_at else _state(stage, one)
    with statements(stop_at=number) as made:
        answer = stage.send(one.actor, one.method, one.path)
    reached = len(made.statements) >= number
    _judge(stage, one, f"with the database gone at statement {number}", answer, before, reached, report)


def _judge(stage: Stage, one: Asked, how: str, answer: Any, before: str, reached: bool, report: Report) -> None:
    report.tried += 1
    where = f"{one.actor} {one.route} {how}: {answer.status_code}"
    if reached:
        report.refused += answer.status_code >= 400
        if answer.status_code < 400 and not (answer.location or "").startswith("/sign-in"):
            report.deviations.append(f"{where}, as if nothing were wrong")
        if walk.TEXT in answer.data or any(words in answer.data for words in _LEAKS):
            report.deviations.append(f"{where} and says what it should not")
        if before and _state(stage, one) != before:
            report.deviations.append(f"{where} and something is half done")
    _back(stage, one.method)


def _state(stage: Stage, one: Asked) -> str:
    """A page writes nothing in any case, which another test sees to."""
    return stage.fingerprint() if one.method != "GET" else ""


def _back(stage: Stage, method: str) -> None:
    if method != "GET":
        stage.reset()


@contextmanager
def counted() -> Iterator[set[str]]:
    """Which checks are asked."""
    called: set[str] = set()

    def noting(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def count(*arguments: Any, **more: Any) -> Any:
            called.add(name)
            return function(*arguments, **more)

        return count

    with replaced({name: noting(name, function) for name, function in checks().items()}):
        yield called


@contextmanager
def replaced(by: dict[str, Callable[..., Any]]) -> Iterator[None]:
    """In every module that knows the function, by whatever name."""
    ours = checks()
    wanted = {id(ours[name]): new for name, new in by.items()}
    with ExitStack() as stack:
        for module in [m for name, m in sys.modules.items() if name.startswith("award_app") and m is not None]:
            for name, thing in list(vars(module).items()):
                if id(thing) in wanted:
                    stack.enter_context(patch.object(module, name, wanted[id(thing)]))
        yield


@contextmanager
def statements(stop_at: int) -> Iterator[Made]:
    """Every statement that is made; the one with this number, and all after it, meet a database that is gone."""
    made = Made()

    def look(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        made.statements.append(statement)
        if stop_at and len(made.statements) >= stop_at:
            raise OperationalError(WORDS, parameters, Exception(WORDS))

    def note(_connection: Any) -> None:
        made.commits.append(len(made.statements))

    engine = db.engine
    event.listen(engine, "before_cursor_execute", look)
    event.listen(engine, "commit", note)
    try:
        yield made
    finally:
        event.remove(engine, "before_cursor_execute", look)
        event.remove(engine, "commit", note)
