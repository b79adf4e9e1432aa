"""The announcement while few may know it: what stands in it, who approved it, and what a new one begins with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from award_app import access
from award_app.accounts.models import Person
from award_app.announcement.models import Announcement, Approval
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Outcome
from award_app.nominations import queries as nominations
from award_app.nominations.models import Nomination
from award_app.selection.models import Decision, Place


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


def laureate_of(cycle: Cycle) -> Nomination | None:
    found = select(Nomination).join(Place).join(Decision)
    return db.session.scalars(
        found.where(Decision.cycle_id == cycle.id, Place.outcome == Outcome.LAUREATE)
    ).one_or_none()


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
    }
