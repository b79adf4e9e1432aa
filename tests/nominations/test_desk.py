"""All files of a mission at one glance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.cycles.models import Extension
from award_app.db import transaction
from award_app.domain.vocabulary import NominationState
from award_app.nominations import operations, queries
from award_app.nominations.desk import queries as desk
from tests import factories as make
from tests.conftest import Clock
from tests.counting import Statements
from tests.nominations.conftest import Place

As = Callable[[Person], FlaskClient]
S = NominationState


def test_what_is_missing_is_counted_as_the_file_itself_counts_it(place: Place, clock: Clock) -> None:
    with transaction():
        empty = operations.begin(place.cycle, place.mission, by=place.nominator, now=clock.now)
    whole, spoilt = place.file(clock.now), place.file(clock.now, contact_email="nowhere")
    with transaction():
        place.save(spoilt, clock.now, unit="")
        handed_in = make.nomination(place.cycle, place.mission, place.nominator, S.SUBMITTED)
    found = desk.desks(queries.mission_files(place.authority))[0].missing
    assert found == {file.id: len(queries.problems(file)) for file in (empty, whole, spoilt)}
    assert (found[whole.id], found[spoilt.id], handed_in.id in found) == (0, 2, False)


def test_the_missions_own_deadline_is_its_extension_where_that_is_later(place: Place, clock: Clock) -> None:
    closes = place.cycle.closes_at

    def given(days: int) -> object:
        with transaction():
            until = closes + timedelta(days=days)
            more = {"until": until, "reason": "Late.", "by_id": place.secretariat.id, "at": clock.now}
            make.add(Extension(cycle_id=place.cycle.id, mission_id=place.mission.id, **more))
        return desk.desks(queries.mission_files(place.authority))[0].closes_at

    assert [given(5), given(2), given(-1)] == [closes + timedelta(days=5), closes + timedelta(days=2), closes]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_list_costs_the_same_whatever_it_holds(place: Place, clock: Clock, as_: As, statements: Statements) -> None:
    head = as_(place.authority)
    counts = []
    for more in (7, 14):
        for n in range(more):
            with transaction():
                make.nomination(place.cycle, place.mission, make.nominator(place.cycle, place.mission), list(S)[n % 7])
        with statements.counted() as counted:
            html = head.get("/nominations").text
        counts.append(counted.number)
    assert html.count("<tr>") == 22
    assert counts == [8, 8]
