"""While a year runs: the call goes out once, dates move with a reason, one mission gets more time, drafts change hands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from award_app.accounts import operations as accounts
from award_app.accounts.models import Person
from award_app.cycles import calling, handing_over, moving, queries
from award_app.cycles.models import Cycle, Mission, MovedDate
from award_app.cycles.problems import Problem
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole, NominationState, Phase, Refusal, Refused
from award_app.nominations import operations as nominations
from award_app.nominations.models import Nomination
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Clock
from tests.cycles.test_readiness import ready

pytestmark = pytest.mark.usefixtures("app")
DAY, REASON = timedelta(days=1), "The line was down."


def refused(work: Callable[[], object]) -> tuple[Refusal, tuple[object, ...]]:
    with pytest.raises(Refused) as caught:
        work()
    return caught.value.refusal, caught.value.problems


def letters(template: str) -> list[int]:
    db.session.flush()
    rows = db.session.query(Letter).filter_by(template=template).order_by(Letter.person_id)
    return [row.person_id for row in rows if row.person_id is not None]


# --- the call --------------------------------------------------------------------------------------------------------


def test_the_call_goes_once_to_everybody_of_a_called_mission(clock: Clock) -> None:
    year = ready()
    cycle, admin = year.cycle, year.secretariat[0]
    assert refused(lambda: calling.send(cycle, by=admin, now=clock.now))[0] is Refusal.TOO_EARLY
    cycle.opened_at = clock.now
    gone = make.nominator(cycle, year.missions[0])
    gone.deactivated_at = clock.now
    both = year.authorities[0]
    make.appoint(both, AppointmentRole.NOMINATOR, cycle, year.missions[0])
    assert calling.send(cycle, by=admin, now=clock.now) == 4
    assert letters("call") == sorted(person.id for person in (*year.authorities, *year.nominators))
    assert cycle.called_at == clock.now
    again = refused(lambda: calling.send(cycle, by=admin, now=clock.now + DAY))
    assert (again[0], cycle.called_at) == (Refusal.ALREADY_DONE, clock.now)


def test_who_comes_after_the_call_gets_it_on_coming_and_who_was_missed_by_sending_again(clock: Clock) -> None:
    year = ready()
    cycle, admin = year.cycle, year.secretariat[0]
    cycle.opened_at = clock.now
    calling.send(cycle, by=admin, now=clock.now)
    late = make.person()
    accounts.appoint(late, AppointmentRole.NOMINATOR, cycle=cycle, mission=year.missions[0], by=admin, now=clock.now)
    assert (letters("call").count(late.id), letters("appointed")) == (1, [late.id])
    missed = make.nominator(cycle, year.missions[1])
    assert calling.send(cycle, by=admin, now=clock.now) == 1
    assert letters("call").count(missed.id) == 1
    # after the close nobody is called any more
    clock.move_to(cycle.closes_at)
    accounts.appoint(
        make.person(), AppointmentRole.NOMINATOR, cycle=cycle, mission=year.missions[0], by=admin, now=clock.now
    )
    assert len(letters("call")) == 6
    assert refused(lambda: calling.send(cycle, by=admin, now=clock.now))[0] is Refusal.TOO_LATE


# --- dates -----------------------------------------------------------------------------------------------------------


def test_a_later_close_is_written_down_and_told_to_the_missions_and_the_other_secretariat(clock: Clock) -> None:
    year = ready()
    cycle, admin = year.cycle, year.secretariat[0]
    cycle.opened_at = clock.now
    before, after = cycle.closes_at, cycle.closes_at + DAY
    rows = moving.move_dates(cycle, {"closes_at": after}, REASON, by=admin, now=clock.now)
    assert [(r.field, r.before, r.after, r.reason, r.by_id) for r in rows] == [
        ("closes_at", before, after, REASON, admin.id)
    ]
    assert queries.moved(cycle) == [(rows[0], admin.name)]
    concerned = (*year.authorities, *year.nominators, *year.secretariat[1:])
    assert letters("dates_moved") == sorted(person.id for person in concerned)


def test_two_dates_moved_in_one_act_are_one_letter_each(clock: Clock) -> None:
    year = ready()
    cycle, admin = year.cycle, year.secretariat[0]
    cycle.opened_at = clock.now
    wanted = {"closes_at": cycle.closes_at + DAY, "screening_ends_at": cycle.screening_ends_at + DAY}
    moving.move_dates(cycle, wanted, REASON, by=admin, now=clock.now)
    everybody = (*year.authorities, *year.nominators, *year.secretariat[1:], *year.panel)
    assert letters("dates_moved") == sorted(person.id for person in everybody)


def _moves(cycle: Cycle, clock: Clock) -> list[tuple[dict[str, object], tuple[Problem, ...]]]:
    """In the nomination window; each with what stands against it."""
    closes, screening, review = cycle.closes_at, cycle.screening_ends_at, cycle.review_ends_at
    return [
        ({}, (Problem.NOTHING_MOVED,)),
        ({"closes_at": closes}, (Problem.NOTHING_MOVED,)),
        # it has passed
        ({"opens_at": cycle.opens_at + DAY}, (Problem.PASSED,)),
        # nobody can be early enough for a moment that is over
        ({"closes_at": clock.now - DAY}, (Problem.PAST, Problem.LESS_TIME)),
        ({"closes_at": screening}, (Problem.DATES_ORDER,)),
        ({"screening_ends_at": review + DAY}, (Problem.DATES_ORDER,)),
        ({"review_ends_at": datetime(9999, 12, 31, 23, 59, tzinfo=UTC)}, (Problem.DATES_RANGE,)),
        # less time than was said is meant, or it is a slip
        ({"review_ends_at": review - DAY}, (Problem.LESS_TIME,)),
    ]


def test_what_cannot_be_moved_is_refused_with_its_reason(clock: Clock) -> None:
    cycle, admin = make.cycle(Phase.OPEN), make.secretariat()
    for wanted, problems in _moves(cycle, clock):
        work = lambda w=wanted: moving.move_dates(cycle, w, REASON, by=admin, now=clock.now)  # noqa: E731
        assert refused(work) == (Refusal.INVALID, problems)
    later = {"closes_at": cycle.closes_at + DAY}
    for reason in (" ", "x" * 501):
        work = lambda r=reason: moving.move_dates(cycle, later, r, by=admin, now=clock.now)  # noqa: E731
        assert refused(work) == (Refusal.INVALID, (Problem.REASON,))
    assert db.session.query(MovedDate).count() == 0
    sooner = {"closes_at": cycle.closes_at - DAY}
    moving.move_dates(cycle, sooner, REASON, less_time=True, by=admin, now=clock.now)
    assert db.session.query(MovedDate).count() == 1


def test_no_date_is_moved_behind_what_came_in_while_its_request_was_under_way(clock: Clock) -> None:
    mission = make.mission()
    cycle = make.cycle(Phase.OPEN, missions=(mission,))
    admin, asked = make.secretariat(), clock.now
    clock.forward(seconds=5)
    make.nomination(cycle, mission, make.nominator(cycle, mission), NominationState.SUBMITTED)
    behind = {"closes_at": asked + timedelta(seconds=5)}
    work = lambda: moving.move_dates(cycle, behind, REASON, less_time=True, by=admin, now=asked)  # noqa: E731
    assert refused(work) == (Refusal.INVALID, (Problem.PAST,))


def test_a_round_that_waits_may_end_later_until_it_is_closed_and_scoring_opens_again(clock: Clock) -> None:
    mission = make.mission()
    cycle = make.cycle(Phase.REVIEW, missions=(mission,))
    admin = make.secretariat()
    clock.move_to(cycle.review_ends_at + DAY)
    begun = {"screening_ends_at": clock.now + DAY, "review_ends_at": clock.now + 3 * DAY}
    assert refused(lambda: moving.move_dates(cycle, begun, REASON, by=admin, now=clock.now)) == (
        Refusal.INVALID,
        (Problem.PASSED,),
    )
    later = {"review_ends_at": clock.now + DAY}
    moving.move_dates(cycle, later, REASON, by=admin, now=clock.now)
    assert cycle.review_ends_at == clock.now + DAY
    cycle.round_closed_at = clock.now
    db.session.flush()
    again = {"review_ends_at": clock.now + 2 * DAY}
    assert refused(lambda: moving.move_dates(cycle, again, REASON, by=admin, now=clock.now))[0] is Refusal.TOO_LATE


def test_what_came_too_late_stays_late_when_the_close_moves(clock: Clock) -> None:
    mission = make.mission()
    cycle = make.cycle(Phase.SCREENING, missions=(mission,))
    nominator = make.nominator(cycle, mission)
    file = make.nomination(cycle, mission, nominator)
    clock.move_to(cycle.closes_at + DAY)
    assert nominations.keep_late(file.id, {"reason": "One word more."}, by=nominator, now=clock.now) == 1
    cycle.round_closed_at = None
    admin = make.secretariat()
    assert refused(
        lambda: moving.move_dates(cycle, {"closes_at": clock.now + DAY}, REASON, by=admin, now=clock.now)
    ) == (Refusal.INVALID, (Problem.PASSED,))
    moving.extend(cycle, mission, clock.now + DAY, REASON, by=admin, now=clock.now)
    from award_app.nominations import queries as files

    assert files.answers(file)["reason"] == "She opened a desk that people trust."


# --- more time for one mission ---------------------------------------------------------------------------------------


def scene(clock: Clock) -> tuple[Cycle, Mission, Mission, Person, Person]:
    """Nominations closed a day ago; one nominator writes for both missions."""
    here, there = make.mission("HERE"), make.mission("THERE")
    cycle = make.cycle(Phase.OPEN, missions=(here, there))
    nominator = make.nominator(cycle, here)
    make.appoint(nominator, AppointmentRole.NOMINATOR, cycle, there)
    clock.move_to(cycle.closes_at + DAY)
    return cycle, here, there, nominator, make.secretariat()


def test_more_time_holds_for_the_mission_it_was_given_to_and_for_no_other(clock: Clock) -> None:
    cycle, here, there, nominator, admin = scene(clock)
    assert refused(lambda: nominations.begin(cycle, here, by=nominator, now=clock.now))[0] is Refusal.TOO_LATE
    made = moving.extend(cycle, here, clock.now + DAY, REASON, by=admin, now=clock.now)
    assert (queries.deadline_of(cycle, here), queries.deadline_of(cycle, there)) == (made.until, cycle.closes_at)
    file = nominations.begin(cycle, here, by=nominator, now=clock.now)
    saved = nominations.save(
        file, {"reason": "Why."}, seen={}, operation_id="one", by=nominator, now=made.until - timedelta(seconds=1)
    )
    assert saved.changed == ("reason",)
    # the other mission of the same person was not given any
    assert refused(lambda: nominations.begin(cycle, there, by=nominator, now=clock.now))[0] is Refusal.TOO_LATE
    assert refused(lambda: nominations.begin(cycle, here, by=nominator, now=made.until))[0] is Refusal.TOO_LATE


def test_its_people_are_told_and_nobody_else(clock: Clock) -> None:
    cycle, here, there, nominator, admin = scene(clock)
    authority, _other = make.authority(cycle, here), make.authority(cycle, there)
    moving.extend(cycle, here, clock.now + DAY, REASON, by=admin, now=clock.now)
    assert letters("extended") == sorted([nominator.id, authority.id])


def test_an_extension_gives_time_and_leaves_screening_its_own(clock: Clock) -> None:
    cycle, here, _there, _nominator, admin = scene(clock)
    cases = [
        (here, clock.now, REASON, Problem.NOT_LATER),
        (here, cycle.closes_at - DAY, REASON, Problem.NOT_LATER),
        (here, cycle.screening_ends_at + DAY, REASON, Problem.AFTER_SCREENING),
        (here, clock.now + DAY, "", Problem.REASON),
        (make.mission(), clock.now + DAY, REASON, Problem.MISSION_UNKNOWN),
    ]
    for mission, until, reason, problem in cases:
        work = lambda m=mission, u=until, r=reason: moving.extend(cycle, m, u, r, by=admin, now=clock.now)  # noqa: E731
        assert refused(work) == (Refusal.INVALID, (problem,))
    moving.extend(cycle, here, clock.now + 2 * DAY, REASON, by=admin, now=clock.now)
    # a second one gives more, never less
    less = refused(lambda: moving.extend(cycle, here, clock.now + DAY, REASON, by=admin, now=clock.now))
    assert less == (Refusal.INVALID, (Problem.NOT_LATER,))
    sooner = {"screening_ends_at": clock.now + DAY}
    early = refused(lambda: moving.move_dates(cycle, sooner, REASON, less_time=True, by=admin, now=clock.now))
    assert early == (Refusal.INVALID, (Problem.EXTENSION_LATER,))


# --- drafts that change hands ----------------------------------------------------------------------------------------


def test_all_open_drafts_of_one_nominator_change_hands_and_nothing_else(clock: Clock) -> None:
    mission, other = make.mission("HERE"), make.mission("THERE")
    cycle = make.cycle(Phase.OPEN, missions=(mission, other))
    giver, taker = make.nominator(cycle, mission), make.nominator(cycle, mission)
    make.appoint(giver, AppointmentRole.NOMINATOR, cycle, other)
    admin = make.secretariat()
    open_ = [
        make.nomination(cycle, mission, giver, state) for state in (NominationState.DRAFT, NominationState.RETURNED)
    ]
    kept = [make.nomination(cycle, mission, giver, NominationState.SUBMITTED), make.nomination(cycle, other, giver)]
    assert handing_over.hand_over(cycle, mission, giver, taker, by=admin, now=clock.now) == 2
    assert {file.nominator_id for file in open_} == {taker.id}
    assert {file.nominator_id for file in kept} == {giver.id}
    rows = db.session.query(Letter).filter_by(template="handed_over").all()
    appointment = taker.appointments[0].id
    assert sorted((r.person_id or 0, r.ids["appointment_id"], r.ids["count"]) for r in rows) == sorted(
        [(giver.id, appointment, 2), (taker.id, appointment, 2)]
    )
    again = refused(lambda: handing_over.hand_over(cycle, mission, giver, taker, by=admin, now=clock.now))
    assert again[0] is Refusal.ALREADY_DONE
    assert handing_over.hand_over(cycle, mission, taker, giver, by=admin, now=clock.now) == 2


def test_drafts_go_to_a_nominator_of_the_same_mission_only(clock: Clock) -> None:
    mission, other = make.mission(), make.mission()
    cycle = make.cycle(Phase.OPEN, missions=(mission, other))
    giver, admin = make.nominator(cycle, mission), make.secretariat()
    make.nomination(cycle, mission, giver)
    for taker in (giver, make.nominator(cycle, other), make.authority(cycle, mission), make.person()):
        work = lambda t=taker: handing_over.hand_over(cycle, mission, giver, t, by=admin, now=clock.now)  # noqa: E731
        assert refused(work) == (Refusal.INVALID, (Problem.NOT_NOMINATOR,))
    assert db.session.query(Nomination).one().nominator_id == giver.id


def test_the_secretariat_sees_how_many_drafts_there_are_and_who_could_take_them(clock: Clock) -> None:
    mission = make.mission("HERE")
    cycle = make.cycle(Phase.OPEN, missions=(mission,))
    gone, stays = make.nominator(cycle, mission, name="Ada"), make.nominator(cycle, mission, name="Bea")
    for _each in range(3):
        make.nomination(cycle, mission, gone)
    make.nomination(cycle, mission, stays, NominationState.ACCEPTED)
    gone.deactivated_at = clock.now
    db.session.flush()
    found = handing_over.desks(cycle)
    assert [(d.mission.acronym, d.nominator.name, d.drafts, [p.name for p in d.takers]) for d in found] == [
        ("HERE", "Ada", 3, ["Bea"])
    ]
