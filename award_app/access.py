"""What makes someone hold a role; asks the policy; the WHERE clause for every list."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    true,
)

from award_app.accounts.models import Appointment, Person
from award_app.announcement.models import Announcement, Approval, Telling
from award_app.cycles.models import Cycle, Extension
from award_app.db import Instant, db
from award_app.domain import calendar
from award_app.domain.policy import CLOSED_BY_A_CONFLICT, EXISTENCE, PARTS, POLICY, Rule, Situation, Verdict, decide
from award_app.domain.vocabulary import Action, AppointmentRole, Consent, Refused, Role, Seat, Timing, Window
from award_app.nominations.models import Nomination, SecretariatDeclaration
from award_app.panel.models import Declaration, Recusal
from award_app.reviews.models import barred
from award_app.selection.models import Decision, OutcomeChange, Present, Shortlist

Thing = Cycle | Nomination | None

# What a conflict in any of the cycle's files closes, or hands to the deputy.
OF_THE_OUTCOME = CLOSED_BY_A_CONFLICT | {rule.action for rule in POLICY if rule.role is Role.DECIDER}

# Asked during this request or task, for the test that every route asks what it is guarded by.
asked: set[Action] = set()


@dataclass(frozen=True)
class Asked:
    """What a question was about, for the ledger."""

    table: str
    id: int
    cycle_id: int


def asked_about(action: Action) -> Asked | None:
    """The first thing this session asked the policy about for this action, or for whether the thing exists at all."""
    things: dict[Action, Asked] = db.session().info.get("asked", {})
    return things.get(action) or things.get(EXISTENCE.get(action, action))


def _remember(thing: Thing, *actions: Action) -> None:
    if thing is not None:
        cycle_id = thing.cycle_id if isinstance(thing, Nomination) else thing.id
        things: dict[Action, Asked] = db.session().info.setdefault("asked", {})
        for action in actions:
            things.setdefault(action, Asked(thing.__tablename__, thing.id, cycle_id))


def may(person: Person, action: Action, thing: Thing = None, *, now: datetime) -> Verdict:
    """Whether this person may do this to this thing now, with the reason if not."""
    asked.add(action)
    _remember(thing, action)
    return decide(action, situation(person, thing, now=now, outcome=action in OF_THE_OUTCOME))


def require(person: Person, action: Action, thing: Thing = None, *, now: datetime) -> Verdict:
    """The same, raising `Refused` with the reason."""
    return _allowed(may(person, action, thing, now=now))


def situation(person: Person, thing: Thing, *, now: datetime, outcome: bool = True) -> Situation:
    """`outcome` says whether conflicts in the cycle's files matter to the question; without it three queries fewer are made."""
    if isinstance(thing, Nomination):
        roles = nomination_roles(person, thing)
        until = extension_of(thing.cycle_id, {thing.mission_id} if roles & _OF_THE_MISSION else ())
        timing = windows(thing.cycle, now, return_deadline=thing.return_deadline, extended_to=until)
        return Situation(roles, thing.state, timing)
    if isinstance(thing, Cycle):
        mine = {a.mission_id for a in appointments(person) if a.cycle_id == thing.id and a.mission_id is not None}
        done, until = acts(thing, now), extension_of(thing.id, mine)
        timing = calendar.windows(thing.dates, done, now, return_deadline=None, extended_to=until)
        return Situation(cycle_roles(person, thing, outcome=outcome), None, timing)
    return Situation(service_roles(person))


@dataclass(frozen=True)
class Standing:
    """A person before one thing at one moment: the rows are read once, however many actions a page asks about."""

    situation: Situation
    actions: frozenset[Action]

    def may(self, action: Action) -> Verdict:
        """KeyError for an action that was not named when the rows were read."""
        if action not in self.actions:
            raise KeyError(action)
        asked.add(action)
        return decide(action, self.situation)

    def require(self, action: Action) -> Verdict:
        return _allowed(self.may(action))


