"""Writing the announcement, its release by two different people, and the letters that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from award_app import access, audit
from award_app.accounts.models import Person
from award_app.announcement import letters, portrait, video
from award_app.announcement.embargo import queries
from award_app.announcement.models import Announcement, Approval
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.names import fold
from award_app.domain.vocabulary import Action, Consent, Refusal, Refused
from award_app.nominations.models import Nomination
from award_app.selection.changes.queries import laureate_of

LANGUAGES = ("en", "fr")  # the texts of an announcement; more when the catalogue speaks more
SLOTS = (1, 2)
ITS_ROW: Any = {"of": Announcement}  # not the nomination that may be loaded beside it


@dataclass(frozen=True)
class Shown:
    """The portrait that is wanted: whose picture it is, and what it shows, per language."""

    credit: str
    alts: Mapping[str, str]


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
    results: Mapping[str, str] | None = None,
    careers: Mapping[str, str] | None = None,
    video_url: str = "",
    shown: Shown | None = None,
    by: Person,
    now: datetime,
) -> Announcement:
    """Create the announcement or change it. A change makes a new version, so approvals given so far count no more; one
    that was taken back can be approved and released again as this new version.

    Raises Refused INVALID with the names of what is empty or does not fit: a citation in each language always, name and
    rank and country for a laureate, the credit and a description of the portrait in each language where it is wanted.
    """
    db.session.flush()  # what the caller changed is not to be read away
    db.session.refresh(cycle, with_for_update=True)
    stands = queries.announcement_of(cycle)
    if stands is not None:
        db.session.refresh(stands, with_for_update=ITS_ROW)  # a second approval at this moment would be the release
    access.require(by, Action.PREPARE_ANNOUNCEMENT, cycle, now=now)
    laureate = laureate_of(cycle)
    person = {"name": name, "rank": rank, "country": country} if laureate else {}
    texts = {f"citation_{language}": citations.get(language, "") for language in LANGUAGES}
    _refuse_problems(
        [field for field, text in {**person, **texts}.items() if not text.strip()]
        + (_problems_of_pictures(laureate, video_url, shown) if laureate else [])
    )
    announcement = stands or Announcement(cycle_id=cycle.id, version=0)
    announcement.nomination_id = laureate.id if laureate else None
    announcement.name, announcement.rank, announcement.country, announcement.duty = (
        (name.strip(), rank.strip(), country.strip(), duty.strip()) if laureate else ("", "", "", "")
    )
    announcement.citations, announcement.stories = _clean(citations), _clean(stories)
    announcement.results, announcement.careers = (
        _clean(texts or {}) if laureate else None for texts in (results, careers)
    )
    announcement.video_url = video_url.strip() or None if laureate else None
    announcement.portrait = _portrait(laureate, shown) if laureate and shown else None
    announcement.release_at = release_at
    announcement.version += 1
    announcement.released_at = announcement.taken_back_at = None  # a new version is written down anew
    announcement.prepared_by_id, announcement.prepared_at = by.id, now
    db.session.add(announcement)
    db.session.flush()
    audit.record("prepare_announcement", announcement, by=by, at=now, cycle_id=cycle.id, version=announcement.version)
    return announcement


def _refuse_problems(problems: list[str]) -> None:
    if problems:
        raise Refused(Refusal.INVALID, problems=tuple(problems))


def _problems_of_pictures(laureate: Nomination, video_url: str, shown: Shown | None) -> list[str]:
    problems = ["video_url"] if video_url.strip() and not video.host(video_url.strip()) else []
    if shown is None:
        return problems
    if portrait.photo_of(laureate) is None:
        problems.append("portrait")
    if not shown.credit.strip():
        problems.append("credit")
    return problems + [f"alt_{language}" for language in LANGUAGES if not shown.alts.get(language, "").strip()]


def _portrait(laureate: Nomination, shown: Shown) -> dict[str, Any]:
    photo = portrait.photo_of(laureate)
    assert photo is not None  # looked for above
    alts = {language: " ".join(shown.alts[language].split()) for language in LANGUAGES}
    return portrait.draw(photo, credit=shown.credit.strip(), alts=alts)


def approve(
    announcement: Announcement, typed_name: str, *, version: int | None = None, by: Person, now: datetime
) -> None:
    """One of the two approvals of this version. The second one, once the instant has passed, is the release.

    `version` is the one the approver read; left out, the newest. Raises Refused: CHANGED_MEANWHILE, ALREADY_DONE for a
    third person, SAME_PERSON, NO_CONSENT, NAME_DIFFERS; UNFINISHED where it was taken back, or where the outcome has
    changed since it was written: then it must be written anew.
    """
    cycle = announcement.cycle
    db.session.flush()
    db.session.refresh(announcement, with_for_update=ITS_ROW)
    access.require(by, Action.APPROVE_RELEASE, cycle, now=now)
    if version is not None and version != announcement.version:
        raise Refused(Refusal.CHANGED_MEANWHILE)
    if announcement.taken_back_at is not None or not queries.follows_the_outcome(announcement, laureate_of(cycle)):
        raise Refused(Refusal.UNFINISHED, problems=("rewrite",))
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
    if len(given) + 1 == len(SLOTS):
        letters.of_a_new_instant(announcement, now)
    detail = {"version": announcement.version, "slot": free[0]}
    audit.record("approve_release", announcement, by=by, at=now, cycle_id=cycle.id, **detail)


def release_due(now: datetime) -> int:
    """Write down each release that has come about, once, with its letters. Returns how many. Pages never wait for this."""
    due = select(Announcement).where(Announcement.released_at.is_(None), access.released(now))
    found = db.session.scalars(due.order_by(Announcement.id).with_for_update()).all()
    for announcement in found:
        announcement.released_at = now
        version = announcement.version
        audit.record("release", announcement, by=None, at=now, cycle_id=announcement.cycle_id, version=version)
        audit.anchor("release", at=now, cycle_id=announcement.cycle_id)
        letters.of_release(announcement, now)
    return len(found)


def _clean(texts: Mapping[str, str]) -> dict[str, str]:
    """Browsers send CRLF; paragraphs are told apart by an empty line whatever sent them."""
    return {language: "\n".join(texts.get(language, "").strip().splitlines()) for language in LANGUAGES}
