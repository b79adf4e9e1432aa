"""Award years, their missions and how ready they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import String, and_, case, cast, exists, func, not_, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from award_app import access
from award_app.accounts.models import Appointment, Person
from award_app.announcement.models import Announcement
from award_app.cycles.models import Cycle, CycleMission, Extension, Mission, MovedDate
from award_app.db import db
from award_app.domain.vocabulary import Action, NominationState, Refusal, Refused, Role
from award_app.nominations.models import Nomination
from award_app.reports.lists import queries as lists
from award_app.reports.lists.queries import Page, Wanted


def every() -> Sequence[Cycle]:
    """Newest first."""
    return db.session.scalars(select(Cycle).order_by(Cycle.award_year.desc())).all()


def of_person(person: Person, *, newest: int | None = None, years: Collection[int] = ()) -> Sequence[Cycle]:
    """Those she has to do with: all for secretariat and observer, else those of her appointments. Newest first, at most
    `newest`, and the `years` besides."""
    mine = select(Cycle.id).order_by(Cycle.award_year.desc())
    if not access.service_roles(person) & {Role.SECRETARIAT, Role.OBSERVER}:
        mine = mine.where(Cycle.id.in_({a.cycle_id for a in access.appointments(person)}))
    wanted = or_(Cycle.id.in_(mine.limit(newest)), and_(Cycle.id.in_(mine), Cycle.award_year.in_(years)))
    return db.session.scalars(select(Cycle).where(wanted).order_by(Cycle.award_year.desc())).all()


def preparing(now: datetime) -> Sequence[Cycle]:
    """Those not opened yet, or opened ahead of their time. Newest first."""
    ahead = or_(Cycle.opened_at.is_(None), Cycle.opens_at > now)
    waiting = select(Cycle).where(ahead, Cycle.archived_at.is_(None)).order_by(Cycle.award_year.desc())
    return db.session.scalars(waiting).all()


def listed(wanted: Wanted, language: str, now: datetime) -> Page[Cycle]:
    """Newest first. A search looks at the year and at the title in this language. Filter `stands`: preparing, running,
    announced, archived."""
    out = exists().where(Announcement.cycle_id == Cycle.id, access.released(now))
    opened, archived = Cycle.opened_at.is_not(None), Cycle.archived_at.is_not(None)
    stands = {
        "preparing": and_(not_(opened), not_(archived)),
        "running": and_(opened, not_(out), not_(archived)),
        "announced": and_(out, not_(archived)),
        "archived": archived,
    }
    title = func.coalesce(Cycle.titles[language[:2]].as_string(), Cycle.titles["en"].as_string())
    fits = and_(
        lists.matching(wanted.search, cast(Cycle.award_year, String), title),
        stands.get(wanted.get("stands"), true()),
    )
    found = lists.page(select(Cycle).order_by(Cycle.award_year.desc()), fits, wanted)
    return found.turned(lambda row: row[0])


def by_year(award_year: int, *, seen_by: Person, now: datetime) -> Cycle:
    """Raises NOT_FOUND, also where the person may not know of it."""
    eager = (selectinload(Cycle.criteria), selectinload(Cycle.missions).selectinload(CycleMission.mission))
    found = db.session.scalars(select(Cycle).where(Cycle.award_year == award_year).options(*eager)).one_or_none()
    if found is None or not access.may(seen_by, Action.SEE_CYCLE, found, now=now).allowed:
        raise Refused(Refusal.NOT_FOUND)
    return found


def serving(cycle: Cycle) -> Sequence[Appointment]:
    """The running appointments of active people in this year, the panel first, with their people and missions."""
    wanted = (
        select(Appointment)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.cycle_id == cycle.id, Appointment.ended_at.is_(None), Person.deactivated_at.is_(None))
        .options(joinedload(Appointment.person), joinedload(Appointment.mission))
        .order_by(Appointment.mission_id.is_not(None), Appointment.mission_id, Appointment.role, Person.name)
    )
    return db.session.scalars(wanted).all()


def of_year(award_year: int) -> Cycle:
    """Raises NOT_FOUND. For pages that ask themselves what of the cycle the person may see."""
    found = db.session.scalars(select(Cycle).where(Cycle.award_year == award_year)).one_or_none()
    if found is None:
        raise Refused(Refusal.NOT_FOUND)
    return found


def shared(cycle_id: int) -> Cycle:
    """The cycle as it stands now, its row shared until the transaction ends: no window closes before, and a close that
    was first is seen."""
    row = select(Cycle).where(Cycle.id == cycle_id).with_for_update(read=True)
    return db.session.scalars(row.execution_options(populate_existing=True)).one()


def held(cycle_id: int) -> Cycle:
    """The same, locked against everything that happens in its windows; always taken before any other row.

    NO KEY UPDATE: other transactions may still write rows that only name the cycle, such as the ledger's.
    """
    row = select(Cycle).where(Cycle.id == cycle_id).with_for_update(key_share=True)
    return db.session.scalars(row.execution_options(populate_existing=True)).one()


def deadline_of(cycle: Cycle, mission: Mission) -> datetime:
    """When nominations close for this mission: the cycle's instant, or the mission's own extension where that is later."""
    return max(cycle.closes_at, access.extension_of(cycle.id, {mission.id}) or cycle.closes_at)


def extensions(cycle: Cycle) -> dict[int, Extension]:
    """Mission id → the extension that counts for it: its newest."""
    newest = select(func.max(Extension.id)).where(Extension.cycle_id == cycle.id).group_by(Extension.mission_id)
    rows = db.session.scalars(select(Extension).where(Extension.id.in_(newest)))
    return {row.mission_id: row for row in rows}


def moved(cycle: Cycle) -> Sequence[tuple[MovedDate, str]]:
    """Each instant that was moved with the name of who moved it, newest first."""
    wanted = select(MovedDate, Person.name).join(Person, Person.id == MovedDate.by_id)
    rows = db.session.execute(wanted.where(MovedDate.cycle_id == cycle.id).order_by(MovedDate.id.desc()))
    return [(row, name) for row, name in rows]


def missions_on(day: date) -> Sequence[Mission]:
    """Those that exist on `day`, by acronym."""
    rows = db.session.scalars(select(Mission).order_by(Mission.acronym))
    return [mission for mission in rows if exists_on(mission, day)]


def exists_on(mission: Mission, day: date) -> bool:
    """Dates stand at the precision known; a year or a month counts to its end."""
    started, ended, iso = mission.started, mission.ended, day.isoformat()
    return iso[: len(started)] >= started and (ended is None or iso[: len(ended)] <= ended)


@dataclass(frozen=True)
class MissionCount:
    """Files of one mission. Before a file is handed in only its existence is counted."""

    acronym: str
    quota: int
    not_handed_in: int
    handed_in: dict[NominationState | None, int]


def counts(cycle: Cycle, person: Person) -> list[MissionCount]:
    """How many files each mission has. Of those closed to this person by a conflict she learns no state: None."""
    closed = Nomination.id.in_(access.files_in_conflict(person))
    sent = Nomination.submitted_at.is_not(None)
    told = case((and_(sent, closed), None), else_=Nomination.state).label("told")
    rows = db.session.execute(
        select(Nomination.mission_id, told, sent, func.count())
        .where(Nomination.cycle_id == cycle.id)
        .group_by(Nomination.mission_id, told, sent)
    ).all()
    found = []
    for called in sorted(cycle.missions, key=lambda c: c.mission.acronym):
        own = [(state, sent, n) for mission_id, state, sent, n in rows if mission_id == called.mission_id]
        handed_in: dict[NominationState | None, int] = {}
        for state, sent, n in own:
            if sent:
                handed_in[state] = handed_in.get(state, 0) + n
        drafts = sum(n for state, sent, n in own if not sent and state is not NominationState.WITHDRAWN)
        found.append(MissionCount(called.mission.acronym, called.quota, drafts, handed_in))
    return found
