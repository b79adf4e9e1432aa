"""The start page says where the year stands, what is asked, and what comes next where nothing is."""

from __future__ import annotations

from datetime import datetime

import pytest

from award_app import clock
from award_app.accounts.models import Person
from award_app.accounts.start import web as home
from award_app.cycles.models import Cycle, Extension
from award_app.db import db
from award_app.domain.vocabulary import Phase
from award_app.web.tasks import Task
from tests import factories as make
from tests.conftest import Clock

pytestmark = pytest.mark.usefixtures("app")


def seen(person: Person, cards: tuple[Task, ...] = ()) -> home.Year:
    (year,) = home.years(person, cards, clock.now())
    return year


def at(made: Cycle, phase: Phase, clock: Clock) -> datetime:
    return clock.move_to(make.at_phase(made, phase))


NEXT = [
    # A member has nothing to do for months, and reads when that ends.
    ("member", Phase.OPEN, "Next for you: scoring. You get a letter when it begins:", "screening_ends_at"),
    ("member", Phase.SCREENING, "Next for you: scoring. You get a letter when it begins:", "screening_ends_at"),
    ("member", Phase.RESULT, "Next for you: the chair calls the panel together to decide.", ""),
    # A mission has handed in and waits.
    ("mission", Phase.REVIEW, "Next for you: a letter, when the result is announced.", ""),
    ("mission", Phase.RESULT, "Next for you: a letter, when the result is announced.", ""),
    # The observer reads whenever she likes.
    ("observer", Phase.OPEN, "You can read the ledger at any time. The result opens to you once it is decided.", ""),
    # The secretariat waits for the panel.
    ("secretariat", Phase.RESULT, "Next for you: the announcement, once the panel has decided.", ""),
]


@pytest.mark.parametrize(("who", "phase", "words", "until"), NEXT)
def test_whoever_has_nothing_to_do_reads_what_comes_next(
    clock: Clock, who: str, phase: Phase, words: str, until: str
) -> None:
    cycle, mission = make.cycle(), make.mission()
    people = {
        "member": make.member(cycle),
        "mission": make.nominator(cycle, mission),
        "observer": make.observer(),
        "secretariat": make.secretariat(),
    }
    at(cycle, phase, clock)
    year = seen(people[who])
    assert (year.phase, year.next) == (phase, home.Said(words, getattr(cycle, until) if until else None))


def test_where_something_waits_nothing_is_said_of_later(clock: Clock) -> None:
    cycle = make.cycle()
    member = make.member(cycle)
    at(cycle, Phase.REVIEW, clock)
    card = Task("Score", "4 files wait.", "/panel", "Go", count=4, year=cycle.award_year)
    year = seen(member, (card,))
    assert (year.asked, year.others, year.next) == ([card], [], None)
    assert year.now == home.Said("The panel reads and scores. Scoring ends:", cycle.review_ends_at)


def test_a_mission_with_more_time_reads_its_own_deadline(clock: Clock) -> None:
    cycle, mission = make.cycle(), make.mission()
    nominator, other = make.nominator(cycle, mission), make.nominator(cycle, make.mission())
    later = cycle.closes_at.replace(hour=23)
    db.session.add(
        Extension(
            cycle_id=cycle.id,
            mission_id=mission.id,
            until=later,
            reason="The line was down.",
            by_id=make.secretariat().id,
            at=clock.now,
        )
    )
    db.session.flush()
    at(cycle, Phase.OPEN, clock)
    assert (seen(nominator).now.at, seen(other).now.at) == (later, cycle.closes_at)
