"""What blocks a year, who is late, which missions are silent; and nothing its reader may not know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from award_app.accounts.models import Person
from award_app.announcement.models import Announcement, Approval
from award_app.cycles.models import Cycle, Extension, Mission, MissionAnswer
from award_app.db import db, transaction
from award_app.domain.vocabulary import ConflictKind, Consent, LetterState, NominationState, Phase, Seat
from award_app.nominations.models import Nomination, Return, SecretariatDeclaration, WithdrawalRequest
from award_app.notifications.models import Letter
from award_app.panel.models import Recusal
from award_app.reports import cockpit, queries
from award_app.reports.cockpit import Block, Cockpit
from award_app.reports.lists.queries import Wanted
from award_app.reviews.models import Ballot, CannotFinish
from tests import factories as make
from tests.conftest import Clock
from tests.counting import Statements

S, B = NominationState, Block


@dataclass
class Year:
    cycle: Cycle
    missions: tuple[Mission, ...]  # ALPHA with everybody, BETA with a nominator, GAMMA with nobody
    writer: Person
    me: Person
    other: Person

    def file(self, state: NominationState, mission: int = 0, **answers: str) -> Nomination:
        return make.nomination(self.cycle, self.missions[mission], self.writer, state, files=False, **answers)

    def seen(self, now: datetime, person: Person | None = None) -> Cockpit:
        db.session.expire_all()
        return cockpit.build(self.cycle, person or self.me, now)

    def blocked(self, now: datetime, person: Person | None = None) -> dict[Block, int]:
        return {one.code: one.count for one in self.seen(now, person).blocked}


def year_in(phase: Phase) -> Year:
    with transaction():
        missions = tuple(make.mission(name) for name in ("ALPHA", "BETA", "GAMMA"))
        cycle = make.cycle(phase, missions=missions)
        writer = make.nominator(cycle, missions[0])
        make.authority(cycle, missions[0], name="Head of Alpha")
        make.nominator(cycle, missions[1])
        return Year(cycle, missions, writer, make.secretariat(), make.secretariat())


@pytest.fixture
def open_year(app: Flask, clock: Clock) -> Year:
    return year_in(Phase.OPEN)


@pytest.fixture
def review(app: Flask, clock: Clock) -> Year:
    return year_in(Phase.REVIEW)


def declared(file: Nomination, person: Person, *, conflict: bool) -> None:
    reason = "A tie." if conflict else None
    at = file.created_at
    make.add(
        SecretariatDeclaration(nomination_id=file.id, person_id=person.id, conflict=conflict, reason=reason, at=at)
    )


def judged(file: Nomination) -> None:
    """Somebody on the panel may score it: its quorum is one."""
    make.declaration(file, make.member(file.cycle))


# --- missions --------------------------------------------------------------------------------------------------------


def test_a_mission_is_silent_until_it_hands_in_or_says_that_it_has_no_nominee(open_year: Year, clock: Clock) -> None:
    assert [line.acronym for line in open_year.seen(clock.now).silent] == ["ALPHA", "BETA", "GAMMA"]
    with transaction():
        open_year.file(S.SUBMITTED)
        answer = make.add(
            MissionAnswer(
                cycle_id=open_year.cycle.id,
                mission_id=open_year.missions[1].id,
                reason="",
                by_id=open_year.writer.id,
                at=clock.now,
            )
        )
    assert [line.acronym for line in open_year.seen(clock.now).silent] == ["GAMMA"]
    with transaction():
        answer.taken_back_at = clock.now
    assert [line.acronym for line in open_year.seen(clock.now).silent] == ["BETA", "GAMMA"]


def test_a_draft_is_known_by_its_number_alone(open_year: Year, clock: Clock) -> None:
    with transaction():
        for state in (S.DRAFT, S.ENDORSED, S.WITHDRAWN):
            open_year.file(state, publish_name="Secret Draft")
    line = open_year.seen(clock.now).missions.rows[0]
    assert (line.drafts, line.handed_in, line.silent) == (2, 0, True)
    assert "Secret Draft" not in repr(open_year.seen(clock.now))


def test_what_left_is_not_counted_as_handed_in_unless_that_would_tell_of_a_closed_file(
    open_year: Year, clock: Clock
) -> None:
    with transaction():
        open_year.file(S.SUBMITTED)
        gone = open_year.file(S.INELIGIBLE)
        declared(gone, open_year.other, conflict=True)
    assert [open_year.seen(clock.now, p).missions.rows[0].handed_in for p in (open_year.me, open_year.other)] == [1, 2]


def test_a_mission_has_its_own_deadline_and_its_newest_extension_counts(open_year: Year, clock: Clock) -> None:
    cycle, beta = open_year.cycle, open_year.missions[1]
    with transaction():
        for days in (9, 5):
            until = cycle.closes_at + timedelta(days=days)
            by = open_year.me.id
            make.add(
                Extension(cycle_id=cycle.id, mission_id=beta.id, until=until, reason="Storm", by_id=by, at=clock.now)
            )
    closes = [line.closes_at - cycle.closes_at for line in open_year.seen(clock.now).missions.rows]
    assert closes == [timedelta(), timedelta(days=5), timedelta()]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ["ALPHA", "BETA", "GAMMA"]),
        (Wanted("álpha"), ["ALPHA"]),
        (Wanted("somewhere"), ["ALPHA", "BETA", "GAMMA"]),
        (Wanted(chosen={"stands": "silent"}), ["BETA", "GAMMA"]),
        (Wanted(chosen={"stands": "drafts"}), ["BETA"]),
        (Wanted(chosen={"stands": "handed_in"}), ["ALPHA"]),
        (Wanted(chosen={"stands": "full"}), []),
        (Wanted(chosen={"stands": "answered"}), []),
        (Wanted(chosen={"authority": "missing"}), ["BETA", "GAMMA"]),
        (Wanted(chosen={"authority": "named", "stands": "silent"}), []),
    ],
)
def test_missions_are_found_by_name_and_by_where_they_stand(open_year: Year, wanted: Wanted, found: list[str]) -> None:
    with transaction():
        open_year.file(S.SUBMITTED)
        open_year.file(S.DRAFT, 1)
    page = queries.mission_lines(open_year.cycle, open_year.me, wanted)
    assert ([line.acronym for line in page.rows], page.total) == (found, 3)
    assert {line.acronym: line.authorities for line in page.rows if line.authorities}.get("ALPHA", ()) in (
        ("Head of Alpha",),
        (),
    )


# --- what blocks -----------------------------------------------------------------------------------------------------


def test_a_year_in_preparation_is_blocked_by_what_is_missing(app: Flask, clock: Clock) -> None:
    year = year_in(Phase.PREPARING)
    assert set(year.blocked(clock.now)) == {B.NOT_READY}


def test_missions_without_an_authority_block_while_they_could_hand_in(open_year: Year, clock: Clock) -> None:
    (one,) = open_year.seen(clock.now).blocked
    assert (one.code, one.names) == (B.NO_AUTHORITY, ("BETA", "GAMMA"))
    assert open_year.blocked(clock.move_to(open_year.cycle.closes_at)) == {}


def test_files_wait_for_screening_a_second_person_a_rewording_or_an_endorsement(open_year: Year, clock: Clock) -> None:
    with transaction():
        open_year.file(S.SUBMITTED)
        open_year.file(S.SUBMITTED).ineligible_by_id = open_year.other.id
        names_one = open_year.file(S.SUBMITTED, identifies_survivor="yes")
        declared(names_one, open_year.me, conflict=False)
        back = open_year.file(S.RETURNED)
        at = clock.now
        make.add(Return(nomination_id=back.id, remarks="?", deadline=at, by_id=open_year.me.id, at=at))
        make.endorsement(back, open_year.writer).voided_at = at
    blocked = {B.NO_AUTHORITY: 2, B.SCREENING: 2, B.SECOND_PERSON: 1, B.ENDORSEMENT_VOID: 1}
    assert open_year.blocked(clock.now) == blocked | {B.SURVIVOR: 1}
    # what a text says is known only to whoever declared before reading it
    assert open_year.blocked(clock.now, open_year.other) == blocked


def test_the_panel_blocks_by_declarations_messages_and_too_many_who_stepped_out(review: Year, clock: Clock) -> None:
    with transaction():
        file = review.file(S.ACCEPTED)
        spoke = make.member(review.cycle, Seat.CHAIR, name="Chair")
        make.declaration(file, spoke)
        silent = make.member(review.cycle, name="Silent")
        make.add(CannotFinish(cycle_id=review.cycle.id, person_id=silent.id, reason="Ill", at=clock.now))
    assert review.blocked(clock.now) == {B.UNDECLARED: 1, B.CANNOT_FINISH: 1, B.NO_CLEARANCE: 1}
    names = {one.code: one.names for one in review.seen(clock.now).blocked}
    assert (names[B.UNDECLARED], names[B.CANNOT_FINISH]) == (("Silent",), ("Silent",))
    with transaction():
        for person in (spoke, silent):
            kind = ConflictKind.OTHER
            make.add(Recusal(nomination_id=file.id, person_id=person.id, kind=kind, reason="A tie", at=clock.now))
    assert review.blocked(clock.now) == {B.CANNOT_FINISH: 1, B.QUORUM: 1, B.NO_CLEARANCE: 1}
    late = clock.move_to(review.cycle.review_ends_at)
    assert B.ROUND_OVERDUE in review.blocked(late)


def test_consent_and_clearance_are_asked_for_before_there_is_a_shortlist(review: Year, clock: Clock) -> None:
    with transaction():
        file = review.file(S.ACCEPTED)
        file.consent = Consent.NOT_TOLD
        judged(file)
    assert review.blocked(clock.now) == {B.NO_CONSENT: 1, B.NO_CLEARANCE: 1}


def test_after_the_close_the_chain_of_the_outcome_is_told_link_by_link(review: Year, clock: Clock) -> None:
    with transaction():
        review.file(S.ACCEPTED)
        review.cycle.round_closed_at = clock.now
        review.cycle.result_due = True
    assert review.blocked(clock.now) == {B.RESULT_DUE: 1, B.NO_SHORTLIST: 1, B.NO_CLEARANCE: 1}


def test_a_mission_that_asks_for_a_file_back_and_letters_that_are_stuck_are_told(review: Year, clock: Clock) -> None:
    with transaction():
        file = review.file(S.ACCEPTED)
        judged(file)
        by = review.writer.id
        make.add(WithdrawalRequest(nomination_id=file.id, reason="She left", by_id=by, at=clock.now))
        for number, (template, state) in enumerate(
            [("call", LetterState.HELD), ("dates_moved", LetterState.REFUSED), ("told", LetterState.HELD)]
        ):
            once, at = f"once {number}", clock.now
            make.add(
                Letter(
                    template=template,
                    ids={},
                    once=once,
                    message_id=once,
                    state=state,
                    created_at=at,
                    next_at=at,
                    closed_at=at,
                )
            )
    # a letter that tells of the outcome is not counted
    assert review.blocked(clock.now) == {B.NO_CLEARANCE: 1, B.WITHDRAWAL_ASKED: 1, B.LETTERS: 2}


# --- who is late -----------------------------------------------------------------------------------------------------


def test_drafts_are_late_in_the_last_week_and_silent_after_it(open_year: Year, clock: Clock) -> None:
    with transaction():
        open_year.file(S.DRAFT)
    closes = open_year.cycle.closes_at
    moments = (closes - timedelta(days=8), closes - timedelta(days=7), closes - timedelta(seconds=1), closes)
    late = [[line.acronym for line in open_year.seen(clock.move_to(at)).writing] for at in moments]
    assert late == [[], ["ALPHA"], ["ALPHA"], []]


def test_members_are_late_with_declarations_at_once_and_with_scores_from_the_end_of_screening(
    open_year: Year, clock: Clock
) -> None:
    with transaction():
        file = open_year.file(S.ACCEPTED)
        ready, idle, done = (make.member(open_year.cycle, name=name) for name in ("Ready", "Idle", "Done"))
        for person in (ready, done):
            make.declaration(file, person)
        make.add(Ballot(cycle_id=open_year.cycle.id, person_id=done.id, finished_at=clock.now))
    assert idle.name == "Idle"
    assert [(m.name, m.undeclared) for m in open_year.seen(clock.now).members] == [("Idle", 1)]
    scoring = clock.move_to(open_year.cycle.screening_ends_at)
    assert [m.name for m in open_year.seen(scoring).members] == ["Idle", "Ready"]


def test_files_that_came_back_stand_by_their_deadlines(open_year: Year, clock: Clock) -> None:
    with transaction():
        for name, days in (("Later", 5), ("Sooner", 2)):
            open_year.file(S.RETURNED, publish_name=name).return_deadline = clock.now + timedelta(days=days)
    assert [file.name for file in open_year.seen(clock.now).returned] == ["Sooner", "Later"]


# --- conflicts -------------------------------------------------------------------------------------------------------


def test_nothing_depends_on_a_file_its_reader_has_a_conflict_in(review: Year, clock: Clock) -> None:
    """The same cockpit whether the closed file is there in this state, in another, or with other facts about it."""
    with transaction():
        make.member(review.cycle, name="Member")
        closed = review.file(S.SUBMITTED, publish_name="Closed")
        declared(closed, review.me, conflict=True)
        review.cycle.quorum = 2
    before = review.seen(clock.now)
    for change in (
        {"state": S.RETURNED, "return_deadline": clock.now},
        {"state": S.SUBMITTED, "ineligible_by_id": review.other.id},
        {"state": S.WITHDRAWN, "withdrawn_reason": "Left"},
        {"state": S.ACCEPTED, "accepted_at": clock.now, "consent": Consent.REFUSED},
    ):
        with transaction():
            for name, value in change.items():
                setattr(closed, name, value)
        assert review.seen(clock.now) == before
    assert B.QUORUM in review.blocked(clock.now, review.other)


def test_a_conflict_in_an_accepted_file_closes_what_is_told_of_the_outcome(review: Year, clock: Clock) -> None:
    with transaction():
        declared(review.file(S.ACCEPTED), review.me, conflict=True)
        review.cycle.round_closed_at = clock.now
    assert (review.blocked(clock.now), review.seen(clock.now).outcome_hidden) == ({}, True)
    assert review.blocked(clock.now, review.other) == {B.NO_SHORTLIST: 1, B.NO_CLEARANCE: 1}


# --- statements ------------------------------------------------------------------------------------------------------


def test_the_cockpit_takes_as_many_statements_with_one_file_as_with_many(
    review: Year, clock: Clock, statements: Statements
) -> None:
    def asked() -> int:
        db.session.expire_all()
        assert len(review.me.appointments) == 1
        with statements.counted() as counted:
            cockpit.build(review.cycle, review.me, clock.now)
        return counted.number

    with transaction():
        review.file(S.ACCEPTED)
    few = asked()
    with transaction():
        for n in range(40):
            review.file(S.ACCEPTED, n % 3)
            make.member(review.cycle)
    assert asked() == few
    assert few <= 20


@pytest.mark.parametrize(
    ("opened", "archived", "announced", "running"),
    [
        # opened, and not announced: the one that is furthest on first
        ((2024, 2025), (), (), [2024, 2025]),
        ((2024, 2025), (), (2024,), [2025]),
        ((2024, 2025), (2024,), (), [2025]),
        # where none runs, the newest that is not archived
        ((2024,), (), (2024,), [2026]),
        ((), (), (), [2026]),
        ((), (2024, 2025, 2026), (), []),
    ],
)
def test_running_years_are_opened_and_not_announced(
    app: Flask,
    clock: Clock,
    opened: tuple[int, ...],
    archived: tuple[int, ...],
    announced: tuple[int, ...],
    running: list[int],
) -> None:
    with transaction():
        for number in (2024, 2025, 2026):
            cycle = make.cycle(Phase.RESULT if number in opened else Phase.PREPARING, award_year=number)
            cycle.archived_at = clock.now if number in archived else None
            if number in announced:
                release(cycle, clock.now)
    assert [cycle.award_year for cycle in queries.running_years(clock.now)] == running


def release(cycle: Cycle, now: datetime) -> None:
    """No award, approved by two."""
    one, two = make.secretariat(), make.secretariat()
    texts: dict[str, Any] = dict.fromkeys(("name", "rank", "country", "duty"), "")
    said: dict[str, Any] = {"citations": {}, "stories": {}, "release_at": now, "version": 1}
    made = make.add(Announcement(cycle_id=cycle.id, prepared_by_id=one.id, prepared_at=now, **texts, **said))
    for slot, person in ((1, one), (2, two)):
        make.add(Approval(announcement_id=made.id, version=1, slot=slot, person_id=person.id, at=now))
