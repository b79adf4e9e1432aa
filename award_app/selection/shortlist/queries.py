"""The newest shortlist, whom it could name, and what it waits for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from award_app import access
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Action, Consent, NominationState
from award_app.nominations.models import ConductClearance, Nomination
from award_app.selection.changes.queries import left_of
from award_app.selection.models import Finalist, Shortlist
from award_app.selection.queries import in_order, stored


@dataclass(frozen=True)
class Standing:
    """A file on the shortlist and what is recorded about its nominee."""

    file: Nomination
    consent: Consent | None
    cleared: bool | None  # None: nothing recorded
    left: bool

    @property
    def ready(self) -> bool:
        return self.left or (self.consent is Consent.GIVEN and self.cleared is True)


def shortlist_of(cycle: Cycle) -> Shortlist | None:
    """The newest version; earlier ones are history."""
    files = selectinload(Shortlist.finalists).joinedload(Finalist.nomination).joinedload(Nomination.mission)
    found = select(Shortlist).where(Shortlist.cycle_id == cycle.id).order_by(Shortlist.version.desc()).limit(1)
    return db.session.scalars(found.options(files)).one_or_none()


def shortlist_for(person: Person, cycle: Cycle, *, now: datetime) -> Shortlist | None:
    access.require(person, Action.SEE_SHORTLIST, cycle, now=now)
    return shortlist_of(cycle)


def standing(cycle: Cycle, shortlist: Shortlist) -> list[Standing]:
    """In the order of the shortlist, which is that of the result."""
    files = [finalist.nomination for finalist in shortlist.finalists]
    cleared, left = clearances([file.id for file in files]), left_of([cycle.id])
    return [Standing(file, file.consent, cleared.get(file.id), _is_out(file, left)) for file in files]


def clearances(files: Collection[int]) -> dict[int, bool]:
    """The newest word of the conduct database per file; files without one are not there."""
    newest = select(func.max(ConductClearance.id)).where(ConductClearance.nomination_id.in_(files))
    rows = select(ConductClearance.nomination_id, ConductClearance.cleared).where(
        ConductClearance.id.in_(newest.group_by(ConductClearance.nomination_id))
    )
    return {row.nomination_id: row.cleared for row in db.session.execute(rows)}


def candidates(cycle: Cycle) -> list[Nomination]:
    """Files with scores that may still be shortlisted, best placed first."""
    result, left = stored(cycle, ""), left_of([cycle.id])
    rows = in_order(result) if result else []
    return [row.nomination for row in rows if row.position is not None and not _is_out(row.nomination, left)]


def finalists(cycle: Cycle) -> list[Nomination]:
    """Files of the newest shortlist, if it is confirmed, that are still in it."""
    shortlist, left = shortlist_of(cycle), left_of([cycle.id])
    if shortlist is None or shortlist.confirmed_at is None:
        return []
    return [one.nomination for one in shortlist.finalists if not _is_out(one.nomination, left)]


def versions(cycle: Cycle) -> Sequence[Shortlist]:
    """All of them, newest first."""
    return db.session.scalars(
        select(Shortlist)
        .where(Shortlist.cycle_id == cycle.id)
        .order_by(Shortlist.version.desc())
        .options(selectinload(Shortlist.finalists), joinedload(Shortlist.by))
    ).all()


def _is_out(file: Nomination, left: Collection[int]) -> bool:
    return file.id in left or file.state is not NominationState.ACCEPTED
