"""Facts of the letters about an award year: its dates, its rounds, its outcome, and what is still open for somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from award_app import access
from award_app.accounts.models import Person
from award_app.announcement.models import Announcement, TakingBack
from award_app.cycles.models import Cycle, Extension, Mission, MovedDate
from award_app.db import db
from award_app.domain.vocabulary import Role
from award_app.notifications import catalogue, open_work, spoken
from award_app.notifications import deadlines as instants
from award_app.notifications.models import Letter
from award_app.reviews.models import CannotFinish
from award_app.web import i18n
from award_app.web.moments import country_name, in_zones

_MISSIONS: Final = frozenset({Role.NOMINATOR, Role.AUTHORITY})
# What each instant of a cycle is called, and whom a change of it concerns.
DATES: Final = {
    "opens_at": (_l("Nominations open"), _MISSIONS | {Role.SECRETARIAT}),
    "closes_at": (_l("Nominations close"), _MISSIONS | {Role.SECRETARIAT}),
    "screening_ends_at": (_l("Screening ends and scoring begins"), frozenset({Role.MEMBER, Role.SECRETARIAT})),
    "review_ends_at": (_l("Scoring ends"), frozenset({Role.MEMBER, Role.SECRETARIAT})),
}


def facts(letter: Letter, subject: catalogue.OfYear, reader: str | None) -> Mapping[str, Any]:
    if isinstance(subject, MovedDate):
        return _moved(letter, subject, reader)
    if isinstance(subject, Extension):
        named = db.session.get_one(Mission, subject.mission_id)
        return {"mission": spoken.mission(named), "reason": subject.reason, "link": spoken.address("/nominations")}
    if isinstance(subject, CannotFinish):
        return _cannot_finish(subject)
    cycle = catalogue.cycle_of(subject)
    assert cycle is not None  # every subject here has a year
    if isinstance(subject, TakingBack):
        return {"was_released": subject.was_released, "link": spoken.address("/home")}
    return _cycle(letter, cycle, reader) if isinstance(subject, Cycle) else {"link": spoken.address("/home")}


def _cycle(letter: Letter, cycle: Cycle, reader: str | None) -> Mapping[str, Any]:
    if letter.template == "released":
        return _release(cycle)
    if letter.template == "reminder":
        work = [
            (item.sentence(), item.deadline().words(reader), spoken.address(item.path)) for item in _open(letter, cycle)
        ]
        return {"work": work, "link": spoken.address("/home")}
    own = {"round_open": f"/panel/{cycle.award_year}", "round_waits": f"/panel/{cycle.award_year}/progress"}
    path = own.get(letter.template, "/home")
    return {"scored": Role.MEMBER in _roles(letter.person, cycle), "link": spoken.address(path)}


def deadlines(letter: Letter, subject: catalogue.Subject) -> list[instants.Deadline]:
    """Of a letter that may ask several things at once; nothing of the others."""
    if isinstance(subject, MovedDate):
        cycle = db.session.get_one(Cycle, subject.cycle_id)
        mission = _mission_of(letter.person, cycle)
        asks = Role.SECRETARIAT in _roles(letter.person, cycle)  # of the panel nothing is asked by the end of screening
        rows = [row for row in concerning(letter, subject) if asks or row.field != "screening_ends_at"]
        found = [instants.of_date(row, cycle, mission) for row in rows]
        return [deadline for deadline in found if deadline]
    if isinstance(subject, Cycle) and letter.template == "reminder":
        return [item.deadline() for item in _open(letter, subject)]
    return []


def _open(letter: Letter, cycle: Cycle) -> list[open_work.Item]:
    return open_work.of(letter.person, cycle, letter.created_at) if letter.person else []


def concerning(letter: Letter, moved: MovedDate) -> Sequence[MovedDate]:
    """All instants that were moved in one act, as far as they concern the reader."""
    cycle = db.session.get_one(Cycle, moved.cycle_id)
    roles = _roles(letter.person, cycle)
    same = select(MovedDate).where(
        MovedDate.cycle_id == moved.cycle_id, MovedDate.at == moved.at, MovedDate.by_id == moved.by_id
    )
    return [row for row in db.session.scalars(same.order_by(MovedDate.id)) if roles & DATES[row.field][1]]


def _moved(letter: Letter, moved: MovedDate, reader: str | None) -> Mapping[str, Any]:
    cycle = db.session.get_one(Cycle, moved.cycle_id)
    mission = _mission_of(letter.person, cycle)
    zone = mission.timezone if mission else None
    rows = [
        (str(DATES[row.field][0]), in_zones(row.after, reader, zone), in_zones(row.before, reader)[0])
        for row in concerning(letter, moved)
    ]
    return {"moved": rows, "reason": moved.reason, "link": spoken.address("/home")}


def _cannot_finish(told: CannotFinish) -> Mapping[str, Any]:
    member = db.session.get_one(Person, told.person_id)
    cycle = db.session.get_one(Cycle, told.cycle_id)
    return {"member": member.name, "link": spoken.address(f"/panel/{cycle.award_year}/progress")}


def _release(cycle: Cycle) -> Mapping[str, Any]:
    """What the public reads at the same moment; nothing else."""
    public = db.session.scalars(select(Announcement).where(Announcement.cycle_id == cycle.id)).one()
    mission = public.nomination.mission if public.nomination else None
    return {
        "laureate": public.name if public.nomination_id is not None else "",
        "rank": public.rank,
        "country": _country(public),
        "mission": spoken.mission(mission),
        "invented": cycle.demonstration,
        "link": spoken.address(f"/{i18n.public_language()}/laureates/{cycle.award_year}"),
    }


def _country(public: Announcement) -> str:
    """As it was published; in another language than English by its code, as on the public page."""
    code = public.nomination.nominee_country if public.nomination else ""
    return country_name(code if code and i18n.public_language() != "en" else public.country)


def _mission_of(person: Person | None, cycle: Cycle) -> Mission | None:
    """The reader's own, where she has one in this year: then the extension it was given counts, and its zone."""
    mine = [a.mission for a in access.appointments(person) if a.cycle_id == cycle.id and a.mission] if person else []
    return mine[0] if len(mine) == 1 else None


def _roles(person: Person | None, cycle: Cycle) -> frozenset[Role]:
    return access.cycle_roles(person, cycle, outcome=False) if person else frozenset()
