"""Every guarded route, and every thing in the world that its address can name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Action
from award_app.nominations.models import Nomination
from award_app.notifications.queries import reference
from award_app.selection.models import OutcomeChange
from tests.integrity.cells import OF_THE_SERVICE
from tests.integrity.world import World

# What each argument names, by the address up to it. A new one is added here, or the walk stops.
ARGUMENTS: Mapping[str, str] = {
    "/cycles/<year>": "year",
    "/panel/<year>": "year",
    "/reports/<year>": "year",
    "/results/<year>": "year",
    "/results/<year>/changes/<number>": "change",
    "/announcements/<year>": "year",
    "/nominations/begin/<year>": "year",
    "/nominations/begin/<year>/<mission>": "mission",
    "/nominations/answer/<year>": "year",
    "/nominations/answer/<year>/<mission>": "mission",
    "/nominations/<ref>": "file",
    "/nominations/<ref>/edit/<step>": "step",
    "/nominations/<ref>/translate/<step>": "step",
    "/nominations/<ref>/versions/<step>": "step",
    "/nominations/<ref>/files/<kind>": "kind",
    "/nominations/<ref>/files/<file>": "attachment",
    "/panel/<year>/<ref>": "file",
    "/screening/<year>": "year",
    "/screening/files/<ref>": "file",
    "/files/<ref>": "attachment",
    "/files/<ref>/pages/<number>": "page",
    "/people/<ref>": "person",
    "/people/<ref>/appointments/<number>": "appointment",
    "/people/invitations/<ref>": "invitation",
    "/letters/<ref>": "letter",
    "/letters/remind/<year>": "year",
}
UNKNOWN = {
    "year": 2029,
    "mission": "NOWHERE",
    "step": "nothing",
    "kind": "nothing",
    "appointment": 999_999,
    "change": 999_999,
    "page": 999,
    **dict.fromkeys(("file", "attachment", "person", "invitation", "letter"), "zzzzzzzzzz"),
}

# Arguments that name what somebody may not know of; the others are words of the address.
THINGS = ("year", "file", "attachment", "person", "appointment", "invitation", "change", "letter")


@dataclass(frozen=True)
class Route:
    endpoint: str
    method: str
    rule: str  # without converters
    action: Action

    @property
    def arguments(self) -> dict[str, str]:
        """Name → what it names. KeyError for one that ARGUMENTS does not know."""
        ends = [match.end() for match in re.finditer(r"<\w+>", self.rule)]
        return {re.findall(r"<(\w+)>", self.rule[:end])[-1]: ARGUMENTS[self.rule[:end]] for end in ends}

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule}"

    def path(self, values: Mapping[str, object]) -> str:
        return re.sub(r"<(\w+)>", lambda found: str(values[found[1]]), self.rule)


@dataclass(frozen=True)
class Place:
    """One thing of the world as a route's arguments name it, and how it stands."""

    values: Mapping[str, object]
    state: str = "-"
    phase: str = "-"


def guarded_routes(app: Flask) -> list[Route]:
    return [
        Route(rule.endpoint, method, re.sub(r"<[^<>]*:(\w+)>", r"<\1>", rule.rule), action)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ())))
        if (action := getattr(app.view_functions[rule.endpoint], "policy_action", None))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def places(route: Route, world: World) -> list[Place]:
    kinds = route.arguments
    if {"file", "attachment"} & set(kinds.values()):
        return [Place(_of_file(kinds, file), state.value, phase.value) for (phase, state), file in world.files.items()]
    if "year" in kinds.values():
        return [Place(_of_cycle(kinds, cycle, world), "-", phase.value) for phase, cycle in world.cycles.items()]
    # A list over all of somebody's years has no year of its own; the row of any phase speaks for it.
    phase = "-" if route.action in OF_THE_SERVICE else "open"
    if "person" in kinds.values():
        return [Place(_of_person(kinds, world, name), "-", phase) for name in ("member", "nominator_other")]
    single = {"invitation": world.invitation.ref, "letter": reference(world.letter)}
    return [Place({name: single[kind] for name, kind in kinds.items()}, "-", phase)]


def unknown(route: Route, world: World) -> Iterator[dict[str, object]]:
    """Addresses with one argument that names nothing, or a child of another parent; the others name what is there."""
    kinds, there = route.arguments, places(route, world)
    if not kinds:
        return
    for name, kind in kinds.items():
        yield {**there[0].values, name: UNKNOWN[kind]}
    if len(kinds) > 1 and list(kinds.values())[-1] in {"attachment", "appointment", "change"}:
        first, last = there[0].values, there[-1].values
        child = list(kinds)[-1]
        yield {**first, child: last[child]}
    if route.rule.startswith("/panel/<year>/<ref>"):
        yield {**there[-1].values, "year": there[0].values["year"]}


def _of_file(kinds: Mapping[str, str], file: Nomination) -> dict[str, object]:
    named: dict[str, object] = {
        "file": file.ref,
        "attachment": file.attachments[-1].ref,
        "year": file.cycle.award_year,
        "step": "nominee",
        "kind": "cv",
        "page": 1,
    }
    return {name: named[kind] for name, kind in kinds.items()}


def _of_cycle(kinds: Mapping[str, str], cycle: Cycle, world: World) -> dict[str, object]:
    change = db.session.scalar(select(OutcomeChange.id).where(OutcomeChange.cycle_id == cycle.id))
    named: dict[str, object] = {
        "year": cycle.award_year,
        "mission": world.here.acronym,
        "change": change or UNKNOWN["change"],
    }
    return {name: named[kind] for name, kind in kinds.items()}


def _of_person(kinds: Mapping[str, str], world: World, name: str) -> dict[str, object]:
    person = world.people[name]
    named: dict[str, object] = {"person": person.ref, "appointment": person.appointments[0].id}
    return {argument: named[kind] for argument, kind in kinds.items()}
