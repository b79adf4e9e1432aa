"""What the rules about conflicts of interest find between a member and files: rows turned into what the rules read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import func, or_, select

from award_app.accounts.models import Person, Stint
from award_app.cycles.models import Mission
from award_app.db import db
from award_app.domain import conflicts
from award_app.domain.completeness import day
from award_app.domain.conflicts import File, Finding, Member, Supervisor
from award_app.nominations.models import Answer, Nomination
from award_app.reviews.models import barred


def findings(nomination: Nomination, member: Person, *, on: date) -> tuple[Finding, ...]:
    """Every rule that holds between the two on the day `on`, in the order of the rules."""
    return findings_of_many([nomination], member, on=on)[nomination.id]


def findings_of_many(nominations: Sequence[Nomination], member: Person, *, on: date) -> dict[int, tuple[Finding, ...]]:
    """The same for many files, by their ids: three statements whatever their number, if the missions are loaded."""
    ids = [nomination.id for nomination in nominations]
    supervisors, bars, who = _supervisors(ids), _bars(ids, member), _member(member)
    return {n.id: conflicts.find(who, _file(n, supervisors, bars, member), on) for n in nominations}


def _member(person: Person) -> Member:
    stints = db.session.execute(
        select(Mission.acronym, Stint.started, Stint.ended)
        .join(Mission, Mission.id == Stint.mission_id)
        .where(Stint.person_id == person.id)
    )
    return Member(
        person_id=person.id,
        email=person.email,
        name=person.name,
        nationality=person.nationality or "",
        home_service=person.home_service or "",
        stints=tuple(conflicts.Stint(acronym, started, ended) for acronym, started, ended in stints),
    )


def _file(
    nomination: Nomination, supervisors: Mapping[int, tuple[Supervisor, ...]], bars: frozenset[int], member: Person
) -> File:
    """Who had a hand in the file is what the view `barred` says, so that page and database never differ on rule 5."""
    return File(
        mission=nomination.mission.acronym,
        country=nomination.nominee_country,
        home_service=nomination.nominee_service,
        supervisors=supervisors.get(nomination.id, ()),
        nominator_ids=frozenset({member.id} if nomination.id in bars else ()),
    )


def _bars(ids: Collection[int], member: Person) -> frozenset[int]:
    mine = select(barred.c.nomination_id).where(barred.c.person_id == member.id, barred.c.nomination_id.in_(ids))
    return frozenset(db.session.scalars(mine))


def _supervisors(ids: Collection[int]) -> dict[int, tuple[Supervisor, ...]]:
    rows: dict[int, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for nomination_id, field, text in _supervisor_answers(ids):
        _group, number, part = field.split(".")
        rows[nomination_id][number][part] = text
    return {
        nomination_id: tuple(found for row in numbered.values() if (found := _supervisor(row)))
        for nomination_id, numbered in rows.items()
    }


def _supervisor_answers(ids: Collection[int]) -> Sequence[tuple[int, str, str]]:
    """The newest answers in time, as far as they were handed in."""
    newest = (
        select(func.max(Answer.id))
        .join(Nomination, Nomination.id == Answer.nomination_id)
        .where(
            Answer.nomination_id.in_(ids),
            Answer.field.startswith("supervisors."),
            Answer.late.is_(False),
            or_(Nomination.submitted_answer_id.is_(None), Answer.id <= Nomination.submitted_answer_id),
        )
        .group_by(Answer.nomination_id, Answer.field)
    )
    found = select(Answer.nomination_id, Answer.field, Answer.text).where(Answer.id.in_(newest))
    return [(nomination_id, field, text) for nomination_id, field, text in db.session.execute(found)]


def _supervisor(row: Mapping[str, str]) -> Supervisor | None:
    """A row without a name or a date to count from says nothing; completeness asks for both before the hand-in."""
    start = day(row.get("from", ""))
    if start is None or not row.get("name", "").strip():
        return None
    return Supervisor(row["name"], row.get("email", ""), row.get("level", ""), start, day(row.get("to", "")))
