"""An award year is created sound, changed only while preparing, and opened when it can run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from award_app.cycles import operations, queries, readiness
from award_app.cycles.models import Cycle, Mission
from award_app.cycles.problems import Problem
from award_app.db import db
from award_app.domain.vocabulary import CriterionKind, Phase, Refusal, Refused
from tests import factories as make
from tests.conftest import START, Clock

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)
SOUND: dict[str, Any] = {
    "award_year": 2030,
    "titles": {"en": "Award", "fr": "Prix"},
    "opens_at": START + DAY,
    "closes_at": START + 2 * DAY,
    "screening_ends_at": START + 3 * DAY,
    "review_ends_at": START + 4 * DAY,
    "service_from": date(2025, 1, 1),
    "service_to": date(2026, 1, 1),
}


def refused(work: Callable[[], object]) -> tuple[Refusal, tuple[object, ...]]:
    with pytest.raises(Refused) as caught:
        work()
    return caught.value.refusal, caught.value.problems


def test_a_new_year_begins_with_the_default_rubric_that_adds_up(clock: Clock) -> None:
    cycle = operations.create(**SOUND, by=make.secretariat(), now=clock.now)
    assert [(c.code, c.weight) for c in cycle.criteria] == [
        ("mandate", 30),
        ("community", 25),
        ("gender", 20),
        ("leadership", 15),
        ("evidence", 10),
        ("conduct", 0),
    ]
    texts = [c.level(value, language) for c in cycle.criteria for value in c.values for language in ("en", "fr")]
    assert (len(texts), all(texts)) == (54, True)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"award_year": 2010}, Problem.YEAR_RANGE),
        ({"titles": {"en": " ", "fr": "Prix"}}, Problem.TITLE_MISSING),
        # a window that ends as it begins is none
        ({"closes_at": START + DAY}, Problem.DATES_ORDER),
        ({"review_ends_at": START + 3 * DAY}, Problem.DATES_ORDER),
        # no zone east of here could say it
        ({"review_ends_at": datetime(9999, 12, 31, 23, 59, tzinfo=UTC)}, Problem.DATES_RANGE),
        ({"service_to": date(2024, 12, 31)}, Problem.SERVICE_ORDER),
        ({"default_quota": 0}, Problem.QUOTA),
        ({"quorum": 0}, Problem.QUORUM),
    ],
)
def test_unsound_settings_are_refused_when_created_and_when_edited(
    clock: Clock, change: dict[str, Any], problem: Problem
) -> None:
    admin = make.secretariat()
    cycle = operations.create(**SOUND, by=admin, now=clock.now)
    year = {"award_year": 2031} | change
    assert refused(lambda: operations.create(**(SOUND | year), by=admin, now=clock.now))[1] == (problem,)
    assert refused(lambda: operations.edit(cycle, **(SOUND | change), by=admin, now=clock.now))[1] == (problem,)


def test_a_year_is_there_once(clock: Clock) -> None:
    admin = make.secretariat()
    operations.create(**SOUND, by=admin, now=clock.now)
    twice = refused(lambda: operations.create(**SOUND, by=admin, now=clock.now))
    assert twice == (Refusal.INVALID, (Problem.YEAR_TAKEN,))


def test_a_demonstration_stays_one_whatever_is_edited(clock: Clock) -> None:
    admin = make.secretariat()
    cycle = operations.create(**SOUND, demonstration=True, by=admin, now=clock.now)
    operations.edit(cycle, **(SOUND | {"quorum": 5}), by=admin, now=clock.now)
    assert (cycle.quorum, cycle.demonstration) == (5, True)


def test_nobody_but_the_secretariat_creates_or_changes(clock: Clock) -> None:
    cycle, mission = make.cycle(Phase.PREPARING), make.mission()
    for other in (make.observer(), make.member(cycle), make.person()):
        assert refused(lambda by=other: operations.create(**SOUND, by=by, now=clock.now))[0] is Refusal.NOT_FOUND  # type: ignore[misc]
        for work in _changes(cycle, mission, clock):
            assert refused(lambda by=other, do=work: do(by))[0] in {Refusal.NOT_FOUND, Refusal.NOT_YOURS}  # type: ignore[misc]


def test_once_opened_nothing_of_it_changes(clock: Clock) -> None:
    mission, admin = make.mission(), make.secretariat()
    cycle = make.cycle(Phase.OPEN, missions=(mission,))
    assert [refused(lambda do=work: do(admin))[0] for work in _changes(cycle, mission, clock)] == [Refusal.TOO_LATE] * 5  # type: ignore[misc]


def test_criteria_need_texts_codes_of_their_own_and_weights_in_range(clock: Clock) -> None:
    admin, rubric = make.secretariat(), operations.default_rubric()
    cycle = make.cycle(Phase.PREPARING)
    cases = [
        ((rubric[0], rubric[0]), Problem.CODE_TWICE),
        ((replace(rubric[0], titles={"en": "", "fr": "x"}),), Problem.CRITERION_TITLE),
        ((replace(rubric[0], levels={"1": {"en": "one"}}),), Problem.LEVEL_MISSING),
        ((replace(rubric[0], weight=101),), Problem.WEIGHT_RANGE),
        # a concern is never weighted
        ((replace(rubric[5], weight=1),), Problem.WEIGHT_RANGE),
    ]
    for criteria, problem in cases:
        work = lambda c=criteria: operations.set_criteria(cycle, c, by=admin, now=clock.now)  # noqa: E731
        assert refused(work) == (Refusal.INVALID, (problem,))
    assert rubric[5].kind is CriterionKind.CONCERN


def test_a_mission_is_called_once_and_not_dropped_under_somebodys_feet(clock: Clock) -> None:
    admin, mission = make.secretariat(), make.mission()
    cycle = make.cycle(Phase.PREPARING)
    for quota in (3, 5):
        operations.call_mission(cycle, mission, quota, by=admin, now=clock.now)
    assert [(c.mission_id, c.quota) for c in cycle.missions] == [(mission.id, 5)]
    make.authority(cycle, mission)
    assert refused(lambda: operations.drop_mission(cycle, mission, by=admin, now=clock.now))[1] == (
        Problem.MISSION_IN_USE,
    )
    db.session.refresh(cycle)
    assert readiness.facts(cycle, clock.now).without_authority == ()


def test_loading_the_missions_again_adds_none(clock: Clock) -> None:
    assert (operations.load_missions(clock.now), operations.load_missions(clock.now)) == (23, 0)
    assert db.session.query(Mission).filter_by(acronym="UNMISS").one().timezone == "Africa/Juba"
    today = {m.acronym for m in queries.missions_on(date(2026, 4, 1))}
    # UNMHA ended on 31 March 2026, UNTMIS ends on 31 October, MINUSMA ended in 2023
    assert ("UNMHA" in today, "UNTMIS" in today, "MINUSMA" in today) == (False, True, False)


def _changes(cycle: Cycle, mission: Mission, clock: Clock) -> list[Callable[[Any], None]]:
    now = clock.now
    return [
        lambda by: operations.edit(cycle, **SOUND, by=by, now=now),
        lambda by: operations.set_criteria(cycle, operations.default_rubric(), by=by, now=now),
        lambda by: operations.call_mission(cycle, mission, 2, by=by, now=now),
        lambda by: operations.drop_mission(cycle, mission, by=by, now=now),
        lambda by: operations.open_cycle(cycle, by=by, now=now),
    ]
