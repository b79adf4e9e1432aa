"""How a round ends: at its time with the quorum, before it when complete, under the quorum by the chair's decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from award_app import clock as the_clock
from award_app.accounts.models import Person
from award_app.audit import LedgerEntry
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from award_app.domain.vocabulary import ConflictKind, NominationState, Phase, Refusal, Refused, Seat
from award_app.nominations.models import Nomination
from award_app.notifications.models import Letter
from award_app.panel import operations as panel
from award_app.reviews import operations, queries
from award_app.reviews.models import Closing
from tests import factories as make
from tests.conftest import Clock
from tests.panel.together import at_once

pytestmark = pytest.mark.usefixtures("app")


class Round:
    """A cycle in review with a quorum of two, a chair, a deputy and a member, and two accepted files."""

    def __init__(self) -> None:
        self.mission = make.mission()
        self.cycle: Cycle = make.cycle(Phase.REVIEW, missions=(self.mission,))
        self.cycle.quorum = 2
        self.nominator = make.nominator(self.cycle, self.mission)
        self.files = [self.file(), self.file()]
        self.chair = make.member(self.cycle, Seat.CHAIR)
        self.deputy = make.member(self.cycle, Seat.DEPUTY)
        self.member = make.member(self.cycle)
        self.secretariat = make.secretariat()
        db.session.commit()

    def file(self, state: NominationState = NominationState.ACCEPTED) -> Nomination:
        return make.nomination(self.cycle, self.mission, self.nominator, state)

    def score(self, by: Person, *files: Nomination) -> None:
        for file in files or self.files:
            make.declaration(file, by)
            db.session.commit()
            sheet = {c.id: (2 if c.code == "conduct" else 4, "") for c in self.cycle.criteria}
            with transaction():
                operations.score(file, sheet, operation_id=file.ref, by=by, now=the_clock.now())

    def finish(self, *people: Person) -> None:
        for person in people:
            with transaction():
                operations.finish(self.cycle, by=person, now=the_clock.now())

    def end(self, clock: Clock) -> bool:
        clock.move_to(self.cycle.review_ends_at)
        with transaction():
            return operations.close_round(self.cycle, now=clock.now)

    def close(self, by: Person, reasons: str = "") -> Closing:
        with transaction():
            return operations.close_by_person(self.cycle, reasons, by=by, now=the_clock.now())

    def refused(self, by: Person, reasons: str = "") -> Refusal:
        with pytest.raises(Refused) as no:
            self.close(by, reasons)
        return no.value.refusal


# --- at its time -----------------------------------------------------------------------------------------------------


def test_under_the_quorum_it_waits_and_writes_once_to_who_can_end_the_waiting(clock: Clock) -> None:
    of = Round()
    of.score(of.member)
    of.score(of.chair, of.files[0])
    assert queries.under_quorum(of.cycle) == [of.files[1].id]
    assert [of.end(clock), of.end(clock)] == [False, False]
    assert (of.cycle.round_closed_at, of.cycle.result_due) == (None, False)
    assert _letters("round_waits") == [of.chair.id, of.secretariat.id]
    # A moved date opens the scoring again; at the new end the file has what it needs.
    of.cycle.review_ends_at += timedelta(days=3)
    db.session.commit()
    of.score(of.chair, of.files[1])
    assert (of.end(clock), of.cycle.round_closed_at) == (True, clock.now)
    assert _letters("round_waits") == [of.chair.id, of.secretariat.id]


def test_a_moved_date_that_did_not_help_is_told_again(clock: Clock) -> None:
    of = Round()
    of.end(clock)
    of.cycle.review_ends_at += timedelta(days=3)
    db.session.commit()
    of.end(clock)
    assert _letters("round_waits") == [of.chair.id, of.chair.id, of.secretariat.id, of.secretariat.id]


def test_a_file_that_cannot_reach_the_quorum_makes_it_wait_too(clock: Clock) -> None:
    of = Round()
    for person in (of.member, of.deputy):
        with transaction():
            panel.recuse(of.files[0], ConflictKind.OTHER, "I know her.", by=person, now=clock.now)
    of.score(of.chair)
    of.score(of.member, of.files[1])
    assert (of.end(clock), queries.under_quorum(of.cycle)) == (False, [of.files[0].id])


def test_scores_of_who_left_the_panel_or_stepped_out_count_for_no_quorum(clock: Clock) -> None:
    of = Round()
    of.score(of.member)
    of.score(of.chair)
    assert queries.under_quorum(of.cycle) == []
    with transaction():
        panel.recuse(of.files[1], ConflictKind.OTHER, "I know her.", by=of.member, now=clock.now)
    assert queries.under_quorum(of.cycle) == [of.files[1].id]
    of.member.appointments[0].ended_at = clock.now
    db.session.commit()
    assert queries.under_quorum(of.cycle) == [file.id for file in of.files]


# --- by the chair ----------------------------------------------------------------------------------------------------


def test_before_its_time_it_closes_when_everybody_finished_and_every_file_has_its_quorum(clock: Clock) -> None:
    of = Round()
    everybody = (of.member, of.chair, of.deputy)
    assert of.refused(of.chair) is Refusal.UNDER_QUORUM
    for person in everybody:
        of.score(person)
    assert of.refused(of.chair) is Refusal.UNFINISHED
    of.finish(*everybody)
    waiting = of.file(NominationState.SUBMITTED)
    db.session.commit()
    assert of.refused(of.chair) is Refusal.UNFINISHED  # a file may still come to the panel
    waiting.state = NominationState.WITHDRAWN
    waiting.withdrawn_reason = "x"
    db.session.commit()
    made = of.close(of.chair)
    assert (made.complete, made.under_quorum, made.by_id) == (True, [], of.chair.id)
    assert (of.cycle.round_closed_at, of.cycle.result_due) == (clock.now, True)
    assert _letters("round_closed") == sorted(person.id for person in (*everybody, of.secretariat))
    assert of.refused(of.chair) is Refusal.ALREADY_DONE


def test_after_its_time_it_closes_under_the_quorum_with_reasons_which_are_kept(clock: Clock) -> None:
    of = Round()
    of.score(of.member)
    of.end(clock)
    assert of.refused(of.chair, "  ") is Refusal.INVALID
    assert of.refused(of.chair, "x" * 4001) is Refusal.INVALID
    made = of.close(of.chair, " Two members fell ill. ")
    assert (made.complete, made.under_quorum, made.reasons) == (
        *(False, [file.id for file in of.files]),
        "Two members fell ill.",
    )
    entry = db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq.desc()).limit(1)).one()
    assert (entry.act, entry.actor_id, entry.detail) == (
        *("close_round", of.chair.id),
        {"complete": False, "closing": made.id},
    )


@pytest.mark.parametrize(
    ("who", "chair_recused", "expected"),
    [
        ("chair", False, None),
        ("deputy", False, Refusal.NOT_YOURS),
        # A chair with a conflict in any file of the year hands over to the deputy.
        ("chair", True, Refusal.CONFLICT),
        ("deputy", True, None),
        ("member", False, Refusal.NOT_YOURS),
        ("secretariat", False, Refusal.NOT_YOURS),
        ("nominator", False, Refusal.NOT_YOURS),
    ],
)
def test_who_closes_it(clock: Clock, who: str, chair_recused: bool, expected: Refusal | None) -> None:
    of = Round()
    if chair_recused:
        with transaction():
            panel.recuse(of.files[0], ConflictKind.OTHER, "I know her.", by=of.chair, now=clock.now)
    of.end(clock)
    person: Person = getattr(of, who)
    if expected is None:
        assert of.close(person, "Members fell ill.").by_id == person.id
    else:
        assert of.refused(person, "Members fell ill.") is expected


def test_of_the_worker_and_the_chair_one_closes_it(app: Flask, clock: Clock) -> None:
    of = Round()
    for person in (of.member, of.chair):
        of.score(person)
    cycle_id, chair_id = of.cycle.id, of.chair.id
    clock.move_to(of.cycle.review_ends_at)

    def worker() -> None:
        operations.close_round(db.session.get_one(Cycle, cycle_id), now=clock.now)

    def chair() -> None:
        by = db.session.get_one(Person, chair_id)
        operations.close_by_person(db.session.get_one(Cycle, cycle_id), "", by=by, now=clock.now)

    refusals = at_once(app, [worker, chair])
    closed = select(LedgerEntry.actor_id).where(LedgerEntry.act == "close_round")
    by_chair = list(db.session.scalars(closed)) == [chair_id]
    assert refusals == ([] if by_chair else [Refusal.ALREADY_DONE])
    assert len(list(db.session.scalars(closed))) == 1
    assert len(list(db.session.scalars(select(Closing)))) == by_chair


def _letters(template: str) -> list[int | None]:
    people = select(Letter.person_id).where(Letter.template == template)
    return sorted(db.session.scalars(people), key=lambda one: one or 0)
