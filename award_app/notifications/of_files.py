"""Facts of the letters about one file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from award_app.announcement.models import Announcement, Telling
from award_app.db import db
from award_app.nominations.models import HandIn, Nomination
from award_app.notifications import catalogue, spoken
from award_app.notifications.models import Letter
from award_app.notifications.parts import Part
from award_app.web.moments import in_zones


def facts(letter: Letter, subject: catalogue.OfFile, reader: str | None) -> Mapping[str, Any]:
    """`reader` is the reader's zone. Of the outcome a letter under embargo says nothing: the page does."""
    nomination = catalogue.nomination_of(subject)
    known: dict[str, Any] = {
        "nominee": nomination.nominee_name,
        "mission": spoken.mission(nomination.mission),
        "acronym": spoken.acronym(nomination.mission),
        "link": spoken.address(f"/nominations/{nomination.ref}"),
    }
    if letter.template == "handed_in":
        return {**known, **_receipt(nomination, reader)}
    return {**known, **_embargo(subject, reader)} if isinstance(subject, Telling) else known


def _receipt(nomination: Nomination, reader: str | None) -> Mapping[str, Any]:
    """Files of a year before receipts were kept have no row of their own."""
    kept = _newest(nomination)
    at = kept.at if kept else nomination.submitted_at
    return {
        "handed_in": in_zones(at, reader, nomination.mission.timezone) if at else [],
        "digest": (kept.digest if kept else nomination.submitted_digest) or "",
        "link": spoken.address(f"/nominations/{nomination.ref}/receipt"),
    }


def receipt(letter: Letter, subject: catalogue.Subject, reader: str | None) -> Part | None:
    """The paper that comes with the letter about a handing in, without contact data. Speak the reader's language."""
    kept = _newest(subject) if letter.template == "handed_in" and isinstance(subject, Nomination) else None
    if kept is None:
        return None
    from award_app.nominations import (
        receipt as sheet,
    )  # it brings the typesetter along, wanted only where a letter leaves

    return Part("receipt.pdf", "application", "pdf", sheet.pdf(kept, zone=reader))


def _newest(nomination: Nomination) -> HandIn | None:
    wanted = select(HandIn).where(HandIn.nomination_id == nomination.id).order_by(HandIn.id.desc()).limit(1)
    return db.session.scalars(wanted).one_or_none()


def _embargo(telling: Telling, reader: str | None) -> Mapping[str, Any]:
    announcement = db.session.get_one(Announcement, telling.announcement_id)
    nomination = catalogue.nomination_of(telling)
    return {"embargo": in_zones(announcement.release_at, reader, nomination.mission.timezone)}
