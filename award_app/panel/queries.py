"""A member's way to a cycle and to a file in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Integer, Select, String, bindparam, select
from sqlalchemy.orm import contains_eager, joinedload

from award_app import access
from award_app.access import Standing
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.scoring import FileState
from award_app.domain.vocabulary import Action, Refusal, Refused, Role
from award_app.nominations.models import Nomination
from award_app.panel.models import Recusal
from award_app.reviews.models import Ballot
from award_app.reviews.queries import ListedFile, stands, unfinished


@dataclass(frozen=True)
class AtDesk:
    """A file before one member: what she may do with it, and whether she has finished scoring its cycle."""

    nomination: Nomination
    standing: Standing
    finished_at: datetime | None

    @property
    def finished(self) -> bool:
        return stands(self.nomination, self.finished_at)


_ACTIONS = (Action.SEE, Action.READ, Action.DECLARE, Action.RECUSE, Action.SCORE)


def cycle_of(year: int) -> Cycle:
    """The cycle with its criteria, in one statement. NOT_FOUND where there is none."""
    cycle = db.session.scalars(_of_year(), {"year": year}).unique().one_or_none()
    if cycle is None:
        raise Refused(Refusal.NOT_FOUND)
    return cycle


@cache
def _of_year() -> Select[Cycle]:
    year = bindparam("year", type_=Integer)
    return select(Cycle).where(Cycle.award_year == year).options(joinedload(Cycle.criteria))


def at_desk(year: int, ref: str, *, seen_by: Person, now: datetime) -> AtDesk:
    """The file as a member of its panel comes to it. NOT_FOUND for everybody else, whatever other parts they hold."""
    asked = {"ref": ref, "year": year, "person": seen_by.id, "cycles": access.panels_of(seen_by)}
    row = db.session.execute(_file(), asked).unique().one_or_none()
    if row is None:
        raise Refused(Refusal.NOT_FOUND)
    found = AtDesk(row[0], access.standing(seen_by, row[0], *_ACTIONS, now=now), row[1])
    found.standing.require(Action.SEE)
    if Role.MEMBER not in found.standing.situation.roles:
        raise Refused(Refusal.NOT_FOUND)
    return found


@cache
def _file() -> Select[Nomination, datetime | None]:
    person = bindparam("person", type_=Integer)
    finished = select(Ballot.finished_at).where(Ballot.cycle_id == Nomination.cycle_id, Ballot.person_id == person)
    return (
        select(Nomination, finished.scalar_subquery())
        .join(Nomination.cycle)
        .where(Nomination.ref == bindparam("ref", type_=String), Cycle.award_year == bindparam("year", type_=Integer))
        .where(access.visible_to_members())  # what she may not know of takes as long as nothing
        .options(
            contains_eager(Nomination.cycle).joinedload(Cycle.criteria),
            joinedload(Nomination.mission),
            joinedload(Nomination.nominator),
        )
    )


def recusal(person: Person, nomination: Nomination) -> Recusal | None:
    """None for a member who is barred without having stepped out."""
    mine = select(Recusal).where(Recusal.nomination_id == nomination.id, Recusal.person_id == person.id)
    return db.session.scalars(mine).one_or_none()


def progress_of(files: Sequence[ListedFile], criteria: int) -> tuple[int, int]:
    """How many she has scored, of how many that are hers to score."""
    states = [file.state(criteria) for file in files if not file.out]
    return states.count(FileState.SCORED), len(states)


def beside(files: Sequence[ListedFile], ref: str) -> tuple[ListedFile | None, ListedFile | None]:
    """The files before and after this one in her order, of those that are not closed to her."""
    open_to_her = [file for file in files if not file.out or file.ref == ref]
    at = next((n for n, file in enumerate(open_to_her) if file.ref == ref), None)
    if at is None:
        return None, None
    return (open_to_her[at - 1] if at else None), next(iter(open_to_her[at + 1 :]), None)


def next_open(files: Sequence[ListedFile], after: str, criteria: int) -> ListedFile | None:
    """The next file in this order that is neither closed to her nor scored whole, starting over at the top."""
    place = next((n for n, file in enumerate(files) if file.ref == after), -1)
    around = [*files[place + 1 :], *files[: max(place, 0)]]
    return next(iter(unfinished(around, criteria)), None)
