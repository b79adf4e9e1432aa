"""The secretariat's lists: which files were handed in, and what each still asks of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from award_app import access
from award_app.accounts.models import Person
from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import Cycle, CycleMission, Mission
from award_app.db import db
from award_app.domain.vocabulary import Consent, NominationState, Timing, Window
from award_app.nominations.models import Nomination, SecretariatDeclaration


@dataclass(frozen=True)
class Line:
    """One file that was handed in. `conflict` is this reader's declaration; None: not yet declared."""

    nomination: Nomination
    conflict: bool | None
    to_do: str  # "declare", "screen", "confirm", "consent" or nothing


def lines(cycle: Cycle, person: Person, now: datetime) -> list[Line]:
    """Files handed in at least once, those that wait for this person first; drafts are never among them."""
    mine = (SecretariatDeclaration.nomination_id == Nomination.id) & (SecretariatDeclaration.person_id == person.id)
    query = (
        select(Nomination, SecretariatDeclaration.conflict)
        .outerjoin(SecretariatDeclaration, mine)
        .join(Mission, Mission.id == Nomination.mission_id)
        .where(Nomination.cycle_id == cycle.id, Nomination.submitted_at.is_not(None))
        .options(joinedload(Nomination.mission))
        .order_by(Mission.acronym, Nomination.submitted_at, Nomination.id)
    )
    windows = access.windows(cycle, now)
    open_ = windows[Window.SCREENING] is Timing.OPEN
    ahead = windows[Window.RELEASED] is Timing.BEFORE
    found = [Line(n, conflict, _to_do(n, conflict, person, open_, ahead)) for n, conflict in db.session.execute(query)]
    return sorted(found, key=lambda line: not line.to_do)


def _to_do(n: Nomination, conflict: bool | None, person: Person, open_: bool, ahead: bool) -> str:
    """`open_`: screening is possible; `ahead`: nothing is released yet, so a consent still matters."""
    if conflict:
        return ""
    if n.state is NominationState.SUBMITTED and open_:
        if conflict is None:
            return "declare"
        if n.ineligible_by_id is None:
            return "screen"
        return "confirm" if n.ineligible_by_id != person.id else ""
    missing = ahead and n.state is NominationState.ACCEPTED and n.consent is not Consent.GIVEN
    return "consent" if missing and conflict is not None else ""


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
    """Per cycle in which any do: how many files wait for this person."""
    counts = {cycle: sum(bool(line.to_do) for line in lines(cycle, person, now)) for cycle in cycle_queries.every()}
    return {cycle: n for cycle, n in counts.items() if n}


def name_of(person_id: int | None) -> str:
    person = db.session.get(Person, person_id) if person_id else None
    return person.name if person else ""
