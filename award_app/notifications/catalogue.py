"""Every letter Laurel writes: what it is about, and what happens when nobody knows whether it arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, cast

from award_app.accounts.models import Invitation
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.nominations.models import Nomination, Return
from award_app.notifications.models import Letter

Subject = Invitation | Nomination | Return | Cycle


class InDoubt(Enum):
    RETRY = "retry"  # sent again under the same Message-ID: a rare duplicate is fine
    HOLD = "hold"  # never sent twice: it ends uncertain, and a person looks


@dataclass(frozen=True)
class Kind:
    about: type[Subject]
    in_doubt: InDoubt


CATALOGUE: Final[Mapping[str, Kind]] = {
    # The same link in both copies, and it works once: a lost invitation keeps somebody out.
    "invitation": Kind(Invitation, InDoubt.RETRY),
    # A receipt: two say the same, none leaves a mission wondering.
    "handed_in": Kind(Nomination, InDoubt.RETRY),
    # It carries a deadline: a lost one costs the nominee her chance.
    "returned": Kind(Return, InDoubt.RETRY),
    # A fact that stands: reading it twice changes nothing.
    "accepted": Kind(Nomination, InDoubt.RETRY),
    # Unwelcome, but plain; the mission must learn it to act on it.
    "ineligible": Kind(Nomination, InDoubt.RETRY),
    # It carries a deadline: a member who never got it scores nothing.
    "round_open": Kind(Cycle, InDoubt.RETRY),
    # It moves the chair and the secretariat on.
    "round_closed": Kind(Cycle, InDoubt.RETRY),
    # The news is public anyway, and a second copy could be read as a correction.
    "released": Kind(Cycle, InDoubt.HOLD),
    # A disappointment is not sent twice.
    "not_selected": Kind(Nomination, InDoubt.HOLD),
}

_ID_OF: Final[Mapping[type[Subject], Literal["invitation_id", "nomination_id", "return_id", "cycle_id"]]] = {
    Invitation: "invitation_id",
    Nomination: "nomination_id",
    Return: "return_id",
    Cycle: "cycle_id",
}


def subject_of(letter: Letter) -> Subject:
    """The row the letter is about. Errors: LookupError for an unknown template, a missing id or a missing row."""
    about = CATALOGUE[letter.template].about
    found = cast("Subject | None", db.session.get(about, letter.ids[_ID_OF[about]]))
    if found is None:
        raise LookupError(f"{letter.template}: its {about.__tablename__} is gone")
    return found


def cycle_of(subject: Subject) -> Cycle | None:
    """The award year the letter belongs to; none for an invitation to the secretariat."""
    if isinstance(subject, Cycle):
        return subject
    return nomination_of(subject).cycle if isinstance(subject, Nomination | Return) else subject.cycle


def nomination_of(subject: Nomination | Return) -> Nomination:
    if isinstance(subject, Nomination):
        return subject
    return db.session.get_one(Nomination, subject.nomination_id)
