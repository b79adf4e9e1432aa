"""T1r: a right that is lost in mid-session is lost at the next request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts import operations, own, seats, succession
from award_app.accounts.models import Person
from award_app.db import transaction
from award_app.domain.vocabulary import AppointmentRole, ConflictKind, NominationState, Phase, Seat
from award_app.nominations import screening
from award_app.panel import operations as panel
from tests import factories as make
from tests.conftest import Clock, application

As = Callable[[Person], FlaskClient]


@pytest.fixture(params=["sqlite"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Pages ask nothing that differs between the databases; operations are tested on both."""
    yield from application(request)


@dataclass
class Scene:
    cycle: Any
    mission: Any
    file: Any
    admin: Person
    clock: Clock


def held(person: Person) -> Any:
    return next(a for a in person.appointments if a.ended_at is None)


def ends(at: Scene, person: Person) -> None:
    operations.end_appointment(held(person), by=at.admin, now=at.clock.now)


def succeeded(at: Scene, person: Person) -> None:
    succession.succeed(held(person), "next@laurel.example", "Next", stays=False, by=at.admin, now=at.clock.now)


def reseated(at: Scene, person: Person) -> None:
    other = make.member(at.cycle)
    seats.set_seats(at.cycle, chair=other, deputy=None, by=at.admin, now=at.clock.now)


def appointed_anew(at: Scene, person: Person) -> None:
    operations.appoint(person, AppointmentRole.MEMBER, cycle=at.cycle, seat=Seat.MEMBER, by=at.admin, now=at.clock.now)


def closed(at: Scene, person: Person) -> None:
    own.set_active(person, False, by=at.admin, now=at.clock.now)


def recused(at: Scene, person: Person) -> None:
    panel.recuse(at.file, ConflictKind.CLOSE_TIE, "We trained together.", by=person, now=at.clock.now)


def declared(at: Scene, person: Person) -> None:
    screening.declare_as_secretariat(at.file, conflict=True, reason="A cousin.", by=person, now=at.clock.now)


def nominator(at: Scene) -> Person:
    return make.nominator(at.cycle, at.mission)


def authority(at: Scene) -> Person:
    return make.authority(at.cycle, at.mission)


def member(at: Scene) -> Person:
    person = make.member(at.cycle)
    make.declaration(at.file, person)
    return person


def chair(at: Scene) -> Person:
    return make.member(at.cycle, seat=Seat.CHAIR)


def deputy(at: Scene) -> Person:
    return make.member(at.cycle, seat=Seat.DEPUTY)


# Who she is, where she is, what takes her right away.
LOST: list[tuple[Callable[[Scene], Person], str, Callable[[Scene, Person], None]]] = [
    (nominator, "/nominations/{ref}", ends),
    (authority, "/nominations/{ref}", ends),
    (authority, "/nominations/{ref}", succeeded),
    (member, "/panel/{year}/{ref}", ends),
    (member, "/panel/{year}/{ref}", recused),
    (member, "/panel/{year}/{ref}", closed),
    (chair, "/panel/{year}/progress", ends),
    (chair, "/panel/{year}/progress", reseated),
    (chair, "/panel/{year}/progress", appointed_anew),
    (deputy, "/panel/{year}/progress", ends),
    (lambda _at: make.observer(), "/ledger", ends),
    (lambda _at: make.secretariat(), "/people", ends),
    (lambda _at: make.secretariat(), "/people", closed),
    (lambda _at: make.secretariat(), "/screening/files/{ref}", declared),
]


@pytest.mark.parametrize(("who", "where", "loses"), LOST)
def test_a_right_lost_in_mid_session_is_lost_at_the_next_request(
    who: Callable[[Scene], Person],
    where: str,
    loses: Callable[[Scene, Person], None],
    app: Flask,
    clock: Clock,
    as_: As,
) -> None:
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.REVIEW, missions=(mission,))
        file = make.nomination(cycle, mission, make.nominator(cycle, mission), NominationState.ACCEPTED)
        at = Scene(cycle, mission, file, make.secretariat(), clock)
        person = who(at)
        page = where.format(ref=file.ref, year=cycle.award_year)
    browser = as_(person)
    if loses is not declared:  # before she declares, her page leads to the declaration
        assert browser.get(page).status_code == 200
    with transaction():
        loses(at, person)
    answer = browser.get(page)
    assert (answer.status_code, (answer.location or "").split("?")[0]) in ((302, "/sign-in"), (403, ""), (404, ""))


def test_whoever_ends_an_appointment_of_her_own_goes_on(app: Flask, clock: Clock, as_: As) -> None:
    with transaction():
        person = make.secretariat()
        appointment = operations.appoint(person, AppointmentRole.OBSERVER, by=make.secretariat(), now=clock.now)
    browser = as_(person)
    with transaction():
        operations.end_appointment(appointment, by=person, now=clock.now)
    assert [browser.get(path).status_code for path in ("/home", "/people")] == [200, 200]
