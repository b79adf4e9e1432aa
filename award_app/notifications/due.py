"""Whether a letter may still be sent: asked at the last moment, because a letter about a secret is one itself."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import exists, select

from award_app import access
from award_app.accounts.models import Invitation, Person
from award_app.announcement.models import Announcement
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import NominationState, Outcome, Role
from award_app.nominations.models import Nomination, Return
from award_app.notifications import catalogue
from award_app.notifications.models import Letter
from award_app.notifications.outcome import Fate
from award_app.notifications.outcome import Outcome as Ended
from award_app.selection.models import Decision, Place

S = NominationState

# Whom each letter is for, as relations that must still hold.
RECIPIENTS: Final = {
    "handed_in": {Role.NOMINATOR, Role.AUTHORITY},
    "returned": {Role.NOMINATOR, Role.AUTHORITY},
    "accepted": {Role.NOMINATOR, Role.AUTHORITY},
    "ineligible": {Role.NOMINATOR, Role.AUTHORITY},
    "round_open": {Role.MEMBER},
    "round_closed": {Role.MEMBER, Role.SECRETARIAT},
    "released": {Role.AUTHORITY, Role.MEMBER},
    "not_selected": {Role.AUTHORITY},
}
# In which states of the file a letter about it is still true.
TRUE_IN: Final = {
    "handed_in": {S.SUBMITTED, S.RETURNED, S.ENDORSED, S.ACCEPTED, S.INELIGIBLE},
    "returned": {S.RETURNED, S.ENDORSED},
    "accepted": {S.ACCEPTED},
    "ineligible": {S.INELIGIBLE},
    "not_selected": {S.ACCEPTED},
}


def still_due(letter: Letter, now: datetime) -> Ended | None:
    """None: send it. Otherwise how it ends, with a code that says why. Errors: LookupError, see `subject_of`."""
    subject = catalogue.subject_of(letter)
    if isinstance(subject, Invitation):
        return _invitation(subject, now)
    if letter.person is None or not letter.person.is_active:
        return _skip("deactivated")
    if not _roles(letter.person, subject) & RECIPIENTS[letter.template]:
        return _skip("appointment_ended")
    if isinstance(subject, Nomination | Return):
        return _file(letter.template, subject, now)
    return _cycle(letter.template, subject, now)


def _invitation(invitation: Invitation, now: datetime) -> Ended | None:
    if invitation.cancelled_at is not None:
        return _cancel("invitation_cancelled")
    if invitation.accepted_at is not None:
        return _skip("invitation_accepted")
    return _skip("invitation_expired") if invitation.expires_at <= now else None


def _file(template: str, subject: Nomination | Return, now: datetime) -> Ended | None:
    nomination = catalogue.nomination_of(subject)
    if nomination.state not in TRUE_IN[template]:
        return _skip("overtaken")
    if isinstance(subject, Return) and nomination.returns and nomination.returns[-1].id != subject.id:
        return _skip("overtaken")
    if template == "not_selected":
        return _cancel("honoured") if _honoured(nomination) else _unreleased(nomination.cycle_id, now)
    return None


def _cycle(template: str, cycle: Cycle, now: datetime) -> Ended | None:
    if template == "round_open" and (cycle.round_closed_at is not None or now >= cycle.review_ends_at):
        return _skip("overtaken")
    return _unreleased(cycle.id, now) if template == "released" else None


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


def _roles(person: Person, subject: Nomination | Return | Cycle) -> frozenset[Role]:
    if isinstance(subject, Cycle):
        return access.cycle_roles(person, subject)
    return access.nomination_roles(person, catalogue.nomination_of(subject))


def _skip(why: str) -> Ended:
    return Ended(Fate.SKIPPED, why)


def _cancel(why: str) -> Ended:
    return Ended(Fate.CANCELLED, why)
