"""Telling the laureate's mission under embargo, and taking an announcement back."""

from __future__ import annotations

from datetime import datetime

from award_app import access, audit
from award_app.accounts.models import Person
from award_app.announcement import letters
from award_app.announcement.embargo import queries
from award_app.announcement.models import Announcement, TakingBack, Telling
from award_app.announcement.operations import ITS_ROW
from award_app.db import db
from award_app.domain.vocabulary import Action, Consent, Refusal, Refused
from award_app.selection.changes.queries import laureate_of

MOST_CHARS = 2000  # of a reason


def tell(announcement: Announcement, *, by: Person, now: datetime) -> Telling:
    """Her mission's authority learns that she is the laureate, and until when it may tell nobody. Once per laureate.

    Raises Refused: ALREADY_DONE; NO_CONSENT; UNFINISHED with "no_award" where there is nobody to tell of, "rewrite"
    where the outcome has changed since the announcement was written or it was taken back, "past" where the release is
    not ahead, "nobody" where the mission has no nominating authority.
    """
    cycle = announcement.cycle
    db.session.flush()
    db.session.refresh(announcement, with_for_update=ITS_ROW)
    access.require(by, Action.TELL, cycle, now=now)
    laureate = announcement.nomination
    if laureate is None:
        raise Refused(Refusal.UNFINISHED, problems=("no_award",))
    if announcement.taken_back_at is not None or not queries.follows_the_outcome(announcement, laureate_of(cycle)):
        raise Refused(Refusal.UNFINISHED, problems=("rewrite",))
    if queries.telling_of(announcement) is not None:
        raise Refused(Refusal.ALREADY_DONE)
    if laureate.consent is not Consent.GIVEN:
        raise Refused(Refusal.NO_CONSENT)
    if announcement.release_at <= now:
        raise Refused(Refusal.UNFINISHED, problems=("past",))
    if not letters.authorities(laureate):
        raise Refused(Refusal.UNFINISHED, problems=("nobody",))
    telling = Telling(announcement_id=announcement.id, nomination_id=laureate.id, by_id=by.id, at=now)
    db.session.add(telling)
    db.session.flush()
    audit.record("tell_mission", announcement, by=by, at=now, cycle_id=cycle.id, version=announcement.version)
    letters.of_telling(telling, announcement, now)
    return telling


def take_back(announcement: Announcement, reason: str, *, by: Person, now: datetime) -> TakingBack:
    """Hide it, at once and alone, before its release or after it. To show it again it is written anew, and approved by
    two people.

    Raises Refused: ALREADY_DONE; INVALID with "reason".
    """
    cycle = announcement.cycle
    db.session.flush()
    db.session.refresh(announcement, with_for_update=ITS_ROW)
    access.require(by, Action.TAKE_BACK, cycle, now=now)
    if announcement.taken_back_at is not None:
        raise Refused(Refusal.ALREADY_DONE)
    if not reason.strip() or len(reason) > MOST_CHARS:
        raise Refused(Refusal.INVALID, problems=("reason",))
    taken = TakingBack(
        announcement_id=announcement.id,
        version=announcement.version,
        reason=reason.strip(),
        was_released=queries.is_released(cycle, now) or announcement.released_at is not None,
        by_id=by.id,
        at=now,
    )
    db.session.add(taken)
    announcement.taken_back_at, announcement.released_at = now, None
    db.session.flush()
    detail = {"version": taken.version, "was_released": taken.was_released}
    audit.record("take_back", announcement, by=by, at=now, cycle_id=cycle.id, **detail)
    letters.of_taking_back(taken, announcement, now)
    return taken