def standing(person: Person, thing: Thing, *actions: Action, now: datetime) -> Standing:
    _remember(thing, *actions)
    return Standing(situation(person, thing, now=now, outcome=bool(OF_THE_OUTCOME & set(actions))), frozenset(actions))


def standings(person: Person, ends: Mapping[Cycle, datetime], *actions: Action, now: datetime) -> dict[int, Standing]:
    """Before several cycles, by their ids, in one statement. `ends`: until when the person's missions may hand in there.
    ValueError for an action that conflicts in the cycles' files matter to."""
    if OF_THE_OUTCOME & set(actions):
        raise ValueError(actions)
    done, found = acts_of(ends, now), {}
    for cycle, end in ends.items():
        _remember(cycle, *actions)
        timing = calendar.windows(cycle.dates, done[cycle.id], now, return_deadline=None, extended_to=end)
        here = Situation(cycle_roles(person, cycle, outcome=False), None, timing)
        found[cycle.id] = Standing(here, frozenset(actions))
    return found


def _allowed(verdict: Verdict) -> Verdict:
    if verdict.refusal is not None:
        raise Refused(verdict.refusal)
    return verdict


# --- roles -----------------------------------------------------------------------------------------------------------


def appointments(person: Person) -> list[Appointment]:
    """Those that hold. A deactivated person holds none."""
    return [a for a in person.appointments if a.ended_at is None] if person.is_active else []


def service_roles(person: Person) -> frozenset[Role]:
    everywhere = {AppointmentRole.SECRETARIAT: Role.SECRETARIAT, AppointmentRole.OBSERVER: Role.OBSERVER}
    found = {everywhere[a.role] for a in appointments(person) if a.role in everywhere}
    return frozenset({Role.PERSON} | found) if person.is_active else frozenset()


def cycle_roles(person: Person, cycle: Cycle, *, outcome: bool = True) -> frozenset[Role]:
    """Nominator and authority here mean: of any mission in this cycle. Whether she was present at a decision is asked
    whether there is one or not: a statement more or less would tell by its time."""
    roles = set(service_roles(person))
    seat: Seat | None = None
    for a in appointments(person):
        if a.cycle_id == cycle.id:
            roles.add(_ROLE_OF[a.role])
            seat = a.seat or seat
    if seat is not None and seat in _SEATS:
        roles.add(_SEATS[seat])
    if outcome and roles & _KEPT_FROM_THE_OUTCOME:
        if kept_from(person, cycle):
            roles.add(Role.KEPT_FROM)
        elif seat is not None and may_decide(seat, cycle):
            roles.add(Role.DECIDER)
    if Role.MEMBER in roles and _was_present(person, cycle):
        roles.add(Role.PRESENT)
        if outcome and not kept_from(person, cycle):
            roles.add(Role.PRESENT_CLEAR)
    return frozenset(roles)


def _was_present(person: Person, cycle: Cycle) -> bool:
    """She may have a conflict in a file that the decision does not name: only the shortlist may name it. One statement,
    whether a decision is recorded or not: a second one would take time that tells."""
    hers = exists().where(Present.decision_id == Decision.id, Present.person_id == person.id)
    return bool(db.session.scalar(select(exists().where(Decision.cycle_id == cycle.id, hers))))


def nomination_roles(person: Person, nomination: Nomination) -> frozenset[Role]:
    """Relations to one file. The secretariat has none before the file was handed in once, and an observer none to a file
    in which she has a conflict from another part, held now or before."""
    roles: set[Role] = set()
    for a in appointments(person):
        if a.role is AppointmentRole.OBSERVER:
            roles |= set() if _has_conflict(person, nomination) else {Role.OBSERVER}
        elif a.role is AppointmentRole.SECRETARIAT and nomination.submitted_at is not None:
            roles |= _secretariat_roles(person, nomination)
        elif a.cycle_id == nomination.cycle_id and a.role is AppointmentRole.MEMBER:
            roles |= {Role.MEMBER, member_role(person, nomination)}
        elif a.cycle_id == nomination.cycle_id and a.mission_id == nomination.mission_id:
            roles.add(_ROLE_OF[a.role])
    if Role.AUTHORITY in roles and _was_told(nomination):
        roles.add(Role.TOLD)
    return frozenset(roles)


