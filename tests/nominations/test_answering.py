"""A mission answers that it has no nominee this year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.cycles.models import CycleMission, Extension, MissionAnswer
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState, Refusal
from award_app.nominations import operations, queries
from award_app.nominations.answering import operations as answering
from tests import factories as make
from tests.conftest import Clock
from tests.nominations.conftest import Place
from tests.nominations.test_operations import refusal

As = Callable[[Person], FlaskClient]
S = NominationState
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def called(place: Place) -> CycleMission:
    found = queries.place(place.cycle.id, place.mission.id)
    assert found is not None
    return found


def answered(place: Place, clock: Clock) -> MissionAnswer:
    with transaction():
        return answering.answer_call(called(place), "Nobody serves long enough.", by=place.authority, now=clock.now)


def stands(place: Place) -> bool:
    return queries.standing_answer(place.cycle.id, place.mission.id) is not None


def test_the_answer_stands_until_it_is_taken_back_and_can_be_given_again(place: Place, clock: Clock) -> None:
    answered(place, clock)
    again = refusal(lambda: answering.answer_call(called(place), "", by=place.authority, now=clock.now))
    assert (again.refusal, stands(place)) == (Refusal.ALREADY_DONE, True)
    with transaction():
        answering.take_back(called(place), by=place.authority, now=clock.now)
    nothing = refusal(lambda: answering.take_back(called(place), by=place.authority, now=clock.now))
    assert (nothing.refusal, stands(place)) == (Refusal.ALREADY_DONE, False)
    answered(place, clock)
    assert db.session.query(MissionAnswer).count() == 2


@pytest.mark.parametrize("state", [S.SUBMITTED, S.RETURNED, S.ACCEPTED])
def test_a_file_that_was_handed_in_is_a_nominee(place: Place, clock: Clock, state: NominationState) -> None:
    with transaction():
        make.nomination(place.cycle, place.mission, place.nominator, state)
    said = refusal(lambda: answering.answer_call(called(place), "", by=place.authority, now=clock.now))
    assert said.refusal is Refusal.WRONG_STATE


def test_beginning_a_file_takes_the_answer_back(place: Place, clock: Clock) -> None:
    answered(place, clock)
    with transaction():
        operations.begin(place.cycle, place.mission, by=place.nominator, now=clock.now)
    assert not stands(place)


def test_handing_in_a_draft_from_before_takes_the_answer_back(place: Place, clock: Clock) -> None:
    file = place.endorsed(clock.now)
    answered(place, clock)
    with transaction():
        operations.hand_in(file, by=place.authority, now=clock.now)
    assert not stands(place)


def test_it_is_for_the_authority_of_this_mission_within_its_own_time(place: Place, clock: Clock) -> None:
    with transaction():
        other = make.mission()
        make.add(CycleMission(cycle_id=place.cycle.id, mission_id=other.id, quota=4))
        head = make.authority(place.cycle, other)
        until = place.cycle.closes_at + timedelta(days=3)
        more = {"until": until, "reason": "The link was down.", "by_id": place.secretariat.id, "at": clock.now}
        make.add(Extension(cycle_id=place.cycle.id, mission_id=place.mission.id, **more))
    said = [refusal(lambda: answering.answer_call(called(place), "", by=who, now=clock.now)).refusal  # noqa: B023  # asked at once
            for who in (head, place.nominator)]  # fmt: skip
    assert said == [Refusal.NOT_YOURS, Refusal.NOT_YOURS]
    late = clock.move_to(place.cycle.closes_at + timedelta(days=1))
    with transaction():
        answering.answer_call(called(place), "", by=place.authority, now=late)
    assert stands(place)


@on_sqlite
def test_the_answer_is_given_and_taken_back_on_the_page(place: Place, clock: Clock, as_: As) -> None:
    head, writer = as_(place.authority), as_(place.nominator)
    address = f"/nominations/answer/{place.cycle.award_year}/{place.mission.acronym}"
    assert address in head.get("/nominations").text
    assert address not in writer.get("/nominations").text
    assert [as_(p).get(address).status_code for p in (place.nominator, place.secretariat)] == [403, 404]
    assert head.get(address).status_code == 200
    long = head.post(address, data={"reason": "x" * 2001})
    assert (long.status_code, "At most 2000 characters." in long.text) == (422, True)
    assert head.post(address, data={"reason": "Nobody this year."}).status_code == 302
    for browser in (head, writer):
        html = browser.get("/nominations").text
        assert ("no nominee this year." in html, "Nobody this year." in html) == (True, True)
    assert "Write the nominations" not in writer.get("/home").text
    assert head.post(address).status_code == 409
    assert head.post(f"{address}/take-back").status_code == 302
    assert "Nobody this year." not in head.get("/nominations").text


@on_sqlite
def test_who_begins_a_file_reads_that_the_answer_is_taken_back(place: Place, clock: Clock, as_: As) -> None:
    answered(place, clock)
    writer = as_(place.nominator)
    begun = writer.post(f"/nominations/begin/{place.cycle.award_year}/{place.mission.acronym}")
    assert "The answer that your mission has no nominee this year is taken back." in writer.get(begun.location).text
