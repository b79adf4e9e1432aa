"""An invitation that waits: sent again, or mended where its address was mistyped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from flask import current_app
from sqlalchemy import func, select

from award_app import access, audit, outbox
from award_app.accounts import links, operations
from award_app.accounts.models import Invitation, Person
from award_app.accounts.problems import Problem
from award_app.db import db
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.notifications.models import Letter

PAUSE: Final = timedelta(hours=1)  # between two letters to one address: a slow mail server is not hurried by more


def resend(invitation: Invitation, *, by: Person, now: datetime) -> None:
    """The same link once more, and from now on its whole time again, even if it had expired. Raises `Refused`: SPENT for
    one that is accepted or cancelled, ALREADY_DONE within an hour of the last letter."""
    access.require(by, Action.INVITE, now=now)
    _hold(invitation)
    if now < last_sent(invitation) + PAUSE:
        raise Refused(Refusal.ALREADY_DONE, problems=(Problem.SENT_LATELY,))
    invitation.expires_at = now + timedelta(days=int(current_app.config["INVITATION_DAYS"]))
    db.session.flush()
    audit.record("resend_invitation", invitation, by=by, at=now, cycle_id=invitation.cycle_id)
    cause = f"{_cause(invitation)} again {int(now.timestamp())}"
    outbox.add("invitation", to=None, cause=cause, now=now, invitation_id=invitation.id)


def mend(invitation: Invitation, email: str, *, by: Person, now: datetime) -> Invitation:
    """The link to the wrong address opens nothing any more; a new one goes to the right address. Raises `Refused` as
    `operations.invite` does, and ALREADY_DONE for the address it has."""
    access.require(by, Action.MEND_ADDRESS, now=now)
    _hold(invitation)
    email = links.address(email)
    if email == invitation.email:
        raise Refused(Refusal.ALREADY_DONE)
    operations.cancel(invitation, by=by, now=now)
    return operations.invite(
        email,
        invitation.name,
        invitation.role,
        cycle=invitation.cycle,
        mission=invitation.mission,
        seat=invitation.seat,
        locale=invitation.locale,
        by=by,
        now=now,
    )


def last_sent(invitation: Invitation) -> datetime:
    """When its newest letter was written."""
    prefix = f"invitation:{_cause(invitation)}"
    newest = select(func.max(Letter.created_at)).where(Letter.once.startswith(prefix, autoescape=True))
    return db.session.scalar(newest) or invitation.created_at


def _cause(invitation: Invitation) -> str:
    return f"invitation {invitation.ref}"


def _hold(invitation: Invitation) -> None:
    """Of two at once the second sees what the first did."""
    db.session.refresh(invitation, with_for_update=True)
    if invitation.accepted_at or invitation.cancelled_at:
        raise Refused(Refusal.SPENT)
