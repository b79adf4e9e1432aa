"""Every kind of answer there is: pages and files for everybody who may and may not, errors, redirects, statics."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from award_app.accounts import sessions
from award_app.db import db
from tests.integrity import observatory, passive, walk
from tests.integrity.passive import Seen
from tests.integrity.stage import ANONYMOUS, Stage

HTTPS = "https://localhost"
LOWEST = 120  # points; 100 is an A+
PUBLIC = (
    *("/", "/en/", "/fr/", "/en/laureates", "/en/laureates/2016", "/en/laureates/2036", "/en/laureates/1999"),
    *("/en/figures", "/en/feed.xml", "/en/about", "/en/terms-and-privacy", "/robots.txt", "/en/?locale=fr"),
    *("/en/laureates/2036/portrait.jpg", "/health", "/metrics", "/sign-in", "/invitation/unknown", "/address/unknown"),
    *("/nowhere", "/static/", "/static/nowhere.css", "/static/laurel.css", "/static/laurel.js", "/static/icon.svg"),
    *("/en", "/home", "/nominations/nothing", "/.well-known/security.txt", "/.well-known/nothing"),
)
METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND")


@dataclass
class Report:
    answers: int = 0
    files: int = 0  # that were given out: PDF, CSV, XLSX, pictures, feeds
    lowest: int = 1000
    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)


def judge(seen: Seen, report: Report) -> None:
    report.answers += 1
    report.files += seen.status == 200 and not seen.is_page
    report.statuses[seen.status] += 1
    report.kinds[seen.kind] += 1
    report.found += passive.findings(seen)
    cookies = seen.headers.getlist("Set-Cookie")
    points, why = observatory.score(dict(seen.headers), cookies, seen.body, secure=seen.secure)
    report.lowest = min(report.lowest, points)
    if points < LOWEST and seen.secure:
        said = ", ".join(f"{one.name} {one.points}" for one in why if one.points < 0)
        report.found.append(f"{seen.actor} {seen.method} {seen.path}: {points} points ({said})")


def everything(stage: Stage, share: float, seed: int, *, every: int = 1) -> Iterator[Seen]:
    """A seeded share of all cells, of each route and answer at least one, or some of these; and what no cell asks
    for."""
    yield from of_everybody(stage)
    yield from of_other_methods(stage)
    yield from of_a_broken_service(stage)
    cells = walk.cells(stage)
    chosen = [*walk.sample(cells, share, seed), *walk.sample(list(walk.nothing_there(stage)), share / 4, seed)]
    for cell in sorted(chosen[::every], key=lambda cell: cell.route.method != "GET"):
        yield seen(stage, cell.actor, cell.route.method, cell.path)
        if cell.route.method != "GET" and cell.expected in ("yes", "conflict"):
            stage.reset()
        elif cell.expected == "yes" and "{" not in cell.path:
            yield from _as_files(stage, cell)


def of_everybody(stage: Stage) -> Iterator[Seen]:
    for actor in (ANONYMOUS, "nominator", "chair", "secretariat"):
        page = seen(stage, actor, "GET", "/sign-in" if actor == ANONYMOUS else "/home")
        named = re.findall(rb'(?:href|src)="(/static/[^"]+)"', page.body)
        for path in (*PUBLIC, *(name.decode() for name in named)):
            yield seen(stage, actor, "GET", path)
    yield seen(stage, ANONYMOUS, "POST", "/sign-in", data={"email": "x@laurel.example", "password": "wrong"})
    yield seen(stage, ANONYMOUS, "POST", "/sign-in", data={"email": "x" * (11 * 2**20)})
    yield seen(stage, "secretariat", "POST", "/sign-out")
    stage.reset()
    yield seen(stage, ANONYMOUS, "GET", "/en/", headers={"Host": "elsewhere.example"})


def of_other_methods(stage: Stage) -> Iterator[Seen]:
    for actor in (ANONYMOUS, "nominator", "secretariat"):
        for method in METHODS:
            for path in ("/en/", "/home", "/nominations", "/static/laurel.css", "/nowhere", "/sign-in", "/sign-out"):
                yield seen(stage, actor, method, path)


def of_a_broken_service(stage: Stage) -> Iterator[Seen]:
    def broken(*_words: object, **_more: object) -> None:
        raise RuntimeError("the database said: SELECT password_hash FROM person")

    for actor in (ANONYMOUS, "nominator", "chair", "secretariat"):
        with patch.object(sessions, "resume", broken), patch.object(db.session, "scalars", broken):
            for path in ("/home", "/en/laureates", "/nominations", "/cycles"):
                yield seen(stage, actor, "GET", path)


def seen(stage: Stage, actor: str, method: str, path: str, **more: Any) -> Seen:
    stage.app.config["WTF_CSRF_ENABLED"] = method == "GET"  # a page shows its tokens, a form without one comes in
    secure = str(stage.app.config["BASE_URL"]).startswith("https:")
    with stage.send(actor, method, path, base_url=HTTPS if secure else "http://localhost", **more) as answer:
        return Seen(actor, method, path, answer.status_code, answer.headers, answer.data, secure)


def _as_files(stage: Stage, cell: walk.Cell) -> Iterator[Seen]:
    """A list that can be taken along is one."""
    for form in ("csv", "xlsx"):
        answer = seen(stage, cell.actor, "GET", f"{cell.path}?as={form}")
        if not answer.is_page:
            yield answer
