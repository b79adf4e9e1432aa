"""T16: an award year walked at random. Whoever tries whatever, whenever: the service does what the table says, and no more.

The table here is written by hand from DOMAIN's states and windows; it is not the policy. Each walk lives in one
transaction that is undone at its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import Phase as HypothesisPhase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from award_app import access, audit, chance
from award_app import db as database
from award_app.accounts.models import Person
from award_app.announcement import operations as announcing
from award_app.announcement.models import Announcement, Approval
from award_app.db import db
from award_app.domain.vocabulary import (
    ConflictKind,
    CriterionKind,
    IneligibleReason,
    NominationState,
    Phase,
    Refused,
    Seat,
)
from award_app.nominations import clearance, operations, queries, screening
from award_app.nominations.models import Nomination
from award_app.panel import operations as panel
from award_app.panel.models import Recusal
from award_app.reviews import operations as reviews
from award_app.reviews import rounds
from award_app.reviews.models import Score, effective_scores
from award_app.selection import computing
from award_app.selection import operations as deciding
from award_app.selection.models import Decision, Shortlist
from award_app.selection.shortlist import operations as shortlists
from tests import factories as make
from tests.conftest import START

S = NominationState
QUOTA = 2
OPEN = {S.DRAFT, S.ENDORSED, S.RETURNED}
LIVE = OPEN | {S.SUBMITTED, S.ACCEPTED}
SECRETARIAT = ("secretariat", "second", "third")
PANEL = ("chair", "deputy", "member")
ACTORS = ("nominator0", "nominator1", "authority0", "authority1", *SECRETARIAT, *PANEL, "observer", "stranger")
LANGUAGES = ("en", "fr")


@dataclass
class Case:
    """What the table knows of one file."""

    mission: int
    state: NominationState
    deadline: Any = None
    submitted: bool = False
    proposed_by: str = ""
    cleared: bool = False
    screened: dict[str, bool] = field(default_factory=dict)  # who of the secretariat declared, and whether a conflict
    reading: set[str] = field(default_factory=set)  # of the panel, without a conflict
    out: set[str] = field(default_factory=set)
    scored: set[str] = field(default_factory=set)

    @property
    def holds_a_place(self) -> bool:
        again = self.state is S.ENDORSED and self.deadline is not None
        return again or self.state in (S.SUBMITTED, S.RETURNED, S.ACCEPTED)


@dataclass
class Tally:
    steps: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


tally = Tally()


class Year(RuleBasedStateMachine):
    """The service beside the table."""

    @initialize(late=st.sampled_from((0, 0, 1, 20, 31, 51)))
    def begin(self, late: int) -> None:
        chance.seed(7)
        database._writing.set(True)
        missions = make.mission(), make.mission()
        self.cycle = make.cycle(Phase.OPEN, missions=missions, quota=QUOTA)
        self.people: dict[str, Person] = {name: make.secretariat() for name in SECRETARIAT}
        for n, mission in enumerate(missions):
            self.people[f"nominator{n}"] = make.nominator(self.cycle, mission)
            self.people[f"authority{n}"] = make.authority(self.cycle, mission)
        for name, seat in zip(PANEL, (Seat.CHAIR, Seat.DEPUTY, Seat.MEMBER), strict=True):
            self.people[name] = make.member(self.cycle, seat)
        self.people |= {"observer": make.observer(), "stranger": make.person()}
        self.files: list[Nomination] = []
        self.cases: list[Case] = []
        for at, state in ((0, S.DRAFT), (0, S.DRAFT), (1, S.SUBMITTED), (1, S.ACCEPTED), (0, S.SUBMITTED)):
            self.files.append(make.nomination(self.cycle, missions[at], self.people[f"nominator{at}"], state))
            self.cases.append(Case(at, state, submitted=state is not S.DRAFT))
        self.now = START + timedelta(days=late)
        self.closed = self.due = self.decided = False
        self.shortlist: Shortlist | None = None
        self.listed: list[int] = []
        self.confirmed = False
        self.announcement: Announcement | None = None
        self.approved: set[str] = set()
        self.release_at = START
        self.edits = 0

    def teardown(self) -> None:
        assert audit.verify().ok
        db.session.rollback()
        db.session.remove()
        database._writing.set(False)

    # --- time ---------------------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from((1, 6, 24, 24 * 5, 24 * 12)))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(seconds=st.sampled_from((-1, 0, 1)))
    def an_instant_comes(self, seconds: int) -> None:
        """To the next date of the year, a second before it, at it, or after it."""
        dates = (self.cycle.closes_at, self.cycle.screening_ends_at, self.cycle.review_ends_at, self.release_at)
        coming = [at + timedelta(seconds=seconds) for at in dates if at + timedelta(seconds=seconds) > self.now]
        self.now = min(coming, default=self.now)

    # --- windows, by hand ---------------------------------------------------------------------------------------------

    @property
    def nominating(self) -> bool:
        return bool(self.cycle.opens_at <= self.now < self.cycle.closes_at)

    def entry(self, case: Case) -> bool:
        returned = case.deadline is not None and self.now < case.deadline and not self.closed
        return returned or self.nominating

    @property
    def screening_time(self) -> bool:
        return not self.closed and bool(self.cycle.opens_at <= self.now < self.cycle.review_ends_at)

    @property
    def review_time(self) -> bool:
        return not self.closed and bool(self.cycle.screening_ends_at <= self.now < self.cycle.review_ends_at)

    @property
    def before_close(self) -> bool:
        return not self.closed and bool(self.now < self.cycle.review_ends_at)

    @property
    def released(self) -> bool:
        return self.announcement is not None and len(self.approved) == 2 and self.release_at <= self.now

    # --- who, by hand -------------------------------------------------------------------------------------------------

    def screens(self, case: Case, actor: str) -> bool:
        return actor in SECRETARIAT and case.submitted and case.screened.get(actor) is False

    def kept_from(self, actor: str) -> bool:
        accepted = [case for case in self.cases if case.state is S.ACCEPTED]
        return any(actor in case.out or case.screened.get(actor) is True for case in accepted)

    def decides(self, actor: str) -> bool:
        if actor == "chair":
            return not self.kept_from("chair")
        return actor == "deputy" and self.kept_from("chair") and not self.kept_from("deputy")

    # --- one step -----------------------------------------------------------------------------------------------------

    def try_to(self, what: str, allowed: bool, work: Callable[[], object]) -> bool:
        """Carry it out, or see it refused, as the table says. A refusal leaves nothing behind."""
        tally.steps += 1
        savepoint = db.session.begin_nested()
        try:
            work()
            db.session.flush()
            for hook in database.before_commit:
                hook()
            savepoint.commit()
            done = True
        except Refused as refused:
            savepoint.rollback()
            db.session.expire_all()
            done, why = False, refused.refusal.value
        finally:
            for hook in database.after_work:
                hook()
        (tally.done if done else tally.refused)[what] += 1
        assert done == allowed, f"{what}: the table says {allowed}, the service {done if done else why}"
        return done

    @rule(
        act=st.sampled_from(
            [
                "edit",
                "endorse",
                "endorse",
                "hand_in",
                "hand_in",
                "withdraw",
                "screen",
                "screen",
                "accept",
                "accept",
                "send_back",
                "propose",
                "rule_out",
                "clear",
                "clear",
                "declare",
                "declare",
                "declare",
                "recuse",
                "score",
                "score",
                "score",
            ]
        ),
        actor=st.sampled_from(ACTORS),
        right=st.integers(0, 3),
        n=st.integers(0, 4),
        days=st.integers(-1, 40),
    )
    def step_of_a_file(self, act: str, actor: str, right: int, n: int, days: int) -> None:
        """Three times of four by somebody of the part that does such things."""
        case, file = self.cases[n], self.files[n]
        if right:
            actor = self._of_the_part(act, actor, case)
        getattr(self, f"_{act}")(case, file, actor, self.people[actor], days)

    def _of_the_part(self, act: str, actor: str, case: Case) -> str:
        number = ACTORS.index(actor)
        if act == "edit":
            return f"nominator{case.mission}"
        if act in ("endorse", "hand_in", "withdraw"):
            return f"authority{case.mission}"
        return PANEL[number % 3] if act in ("declare", "recuse", "score") else SECRETARIAT[number % 3]

    def _edit(self, case: Case, file: Nomination, actor: str, by: Person, _days: int) -> None:
        self.edits += 1
        text = {"reason": f"She opened a desk that people trust, said {self.edits} times."}

        def work() -> None:
            seen = {key: row.revision for key, row in queries.current(file).items()}
            operations.save(file, text, seen=seen, operation_id=chance.token(), by=by, now=self.now)

        may = actor == f"nominator{case.mission}" and case.state in OPEN and self.entry(case)
        if self.try_to("edit", may, work) and case.state is S.ENDORSED:
            case.state = S.RETURNED if case.deadline else S.DRAFT

    def _endorse(self, case: Case, file: Nomination, actor: str, by: Person, _days: int) -> None:
        ticks: dict[str, Any] = {"in_active_service": True, "no_serious_sanction": True, "none_pending": True}
        may = actor == f"authority{case.mission}" and case.state in (S.DRAFT, S.RETURNED) and self.entry(case)
        if self.try_to("endorse", may, lambda: operations.endorse(file, **ticks, by=by, now=self.now)):
            case.state = S.ENDORSED

    def _hand_in(self, case: Case, file: Nomination, actor: str, by: Person, _days: int) -> None:
        taken = sum(other.holds_a_place for other in self.cases if other.mission == case.mission)
        free = case.deadline is not None or taken < QUOTA
        may = actor == f"authority{case.mission}" and case.state is S.ENDORSED and self.entry(case) and free
        if self.try_to("hand_in", may, lambda: operations.hand_in(file, by=by, now=self.now)):
            case.state, case.submitted = S.SUBMITTED, True

    def _withdraw(self, case: Case, file: Nomination, actor: str, by: Person, days: int) -> None:
        if days < 34:  # or there would soon be nothing left
            return
        may = actor == f"authority{case.mission}" and case.state in LIVE and self.before_close
        if self.try_to("withdraw", may, lambda: operations.withdraw(file, "She went home.", by=by, now=self.now)):
            case.state = S.WITHDRAWN

    def _screen(self, case: Case, file: Nomination, actor: str, by: Person, days: int) -> None:
        conflict = days > 36
        may = actor in SECRETARIAT and case.submitted and actor not in case.screened

        def work() -> None:
            reason = "We are cousins." if conflict else None
            screening.declare_as_secretariat(file, conflict=conflict, reason=reason, by=by, now=self.now)

        if self.try_to("screen", may, work):
            case.screened[actor] = conflict

    def _accept(self, case: Case, file: Nomination, actor: str, by: Person, _days: int) -> None:
        may = self.screens(case, actor) and case.state is S.SUBMITTED and self.screening_time
        if self.try_to("accept", may, lambda: screening.accept(file, by=by, now=self.now)):
            case.state, case.proposed_by = S.ACCEPTED, ""

    def _send_back(self, case: Case, file: Nomination, actor: str, by: Person, days: int) -> None:
        deadline = self.now + timedelta(days=days)
        in_time = self.now < deadline <= self.cycle.review_ends_at
        may = self.screens(case, actor) and case.state is S.SUBMITTED and self.screening_time and in_time
        if self.try_to("send_back", may, lambda: screening.send_back(file, "Say more.", deadline, by=by, now=self.now)):
            case.state, case.deadline, case.proposed_by = S.RETURNED, deadline, ""

    def _propose(self, case: Case, file: Nomination, actor: str, by: Person, _days: int) -> None:
        may = self.screens(case, actor) and case.state is S.SUBMITTED and self.screening_time and not case.proposed_by
        why = IneligibleReason.NOT_SERVING
        if self.try_to("propose", may, lambda: screening.propose_ineligible(file, why, by=by, now=self.now)):
            case.proposed_by = actor

    def _rule_out(self, case: Case, file: Nomination, actor: str, by: Person, _days: int) -> None:
        second = case.proposed_by not in ("", actor)
        may = self.screens(case, actor) and case.state is S.SUBMITTED and self.screening_time and second
        if self.try_to("rule_out", may, lambda: screening.confirm_ineligible(file, by=by, now=self.now)):
            case.state = S.INELIGIBLE

    def _clear(self, case: Case, file: Nomination, actor: str, by: Person, _days: int) -> None:
        may = self.screens(case, actor) and case.state in (S.SUBMITTED, S.ACCEPTED)
        on = self.now.date()
        if self.try_to("clear", may, lambda: clearance.clear_conduct(file, True, on, "C-1", by=by, now=self.now)):
            case.cleared = True

    def _declare(self, case: Case, file: Nomination, actor: str, by: Person, _days: int) -> None:
        known = case.reading | case.out
        may = actor in PANEL and case.state is S.ACCEPTED and actor not in known and not self.released
        if self.try_to("declare", may, lambda: panel.declare(file, reasons={}, by=by, now=self.now)):
            case.reading.add(actor)

    def _recuse(self, case: Case, file: Nomination, actor: str, by: Person, days: int) -> None:
        if days < 30:
            return
        may = actor in PANEL and case.state is S.ACCEPTED and actor not in case.out and not self.released
        if self.try_to(
            "recuse", may, lambda: panel.recuse(file, ConflictKind.CLOSE_TIE, "A friend.", by=by, now=self.now)
        ):
            case.reading.discard(actor)
            case.out.add(actor)
            self.due = self.due or self.closed

    def _score(self, case: Case, file: Nomination, actor: str, by: Person, days: int) -> None:
        value = days % 5 + 1
        sheet = {
            c.id: (value, "Well founded.") if c.kind is CriterionKind.SCALE else (2, "Nothing known.")
            for c in self.cycle.criteria
        }
        may = actor in case.reading and case.state is S.ACCEPTED and self.review_time

        def work() -> None:
            reviews.score(file, sheet, operation_id=chance.token(), by=by, now=self.now)

        if self.try_to("score", may, work):
            case.scored.add(actor)

    # --- the year -----------------------------------------------------------------------------------------------------

    @rule(
        act=st.sampled_from(
            [
                "close",
                "end_waiting",
                "compute",
                "propose",
                "confirm",
                "confirm",
                "decide",
                "prepare",
                "approve",
                "approve",
                "release",
            ]
        ),
        actor=st.sampled_from(ACTORS),
        right=st.integers(0, 3),
    )
    def step_of_the_year(self, act: str, actor: str, right: int) -> None:
        if right and act in ("prepare", "approve"):
            actor = SECRETARIAT[ACTORS.index(actor) % 3]
        elif right:
            actor = "deputy" if self.kept_from("chair") else "chair"
        getattr(self, f"_year_{act}")(actor, self.people[actor])

    @rule(n=st.integers(0, 4), number=st.integers(0, 2))
    def what_comes_next(self, n: int, number: int) -> None:
        """As in a year in which nobody errs: so that walks come to their end."""
        decider = "deputy" if self.kept_from("chair") else "chair"
        office = SECRETARIAT[number]
        if not self.closed:
            self._next_of_a_file(self.cases[n], self.files[n], number)
        elif self.due:
            self._year_compute(decider, self.people[decider])
        elif self.shortlist is None:
            self._year_propose(decider, self.people[decider])
        elif not self.confirmed:
            self._clear(self.cases[n], self.files[n], office, self.people[office], 0)
            self._screen(self.cases[n], self.files[n], office, self.people[office], 0)
            self._year_confirm(decider, self.people[decider])
        elif not self.decided:
            self._year_decide(decider, self.people[decider])
        elif self.announcement is None:
            self._year_prepare(office, self.people[office])
        else:
            self._year_approve(office, self.people[office])

    def _next_of_a_file(self, case: Case, file: Nomination, number: int) -> None:
        office, member, authority = SECRETARIAT[number], PANEL[number], f"authority{case.mission}"
        if self.now >= self.cycle.review_ends_at:
            self._year_end_waiting("chair", self.people["chair"])
        elif case.state is S.SUBMITTED:
            step = self._accept if case.screened.get(office) is False else self._screen
            step(case, file, office, self.people[office], 0)
        elif case.state is S.ACCEPTED:
            step = self._score if member in case.reading else self._declare
            step(case, file, member, self.people[member], 3)
        else:
            step = self._hand_in if case.state is S.ENDORSED else self._endorse
            step(case, file, authority, self.people[authority], 0)

    def _enough(self) -> bool:
        accepted = [case for case in self.cases if case.state is S.ACCEPTED]
        return all(case.scored - case.out for case in accepted)

    def _year_close(self, _actor: str, _by: Person) -> None:
        closing = not self.closed and self._enough()
        if self.try_to(
            "close", self.now >= self.cycle.review_ends_at, lambda: rounds.close_round(self.cycle, now=self.now)
        ):
            self.closed, self.due = self.closed or closing, self.due or closing

    def _year_end_waiting(self, actor: str, by: Person) -> None:
        if self.now < self.cycle.review_ends_at:
            return
        may = not self.closed and self.decides(actor)
        if self.try_to(
            "end_waiting", may, lambda: rounds.close_by_person(self.cycle, "It is enough.", by=by, now=self.now)
        ):
            self.closed = self.due = True

    def _year_compute(self, _actor: str, _by: Person) -> None:
        if self.try_to("compute", self.closed, lambda: computing.compute(self.cycle, now=self.now)):
            self.due = False

    def _ranked(self) -> list[int]:
        """Accepted files that somebody has scored who is not out of them."""
        return [n for n, case in enumerate(self.cases) if case.state is S.ACCEPTED and case.scored - case.out]

    def _year_propose(self, actor: str, by: Person) -> None:
        listed, made = self._ranked(), list[Shortlist]()
        files = [self.files[n] for n in listed]
        may = self.closed and not self.decided and self.decides(actor) and not self.due

        def work() -> None:
            made.append(shortlists.propose(self.cycle, files, "Strong.", by=by, now=self.now))

        if self.try_to("shortlist", may, work):
            self.shortlist, self.listed, self.confirmed = made[0], listed, False

    def _year_confirm(self, actor: str, by: Person) -> None:
        shortlist = self.shortlist
        if shortlist is None:
            return
        cleared = all(self.cases[n].cleared for n in self.listed)
        may = self.closed and not self.decided and self.decides(actor) and not self.confirmed and cleared
        if self.try_to("confirm", may, lambda: shortlists.confirm(shortlist, self.cycle, by=by, now=self.now)):
            self.confirmed = True

    def _year_decide(self, actor: str, by: Person) -> None:
        """The first of the list, and the second as runner-up; nobody where the list is empty."""
        files = [self.files[n] for n in self.listed]
        choice: dict[str, Any] = {
            "laureate": files[0] if files else None,
            "runners_up": files[1:2],
            "reserve": [],
            "reasons": "The widest effect.",
        }
        may = self.confirmed and not self.decided and self.decides(actor) and not self.due
        if self.try_to("decide", may, lambda: deciding.decide(self.cycle, **choice, present=[by], by=by, now=self.now)):
            self.decided = True

    def _year_prepare(self, actor: str, by: Person) -> None:
        may = self.decided and not self.released and actor in SECRETARIAT and not self.kept_from(actor)
        texts: dict[str, Any] = {
            "citations": dict.fromkeys(LANGUAGES, "For her work."),
            "stories": {},
            "name": "Awa",
            "rank": "Captain",
        }
        made: list[Announcement] = []

        def work() -> None:
            at = self.now + timedelta(days=2)
            made.append(
                announcing.prepare(
                    self.cycle, **texts, country="SN", duty="Adviser", release_at=at, by=by, now=self.now
                )
            )

        if self.try_to("prepare", may, work):
            self.announcement, self.approved, self.release_at = made[0], set(), self.now + timedelta(days=2)

    def _year_approve(self, actor: str, by: Person) -> None:
        stands = self.announcement
        if stands is None:
            return
        free = actor not in self.approved and len(self.approved) < 2
        may = not self.released and actor in SECRETARIAT and not self.kept_from(actor) and free
        name = stands.name or str(self.cycle.award_year)
        if self.try_to("approve", may, lambda: announcing.approve(stands, name, by=by, now=self.now)):
            self.approved.add(actor)

    def _year_release(self, _actor: str, _by: Person) -> None:
        self.try_to("release", True, lambda: announcing.release_due(self.now))

    # --- what holds after every step ----------------------------------------------------------------------------------

    @invariant()
    def every_file_stands_where_the_table_says_and_the_database_says_what_that_implies(self) -> None:
        for file, case in zip(getattr(self, "files", []), getattr(self, "cases", []), strict=True):
            db.session.refresh(file)
            assert file.state is case.state
            assert (file.submitted_at is not None) == (file.submitted_digest is not None) == case.submitted
            assert (file.endorsed_digest is not None) >= (file.state is S.ENDORSED)
            assert file.state is not S.ACCEPTED or file.accepted_at is not None
            assert file.state is not S.WITHDRAWN or bool(file.withdrawn_reason)
            two = {file.ineligible_by_id, file.ineligible_confirmed_by_id} - {None}
            assert file.state is not S.INELIGIBLE or len(two) == 2
            assert file.return_deadline == case.deadline

    @invariant()
    def no_mission_holds_more_places_than_its_quota_or_than_it_had(self) -> None:
        for n in {case.mission for case in getattr(self, "cases", [])}:
            assert sum(case.holds_a_place for case in self.cases if case.mission == n) <= QUOTA

    @invariant()
    def no_score_of_somebody_who_stepped_out_counts_and_none_came_out_of_time(self) -> None:
        if not hasattr(self, "cycle"):
            return
        view = effective_scores.c
        out = (
            select(func.count())
            .select_from(effective_scores)
            .join(Recusal, (Recusal.nomination_id == view.nomination_id) & (Recusal.person_id == view.person_id))
            .where(view.cycle_id == self.cycle.id)
        )
        out_of_time = (Score.at < self.cycle.screening_ends_at) | (Score.at >= self.cycle.review_ends_at)
        here = select(Nomination.id).where(Nomination.cycle_id == self.cycle.id)
        late = select(func.count(Score.id)).where(Score.nomination_id.in_(here), out_of_time)
        assert (db.session.scalar(out), db.session.scalar(late)) == (0, 0)

    @invariant()
    def what_is_released_was_decided_once_and_approved_by_two(self) -> None:
        if not hasattr(self, "cycle"):
            return
        decisions = select(func.count(Decision.id)).where(Decision.cycle_id == self.cycle.id)
        assert db.session.scalar(decisions) == int(self.decided)
        hers = Announcement.cycle_id == self.cycle.id
        out = db.session.scalars(select(Announcement).where(hers, access.released(self.now))).all()
        assert bool(out) == self.released
        for one in out:
            by = select(Approval.person_id).where(Approval.announcement_id == one.id, Approval.version == one.version)
            assert len(set(db.session.scalars(by))) == 2


def walk(walks: int, steps: int) -> Tally:
    """So many random walks of so many rules. Returns what was done and refused in them; AssertionError with the steps that
    lead to where service and table part."""
    global tally
    tally = Tally()
    how = settings(
        max_examples=walks,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(HypothesisPhase.generate,),
    )
    run_state_machine_as_test(Year, settings=how)
    return tally
