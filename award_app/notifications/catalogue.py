"""Every letter Laurel writes: what it is about, and what happens when nobody knows whether it arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, cast

from award_app.accounts.factors.models import FactorReset
from award_app.accounts.models import AddressChange, Appointment, Invitation, Person
from award_app.accounts.resetting.models import PasswordReset
from award_app.announcement.models import Announcement, TakingBack, Telling
from award_app.audit import LedgerAnchor
from award_app.cycles.models import Cycle, Extension, Mission, MovedDate
from award_app.db import db
from award_app.nominations.models import Nomination, Return, SentBack
from award_app.notifications.models import Letter
from award_app.reviews.models import CannotFinish
from award_app.selection.models import OutcomeChange

OfFile = Nomination | Return | SentBack | Telling
OfYear = Cycle | MovedDate | Extension | CannotFinish | OutcomeChange | TakingBack
OfPerson = Invitation | Appointment | AddressChange | PasswordReset | FactorReset | Person
Subject = OfFile | OfYear | OfPerson | LedgerAnchor


class InDoubt(Enum):
    RETRY = "retry"  # sent again under the same Message-ID: a rare duplicate is fine
    HOLD = "hold"  # never sent twice: it ends uncertain, and a person looks


@dataclass(frozen=True)
class Kind:
    about: type[Subject]
    in_doubt: InDoubt


CATALOGUE: Final[Mapping[str, Kind]] = {
    # People.
    # The same link in both copies, and it works once: a lost invitation keeps somebody out.
    "invitation": Kind(Invitation, InDoubt.RETRY),
    # As an invitation: the same link, and it works once.
    "address_change": Kind(AddressChange, InDoubt.RETRY),
    # It warns the old address: if it was not she, she must learn it.
    "address_changed_notice": Kind(AddressChange, InDoubt.RETRY),
    # As an invitation: the same link, and it works once.
    "password_reset": Kind(PasswordReset, InDoubt.RETRY),
    # If it was not she, she must learn it.
    "password_changed": Kind(Person, InDoubt.RETRY),
    # Likewise: whoever else could set one up, or use one, would come in again and again.
    "factor_added": Kind(Person, InDoubt.RETRY),
    "factor_replaced": Kind(Person, InDoubt.RETRY),
    "factor_removed": Kind(Person, InDoubt.RETRY),
    "recovery_code_used": Kind(Person, InDoubt.RETRY),
    "factor_reset": Kind(FactorReset, InDoubt.RETRY),
    # Somebody cannot come in until one of the secretariat has answered.
    "factor_reset_asked": Kind(FactorReset, InDoubt.RETRY),
    # What one may do now: a plain fact.
    "appointed": Kind(Appointment, InDoubt.RETRY),
    "seat_changed": Kind(Appointment, InDoubt.RETRY),
    "authority_deputised": Kind(Appointment, InDoubt.RETRY),
    # Work that changes hands must not fall between two.
    "handed_over": Kind(Appointment, InDoubt.RETRY),
    # A year and its dates.
    # A mission that never heard of the call nominates nobody.
    "call": Kind(Appointment, InDoubt.RETRY),
    # They carry a deadline: who never got it keeps the wrong one.
    "dates_moved": Kind(MovedDate, InDoubt.RETRY),
    "extended": Kind(Extension, InDoubt.RETRY),
    "file_extended": Kind(Nomination, InDoubt.RETRY),
    # Never two in 24 hours, and another follows.
    "reminder": Kind(Cycle, InDoubt.HOLD),
    # Files.
    # A receipt: two say the same, none leaves a mission wondering.
    "handed_in": Kind(Nomination, InDoubt.RETRY),
    # It carries a deadline: a lost one costs the nominee her chance.
    "returned": Kind(Return, InDoubt.RETRY),
    # The nominator waits for it, and the window closes.
    "draft_sent_back": Kind(SentBack, InDoubt.RETRY),
    # A fact that stands: reading it twice changes nothing.
    "accepted": Kind(Nomination, InDoubt.RETRY),
    # Unwelcome, but plain; the mission must learn it to act on it.
    "ineligible": Kind(Nomination, InDoubt.RETRY),
    # The mission asked for it, or must learn it: once or twice is the same.
    "withdrawn": Kind(Nomination, InDoubt.RETRY),
    # The panel.
    # It carries a deadline: a member who never got it scores nothing.
    "round_open": Kind(Cycle, InDoubt.RETRY),
    # It moves the chair and the secretariat on.
    "round_closed": Kind(Cycle, InDoubt.RETRY),
    # Somebody waits for an answer, and the round ends.
    "round_waits": Kind(Cycle, InDoubt.RETRY),
    "cannot_finish": Kind(CannotFinish, InDoubt.RETRY),
    # The outcome.
    # Who waits for it must act on it, and it names nobody.
    "outcome_changed": Kind(OutcomeChange, InDoubt.RETRY),
    # Under embargo each copy is one too many.
    "told": Kind(Telling, InDoubt.HOLD),
    # The news is public anyway, and a second copy could be read as a correction.
    "released": Kind(Cycle, InDoubt.HOLD),
    # Who has the announcement must learn that it no longer stands.
    "taken_back": Kind(TakingBack, InDoubt.RETRY),
    # A disappointment is not sent twice.
    "not_selected": Kind(Nomination, InDoubt.HOLD),
    # The service itself.
    # A seal that was lost proves nothing; twice the same seal does no harm.
    "ledger_anchored": Kind(LedgerAnchor, InDoubt.RETRY),
}


def subject_of(letter: Letter) -> Subject:
    """The row the letter is about; `ids` names it, as in nomination_id. Errors: LookupError for an unknown template, a
    missing id or a missing row."""
    about = CATALOGUE[letter.template].about
    found = cast("Subject | None", db.session.get(about, letter.ids[f"{about.__tablename__}_id"]))
    if found is None:
        raise LookupError(f"{letter.template}: its {about.__tablename__} is gone")
    return found


def cycle_of(subject: Subject) -> Cycle | None:
    """The award year the letter belongs to; none for an invitation to the secretariat, a new address or a password."""
    if isinstance(subject, Cycle):
        return subject
    if isinstance(subject, OfFile):
        return nomination_of(subject).cycle
    if isinstance(subject, LedgerAnchor):
        return db.session.get_one(Cycle, subject.cycle_id) if subject.cycle_id else None
    if isinstance(subject, AddressChange | PasswordReset | FactorReset | Person):
        return None
    if isinstance(subject, Invitation | Appointment):
        return subject.cycle
    return db.session.get_one(Cycle, _cycle_id(subject))


def _cycle_id(subject: MovedDate | Extension | CannotFinish | OutcomeChange | TakingBack) -> int:
    if isinstance(subject, TakingBack):
        return db.session.get_one(Announcement, subject.announcement_id).cycle_id
    return subject.cycle_id


def nomination_of(subject: OfFile) -> Nomination:
    if isinstance(subject, Nomination):
        return subject
    return db.session.get_one(Nomination, subject.nomination_id)


def mission_of(subject: Subject) -> Mission | None:
    """The mission the letter is about, whose zone its deadline is said in."""
    if isinstance(subject, OfFile):
        return nomination_of(subject).mission
    if isinstance(subject, Invitation | Appointment):
        return subject.mission
    return db.session.get_one(Mission, subject.mission_id) if isinstance(subject, Extension) else None
