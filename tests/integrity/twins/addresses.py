"""Every GET route of the service with everything that its address can name in either world.

Routes come from the application itself: one that is added tomorrow is walked tomorrow, and one with an argument that
nobody has given values for stops the crawl.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product

from flask import Flask
from sqlalchemy import select

from award_app.accounts import operations as accounts
from award_app.accounts.models import Invitation, Person
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.nominations.models import Attachment, Nomination
from award_app.notifications.models import Letter
from award_app.notifications.queries import reference
from award_app.selection.models import OutcomeChange
from tests.integrity.routes import UNKNOWN, Route, guarded_routes

Values = Mapping[str, object]  # what is named → value

# Words of an address: the same in every world.
WORDS: Mapping[str, tuple[object, ...]] = {
    "step": ("nominee", "case", "nothing"),
    "kind": ("cv", "photo"),
    "page": (1,),
}
# Arguments of pages that stand open to everybody, by their name.
OPEN_TO_ALL: Mapping[str, tuple[object, ...]] = {
    "lang": ("en", "fr"),
    "year": (2020, 2029, 2036, 2037, 2038),
    "filename": ("laurel.css", "nothing.css"),
}
NO_PAGES = frozenset({"static"})  # files of the product: the same for everybody by nature


def known(app: Flask, year: int) -> list[str]:
    """In the world that stands in the database now: every page of this award year and of its files, every page of the
    service that belongs to no year, and of people and letters a few of each kind."""
    things = [*_things(year), UNKNOWN]
    found = [path for route in guarded_routes(app) if route.method == "GET" for path in _paths(route, things)]
    return list(dict.fromkeys([*_public(app), *found, *NOT_THERE]))


def elsewhere(year: int) -> frozenset[str]:
    """The parts of addresses that name another award year, or a file of one: those are walked for their own secrets."""
    other = Nomination.cycle_id != select(Cycle.id).where(Cycle.award_year == year).scalar_subquery()
    papers = select(Attachment.ref).join(Nomination, Nomination.id == Attachment.nomination_id).where(other)
    files = select(Nomination.ref).where(other)
    years = select(Cycle.award_year).where(Cycle.award_year != year)
    return frozenset(str(one) for rows in (papers, files, years) for one in db.session.scalars(rows))


PEOPLE = ("Colleague", "Nominator Other", "Secretariat Conflict")
LETTERS = 6  # the newest: those that only one world has are among them
NOT_THERE = ("/nothing", "/results/", "/nominations/zzzzzzzzzz/nothing", "/letters/zzzzzzzzzz", "/files/%2e%2e")


def _paths(route: Route, things: list[Values]) -> Iterator[str]:
    """A thing that names nothing of what the route asks for is left out; nothing that names all of it stops the walk."""
    kinds = route.arguments
    named = [kind for kind in kinds.values() if kind not in WORDS]
    fitting = [thing for thing in things if all(kind in thing for kind in named)]
    if not fitting:
        raise KeyError(f"no values for {route.name}")
    words = [kind for kind in kinds.values() if kind in WORDS]
    for thing, chosen in product(fitting, product(*(WORDS[kind] for kind in words))):
        values = {**thing, **dict(zip(words, chosen, strict=True))}
        yield route.path({name: values[kind] for name, kind in kinds.items()})


def _things(year: int) -> Iterator[Values]:
    """Everything with what it belongs to, so that an address of two parts names a child with its own parent."""
    cycle = db.session.scalars(select(Cycle).where(Cycle.award_year == year)).one()
    yield from ({"year": year, "mission": mission} for mission in ("HERE", "THERE"))
    for change in db.session.scalars(select(OutcomeChange.id).where(OutcomeChange.cycle_id == cycle.id)):
        yield {"year": year, "change": change}
    for file in db.session.scalars(select(Nomination).where(Nomination.cycle_id == cycle.id).order_by(Nomination.id)):
        yield {"file": file.ref, "year": year}
        for attachment in file.attachments[:1]:
            yield {"file": file.ref, "attachment": attachment.ref}
    for person in db.session.scalars(select(Person).where(Person.name.in_(PEOPLE)).order_by(Person.id)):
        mine = [one for one in person.appointments if one.cycle_id in (None, cycle.id)]
        yield {"person": person.ref, "appointment": mine[0].id}
    yield from ({"invitation": row.ref} for row in db.session.scalars(select(Invitation)))
    newest = select(Letter).order_by(Letter.id.desc()).limit(LETTERS)
    yield from ({"letter": reference(row)} for row in db.session.scalars(newest))


def _public(app: Flask) -> Iterator[str]:
    tokens = [accounts.token(row) for row in db.session.scalars(select(Invitation))]
    values = {**OPEN_TO_ALL, "token": (*tokens, "nothing")}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        guarded = getattr(app.view_functions[rule.endpoint], "policy_action", None)
        if guarded or "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGES:
            continue
        names = re.findall(r"<(?:[^<>:]*:)?(\w+)>", rule.rule)
        for chosen in product(*(values[name] for name in names)):
            given = dict(zip(names, chosen, strict=True))
            yield re.sub(r"<(?:[^<>:]*:)?(\w+)>", lambda found, given=given: str(given[found[1]]), rule.rule)  # type: ignore[misc]
