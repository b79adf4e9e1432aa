"""T1, the query parameters: every parameter that any page asks for, with what really exists and is hidden from her.

What the address names may be hidden from an actor in two ways, and both are tried: by its reference or number (the page
must answer like one that names nothing) and by its name (no page may lead to it).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote_plus, urlencode

from markupsafe import escape

from award_app.nominations.models import Nomination
from tests.integrity import walk
from tests.integrity.asked import noted
from tests.integrity.expectations import Expectations
from tests.integrity.stage import ANONYMOUS, Stage

SEARCHES = {"q", "who"}  # in names and other words
HIDDEN_EACH = 2  # files tried for each page and actor


@dataclass(frozen=True)
class Question:
    actor: str
    path: str
    name: str
    hidden: Nomination
    family_name: str


@dataclass
class Found:
    questions: int = 0
    listed: int = 0  # pages that truly list somebody's files: an empty one hides nothing
    names: set[str] = field(default_factory=set)
    deviations: list[str] = field(default_factory=list)


def questions(stage: Stage, share: float, seed: int) -> Iterator[Question]:
    """On one thing of each kind a page is about: the last of those the actor may see."""
    chance, seen = Random(seed), set()
    for cell in reversed(walk.cells(stage)):
        here = (cell.route.endpoint, cell.actor)
        if cell.route.method != "GET" or cell.expected != "yes" or here in seen:
            continue
        seen.add(here)
        if chance.random() >= share:
            continue
        with noted(stage.app) as names:
            stage.send(cell.actor, "GET", cell.path)
            asked = sorted(names)
        for name in asked:
            for file, family_name in _hidden_from(stage, cell.actor, chance):
                yield Question(cell.actor, cell.path, name, file, family_name)


def ask(stage: Stage, question: Question, found: Found) -> None:
    found.questions += 1
    found.names.add(question.name)
    file, nothing = question.hidden, "zzzzzzzzzz"
    probes = [(file.ref, nothing)]
    if question.name not in SEARCHES:  # a search finds a number in the words that she may see
        probes.append((str(file.id), "9" * len(str(file.id))))
    for value, other in probes:
        one, two = (_body(stage, question, text, value, other) for text in (value, other))
        if one != two:
            found.deviations.append(f"{question.actor} {question.path}?{question.name}={value} is not like nothing")
    page = _body(stage, question, question.family_name, question.family_name)
    found.listed += b"<li" in page or b"<tr" in page
    if file.ref.encode() in page:
        found.deviations.append(f"{question.actor} {question.path}?{question.name}={question.family_name} leads there")


def _body(stage: Stage, question: Question, value: str, *repeated_values: str) -> bytes:
    """Without what the page repeats of the question, or of the one it is compared with: a number may stand in a field of
    the page whatever is asked. From the same database each time: some answers are recorded."""
    stage.reset()
    path = f"{question.path}?{urlencode({question.name: value})}"
    answer = stage.send(question.actor, "GET", path)
    body: bytes = walk.without_tokens(answer.data)
    for before, repeated, after in (part for said in repeated_values for part in _repeated(question.name, said)):
        whole = (before + repeated + after).encode()
        body = body.replace(whole, (before + "?" + after).encode())
    return str(answer.status_code).encode() + body


def _repeated(name: str, value: str) -> Iterator[tuple[str, str, str]]:
    """In a field, in a sentence, and in the addresses that lead on from here."""
    shown, quoted = str(escape(value)), quote_plus(value)
    yield 'value="', shown, '"'
    yield "“", shown, "”"
    for after in ('"', "&", "#"):
        yield f"{name}=", quoted, after
    yield f"{name}%3D", quote_plus(quoted), ""


def _hidden_from(stage: Stage, actor: str, chance: Random) -> list[tuple[Nomination, str]]:
    if actor == ANONYMOUS:
        return []
    expected = Expectations()
    hidden = [
        (file, f"{phase.value} {state.value}")
        for (phase, state), file in stage.world.files.items()
        if expected.of("SEE", actor, state.value, phase.value) == "404"
    ]
    return chance.sample(hidden, min(HIDDEN_EACH, len(hidden)))
