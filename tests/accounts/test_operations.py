"""People come in by a link that works once; appointments exclude what excludes itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from award_app import access
from award_app.accounts import links, operations, own, passwords
from award_app.accounts.models import Appointment, Invitation, Person
from award_app.accounts.problems import Problem
from award_app.audit import LedgerEntry
from award_app.cycles.models import Mission
from award_app.db import db, transaction
from award_app.domain.vocabulary import AppointmentRole, Phase, Refusal, Refused, Role, Seat
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Clock

pytestmark = pytest.mark.usefixtures("app")
R = AppointmentRole
PASSWORD = "three quiet herons"


def refused(work: Callable[[], object]) -> tuple[Refusal, tuple[object, ...]]:
    with pytest.raises(Refused) as caught:
        work()
    return caught.value.refusal, caught.value.problems


def invited(clock: Clock, email: str = "New@Laurel.example", role: R = R.OBSERVER) -> Invitation:
    return operations.invite(email, "New Person", role, by=make.secretariat(), now=clock.now)


def test_an_invitation_is_one_letter_for_one_address_in_lower_case(clock: Clock) -> None:
    found = invited(clock)
    db.session.flush()
    letter = db.session.query(Letter).one()
    assert (found.email, letter.template, letter.ids) == (
        "new@laurel.example",
        "invitation",
        {"invitation_id": found.id},
    )


def test_only_the_secretariat_invites(clock: Clock) -> None:
    outsider = make.observer()
    work = lambda: operations.invite("a@b.example", "A", R.OBSERVER, by=outsider, now=clock.now)  # noqa: E731
    assert refused(work) == (Refusal.NOT_FOUND, ())


@pytest.mark.parametrize(
    ("email", "name"),
    [
        # her own address
        ("beatriz@laurel.example", "Somebody Else"),
        # … with a part that mail servers leave out
        ("Beatriz+authority@laurel.example", "Somebody Else"),
        # her own name at another address, however it is written
        ("b.ancizar@elsewhere.example", "ANCIZAR  Beatriz"),
    ],
)
def test_nobody_invites_herself_to_a_second_part(clock: Clock, email: str, name: str) -> None:
    """Whoever has a conflict in a file must not come back as its authority. A namesake is invited by a colleague."""
    admin = make.secretariat(name="Beatriz Ancízar", email="beatriz@laurel.example")
    colleague = make.secretariat()
    assert refused(lambda: operations.invite(email, name, R.OBSERVER, by=admin, now=clock.now)) == (
        Refusal.SAME_PERSON,
        (Problem.OWN_NAME,),
    )
    if email.startswith("b."):
        assert operations.invite(email, name, R.OBSERVER, by=colleague, now=clock.now).email == email


@pytest.mark.parametrize(
    "email", ["", "a", "@b.example", "a@b", "a@@b.example", "a b@c.example", "a\r\nBcc:x@c.example"]
)
def test_what_is_no_address_is_refused(clock: Clock, email: str) -> None:
    assert refused(lambda: invited(clock, email)) == (Refusal.INVALID, (Problem.EMAIL_INVALID,))


def test_accepting_makes_the_person_and_her_appointment(clock: Clock) -> None:
    person = operations.accept(invited(clock), name="Ada  Lund", password=PASSWORD, now=clock.now)
    assert (person.name, person.email) == ("Ada Lund", "new@laurel.example")
    assert access.service_roles(person) == {Role.PERSON, Role.OBSERVER}
    assert operations.authenticate(" NEW@laurel.example ", PASSWORD) == person


def test_a_link_works_once(clock: Clock) -> None:
    found = invited(clock)
    operations.accept(found, name="Ada", password=PASSWORD, now=clock.now)
    db.session.refresh(found)
    assert refused(lambda: operations.accept(found, name="Ada", password=PASSWORD, now=clock.now))[0] is Refusal.SPENT


def test_of_two_that_read_the_open_invitation_at_once_one_accepts(clock: Clock) -> None:
    found = invited(clock)
    operations.accept(found, name="Ada", password=PASSWORD, now=clock.now)
    set_committed_value(found, "accepted_at", None)  # the second has read the row before the first changed it
    assert refused(lambda: operations.accept(found, name="", password=PASSWORD, now=clock.now)) == (Refusal.SPENT, ())
    assert db.session.query(Appointment).filter_by(role=R.OBSERVER).count() == 1


def test_a_link_ends_at_its_instant_and_not_before(clock: Clock) -> None:
    found = invited(clock)
    operations.require_open(found, now=found.expires_at - timedelta(seconds=1))
    assert refused(lambda: operations.require_open(found, now=found.expires_at))[0] is Refusal.SPENT


def test_a_cancelled_or_replaced_link_is_spent(clock: Clock) -> None:
    admin = make.secretariat()
    first = operations.invite("n@laurel.example", "N", R.OBSERVER, by=admin, now=clock.now)
    second = operations.invite("n@laurel.example", "N", R.OBSERVER, by=admin, now=clock.now)
    db.session.refresh(first)
    operations.cancel(second, by=admin, now=clock.now)
    db.session.refresh(second)
    for spent in (first, second):
        assert refused(lambda one=spent: operations.require_open(one, now=clock.now))[0] is Refusal.SPENT  # type: ignore[misc]


def test_what_a_new_invitation_or_a_new_seat_ends_stands_in_the_ledger(clock: Clock) -> None:
    admin, member, cycle = make.secretariat(), make.person(), make.cycle()
    with transaction():
        first = operations.invite("n@laurel.example", "N", R.OBSERVER, by=admin, now=clock.now)
        second = operations.invite("n@laurel.example", "N", R.OBSERVER, by=admin, now=clock.now)
        plain = operations.appoint(member, R.MEMBER, cycle=cycle, by=admin, now=clock.now)
        chair = operations.appoint(member, R.MEMBER, cycle=cycle, seat=Seat.CHAIR, by=admin, now=clock.now)
    rows = db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq))
    assert [(row.act, row.subject_id, row.actor_id) for row in rows] == [
        ("invite", first.id, admin.id),
        ("cancel_invitation", first.id, admin.id),
        ("invite", second.id, admin.id),
        ("appoint", plain.id, admin.id),
        ("end_appointment", plain.id, admin.id),
        ("appoint", chair.id, admin.id),
    ]


def test_the_token_leads_back_to_its_invitation_and_nothing_else_does(clock: Clock) -> None:
    found = invited(clock)
    token = links.token(found)
    assert links.by_token(token) == found
    assert len(token.split(".")[1]) == 43  # 256 bits
    for wrong in (token[:-1], token + "A", found.ref, found.ref + ".", "." + token, "é" + token, ""):
        assert refused(lambda one=wrong: links.by_token(one)) == (Refusal.NOT_FOUND, ())  # type: ignore[misc]


def test_somebody_with_an_account_accepts_with_her_password(clock: Clock) -> None:
    known = make.person(email="known@laurel.example", password_hash=passwords.hash_of(PASSWORD))
    found = invited(clock, "known@laurel.example")
    wrong = lambda: operations.accept(found, name="", password="wrong", now=clock.now)  # noqa: E731
    assert refused(wrong) == (Refusal.INVALID, (Problem.PASSWORD_WRONG,))
    assert operations.accept(found, name="Other", password=PASSWORD, now=clock.now) == known
    assert known.name != "Other"


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        # one sign short of twelve
        ("elevensigns", Problem.PASSWORD_SHORT),
        # one beyond the longest
        ("ab cd" * 26, Problem.PASSWORD_LONG),
        # among the first that anybody tries, whatever its case
        ("Password1234", Problem.PASSWORD_COMMON),
        # three different signs only
        ("abcabcabcabcabc", Problem.PASSWORD_COMMON),
        # her own name and her own address
        ("Wilhelmina Okoro", Problem.PASSWORD_YOURS),
        ("wilhelmina@laurel.example", Problem.PASSWORD_YOURS),
    ],
)
def test_a_password_is_refused_for_length_commonness_or_being_hers(password: str, problem: Problem) -> None:
    hers = {"name": "Wilhelmina Okoro", "email": "wilhelmina@laurel.example"}
    assert passwords.problems(password, **hers) == (problem,)
    assert passwords.problems("all lower case here", **hers) == ()


@pytest.mark.parametrize("first", [R.SECRETARIAT, R.MEMBER])
def test_nobody_is_in_the_secretariat_and_on_the_panel(clock: Clock, first: R) -> None:
    cycle, admin, person = make.cycle(Phase.PREPARING), make.secretariat(), make.person()

    def appoint(role: R) -> Appointment:
        return operations.appoint(person, role, cycle=cycle if role is R.MEMBER else None, by=admin, now=clock.now)

    second = R.MEMBER if first is R.SECRETARIAT else R.SECRETARIAT
    held = appoint(first)
    assert refused(lambda: appoint(second)) == (Refusal.INVALID, (Problem.SECRETARIAT_AND_PANEL,))
    operations.end_appointment(held, by=admin, now=clock.now)
    assert appoint(second).role is second


def test_a_member_moves_to_the_chair_when_it_is_free(clock: Clock) -> None:
    cycle, admin = make.cycle(Phase.PREPARING), make.secretariat()
    one, two = make.member(cycle), make.member(cycle)
    operations.appoint(one, R.MEMBER, cycle=cycle, seat=Seat.CHAIR, by=admin, now=clock.now)
    assert [a.seat for a in access.appointments(one)] == [Seat.CHAIR]
    taken = lambda: operations.appoint(two, R.MEMBER, cycle=cycle, seat=Seat.CHAIR, by=admin, now=clock.now)  # noqa: E731
    assert refused(taken) == (Refusal.INVALID, (Problem.SEAT_TAKEN,))


@pytest.mark.parametrize(
    ("role", "with_cycle", "with_mission", "seat"),
    [
        # a panel without a year
        (R.MEMBER, False, False, None),
        # a nominator without a mission
        (R.NOMINATOR, True, False, None),
        # an observer of one year
        (R.OBSERVER, True, False, None),
        # a nominator who chairs
        (R.NOMINATOR, True, True, Seat.CHAIR),
    ],
)
def test_a_role_wants_its_scope(clock: Clock, role: R, with_cycle: bool, with_mission: bool, seat: Seat | None) -> None:
    mission, person, admin = make.mission(), make.person(), make.secretariat()
    cycle = make.cycle(missions=(mission,))
    given = {"cycle": cycle if with_cycle else None, "mission": mission if with_mission else None}
    work = lambda: operations.appoint(person, role, **given, seat=seat, by=admin, now=clock.now)  # type: ignore[arg-type]  # noqa: E731
    assert refused(work) == (Refusal.INVALID, (Problem.SCOPE,))


def test_a_mission_must_be_called_before_somebody_stands_for_it(clock: Clock) -> None:
    cycle, mission, person, admin = make.cycle(), make.mission(), make.person(), make.secretariat()
    work = lambda: operations.appoint(person, R.AUTHORITY, cycle=cycle, mission=mission, by=admin, now=clock.now)  # noqa: E731
    assert refused(work) == (Refusal.INVALID, (Problem.MISSION_NOT_CALLED,))


def test_the_last_person_of_the_secretariat_stays(clock: Clock) -> None:
    one, two = make.secretariat(), make.secretariat()
    operations.end_appointment(two.appointments[0], by=one, now=clock.now)
    last = (Refusal.INVALID, (Problem.LAST_SECRETARIAT,))
    assert refused(lambda: operations.end_appointment(one.appointments[0], by=one, now=clock.now)) == last
    assert refused(lambda: own.set_active(one, False, by=one, now=clock.now)) == last


def test_a_profile_is_written_by_the_member_or_the_secretariat_only(clock: Clock) -> None:
    mission, admin = make.mission(), make.secretariat()
    member, stranger = make.member(make.cycle()), make.person()
    row = (mission, date(2024, 1, 1), None)

    def describe(by: Person, *stints: tuple[Mission, date, date | None], nationality: str = "NO") -> None:
        operations.describe(
            member,
            nationality=nationality,
            home_service="Police",
            stints=stints,
            by=by,
            now=clock.now,
        )

    describe(member, row)
    describe(admin, row)
    assert [(s.mission_id, s.started, s.ended) for s in member.stints] == [(mission.id, date(2024, 1, 1), None)]
    assert refused(lambda: describe(stranger, row)) == (Refusal.NOT_FOUND, ())
    assert refused(lambda: describe(member, (mission, date(2024, 1, 2), date(2024, 1, 1)))) == (
        Refusal.INVALID,
        (Problem.STINT_ORDER,),
    )
    assert refused(lambda: describe(member, nationality="XX")) == (Refusal.INVALID, (Problem.UNKNOWN_COUNTRY,))


def test_unknown_wrong_and_deactivated_get_the_same_answer(clock: Clock) -> None:
    kept = passwords.hash_of(PASSWORD)
    make.person(email="in@laurel.example", password_hash=kept)
    make.person(email="out@laurel.example", password_hash=kept, deactivated_at=clock.now)
    make.person(email="none@laurel.example")
    asked = [("nobody@laurel.example", PASSWORD), ("in@laurel.example", "wrong"), ("out@laurel.example", PASSWORD)]
    assert [operations.authenticate(*pair) for pair in [*asked, ("none@laurel.example", PASSWORD)]] == [None] * 4


def test_a_new_password_ends_every_session(clock: Clock) -> None:
    from award_app.accounts import sessions

    person = make.person(password_hash=passwords.hash_of(PASSWORD))
    with transaction():
        before = sessions.start(person, now=clock.now)
        after = own.change_password(person, current=PASSWORD, new="another quiet heron", now=clock.now)
    assert sessions.resume(before, now=clock.now) is None
    assert sessions.resume(after, now=clock.now) is not None
