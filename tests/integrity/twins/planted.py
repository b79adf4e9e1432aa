"""Five leaks of the kinds that peers had, planted on purpose: a crawl that does not find each of them proves nothing.

Each is put into the product for as long as the crawl runs, and leads from a secret to somebody who is not cleared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from flask import Flask, Response
from sqlalchemy import String, cast, func, select

from award_app.db import db
from award_app.notifications import facts
from award_app.notifications.models import Letter
from award_app.reports.lists import queries as lists
from award_app.reviews import queries as reviews
from award_app.reviews.models import effective_scores
from tests.integrity.twins import crawl
from tests.integrity.twins.answers import difference
from tests.integrity.twins.stage import Twins


@contextmanager
def count_of_hidden_rows(_app: Flask) -> Iterator[None]:
    """A list says of how many letters it shows some; it counts those it hides too."""
    true = lists.page

    def planted(*given: Any) -> Any:
        return replace(true(*given), total=db.session.scalar(select(func.count()).select_from(Letter)) or 0)

    with patch.object(lists, "page", planted):
        yield


@contextmanager
def order_by_score(_app: Flask) -> Iterator[None]:
    """A member's list stands in the order of the scores that all have given, the lowest first."""
    true = reviews.own_list

    def planted(*given: Any) -> Any:
        s = effective_scores.c
        means = dict(db.session.execute(select(s.nomination_id, func.avg(s.value)).group_by(s.nomination_id)).all())
        return sorted(true(*given), key=lambda file: float(means.get(file.id, 0)))

    with patch.object(reviews, "own_list", planted):
        yield


@contextmanager
def search_in_a_hidden_field(_app: Flask) -> Iterator[None]:
    """A search in the letters looks at the causes of all of them too, shown or not."""
    true = lists.matching

    def planted(words: str, *texts: Any) -> Any:
        causes = select(func.group_concat(Letter.once)).correlate(None).scalar_subquery()
        return true(words, *texts, cast(causes, String))

    with patch.object(lists, "matching", planted):
        yield


@contextmanager
def recipients_of_a_letter(_app: Flask) -> Iterator[None]:
    """A letter says to how many people another kind of letter goes."""
    true = facts.of

    def planted(*given: Any) -> Any:
        told = db.session.scalar(select(func.count()).where(Letter.template == "told"))
        known = true(*given)
        return {**known, "award": f"{known['award']} ({told})"}

    with patch.object(facts, "of", planted):
        yield


@contextmanager
def header_with_a_count(app: Flask) -> Iterator[None]:
    """Every answer names its edition by a number that all rows of a table have a part in."""

    def planted(response: Response) -> Response:
        response.headers["ETag"] = f'"{db.session.scalar(select(func.max(Letter.id)))}"'
        return response

    hooks = app.after_request_funcs.setdefault(None, [])
    hooks.append(planted)
    try:
        yield
    finally:
        hooks.remove(planted)


Leak = Callable[[Flask], Any]
# Each with the secret it gives away, who is told, and where: an address, or "" for her letters.
PLANTED: Mapping[str, tuple[Leak, str, str, str]] = {
    "a count": (count_of_hidden_rows, "a planned letter", "secretariat_conflict", "/letters"),
    "an order": (order_by_score, "a score", "member", "/panel/2033"),
    "a search": (search_in_a_hidden_field, "a planned letter", "secretariat_conflict", "/letters?q=again"),
    "a letter": (recipients_of_a_letter, "a planned letter", "member", ""),
    "a header": (header_with_a_count, "a planned letter", "nominator", "/home"),
}


def is_found(worlds: Twins, kind: str) -> bool:
    """Whether the two worlds differ for her while it is planted, and neither before nor after."""
    leak, secret, actor, address = PLANTED[kind]
    for name in ("", secret):
        if not worlds.has(name):
            worlds.build(name)
    before = _differs(worlds, secret, actor, address)
    with leak(worlds.stage.app):
        planted = _differs(worlds, secret, actor, address)
    return not before and planted and not _differs(worlds, secret, actor, address)


def _differs(worlds: Twins, secret: str, actor: str, address: str) -> bool:
    """Errors: LookupError where she finds nothing that could be compared."""
    found = []
    for name in ("", secret):
        worlds.show(name)
        found.append(crawl.only(worlds.stage, actor, [address]) if address else crawl.letters(actor))
    one, other = found
    if not one or one.keys() != other.keys():
        raise LookupError(f"{actor} {address}")
    return any(difference(one[where], other[where]) for where in one)
