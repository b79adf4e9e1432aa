"""People change: seats of the panel, authorities, invitations sent again or mended, accounts closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from award_app.accounts import invitations, operations, own, seats, succession
from award_app.accounts.models import Appointment, Invitation, Person
from award_app.accounts.problems import Problem
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole, Phase, Refusal, Refused, Seat
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Clock

pytestmark = pytest.mark.usefixtures("app")
HOUR = timedelta(hours=1)


def refused(work: Callable[[], object]) -> tuple[Refusal, tuple[object, ...]]:
    with pytest.raises(Refused) as caught:
        work()
    return caught.value.refusal, caught.value.problems


def letters(template: str) -> list[int | None]:
    db.session.flush()
    return [row.person_id for row in db.session.query(Letter).filter_by(template=template).order_by(Letter.id)]


# --- seats of the panel ----------------------------------------------------------------------------------------------


def panel(phase: Phase = Phase.REVIEW) -> tuple[Cycle, list[Person]]:
    """Chair, deputy and two members."""
    cycle = make.cycle(phase)
    return cycle, [make.member(cycle, seat) for seat in (Seat.CHAIR, Seat.DEPUTY, Seat.MEMBER, Seat.MEMBER)]


def seat_of(cycle: Cycle) -> dict[int, Seat | None]:
    return {a.person_id: a.seat for a in seats.members(cycle)}


def test_chair_and_deputy_change_places_in_one_breath(clock: Clock) -> None:
    cycle, (chair, deputy, member, other) = panel()
    made = seats.set_seats(cycle, chair=deputy, deputy=chair, by=make.secretariat(), now=clock.now)
    assert seat_of(cycle) == {
        deputy.id: Seat.CHAIR,
        chair.id: Seat.DEPUTY,
        member.id: Seat.MEMBER,
        other.id: Seat.MEMBER,
    }
    assert sorted(letters("seat_changed"), key=str) == sorted([chair.id, deputy.id], key=str)
    assert {a.person_id for a in made} == {chair.id, deputy.id}
    # what she was stays written down
    before = db.session.query(Appointment).filter(Appointment.ended_at.is_not(None))
    assert sorted((a.person_id, str(a.seat)) for a in before) == [(chair.id, "chair"), (deputy.id, "deputy")]


@pytest.mark.parametrize("with_deputy", [True, False])
def test_a_member_takes_a_seat_and_whoever_held_it_is_a_member(clock: Clock, with_deputy: bool) -> None:
    cycle, (chair, deputy, member, other) = panel()
    seats.set_seats(cycle, chair=chair, deputy=member if with_deputy else None, by=make.secretariat(), now=clock.now)
    wanted = Seat.DEPUTY if with_deputy else Seat.MEMBER
    assert seat_of(cycle) == {
        chair.id: Seat.CHAIR,
        deputy.id: Seat.MEMBER,
        member.id: wanted,
        other.id: Seat.MEMBER,
    }


def test_seats_are_for_two_different_members_of_this_panel(clock: Clock) -> None:
    cycle, (chair, deputy, member, _other) = panel()
    admin, elsewhere = make.secretariat(), make.member(make.cycle())
    member.deactivated_at = clock.now
    cases = [
        (chair, chair, (Refusal.INVALID, (Problem.BOTH_SEATS,))),
        (elsewhere, deputy, (Refusal.INVALID, (Problem.NOT_ON_PANEL,))),
        # her account is closed
        (member, deputy, (Refusal.INVALID, (Problem.NOT_ON_PANEL,))),
        (chair, deputy, (Refusal.ALREADY_DONE, ())),
    ]
    for first, second, answer in cases:
        work = lambda c=first, d=second: seats.set_seats(cycle, chair=c, deputy=d, by=admin, now=clock.now)  # noqa: E731
        assert refused(work) == answer
    stranger = refused(lambda: seats.set_seats(cycle, chair=deputy, deputy=chair, by=chair, now=clock.now))
    assert stranger[0] is Refusal.NOT_FOUND


def test_a_seat_change_leaves_the_result_and_a_panel_change_computes_it_again(clock: Clock) -> None:
    cycle, (chair, deputy, member, _other) = panel(Phase.RESULT)
    admin = make.secretariat()
    cycle.round_closed_at = clock.now
    db.session.flush()
    seats.set_seats(cycle, chair=deputy, deputy=chair, by=admin, now=clock.now)
    assert cycle.result_due is False
    operations.end_appointment(member.appointments[0], by=admin, now=clock.now)
    assert cycle.result_due is True
    cycle.result_due = False
    operations.appoint(member, AppointmentRole.MEMBER, cycle=cycle, by=admin, now=clock.now)
    assert cycle.result_due is True


# --- authorities -----------------------------------------------------------------------------------------------------


def mission_people() -> tuple[Cycle, Person, Person, Person]:
    mission = make.mission("UNMISS")
    cycle = make.cycle(missions=(mission,))
    return cycle, make.authority(cycle, mission), make.person(email="next@laurel.example"), make.secretariat()


def running(cycle: Cycle) -> list[int]:
    rows = db.session.query(Appointment).filter_by(cycle_id=cycle.id, ended_at=None).order_by(Appointment.id)
    return [row.person_id for row in rows]


def test_an_authority_is_replaced_by_somebody_with_an_account_at_once(clock: Clock) -> None:
    cycle, before, after, admin = mission_people()
    succession.succeed(before.appointments[0], after.email, "", stays=False, by=admin, now=clock.now)
    assert (running(cycle), letters("appointed"), letters("authority_deputised")) == ([after.id], [after.id], [])


def test_a_deputy_comes_beside_her_and_she_is_told(clock: Clock) -> None:
    cycle, before, after, admin = mission_people()
    held = before.appointments[0]
    succession.succeed(held, after.email, "", stays=True, by=admin, now=clock.now)
    assert (running(cycle), succession.beside(held)) == ([before.id, after.id], [after])
    assert (letters("appointed"), letters("authority_deputised")) == ([after.id], [before.id])


def test_whoever_is_new_is_invited_in_the_same_step(clock: Clock) -> None:
    cycle, before, _after, admin = mission_people()
    held = before.appointments[0]
    made = succession.succeed(held, "New@laurel.example", "Nora", stays=False, locale="fr", by=admin, now=clock.now)
    assert isinstance(made, Invitation)
    assert (made.email, made.role, made.mission_id, made.locale) == (
        "new@laurel.example",
        AppointmentRole.AUTHORITY,
        held.mission_id,
        "fr",
    )
    assert running(cycle) == []


def test_nobody_succeeds_herself_and_nobody_but_an_authority_is_succeeded(clock: Clock) -> None:
    cycle, before, after, admin = mission_people()
    held, nominator = before.appointments[0], make.nominator(cycle, cycle.missions[0].mission)
    after.deactivated_at = clock.now
    cases = [
        (held, before.email, (Refusal.INVALID, (Problem.SAME_AUTHORITY,))),
        (held, after.email, (Refusal.INVALID, (Problem.DEACTIVATED,))),
        (nominator.appointments[0], after.email, (Refusal.INVALID, (Problem.SCOPE,))),
    ]
    for appointment, email, answer in cases:
        work = lambda a=appointment, e=email: succession.succeed(a, e, "N", stays=True, by=admin, now=clock.now)  # noqa: E731
        assert refused(work) == answer
    operations.end_appointment(held, by=admin, now=clock.now)
    over = refused(lambda: succession.succeed(held, "x@laurel.example", "X", stays=True, by=admin, now=clock.now))
    assert over[0] is Refusal.ALREADY_DONE


# --- invitations -----------------------------------------------------------------------------------------------------


def invited(clock: Clock) -> tuple[Invitation, Person]:
    admin = make.secretariat()
    made = operations.invite("wrnog@laurel.example", "Nora", AppointmentRole.OBSERVER, by=admin, now=clock.now)
    db.session.flush()
    return made, admin


def test_an_invitation_is_sent_again_with_the_same_link_and_its_whole_time(clock: Clock) -> None:
    invitation, admin = invited(clock)
    link, until = operations.link(invitation), invitation.expires_at
    late = refused(lambda: invitations.resend(invitation, by=admin, now=clock.now + 0.9 * HOUR))
    assert late == (Refusal.ALREADY_DONE, (Problem.SENT_LATELY,))
    invitations.resend(invitation, by=admin, now=clock.now + HOUR)
    assert (operations.link(invitation), invitation.expires_at, len(letters("invitation"))) == (link, until + HOUR, 2)
    again = refused(lambda: invitations.resend(invitation, by=admin, now=clock.now + 1.9 * HOUR))
    assert again[1] == (Problem.SENT_LATELY,)
    # long expired: the link opens again
    invitations.resend(invitation, by=admin, now=until + 40 * HOUR)
    operations.require_open(invitation, now=until + 41 * HOUR)


def test_a_mistyped_address_gets_a_new_link_and_the_old_one_opens_nothing(clock: Clock) -> None:
    invitation, admin = invited(clock)
    made = invitations.mend(invitation, "right@laurel.example", by=admin, now=clock.now)
    assert (made.email, made.name, made.role, made.nonce != invitation.nonce) == (
        "right@laurel.example",
        "Nora",
        AppointmentRole.OBSERVER,
        True,
    )
    db.session.refresh(invitation)
    assert refused(lambda: operations.require_open(invitation, now=clock.now))[0] is Refusal.SPENT
    for spent in (
        lambda: invitations.mend(invitation, "other@laurel.example", by=admin, now=clock.now),
        lambda: invitations.resend(invitation, by=admin, now=clock.now + 2 * HOUR),
    ):
        assert refused(spent)[0] is Refusal.SPENT
    same = refused(lambda: invitations.mend(made, "RIGHT@laurel.example", by=admin, now=clock.now))
    assert same[0] is Refusal.ALREADY_DONE


# --- accounts --------------------------------------------------------------------------------------------------------


def test_nobody_closes_her_own_account_or_the_last_one_of_the_secretariat(clock: Clock) -> None:
    first, second = make.secretariat(), make.secretariat()
    assert refused(lambda: own.set_active(first, False, by=first, now=clock.now))[1] == (Problem.ONESELF,)
    own.set_active(second, False, by=first, now=clock.now)
    own.set_active(second, True, by=first, now=clock.now)
    assert second.is_active
