"""Last year copied: what is settled comes along, what was done in it does not, and people only by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from award_app.accounts.models import Appointment
from award_app.cycles import queries
from award_app.cycles.copying import operations as copying
from award_app.cycles.problems import Problem
from award_app.db import db
from award_app.domain.vocabulary import Phase, Refusal, Refused, Seat
from award_app.nominations.models import Nomination
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Clock
from tests.cycles.test_readiness import ready

pytestmark = pytest.mark.usefixtures("app")


def test_dates_move_on_by_whole_weeks_and_the_service_window_by_the_calendar(clock: Clock) -> None:
    source = make.cycle(Phase.RESULT, award_year=2026)
    source.service_from, source.service_to = date(2024, 2, 29), date(2025, 12, 31)
    made = copying.proposed(source, 2028)
    assert made.opens_at - source.opens_at == timedelta(days=2 * 364)
    assert made.closes_at.weekday() == source.closes_at.weekday()
    # 2026 has no 29 February
    assert (made.service_from, made.service_to) == (date(2026, 2, 28), date(2027, 12, 31))


def test_what_is_settled_is_copied_and_nothing_that_was_done(clock: Clock) -> None:
    year = ready()
    source, admin = year.cycle, year.secretariat[0]
    year.missions[1].ended = "2026-06"
    source.criteria[0].weight, source.criteria[1].weight, source.missions[0].quota = 25, 30, 7
    source.reminder_days, source.called_at = [14, 1], clock.now
    make.nomination(source, year.missions[0], year.nominators[0])
    db.session.flush()
    made = copying.copy(source, copying.proposed(source, 2040), by=admin, now=clock.now)
    assert [(c.code, c.weight, c.titles, c.levels) for c in made.criteria] == [
        (c.code, c.weight, c.titles, c.levels) for c in source.criteria
    ]
    assert [(c.mission.acronym, c.quota) for c in made.missions] == [("UNMISS", 7)]
    assert (made.quorum, made.reminder_days, made.opened_at, made.called_at) == (2, [14, 1], None, None)
    assert queries.serving(made) == []
    assert db.session.query(Nomination).filter_by(cycle_id=made.id).count() == 0
    assert db.session.query(Letter).count() == 0


def test_people_who_are_named_are_appointed_in_their_seats_and_told(clock: Clock) -> None:
    year = ready()
    chair, authority = year.panel[0].appointments[0], year.authorities[0].appointments[0]
    settings = copying.proposed(year.cycle, 2040)
    made = copying.copy(year.cycle, settings, people=[chair, authority], by=year.secretariat[0], now=clock.now)
    assert [(a.person_id, a.seat, a.mission_id) for a in queries.serving(made)] == [
        (year.panel[0].id, Seat.CHAIR, None),
        (year.authorities[0].id, None, year.missions[0].id),
    ]
    letters = db.session.query(Letter).order_by(Letter.id).all()
    assert [(one.template, one.person_id) for one in letters] == [
        ("appointed", year.panel[0].id),
        ("appointed", year.authorities[0].id),
    ]


def test_nobody_comes_along_from_another_year_or_for_a_mission_that_ended(clock: Clock) -> None:
    year, other = ready(), make.cycle(Phase.RESULT)
    stranger = make.member(other).appointments[0]
    year.missions[0].ended = "2025"
    db.session.flush()
    settings = copying.proposed(year.cycle, 2040)

    def refused(person: Appointment, award_year: int) -> tuple[Refusal, tuple[object, ...]]:
        wanted = replace(settings, award_year=award_year)
        with pytest.raises(Refused) as caught:
            copying.copy(year.cycle, wanted, people=[person], by=year.secretariat[0], now=clock.now)
        return caught.value.refusal, caught.value.problems

    assert refused(stranger, 2041) == (Refusal.INVALID, (Problem.NOT_OF_THE_YEAR,))
    assert refused(year.authorities[0].appointments[0], 2042)[0] is Refusal.INVALID