def _was_told(nomination: Nomination) -> bool:
    """Of the laureate as the announcement stands now: who was told of somebody who left the outcome knows no more."""
    told = exists().where(Telling.nomination_id == nomination.id, Telling.announcement_id == Announcement.id)
    return bool(db.session.scalar(select(exists().where(Announcement.nomination_id == nomination.id, told))))


def parts(roles: frozenset[Role], nomination: Nomination) -> frozenset[Action]:
    """Which parts of a file, beyond what the panel reads, these relations open. No window is asked: a part is seen as
    long as the file is."""
    asked.update(PARTS)
    return frozenset(part for part in PARTS if decide(part, Situation(roles, nomination.state)).allowed)


def member_role(person: Person, nomination: Nomination) -> Role:
    """Recused or barred; undeclared; or clear."""
    asked = {"file": nomination.id, "person": person.id}
    recused, is_barred, has_declared = db.session.execute(_member_before_a_file(), asked).one()
    if recused or is_barred:
        return Role.MEMBER_RECUSED
    return Role.MEMBER_CLEAR if has_declared else Role.MEMBER_UNDECLARED


@cache  # as all questions that every page asks: made once, because making one takes longer than its answer
def _member_before_a_file() -> Select[*tuple[Any, ...]]:
    file, person = bindparam("file", type_=Integer), bindparam("person", type_=Integer)
    return select(
        *(
            exists().where(table.nomination_id == file, table.person_id == person)
            for table in (Recusal, barred.c, Declaration)
        )
    )


def may_decide(seat: Seat, cycle: Cycle) -> bool:
    """Of a person without a conflict in the cycle: the chair decides unless she is recused from an accepted file; then
    the deputy does."""
    if seat is Seat.CHAIR:
        return True
    chair = db.session.scalars(
        select(Person)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(Appointment.cycle_id == cycle.id, Appointment.seat == Seat.CHAIR, Appointment.ended_at.is_(None))
    ).one_or_none()
    return seat is Seat.DEPUTY and (chair is None or not chair.is_active or bool(kept_from(chair, cycle)))


def kept_from(person: Person, cycle: Cycle) -> frozenset[int]:
    """Ids of the cycle's files that this member or secretariat member has a conflict in, of those that count."""
    return frozenset(db.session.scalars(_kept_in_a_cycle(), {"person": person.id, "cycle": cycle.id}))


@cache
def _kept_in_a_cycle() -> Select[int]:
    here = Nomination.cycle_id == bindparam("cycle", type_=Integer)
    return select(Nomination.id).where(here, counts(), _conflict_of(bindparam("person", type_=Integer)))


def cycles_kept_from(person: Person) -> Select[int]:
    """Ids of the cycles in which `kept_from` finds something."""
    return select(Nomination.cycle_id).where(counts(), _in_conflict(person))


def counts() -> ColumnElement[bool]:
    """The predicate on `Nomination`: the outcome is about it. One that left it stays named in the decision and in the
    change that took it out, so that a conflict in it goes on closing both."""
    left = exists().where(OutcomeChange.nomination_id == Nomination.id, OutcomeChange.confirmed_at.is_not(None))
    return or_(Nomination.state == "accepted", left.correlate(Nomination))


def files_in_conflict(person: Person) -> Select[int]:
    """Ids of the files, whatever their state, that this member or secretariat member has a conflict in."""
    return select(Nomination.id).where(_in_conflict(person))


def _in_conflict(person: Person) -> ColumnElement[bool]:
    """The predicate on `Nomination`: by recusal, by the bar, or by a declaration of the secretariat."""
    return _conflict_of(person.id)


def _conflict_of(person_id: int | BindParameter[int]) -> ColumnElement[bool]:
    return or_(
        Nomination.id.in_(select(Recusal.nomination_id).where(Recusal.person_id == person_id)),
        Nomination.id.in_(select(barred.c.nomination_id).where(barred.c.person_id == person_id)),
        Nomination.id.in_(_conflicts_of(person_id)),
    )


