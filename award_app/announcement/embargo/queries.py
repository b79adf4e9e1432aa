"""The announcement while few may know it: what stands in it, who approved it, and what a new one begins with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from award_app import access
from award_app.accounts.models import Person
from award_app.announcement.models import Announcement, Approval, TakingBack, Telling
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.nominations import queries as nominations
from award_app.nominations.models import Nomination


def announcement_of(cycle: Cycle) -> Announcement | None:
    found = select(Announcement).where(Announcement.cycle_id == cycle.id)
    loads = joinedload(Announcement.nomination).joinedload(Nomination.mission)
    return db.session.scalars(found.options(loads)).one_or_none()


def approvals(announcement: Announcement) -> list[Approval]:
    """Those of the version that stands."""
    return [approval for approval in announcement.approvals if approval.version == announcement.version]


def approvers(announcement: Announcement) -> list[tuple[Person, datetime]]:
    found = select(Person, Approval.at).join(Approval, Approval.person_id == Person.id)
    mine = found.where(Approval.announcement_id == announcement.id, Approval.version == announcement.version)
    return [(person, at) for person, at in db.session.execute(mine.order_by(Approval.slot))]


def follows_the_outcome(announcement: Announcement, laureate: Nomination | None) -> bool:
    """Whether it still speaks of the laureate who stands, or of no award where there is none. If not, it is void."""
    return announcement.nomination_id == (laureate.id if laureate else None)


def telling_of(announcement: Announcement) -> Telling | None:
    """Of the laureate of whom it speaks."""
    if announcement.nomination_id is None:
        return None
    return db.session.scalars(select(Telling).where(Telling.nomination_id == announcement.nomination_id)).one_or_none()


def takings_back(announcement: Announcement) -> list[tuple[TakingBack, Person]]:
    """Newest first, with who did it."""
    found = select(TakingBack, Person).join(Person, Person.id == TakingBack.by_id)
    mine = found.where(TakingBack.announcement_id == announcement.id).order_by(TakingBack.id.desc())
    return [(row, person) for row, person in db.session.execute(mine)]


def is_released(cycle: Cycle, now: datetime) -> bool:
    return access.acts(cycle, now).released


def first_draft(laureate: Nomination) -> dict[str, str]:
    """What a new announcement begins with: the file's own words, as the nominee wants to be published."""
    answers = nominations.answers(laureate, handed_in=True)
    rows = [answers.get(f"achievements.{row}.{part}", "") for row in range(5) for part in ("action", "result")]
    return {
        "name": laureate.nominee_name,
        "rank": laureate.nominee_rank,
        "duty": ", ".join(filter(None, (answers.get("un_function", ""), answers.get("unit", "")))),
        "citation_en": answers.get("citation", ""),
        "story_en": "\n\n".join(filter(None, (answers.get("reason", ""), " ".join(filter(None, rows))))),
        "result_en": "\n".join(filter(None, (_number(answers, row) for row in range(5)))),
        "career_en": answers.get("career", ""),
    }


def _number(answers: Mapping[str, str], row: int) -> str:
    """ "40 reports a month"; nothing where no number is given."""
    number, unit = (answers.get(f"achievements.{row}.{part}", "") for part in ("number", "number_unit"))
    return f"{number} {unit}".strip() if number else ""
