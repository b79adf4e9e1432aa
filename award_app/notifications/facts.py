"""What each letter says, in the recipient's language and time zones, loaded from ids at the moment of sending.

Everything here is one line of text: a name with a line break in it could write paragraphs of its own. No letter
carries remarks, reasons, scores or contact data; those stay behind the sign-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from award_app import access
from award_app.accounts import links
from award_app.accounts.models import Invitation
from award_app.announcement.models import Announcement
from award_app.cycles.models import Cycle, Mission
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole, Role, Seat
from award_app.nominations.models import Nomination, Return
from award_app.notifications import catalogue, headers
from award_app.notifications.models import Letter
from award_app.web import i18n
from award_app.web.moments import country_name, in_zones

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Recipient:
    name: str
    email: str
    locale: str
    timezone: str | None  # unknown for the invited, who has no account yet


_ROLES: Final = {
    AppointmentRole.SECRETARIAT: _l("a member of the secretariat"),
    AppointmentRole.OBSERVER: _l("an observer"),
    AppointmentRole.NOMINATOR: _l("a nominator"),
    AppointmentRole.AUTHORITY: _l("a nominating authority"),
    AppointmentRole.MEMBER: _l("a panel member"),
}
_SEATS: Final = {Seat.CHAIR: _l("the chair of the panel"), Seat.DEPUTY: _l("the deputy chair of the panel")}


def recipient(letter: Letter, subject: catalogue.Subject) -> Recipient:
    if isinstance(subject, Invitation):
        return Recipient(subject.name, subject.email, subject.locale, None)
    person = letter.person
    if person is None:
        raise LookupError(f"{letter.template}: nobody to write to")
    return Recipient(person.name, person.email, person.locale, person.timezone)


def of(letter: Letter, subject: catalogue.Subject, to: Recipient) -> Facts:
    """Call it while speaking the recipient's language."""
    cycle = catalogue.cycle_of(subject)
    known: dict[str, Any] = {"name": to.name, "award": _award(cycle), "help_contact": _setting("HELP_CONTACT")}
    if isinstance(subject, Invitation):
        known |= _of_invitation(subject)
    elif isinstance(subject, Cycle):
        known |= _of_cycle(letter, subject, to)
    else:
        known |= _of_file(subject, to)
    return {key: headers.one_line(value) if isinstance(value, str) else value for key, value in known.items()}


def _of_invitation(invitation: Invitation) -> Facts:
    seat = _SEATS.get(invitation.seat) if invitation.seat else None
    return {
        "role": str(seat or _ROLES[invitation.role]),
        "mission": _mission(invitation.mission) if invitation.mission else "",
        "email": invitation.email,
        "deadline": in_zones(invitation.expires_at, invitation.mission.timezone if invitation.mission else None),
        "link": links.link(invitation),
    }


def _of_file(subject: Nomination | Return, to: Recipient) -> Facts:
    nomination = catalogue.nomination_of(subject)
    zones = (to.timezone, nomination.mission.timezone)
    return {
        "nominee": nomination.nominee_name,
        "mission": _mission(nomination.mission),
        "acronym": _acronym(nomination.mission),
        "deadline": in_zones(subject.deadline, *zones) if isinstance(subject, Return) else [],
        "link": address(f"/nominations/{nomination.ref}"),
    }


def _of_cycle(letter: Letter, cycle: Cycle, to: Recipient) -> Facts:
    if letter.template == "released":
        return _of_release(cycle)
    roles = access.cycle_roles(letter.person, cycle) if letter.person else frozenset()
    return {
        "deadline": in_zones(cycle.review_ends_at, to.timezone),
        "scored": Role.MEMBER in roles,
        "link": address("/home"),
    }


def _of_release(cycle: Cycle) -> Facts:
    """What the public reads at the same moment; nothing else."""
    public = db.session.scalars(select(Announcement).where(Announcement.cycle_id == cycle.id)).one()
    mission = public.nomination.mission if public.nomination else None
    return {
        "laureate": public.name if public.nomination_id is not None else "",
        "rank": public.rank,
        "country": country_name(public.country),
        "mission": _mission(mission) if mission else "",
        "invented": cycle.demonstration,
        "link": address(f"/{i18n.public_language()}/laureates/{cycle.award_year}"),
    }


def address(path: str) -> str:
    return _setting("BASE_URL").rstrip("/") + path


def _award(cycle: Cycle | None) -> str:
    """Title and year, as in "International Female Police Peacekeeper Award 2026"."""
    if cycle is None:
        return ""
    return _("%(title)s %(year)s", title=cycle.title(i18n.language()), year=str(cycle.award_year))


def _mission(mission: Mission) -> str:
    return f"{mission.name} ({_acronym(mission)})"


def _acronym(mission: Mission) -> str:
    return (mission.acronym_fr if i18n.language().startswith("fr") else None) or mission.acronym


def _setting(name: str) -> str:
    return str(current_app.config[name])