def _has_conflict(person: Person, nomination: Nomination) -> bool:
    found = select(Nomination.id).where(Nomination.id == nomination.id, _in_conflict(person))
    return db.session.scalar(found) is not None


def decision_of(cycle: Cycle) -> Decision | None:
    return db.session.scalars(select(Decision).where(Decision.cycle_id == cycle.id)).one_or_none()


_ROLE_OF = {
    AppointmentRole.SECRETARIAT: Role.SECRETARIAT,
    AppointmentRole.OBSERVER: Role.OBSERVER,
    AppointmentRole.NOMINATOR: Role.NOMINATOR,
    AppointmentRole.AUTHORITY: Role.AUTHORITY,
    AppointmentRole.MEMBER: Role.MEMBER,
}
_OF_THE_MISSION = {Role.NOMINATOR, Role.AUTHORITY}  # to nobody else does it matter how long a mission may hand in
_SEATS = {Seat.CHAIR: Role.CHAIR, Seat.DEPUTY: Role.DEPUTY}
_KEPT_FROM_THE_OUTCOME = {Role.CHAIR, Role.DEPUTY, Role.SECRETARIAT, Role.OBSERVER}


def _secretariat_roles(person: Person, nomination: Nomination) -> set[Role]:
    """Rule 5 is a bar here too: who had a hand in the file does not screen it, whatever she declares."""
    declared = select(SecretariatDeclaration.conflict).where(
        SecretariatDeclaration.nomination_id == nomination.id, SecretariatDeclaration.person_id == person.id
    )
    bar = exists().where(barred.c.nomination_id == nomination.id, barred.c.person_id == person.id)
    conflict, is_barred = db.session.execute(select(declared.scalar_subquery(), bar)).one()
    if is_barred:
        return {Role.SECRETARIAT, Role.SECRETARIAT_CONFLICTED}
    if conflict is None:
        return {Role.SECRETARIAT}
    return {Role.SECRETARIAT, Role.SECRETARIAT_CONFLICTED if conflict else Role.SECRETARIAT_CLEAR}


def _conflicts_of(person_id: int | BindParameter[int]) -> ColumnElement[int]:
    return (
        select(SecretariatDeclaration.nomination_id)
        .where(SecretariatDeclaration.person_id == person_id, SecretariatDeclaration.conflict)
        .scalar_subquery()
    )


# --- time ------------------------------------------------------------------------------------------------------------


def acts(cycle: Cycle, now: datetime) -> calendar.Acts:
    return acts_of([cycle], now)[cycle.id]


def acts_of(cycles: Collection[Cycle], now: datetime) -> Mapping[int, calendar.Acts]:
    """Of several cycles by their ids, in one statement."""
    rows = db.session.execute(_acts_of_cycles(), {"cycles": [cycle.id for cycle in cycles], "now": now})
    found = {row[0]: row[1:] for row in rows}
    return {cycle.id: _acts(cycle, *found[cycle.id]) for cycle in cycles}


@cache
def _acts_of_cycles() -> Select[*tuple[Any, ...]]:
    newest = select(Shortlist.confirmed_at).where(Shortlist.cycle_id == Cycle.id).order_by(Shortlist.version.desc())
    telling = Telling.nomination_id == Announcement.nomination_id
    return select(
        Cycle.id,
        exists().where(Decision.cycle_id == Cycle.id),
        newest.limit(1).scalar_subquery(),
        exists().where(Announcement.cycle_id == Cycle.id, Telling.announcement_id == Announcement.id, telling),
        exists().where(Announcement.cycle_id == Cycle.id, released(bindparam("now", type_=Instant()))),
    ).where(Cycle.id.in_(bindparam("cycles", expanding=True)))


def _acts(cycle: Cycle, decided: bool, confirmed_at: datetime | None, told: bool, out: bool) -> calendar.Acts:
    return calendar.Acts(
        opened=cycle.opened_at is not None,
        round_closed=cycle.round_closed_at is not None,
        shortlisted=confirmed_at is not None,
        decided=decided,
        told=decided and told,
        released=decided and out,
        archived=cycle.archived_at is not None,
    )


