"""The forms that stand on Laurel's pages, found by walking them as the people who may."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException

from award_app.nominations.labels import STEPS
from tests.integrity import walk
from tests.integrity.routes import Route, guarded_routes
from tests.integrity.stage import Stage
from tests.integrity.world import PHASES

TOKENS = ("csrf_token", "once")


@dataclass
class Sent:
    """One form as a page shows it: where it goes, who was shown it, and what is filled in."""

    path: str
    actor: str
    endpoint: str
    values: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    @property
    def names(self) -> list[str]:
        return sorted({*self.values, *self.files} - {"csrf_token"})


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Sent] = []
        self._open: Sent | None = None
        self._text: str | None = None  # of the textarea we are in

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._open = Sent(urlsplit(urljoin(self.page, given.get("action", ""))).path, "", "")
            self.forms.append(self._open)
        elif self._open is not None and tag in ("input", "textarea", "select", "button") and given.get("name"):
            self._note(tag, given)
        elif self._open is not None and tag == "option" and self._open.values.get(self._select) == "":
            self._open.values[self._select] = given.get("value", "")

    _select = ""

    def _note(self, tag: str, given: Mapping[str, str]) -> None:
        assert self._open is not None
        name = given["name"]
        if tag == "select":
            self._select = name
        if tag == "textarea":
            self._text = name
        if given.get("type") == "file":
            self._open.files.add(name)
        else:
            self._open.values.setdefault(name, given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._text:
            self._open.values[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "textarea":
            self._text = None


# Where this run keeps the forms it found: every stage is built from one seed, so they are the same on each.
kept: Path | None = None


def forms(stage: Stage) -> list[Sent]:
    """One of each kind: the same route with the same fields counts once. Routes no page leads to get a bare form."""
    if kept is not None and kept.exists():
        return [Sent(**{**row, "files": set(row["files"])}) for row in json.loads(kept.read_text())]
    found = _found(stage)
    if kept is not None:
        begun = kept.with_suffix(f".{os.getpid()}")
        begun.write_text(json.dumps([{**asdict(form), "files": sorted(form.files)} for form in found]))
        begun.rename(kept)
    return found


def _found(stage: Stage) -> list[Sent]:
    found: dict[tuple[str, frozenset[str]], Sent] = {}
    for path, actor in _pages(stage):
        answer = stage.send(actor, "GET", path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            reader = _Reader(path)
            reader.feed(answer.text)
            for form in reader.forms:
                form.actor, form.endpoint = actor, _endpoint(stage, form.path)
                found.setdefault((form.endpoint, frozenset(form.names)), form)
    missing = {route.endpoint for route in _posts(stage)} - {form.endpoint for form in found.values()}
    return [*found.values(), *_bare(stage, missing, found)]


def _bare(stage: Stage, missing: set[str], found: Mapping[tuple[str, frozenset[str]], Sent]) -> list[Sent]:
    """As somebody who may, with every field name that a form of the same part of the house has."""

    def near(endpoint: str) -> dict[str, str]:
        part = endpoint.split(".")[0]
        return {n: "" for form in found.values() if form.endpoint.split(".")[0] == part for n in form.values}

    made: dict[str, Sent] = {}
    for cell in walk.cells(stage):
        if cell.route.method == "POST" and cell.route.endpoint in missing and cell.expected == "yes":
            form = Sent(cell.path, cell.actor, cell.route.endpoint, near(cell.route.endpoint))
            made.setdefault(cell.route.endpoint, form)
    return list(made.values())


# Where a file can be worked on; pages of the other states hold no other forms.
_WORKED_ON = {
    *(("draft", "open"), ("endorsed", "open"), ("returned", "screening"), ("submitted", "screening")),
    *(("accepted", "review"), ("accepted", "result"), ("-", "-"), *(("-", phase.value) for phase in PHASES)),
}


# One of each kind of person; the others of a kind are shown the same forms.
_SHOWN_TO = ("nominator", "authority", "member", "member_undeclared", "chair", "secretariat", "secretariat_undeclared")


def _pages(stage: Stage) -> list[tuple[str, str]]:
    """Each page once for each kind of person who may see it; of the nomination's form each step."""
    seen: dict[tuple[str, str], None] = {}
    for cell in walk.cells(stage):
        here = (cell.place.state, cell.place.phase) in _WORKED_ON and cell.actor in _SHOWN_TO
        if cell.route.method == "GET" and cell.expected == "yes" and here:
            for step in STEPS if "step" in cell.place.values else ("",):
                values = {**cell.place.values, "step": step}
                seen[cell.route.path(values), cell.actor] = None
    return list(seen)


def _posts(stage: Stage) -> list[Route]:
    return [route for route in guarded_routes(stage.app) if route.method == "POST"]


def _endpoint(stage: Stage, path: str) -> str:
    try:
        return str(stage.app.url_map.bind("localhost").match(path, method="POST")[0])
    except HTTPException:
        return ""
