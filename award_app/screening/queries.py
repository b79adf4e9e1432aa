"""The secretariat's lists: which files were handed in, and what each still asks of whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import contains_eager, load_only

from award_app import access
from award_app.accounts.models import Person
from award_app.announcement.models import Announcement
from award_app.cycles.models import Cycle, CycleMission, Mission
from award_app.db import db
from award_app.domain.policy import LIVE
from award_app.domain.vocabulary import Consent, NominationState
from award_app.nominations.models import ConductClearance, Nomination, SecretariatDeclaration, WithdrawalRequest
from award_app.reports.lists import queries as lists
from award_app.reports.lists.queries import Page, Wanted
from award_app.reviews.models import barred
from award_app.selection.models import OutcomeChange


class ToDo(StrEnum):
    """What a file asks of one person of the secretariat."""

    DECLARE = "declare"
    SCREEN = "screen"
    CONFIRM = "confirm"
    CONSENT = "consent"
    CLEARANCE = "clearance"
    NOTHING = ""


@dataclass(frozen=True)
class Line:
    """One file that was handed in. `closed`: this reader has a conflict in it, and learns no more than that it is there."""

    nomination: Nomination
    closed: bool
    to_do: ToDo


def lines(cycle: Cycle, person: Person, now: datetime, wanted: Wanted) -> Page[Line]:
    """Files handed in at least once, those that wait for this person first; drafts are never among them. Filters:
    `mission`, `state`, `todo`; a closed file has no state and asks nothing."""
    to_do = _to_do(person, now)
    rows = _handed_in(person, to_do).where(Nomination.cycle_id == cycle.id)
    ordered = rows.order_by(to_do == "", Mission.acronym, Nomination.submitted_at, Nomination.id)
    fits = [lists.matching(wanted.search, Nomination.nominee_name, Mission.acronym), *_narrowed(person, to_do, wanted)]
    mission = contains_eager(Nomination.mission).load_only(Mission.acronym)
    found = lists.page(ordered, and_(*fits), wanted, load_only(*_LISTED), mission)
    return found.turned(lambda row: Line(row[0], bool(row[1]), ToDo(row[2])))


_LISTED = (
    Nomination.ref,
    Nomination.nominee_name,
    Nomination.state,
    Nomination.submitted_at,
    Nomination.return_deadline,
    Nomination.ineligible_by_id,
)


def _narrowed(person: Person, to_do: ColumnElement[str], wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.get("mission"):
        yield Mission.acronym == wanted.get("mission")
    if wanted.get("state"):
        yield and_(not_(_closed(person)), Nomination.state == NominationState(wanted.get("state")))
    if wanted.get("todo"):
        yield to_do == ("" if wanted.get("todo") == "nothing" else wanted.get("todo"))


def _handed_in(person: Person, to_do: ColumnElement[str]) -> Select[Nomination, bool, str]:
    mine = and_(SecretariatDeclaration.nomination_id == Nomination.id, SecretariatDeclaration.person_id == person.id)
    return (
        select(Nomination, _closed(person), to_do)
        .select_from(Nomination)
        .join(Mission, Mission.id == Nomination.mission_id)
        .join(Cycle, Cycle.id == Nomination.cycle_id)
        .outerjoin(SecretariatDeclaration, mine)
        .where(access.visible_nominations(person), Nomination.submitted_at.is_not(None))
    )


def _closed(person: Person) -> ColumnElement[bool]:
    """By her declaration, or because she had a hand in the file: those are found once, not for each row."""
    hers = select(barred.c.nomination_id).where(barred.c.person_id == person.id)
    return or_(func.coalesce(SecretariatDeclaration.conflict, False), Nomination.id.in_(hers))


def _to_do(person: Person, now: datetime) -> ColumnElement[str]:
    """Screening is possible between the opening and the end of the review; consent and clearance matter until something
    is released."""
    waits = and_(
        Nomination.state == NominationState.SUBMITTED,
        Cycle.opened_at.is_not(None),
        Cycle.opens_at <= now,
        Cycle.review_ends_at > now,
    )
    out = exists().where(Announcement.cycle_id == Cycle.id, access.released(now))
    accepted = and_(Nomination.state == NominationState.ACCEPTED, not_(out), SecretariatDeclaration.id.is_not(None))
    proposed = Nomination.ineligible_by_id
    cleared = exists().where(ConductClearance.nomination_id == Nomination.id)
    return case(
        (_closed(person), ToDo.NOTHING.value),
        (and_(waits, SecretariatDeclaration.id.is_(None)), ToDo.DECLARE.value),
        (and_(waits, proposed.is_(None)), ToDo.SCREEN.value),
        (and_(waits, proposed != person.id), ToDo.CONFIRM.value),
        (and_(accepted, Nomination.consent.is_distinct_from(Consent.GIVEN)), ToDo.CONSENT.value),
        (and_(accepted, not_(cleared)), ToDo.CLEARANCE.value),
        else_=ToDo.NOTHING.value,
    )


def drafts_by_mission(cycle: Cycle) -> list[tuple[str, int, int]]:
    """Mission, its quota, and how many files it is still working on: all that is known of them here."""
    working = (
        select(Nomination.mission_id, func.count(Nomination.id).label("n"))
        .where(
            Nomination.cycle_id == cycle.id,
            Nomination.submitted_at.is_(None),
            Nomination.state.in_([NominationState.DRAFT, NominationState.ENDORSED]),
        )
        .group_by(Nomination.mission_id)
        .subquery()
    )
    query = (
        select(Mission.acronym, CycleMission.quota, func.coalesce(working.c.n, 0))
        .join(CycleMission, CycleMission.mission_id == Mission.id)
        .outerjoin(working, working.c.mission_id == Mission.id)
        .where(CycleMission.cycle_id == cycle.id)
        .order_by(Mission.acronym)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def open_counts(person: Person, now: datetime) -> Mapping[Cycle, int]:
    """Per award year in which any do, the newest first: how many files wait for this person. One statement, however
    many years there are."""
    to_do = _to_do(person, now)
    waiting = _handed_in(person, to_do).where(to_do != "")
    counted = waiting.with_only_columns(Cycle, func.count(), maintain_column_froms=True).group_by(Cycle.id)
    return {cycle: n for cycle, n in db.session.execute(counted.order_by(Cycle.award_year.desc()))}  # noqa: C416 - rows are not pairs to mypy


def name_of(person_id: int | None) -> str:
    person = db.session.get(Person, person_id) if person_id else None
    return person.name if person else ""


def withdrawals_asked(person: Person) -> list[Nomination]:
    """Files whose mission asks for them back and that no change of the outcome answers yet; none that is closed to her,
    nor of a year whose changes are: that a request no longer waits would tell of one."""
    mine = and_(SecretariatDeclaration.nomination_id == Nomination.id, SecretariatDeclaration.person_id == person.id)
    changed = exists().where(OutcomeChange.nomination_id == Nomination.id, OutcomeChange.dropped_at.is_(None))
    query = (
        select(Nomination)
        .join(WithdrawalRequest, WithdrawalRequest.nomination_id == Nomination.id)
        .join(Nomination.cycle)
        .outerjoin(SecretariatDeclaration, mine)
        .where(access.visible_nominations(person), Nomination.state.in_(LIVE), not_(_closed(person)), not_(changed))
        .where(Nomination.cycle_id.not_in(access.cycles_kept_from(person)))
        .options(contains_eager(Nomination.cycle))
        .order_by(WithdrawalRequest.id)
    )
    return list(db.session.scalars(query))