def windows(
    cycle: Cycle, now: datetime, *, return_deadline: datetime | None = None, extended_to: datetime | None = None
) -> Mapping[Window, Timing]:
    done = acts(cycle, now)
    return calendar.windows(cycle.dates, done, now, return_deadline=return_deadline, extended_to=extended_to)


def extension_of(cycle_id: int, missions: Collection[int]) -> datetime | None:
    """The latest close that still holds for one of the missions; of each mission its newest extension counts."""
    if not missions:
        return None
    newest = select(func.max(Extension.id)).where(Extension.cycle_id == cycle_id, Extension.mission_id.in_(missions))
    return db.session.scalar(
        select(func.max(Extension.until)).where(Extension.id.in_(newest.group_by(Extension.mission_id)))
    )


def released(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """The predicate on `Announcement`: two approvals of its version, not taken back, its instant has passed, and the
    laureate stands and agrees. She may take her consent back, or leave the outcome, after the approvals and even after
    the release."""
    approved = [
        exists().where(
            Approval.announcement_id == Announcement.id, Approval.version == Announcement.version, Approval.slot == slot
        )
        for slot in (1, 2)
    ]
    left = exists().where(
        OutcomeChange.nomination_id == Announcement.nomination_id, OutcomeChange.confirmed_at.is_not(None)
    )
    hers = exists().where(
        Nomination.id == Announcement.nomination_id,
        Nomination.consent == Consent.GIVEN,
        not_(left.correlate(Announcement)),
    )
    agreed = or_(Announcement.nomination_id.is_(None), hers.correlate(Announcement))
    return and_(Announcement.taken_back_at.is_(None), Announcement.release_at <= now, agreed, *approved)


# --- lists -----------------------------------------------------------------------------------------------------------


def visible_nominations(person: Person) -> ColumnElement[bool]:
    """The WHERE clause for Action.SEE, from the same table: role by role, in the states its rules name."""
    holds = _role_clauses(person)
    clauses = [and_(holds[rule.role], _in_states(rule)) for rule in POLICY if rule.action is Action.SEE]
    return or_(false(), *clauses)


def _in_states(rule: Rule) -> ColumnElement[bool]:
    return Nomination.state.in_(rule.states) if rule.states else true()


@cache
def visible_to_members() -> ColumnElement[bool]:
    """The same for a member alone, whatever other parts she holds; `cycles` are those of `panels_of`."""
    clauses = [
        and_(Nomination.cycle_id.in_(bindparam("cycles", expanding=True)), _in_states(rule))
        for rule in POLICY
        if rule.action is Action.SEE and rule.role is Role.MEMBER
    ]
    return or_(false(), *clauses)


def panels_of(person: Person) -> list[int]:
    """Ids of the cycles on whose panel she sits."""
    return [a.cycle_id for a in appointments(person) if a.role is AppointmentRole.MEMBER and a.cycle_id is not None]


def _role_clauses(person: Person) -> dict[Role, ColumnElement[bool]]:
    mine = appointments(person)
    of_mission = {
        role: or_(
            false(),
            *(
                and_(Nomination.cycle_id == a.cycle_id, Nomination.mission_id == a.mission_id)
                for a in mine
                if a.role is role
            ),
        )
        for role in (AppointmentRole.NOMINATOR, AppointmentRole.AUTHORITY)
    }
    roles = {a.role for a in mine}
    return {
        Role.NOMINATOR: of_mission[AppointmentRole.NOMINATOR],
        Role.AUTHORITY: of_mission[AppointmentRole.AUTHORITY],
        Role.SECRETARIAT: Nomination.submitted_at.is_not(None) if AppointmentRole.SECRETARIAT in roles else false(),
        Role.OBSERVER: not_(_in_conflict(person)) if AppointmentRole.OBSERVER in roles else false(),
        Role.MEMBER: Nomination.cycle_id.in_([a.cycle_id for a in mine if a.role is AppointmentRole.MEMBER]),
    }
