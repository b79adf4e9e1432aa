"""The WHERE clause of lists and the answer for one file are the same rule."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from award_app import access
from award_app.accounts.models import Person
from award_app.db import db
from award_app.domain.vocabulary import Action, NominationState
from award_app.nominations.models import Nomination
from tests import factories as make
from tests.conftest import Clock

pytestmark = pytest.mark.usefixtures("app")


def test_a_list_shows_exactly_the_files_whose_existence_the_person_may_know(clock: Clock) -> None:
    people = _everybody_and_a_file_in_every_state()
    files = list(db.session.scalars(select(Nomination)))
    shown_to_somebody = 0
    for person in people:
        one_by_one = {n.id for n in files if access.may(person, Action.SEE, n, now=clock.now).allowed}
        listed = set(db.session.scalars(select(Nomination.id).where(access.visible_nominations(person))))
        assert listed == one_by_one
        shown_to_somebody += len(listed)
    assert shown_to_somebody == 20


def _everybody_and_a_file_in_every_state() -> list[Person]:
    here, there = make.mission(), make.mission()
    cycle, other = make.cycle(missions=(here, there)), make.cycle(missions=(here,))
    nominator, stranger = make.nominator(cycle, here), make.nominator(cycle, there)
    for state in NominationState:
        make.nomination(cycle, here, nominator, state)
    return [
        nominator,  # all seven
        stranger,
        make.nominator(other, here),
        make.authority(cycle, here),  # all seven
        make.secretariat(),  # those handed in: submitted, returned, accepted, ineligible
        make.observer(),  # the accepted one
        make.member(cycle),  # the accepted one
        make.member(other),
        make.person(),
    ]
