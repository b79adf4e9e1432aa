"""Scoring, finishing, and the round's beginning and end, through the operations, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from award_app import clock as the_clock
from award_app.accounts.models import Person
from award_app.audit import LedgerEntry
from award_app.cycles.models import Criterion, Cycle
from award_app.db import db, transaction
from award_app.domain.vocabulary import ConflictKind, NominationState, Phase, Refusal, Refused, Seat
from award_app.nominations.models import Nomination
from award_app.notifications.models import Letter
from award_app.panel import operations as panel
from award_app.reviews import operations, queries, rounds
from award_app.reviews.models import Ballot, Score, ScoreDraft, effective_scores
from tests import factories as make
from tests.conftest import Clock
from tests.panel.together import at_once

pytestmark = pytest.mark.usefixtures("app")


class Year:
    """A cycle in review with two accepted files; the member has declared for the first."""

    def __init__(self) -> None:
        self.mission = make.mission()
        self.cycle: Cycle = make.cycle(Phase.REVIEW, missions=(self.mission,))
        self.nominator = make.nominator(self.cycle, self.mission)
        self.file = self.accepted()
        self.other = self.accepted()
        self.member: Person = make.member(self.cycle)
        make.declaration(self.file, self.member)
        self.criteria: list[Criterion] = list(self.cycle.criteria)
        db.session.commit()

    def accepted(self) -> Nomination:
        return make.nomination(self.cycle, self.mission, self.nominator, NominationState.ACCEPTED)

    def fill(self) -> None:
        """Each file has the one full review that the quorum asks for."""
        make.declaration(self.other, self.member)
        db.session.commit()
        for file in (self.file, self.other):
            with transaction():
                operations.score(file, self.sheet(), operation_id=file.ref, by=self.member, now=the_clock.now())

    def sheet(self, value: int = 4) -> dict[int, tuple[int, str]]:
        """A full sheet: the same value everywhere, and conduct passes."""
        return {c.id: (2 if c.code == "conduct" else value, "") for c in self.criteria}

    def given(self, by: Person, file: Nomination | None = None) -> list[tuple[int | None, str]]:
        return [(line.value, line.comment) for line in queries.own_scores(by, file or self.file)]


def _late(member: Person, year: Year) -> dict[int, tuple[int, str]]:
    return queries.own_in(member, year.file).late(year.file)


def _score(year: Year, values: dict[int, tuple[int, str]], clock: Clock, key: str = "one") -> int:
    with transaction():
        return operations.score(year.file, values, operation_id=key, by=year.member, now=clock.now)


# --- drafts and windows ---------------------------------------------------------------------------------------------


def _drafts() -> list[tuple[int, str]]:
    return [
        (d.criterion_id, d.comment) for d in db.session.scalars(select(ScoreDraft).order_by(ScoreDraft.criterion_id))
    ]


def test_a_comment_without_a_value_is_a_draft_until_its_value_is_chosen(clock: Clock) -> None:
    year = Year()
    first, second, *_rest = year.criteria

    def give(values: dict[int, tuple[int, str]], comments: dict[int, str]) -> int:
        with transaction():
            return operations.score(
                year.file, values, comments=comments, operation_id=f"{values}{comments}", by=year.member, now=clock.now
            )

    assert (give({}, {first.id: " Strong. ", second.id: "Hm."}), _drafts()) == (
        0,
        [(first.id, "Strong."), (second.id, "Hm.")],
    )
    assert year.given(year.member)[:2] == [(None, "Strong."), (None, "Hm.")]
    assert (give({}, {first.id: "Stronger.", second.id: ""}), _drafts()) == (0, [(first.id, "Stronger.")])
    assert (give({first.id: (5, "Stronger.")}, {}), _drafts()) == (1, [])
    # Where a value stands already, a comment alone is a comment on it.
    assert (give({}, {first.id: "Strongest."}), _drafts()) == (1, [])
    assert year.given(year.member)[0] == (5, "Strongest.")


def test_a_draft_is_its_authors_alone_and_needs_what_a_score_needs(clock: Clock) -> None:
    year = Year()
    comments = {year.criteria[0].id: "Mine."}
    with transaction():
        operations.score(year.file, {}, comments=comments, operation_id="a", by=year.member, now=clock.now)
    assert year.given(make.member(year.cycle)) == [(None, "")] * 6
    for file, by, refusal in (
        (year.other, year.member, Refusal.DECLARE_FIRST),
        (year.file, make.member(make.cycle()), Refusal.NOT_FOUND),
    ):
        with pytest.raises(Refused) as no, transaction():
            operations.score(file, {}, comments=comments, operation_id="b", by=by, now=clock.now)
        assert no.value.refusal is refusal
    with pytest.raises(Refused) as too_long, transaction():
        operations.score(
            year.file, {}, comments={year.criteria[0].id: "x" * 4001}, operation_id="c", by=year.member, now=clock.now
        )
    assert (too_long.value.refusal, too_long.value.problems) == (Refusal.INVALID, (year.criteria[0].id,))


# --- scoring -------------------------------------------------------------------------------------------------------


def test_a_sheet_may_be_saved_in_parts(clock: Clock) -> None:
    year = Year()
    first, second, *_rest = year.criteria
    assert _score(year, {first.id: (5, " Forty reports. ")}, clock) == 1
    assert _score(year, {second.id: (3, "")}, clock, "two") == 1
    assert year.given(year.member) == [(5, "Forty reports."), (3, ""), *[(None, "")] * 4]


def test_a_new_revision_is_written_only_where_value_or_comment_changed(clock: Clock) -> None:
    year = Year()
    first, second, *_rest = year.criteria
    _score(year, year.sheet(4), clock)
    changed = {**year.sheet(4), first.id: (4, "Now with a word."), second.id: (2, "")}
    assert _score(year, changed, clock, "two") == 2
    revisions = db.session.execute(select(Score.criterion_id, func.max(Score.revision)).group_by(Score.criterion_id))
    assert {row[0]: row[1] for row in revisions} == {c.id: (2 if c in (first, second) else 1) for c in year.criteria}


def test_the_same_save_sent_twice_has_one_effect(clock: Clock) -> None:
    year = Year()
    first = year.criteria[0]
    assert _score(year, {first.id: (5, "")}, clock, "one") == 1
    assert _score(year, {first.id: (2, "")}, clock, "two") == 1
    assert _score(year, {first.id: (5, "")}, clock, "one") == 0  # a late echo of the first
    assert year.given(year.member)[0] == (2, "")


def test_scoring_is_written_in_the_ledger_without_values(clock: Clock) -> None:
    year = Year()
    _score(year, {year.criteria[1].id: (5, "Very good."), year.criteria[0].id: (1, "")}, clock)
    row = db.session.scalars(select(LedgerEntry)).one()
    expected = {"criteria": sorted(c.id for c in year.criteria[:2])}
    assert (row.act, row.subject_id, row.actor_id, row.detail) == ("score", year.file.id, year.member.id, expected)


@pytest.mark.parametrize(
    ("code", "value", "comment"),
    [
        ("mandate", 0, ""),  # below the scale
        ("mandate", 6, ""),  # above it
        ("conduct", 3, ""),  # conduct knows concern and pass only
        ("conduct", 1, "  "),  # a concern says what it is
        ("mandate", 3, "x" * 4001),
        (None, 3, ""),  # a criterion this cycle does not have
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_nothing_is_saved(
    clock: Clock, code: str | None, value: int, comment: str
) -> None:
    year = Year()
    wrong = next((c.id for c in year.criteria if c.code == code), 9999)
    good = next(c.id for c in year.criteria if c.code == "community")
    with pytest.raises(Refused) as no:
        _score(year, {good: (3, ""), wrong: (value, comment)}, clock)
    assert (no.value.refusal, no.value.problems, _rows()) == (Refusal.INVALID, (wrong,), 0)


def test_a_concern_with_a_comment_is_kept(clock: Clock) -> None:
    year = Year()
    conduct = year.criteria[-1]
    _score(year, {conduct.id: (1, "Two sources differ.")}, clock)
    assert year.given(year.member)[-1] == (1, "Two sources differ.")


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("undeclared", Refusal.DECLARE_FIRST),
        ("recused", Refusal.CONFLICT),
        ("barred", Refusal.CONFLICT),
        ("finished", Refusal.ALREADY_DONE),
        ("member of another year", Refusal.NOT_FOUND),
        ("nominator", Refusal.NOT_YOURS),
        ("secretariat", Refusal.NOT_YOURS),
        ("nobody", Refusal.NOT_FOUND),
    ],
)
def test_who_may_not_score(clock: Clock, who: str, refusal: Refusal) -> None:
    year = Year()
    people: dict[str, Callable[[], Person]] = {
        "undeclared": lambda: make.member(year.cycle),
        "recused": lambda: _recused(year, clock),
        "barred": lambda: _barred(year),
        "finished": lambda: _finished(year, clock),
        "member of another year": lambda: make.member(make.cycle(Phase.REVIEW)),
        "nominator": lambda: year.nominator,
        "secretariat": make.secretariat,
        "nobody": make.person,
    }
    person = people[who]()
    db.session.commit()
    before = _rows()
    with pytest.raises(Refused) as no, transaction():
        operations.score(year.file, year.sheet(), operation_id="x", by=person, now=clock.now)
    assert (no.value.refusal, _rows()) == (refusal, before)


def test_before_its_window_scoring_is_too_early(clock: Clock) -> None:
    year = Year()
    clock.move_to(year.cycle.screening_ends_at - timedelta(seconds=1))
    with pytest.raises(Refused) as no:
        _score(year, year.sheet(), clock)
    assert no.value.refusal is Refusal.TOO_EARLY


def test_a_file_accepted_after_she_finished_can_still_be_scored(clock: Clock) -> None:
    year = Year()
    _finished(year, clock, year.member)
    clock.forward(hours=1)
    late = year.accepted()
    make.declaration(late, year.member)
    db.session.commit()
    with transaction():
        operations.score(late, year.sheet(), operation_id="late file", by=year.member, now=clock.now)
    assert year.given(year.member, late) == [(4, "")] * 5 + [(2, "")]


# --- what comes too late -------------------------------------------------------------------------------------------


def test_late_scores_are_refused_kept_for_their_author_and_count_nowhere(clock: Clock) -> None:
    year = Year()
    first, second, *_rest = year.criteria
    _score(year, {first.id: (3, "")}, clock)
    clock.move_to(year.cycle.review_ends_at)
    late = {first.id: (5, "One word more."), second.id: (4, "")}
    with pytest.raises(Refused) as no:
        _score(year, late, clock, "late")
    assert (no.value.refusal, _rows()) == (Refusal.TOO_LATE, 1)
    with transaction():
        operations.keep_late(year.file, late, operation_id="late", by=year.member, now=clock.now)
    assert _late(year.member, year) == late
    assert _late(make.member(year.cycle), year) == {}
    assert year.given(year.member)[:2] == [(3, ""), (None, "")]
    assert db.session.execute(select(effective_scores.c.value)).scalars().all() == [3]


def test_sent_twice_late_scores_are_kept_once(clock: Clock) -> None:
    year = Year()
    clock.move_to(year.cycle.review_ends_at)
    for key in ("a", "a", "b"):
        with transaction():
            operations.keep_late(year.file, year.sheet(), operation_id=key, by=year.member, now=clock.now)
    assert _rows() == len(year.criteria)


@pytest.mark.parametrize(("who", "refusal"), [("in time", Refusal.WRONG_STATE), ("recused", Refusal.CONFLICT)])
def test_only_what_is_late_is_kept_as_late(clock: Clock, who: str, refusal: Refusal) -> None:
    year = Year()
    person = year.member if who == "in time" else _recused(year, clock)
    db.session.commit()
    with pytest.raises(Refused) as no, transaction():
        operations.keep_late(year.file, year.sheet(), operation_id="x", by=person, now=clock.now)
    assert (no.value.refusal, _rows()) == (refusal, 0)


# --- what the database holds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["recused", "barred"])
def test_the_database_itself_refuses_a_score_of_a_recused_or_barred_member(clock: Clock, who: str) -> None:
    year = Year()
    person = _recused(year, clock) if who == "recused" else _barred(year)
    db.session.commit()
    with pytest.raises(IntegrityError):
        make.score(year.file, person, year.criteria[0], 5)
    db.session.rollback()
    assert _rows() == 0


def test_a_recusal_takes_scores_out_of_the_result_and_deletes_none(clock: Clock) -> None:
    year = Year()
    _score(year, year.sheet(), clock)
    with transaction():
        panel.recuse(year.file, ConflictKind.OTHER, "I know the case.", by=year.member, now=clock.now)
    counted = db.session.scalar(select(func.count()).select_from(effective_scores))
    assert (counted, _rows()) == (0, len(year.criteria))


def test_scoring_and_stepping_out_at_once_never_leave_a_score_after_the_recusal(app: Flask, clock: Clock) -> None:
    year = Year()
    file_id, member_id, sheet = year.file.id, year.member.id, year.sheet()

    def score() -> None:
        file, member = db.session.get_one(Nomination, file_id), db.session.get_one(Person, member_id)
        operations.score(file, sheet, operation_id="race", by=member, now=clock.now)

    def step_out() -> None:
        file, member = db.session.get_one(Nomination, file_id), db.session.get_one(Person, member_id)
        panel.recuse(file, ConflictKind.OTHER, "I know the case.", by=member, now=clock.now)

    refusals = at_once(app, [score, step_out])
    acts = [row.act for row in db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq))]
    assert (refusals, acts) in [([], ["score", "recuse"]), ([Refusal.CONFLICT], ["recuse"])]


# --- finishing -------------------------------------------------------------------------------------------------------


def test_finishing_needs_every_file_declared_and_scored_whole(clock: Clock) -> None:
    year = Year()
    assert _left(year, clock) == {year.file.ref, year.other.ref}
    _score(year, year.sheet(), clock)
    assert _left(year, clock) == {year.other.ref}
    make.declaration(year.other, year.member)
    db.session.commit()
    part = dict(list(year.sheet().items())[:-1])
    with transaction():
        operations.score(year.other, part, operation_id="part", by=year.member, now=clock.now)
    assert _left(year, clock) == {year.other.ref}
    with transaction():
        operations.score(year.other, year.sheet(), operation_id="whole", by=year.member, now=clock.now)
        operations.finish(year.cycle, by=year.member, now=clock.now)
    assert queries.ballot(year.member, year.cycle) == clock.now


def test_files_one_is_out_of_need_nothing(clock: Clock) -> None:
    year = Year()
    _score(year, year.sheet(), clock)
    year.other.nominator_id = year.member.id  # barred
    extra = year.accepted()
    db.session.flush()
    with transaction():
        panel.recuse(extra, ConflictKind.CLOSE_TIE, "A cousin.", by=year.member, now=clock.now)
        operations.finish(year.cycle, by=year.member, now=clock.now)
    assert queries.ballot(year.member, year.cycle) == clock.now


def test_one_finishes_once_and_within_the_window(clock: Clock) -> None:
    year = Year()
    _finished(year, clock, year.member)
    with pytest.raises(Refused) as twice, transaction():
        operations.finish(year.cycle, by=year.member, now=clock.now)
    clock.move_to(year.cycle.review_ends_at)
    with pytest.raises(Refused) as late, transaction():
        operations.finish(year.cycle, by=make.member(year.cycle), now=clock.now)
    assert (twice.value.refusal, late.value.refusal) == (Refusal.ALREADY_DONE, Refusal.TOO_LATE)
    assert db.session.scalar(select(func.count()).select_from(Ballot)) == 1


# --- the round -------------------------------------------------------------------------------------------------------


def test_the_round_opens_once_and_the_members_hear_of_it(clock: Clock) -> None:
    year = Year()
    chair = make.member(year.cycle, Seat.CHAIR)
    make.member(make.cycle(Phase.REVIEW))  # of another year
    make.secretariat()
    for expected in (True, False):
        with transaction():
            assert operations.open_round(year.cycle, now=clock.now) is expected
    assert year.cycle.round_opened_at == clock.now
    assert _letters() == {("round_open", year.member.id), ("round_open", chair.id)}
    assert _acts() == [("open_round", None)]


def test_the_round_closes_once_with_letters_and_a_result_to_compute(clock: Clock) -> None:
    year = Year()
    year.fill()
    chair, secretariat = make.member(year.cycle, Seat.CHAIR), make.secretariat()
    clock.move_to(year.cycle.review_ends_at)
    for expected in (True, False):
        with transaction():
            assert operations.close_round(year.cycle, now=clock.now) is expected
    assert (year.cycle.round_closed_at, year.cycle.result_due) == (clock.now, True)
    assert _letters() == {("round_closed", person.id) for person in (year.member, chair, secretariat)}
    assert _acts()[-1:] == [("close_round", None)]


def test_neither_happens_before_its_instant(clock: Clock) -> None:
    year = Year()
    with pytest.raises(Refused) as no, transaction():
        operations.close_round(year.cycle, now=year.cycle.review_ends_at - timedelta(seconds=1))
    assert no.value.refusal is Refusal.TOO_EARLY
    with pytest.raises(Refused) as no, transaction():
        operations.open_round(year.cycle, now=year.cycle.screening_ends_at - timedelta(seconds=1))
    assert no.value.refusal is Refusal.TOO_EARLY


def test_two_workers_close_it_once(app: Flask, clock: Clock) -> None:
    year = Year()
    year.fill()
    cycle_id = year.cycle.id
    clock.move_to(year.cycle.review_ends_at)
    done: list[bool] = []

    def close() -> None:
        done.append(operations.close_round(db.session.get_one(Cycle, cycle_id), now=clock.now))

    assert (at_once(app, [close] * 4), sorted(done)) == ([], [False, False, False, True])
    assert [act for act in _acts() if act[0] == "close_round"] == [("close_round", None)]


def test_after_the_close_no_score_is_taken_even_within_its_dates(clock: Clock) -> None:
    year = Year()
    year.cycle.round_closed_at = clock.now
    db.session.commit()
    with pytest.raises(Refused) as no:
        _score(year, year.sheet(), clock)
    assert no.value.refusal is Refusal.TOO_LATE


def test_what_is_due_at_which_instant(clock: Clock) -> None:
    year = Year()
    make.cycle(Phase.PREPARING)
    cycle, minute = year.cycle, timedelta(minutes=1)
    assert rounds.due_to_open(cycle.screening_ends_at - minute) == []
    assert rounds.due_to_open(cycle.screening_ends_at) == [cycle.id]
    assert rounds.due_to_close(cycle.review_ends_at + minute - timedelta(seconds=1)) == []
    assert rounds.due_to_close(cycle.review_ends_at + minute) == [cycle.id]
    cycle.round_closed_at = cycle.review_ends_at + minute
    db.session.flush()
    assert (rounds.due_to_open(cycle.review_ends_at), rounds.due_to_close(cycle.review_ends_at + 2 * minute)) == (
        [],
        [],
    )


def _recused(year: Year, clock: Clock) -> Person:
    member = make.member(year.cycle)
    db.session.flush()
    panel.recuse(year.file, ConflictKind.OTHER, "I know the case.", by=member, now=clock.now)
    return member


def _barred(year: Year) -> Person:
    member = make.member(year.cycle)
    make.endorsement(year.file, member)
    return member


def _finished(year: Year, clock: Clock, member: Person | None = None) -> Person:
    member = member or make.member(year.cycle)
    for file in (year.file, year.other):
        if (file, member) != (year.file, year.member):
            make.declaration(file, member)
        operations.score(file, year.sheet(), operation_id=file.ref, by=member, now=clock.now)
    operations.finish(year.cycle, by=member, now=clock.now)
    db.session.commit()
    return member


def _left(year: Year, clock: Clock) -> set[object]:
    with pytest.raises(Refused) as no, transaction():
        operations.finish(year.cycle, by=year.member, now=clock.now)
    assert no.value.refusal is Refusal.UNFINISHED
    return set(no.value.problems)


def _rows() -> int:
    return db.session.scalar(select(func.count()).select_from(Score)) or 0


def _letters() -> set[tuple[str, int | None]]:
    return {(letter.template, letter.person_id) for letter in db.session.scalars(select(Letter))}


def _acts() -> list[tuple[str, int | None]]:
    return [(row.act, row.actor_id) for row in db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq))]
