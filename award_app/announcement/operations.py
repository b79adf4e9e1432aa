"""Writing the announcement, its release by two different people, and the letters that follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from award_app import access, audit, outbox
from award_app.accounts.models import Person
from award_app.accounts.queries import holders
from award_app.announcement.embargo import queries
from award_app.announcement.models import Announcement, Approval
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.names import fold
from award_app.domain.vocabulary import Action, AppointmentRole, Consent, NominationState, Outcome, Refusal, Refused
from award_app.nominations.models import Nomination
from award_app.selection.models import Decision, Place

LANGUAGES = ("en", "fr")  # the texts of an announcement; more when the catalogue speaks more
SLOTS = (1, 2)
_ITS_ROW: Any = {"of": Announcement}  # not the nomination that may be loaded beside it


def prepare(
    cycle: Cycle,
    *,
    citations: Mapping[str, str],
    stories: Mapping[str, str],
    name: str,
    rank: str,
    country: str,
    duty: str,
    release_at: datetime,
    by: Person,
    now: datetime,
) -> Announcement:
    """Create the announcement or change it. A change makes a new version, so approvals given so far count no more.

    Raises Refused INVALID with the names of what is empty: a citation in each language always, name and rank and
    country for a laureate.
    """
    db.session.flush()  # what the caller changed is not to be read away
    db.session.refresh(cycle, with_for_update=True)
    stands = queries.announcement_of(cycle)
    if stands is not None:
        db.session.refresh(stands, with_for_update=_ITS_ROW)  # a second approval at this moment would be the release
    access.require(by, Action.PREPARE_ANNOUNCEMENT, cycle, now=now)
    laureate = queries.laureate_of(cycle)
    person = {"name": name, "rank": rank, "country": country} if laureate else {}
    texts = {f"citation_{language}": citations.get(language, "") for language in LANGUAGES}
    empty = tuple(field for field, text in {**person, **texts}.items() if not text.strip())
    if empty:
        raise Refused(Refusal.INVALID, problems=empty)
    announcement = stands or Announcement(cycle_id=cycle.id, version=0)
    announcement.nomination_id = laureate.id if laureate else None
    announcement.name, announcement.rank, announcement.country = (
        (name.strip(), rank.strip(), country.strip()) if laureate else ("", "", "")
    )
    announcement.duty = duty.strip() if laureate else ""
    announcement.citations, announcement.stories = _clean(citations), _clean(stories)
    announcement.release_at = release_at
    announcement.version += 1
    announcement.prepared_by_id, announcement.prepared_at = by.id, now
    db.session.add(announcement)
    db.session.flush()
    audit.record("prepare_announcement", announcement, by=by, at=now, cycle_id=cycle.id, version=announcement.version)
    return announcement


def approve(
    announcement: Announcement, typed_name: str, *, version: int | None = None, by: Person, now: datetime
) -> None:
    """One of the two approvals of this version. The second one, once the instant has passed, is the release.

    `version` is the one the approver read; left out, the newest. Raises Refused: CHANGED_MEANWHILE, ALREADY_DONE for a
    third person, SAME_PERSON, NO_CONSENT, NAME_DIFFERS.
    """
    cycle = announcement.cycle
    db.session.flush()
    db.session.refresh(announcement, with_for_update=_ITS_ROW)
    access.require(by, Action.APPROVE_RELEASE, cycle, now=now)
    if version is not None and version != announcement.version:
        raise Refused(Refusal.CHANGED_MEANWHILE)
    given = queries.approvals(announcement)
    if by.id in {approval.person_id for approval in given}:
        raise Refused(Refusal.SAME_PERSON)
    free = sorted(set(SLOTS) - {approval.slot for approval in given})
    if not free:
        raise Refused(Refusal.ALREADY_DONE)
    if announcement.nomination is not None and announcement.nomination.consent is not Consent.GIVEN:
        raise Refused(Refusal.NO_CONSENT)
    if fold(typed_name) != fold(announcement.name or str(cycle.award_year)):
        raise Refused(Refusal.NAME_DIFFERS, problems=("typed",))
    db.session.add(
        Approval(announcement_id=announcement.id, version=announcement.version, slot=free[0], person_id=by.id, at=now)
    )
    db.session.flush()
    db.session.expire(announcement, ["approvals"])
    detail = {"version": announcement.version, "slot": free[0]}
    audit.record("approve_release", announcement, by=by, at=now, cycle_id=cycle.id, **detail)


def release_due(now: datetime) -> int:
    """Write down each release that has come about, once, with its letters. Returns how many. Pages never wait for this."""
    due = select(Announcement).where(Announcement.released_at.is_(None), access.released(now))
    found = db.session.scalars(due.order_by(Announcement.id).with_for_update()).all()
    for announcement in found:
        announcement.released_at = now
        audit.record("release", announcement, by=None, at=now, cycle_id=announcement.cycle_id)
        _write_letters(announcement.cycle, now)
    return len(found)


def _clean(texts: Mapping[str, str]) -> dict[str, str]:
    """Browsers send CRLF; paragraphs are told apart by an empty line whatever sent them."""
    return {language: "\n".join(texts.get(language, "").strip().splitlines()) for language in LANGUAGES}


def _write_letters(cycle: Cycle, now: datetime) -> None:
    for person in holders(AppointmentRole.AUTHORITY, AppointmentRole.MEMBER, cycle=cycle):
        outbox.add("released", to=person, cause=f"cycle {cycle.id} released", now=now, cycle_id=cycle.id)
    for file in _not_selected(cycle):
        for person in holders(AppointmentRole.AUTHORITY, cycle=cycle, mission_id=file.mission_id):
            cause = f"nomination {file.id} not selected"
            outbox.add("not_selected", to=person, cause=cause, now=now, nomination_id=file.id)


def _not_selected(cycle: Cycle) -> list[Nomination]:
    """Every accepted file but those of the laureate and the named runners-up; the reserve is told the same as all."""
    honoured = (
        select(Place.nomination_id)
        .join(Decision)
        .where(Decision.cycle_id == cycle.id, Place.outcome.in_((Outcome.LAUREATE, Outcome.RUNNER_UP)))
    )
    accepted = select(Nomination).where(
        Nomination.cycle_id == cycle.id, Nomination.state == NominationState.ACCEPTED, Nomination.id.not_in(honoured)
    )
    return list(db.session.scalars(accepted.order_by(Nomination.id)))
