"""Whether a letter may still be sent: asked at the last moment, because a letter about a secret is one itself."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import exists, func, not_, select

from award_app import access
from award_app.accounts.factors.models import FactorReset
from award_app.accounts.models import AddressChange, Appointment, Invitation, Person
from award_app.accounts.resetting.models import PasswordReset
from award_app.announcement.models import Announcement, TakingBack
from award_app.audit import LedgerAnchor
from award_app.cycles.models import Cycle, Extension, MovedDate
from award_app.db import db
from award_app.domain.vocabulary import Action, NominationState, Outcome, Role
from award_app.nominations.models import Nomination, Return, SentBack
from award_app.notifications import catalogue, deadlines, of_years, open_work, reminders
from award_app.notifications.models import Letter
from award_app.notifications.outcome import Fate
from award_app.notifications.outcome import Outcome as Ended
from award_app.records import anchors
from award_app.reviews.models import CannotFinish
from award_app.selection.models import Decision, OutcomeChange, Place

S = NominationState
_MISSION: Final = frozenset({Role.NOMINATOR, Role.AUTHORITY})
_EVERYBODY: Final = _MISSION | {Role.MEMBER, Role.SECRETARIAT}

# Whom each letter is for, as relations that must still hold. Letters about an appointment ask the appointment itself.
RECIPIENTS: Final = {
    "handed_in": _MISSION,
    "returned": _MISSION,
    "draft_sent_back": _MISSION,
    "file_extended": _MISSION,
    "accepted": _MISSION,
    "ineligible": _MISSION,
    "withdrawn": _MISSION,
    "told": {Role.TOLD},
    "not_selected": {Role.AUTHORITY},
    "dates_moved": _EVERYBODY,
    "extended": _MISSION,
    "reminder": _EVERYBODY,
    "round_open": {Role.MEMBER},
    "round_closed": {Role.MEMBER, Role.SECRETARIAT},
    "round_waits": {Role.CHAIR, Role.DEPUTY, Role.SECRETARIAT},
    "cannot_finish": {Role.SECRETARIAT},
    "outcome_changed": {Role.MEMBER, Role.SECRETARIAT},
    "released": {Role.AUTHORITY, Role.MEMBER},
    "taken_back": {Role.AUTHORITY, Role.MEMBER, Role.SECRETARIAT},
}
# In which states of the file a letter about it is still true.
TRUE_IN: Final = {
    "handed_in": {S.SUBMITTED, S.RETURNED, S.ENDORSED, S.ACCEPTED, S.INELIGIBLE},
    "returned": {S.RETURNED, S.ENDORSED},
    "draft_sent_back": {S.DRAFT, S.RETURNED},
    "file_extended": {S.RETURNED, S.ENDORSED},
    "accepted": {S.ACCEPTED},
    "ineligible": {S.INELIGIBLE},
    "withdrawn": {S.WITHDRAWN},
    "told": {S.ACCEPTED},
    "not_selected": {S.ACCEPTED},
}


def still_due(letter: Letter, now: datetime) -> Ended | None:
    """None: send it. Otherwise how it ends, with a code that says why. Errors: LookupError, see `subject_of`."""
    subject = catalogue.subject_of(letter)
    if isinstance(subject, Invitation):
        return _invitation(subject, now)
    if letter.person is None or not letter.person.is_active:
        return _skip("deactivated")
    if isinstance(subject, Person):
        return None
    if isinstance(subject, PasswordReset):
        return _reset(subject, now)
    if isinstance(subject, FactorReset):
        return _factor(letter.template, letter.person, subject)
    if isinstance(subject, AddressChange):
        return _address(letter, subject, now)
    if isinstance(subject, Appointment):
        return _appointment(letter, subject, now)
    if isinstance(subject, LedgerAnchor):
        return _anchor(letter.person, subject)
    if not _roles(letter.person, subject) & RECIPIENTS[letter.template]:
        return _skip("appointment_ended")
    if isinstance(subject, catalogue.OfFile):
        return _file(letter.template, subject, now)
    return _year(letter, subject, now)


def _invitation(invitation: Invitation, now: datetime) -> Ended | None:
    if invitation.cancelled_at is not None:
        return _cancel("invitation_cancelled")
    if invitation.accepted_at is not None:
        return _skip("invitation_accepted")
    return _skip("invitation_expired") if invitation.expires_at <= now else None


def _address(letter: Letter, change: AddressChange, now: datetime) -> Ended | None:
    """The notice to the old address always leaves: it matters most where all else went wrong."""
    if letter.template == "address_changed_notice":
        return None
    if change.cancelled_at is not None:
        return _cancel("address_cancelled")
    if change.confirmed_at is not None:
        return _skip("address_confirmed")
    return _skip("address_expired") if change.expires_at <= now else None


def _reset(reset: PasswordReset, now: datetime) -> Ended | None:
    if reset.cancelled_at is not None or reset.person.email != reset.email:
        return _cancel("reset_cancelled")
    if reset.spent_at is not None:
        return _skip("reset_spent")
    return _skip("reset_expired") if reset.expires_at <= now else None


def _factor(template: str, reader: Person, asked: FactorReset) -> Ended | None:
    """That it is done always leaves; that it waits, only to the secretariat and while it does."""
    if template != "factor_reset_asked":
        return None
    if asked.confirmed_at is not None or asked.cancelled_at is not None:
        return _skip("overtaken")
    return None if Role.SECRETARIAT in access.service_roles(reader) else _skip("appointment_ended")


def _appointment(letter: Letter, appointment: Appointment, now: datetime) -> Ended | None:
    if appointment.ended_at is not None:
        return _skip("appointment_ended")
    if letter.template == "call" and appointment.cycle and appointment.mission:
        over = deadlines.nominating(appointment.cycle, appointment.mission).at <= now
        return _skip("overtaken") if over else None
    return None


def _anchor(person: Person, anchor: LedgerAnchor) -> Ended | None:
    if not {Role.OBSERVER, Role.SECRETARIAT} & access.service_roles(person):
        return _skip("appointment_ended")
    return None if anchors.may_read(person, anchor) else _skip("may_not_know")


def _file(template: str, subject: catalogue.OfFile, now: datetime) -> Ended | None:
    nomination = catalogue.nomination_of(subject)
    if nomination.state not in TRUE_IN[template]:
        return _skip("overtaken")
    if isinstance(subject, Return | SentBack) and not _newest(subject):
        return _skip("overtaken")
    if template == "not_selected":
        return _cancel("honoured") if _honoured(nomination) else _unreleased(nomination.cycle_id, now)
    return None if template != "told" or _under_embargo(nomination, now) else _cancel("overtaken")


def _under_embargo(nomination: Nomination, now: datetime) -> bool:
    """She still stands, and what is announced about her is still ahead."""
    left = exists().where(OutcomeChange.nomination_id == nomination.id, OutcomeChange.confirmed_at.is_not(None))
    ahead = exists().where(
        Announcement.nomination_id == nomination.id,
        Announcement.taken_back_at.is_(None),
        not_(access.released(now)),
        not_(left),
    )
    return bool(db.session.scalar(select(ahead)))


def _newest(subject: Return | SentBack) -> bool:
    about = type(subject)
    newest = select(func.max(about.id)).where(about.nomination_id == subject.nomination_id)
    return db.session.scalar(newest) == subject.id


def _year(letter: Letter, subject: catalogue.OfYear, now: datetime) -> Ended | None:
    if isinstance(subject, Cycle):
        return _cycle(letter, subject, now)
    if isinstance(subject, TakingBack):
        return _taken_back(letter, subject, now)
    if isinstance(subject, OutcomeChange):
        return _may_know(letter, catalogue.cycle_of(subject), now) if subject.confirmed_at else _skip("overtaken")
    return _skip("overtaken") if _overtaken(letter, subject, now) else None


def _overtaken(letter: Letter, subject: MovedDate | Extension | CannotFinish, now: datetime) -> bool:
    if isinstance(subject, MovedDate):
        return not of_years.concerning(letter, subject)
    if isinstance(subject, Extension):
        return _later_extension(subject) or subject.until <= now
    return subject.answered_at is not None


def _cycle(letter: Letter, cycle: Cycle, now: datetime) -> Ended | None:
    if letter.template == "round_open" and (cycle.round_closed_at is not None or now >= cycle.review_ends_at):
        return _skip("overtaken")
    if letter.template == "round_waits" and (cycle.round_closed_at is not None or now < cycle.review_ends_at):
        return _skip("overtaken")
    if letter.template == "reminder" and (reminders.overtaken(letter, now) or not _open(letter, cycle, now)):
        return _skip("overtaken")
    return _unreleased(cycle.id, now) if letter.template == "released" else None


def _open(letter: Letter, cycle: Cycle, now: datetime) -> bool:
    return letter.person is not None and bool(open_work.of(letter.person, cycle, now))


def _later_extension(extension: Extension) -> bool:
    newest = select(func.max(Extension.id)).where(
        Extension.cycle_id == extension.cycle_id, Extension.mission_id == extension.mission_id
    )
    return db.session.scalar(newest) != extension.id


def _taken_back(letter: Letter, taking: TakingBack, now: datetime) -> Ended | None:
    """What was public may be told to all who had it; what was not, only to those who knew. Released anew: no longer true."""
    cycle = catalogue.cycle_of(taking)
    if _unreleased(cycle.id if cycle else 0, now) is None:
        return _skip("overtaken")
    told = letter.person is not None and _was_told(letter.person, taking)
    return None if taking.was_released or told else _may_know(letter, cycle, now)


def _was_told(person: Person, taking: TakingBack) -> bool:
    announcement = db.session.get_one(Announcement, taking.announcement_id)
    file = announcement.nomination
    return file is not None and Role.TOLD in access.nomination_roles(person, file)


def _may_know(letter: Letter, cycle: Cycle | None, now: datetime) -> Ended | None:
    """Asked of the shortlist, which chair, deputy, members present and secretariat share; a conflict closes it."""
    person = letter.person
    known = person is not None and access.may(person, Action.SEE_SHORTLIST, cycle, now=now).allowed
    return None if known else _skip("may_not_know")


def _unreleased(cycle_id: int, now: datetime) -> Ended | None:
    """Taken back, or not yet due: either way the letter that was written for a release may not leave."""
    public = exists().where(Announcement.cycle_id == cycle_id, access.released(now))
    return None if db.session.scalar(select(public)) else _cancel("not_released")


def _honoured(nomination: Nomination) -> bool:
    named = exists().where(
        Place.nomination_id == nomination.id,
        Place.outcome.in_((Outcome.LAUREATE, Outcome.RUNNER_UP)),
        Place.decision_id == Decision.id,
        Decision.cycle_id == nomination.cycle_id,
    )
    return bool(db.session.scalar(select(named)))


def _roles(person: Person, subject: catalogue.OfFile | catalogue.OfYear) -> frozenset[Role]:
    if isinstance(subject, catalogue.OfFile):
        return access.nomination_roles(person, catalogue.nomination_of(subject))
    cycle = catalogue.cycle_of(subject)
    return access.cycle_roles(person, cycle, outcome=False) if cycle else frozenset()


def _skip(why: str) -> Ended:
    return Ended(Fate.SKIPPED, why)


def _cancel(why: str) -> Ended:
    return Ended(Fate.CANCELLED, why)
