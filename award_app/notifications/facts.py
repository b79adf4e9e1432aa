"""What each letter says, in the recipient's language and time zones, loaded from ids at the moment of sending.

Everything here is one line of text: a name with a line break in it could write paragraphs of its own. No letter
carries remarks, scores, contact data or the reasons of a judgement; those stay behind the sign-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from award_app.accounts.models import AddressChange, Invitation
from award_app.audit import LedgerAnchor
from award_app.notifications import catalogue, deadlines, headers, of_files, of_ledger, of_people, of_years, spoken
from award_app.notifications.deadlines import Deadline
from award_app.notifications.models import Letter

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Recipient:
    name: str
    email: str
    locale: str
    timezone: str | None  # unknown for the invited, who has no account yet


def recipient(letter: Letter, subject: catalogue.Subject) -> Recipient:
    if isinstance(subject, Invitation):
        return Recipient(subject.name, subject.email, subject.locale, None)
    person = letter.person
    if person is None:
        raise LookupError(f"{letter.template}: nobody to write to")
    email = person.email
    if isinstance(subject, AddressChange):  # the new one must prove itself; the old one hears of it
        email = subject.email if letter.template == "address_change" else subject.before
    return Recipient(person.name, email, person.locale, person.timezone)


def of(letter: Letter, subject: catalogue.Subject, to: Recipient) -> Facts:
    """Call it while speaking the recipient's language."""
    asked = deadlines_of(letter, subject)
    known: dict[str, Any] = {
        "name": to.name,
        "award": spoken.award(catalogue.cycle_of(subject)),
        "help_contact": spoken.setting("HELP_CONTACT"),
        "deadline": asked[0].words(to.timezone) if asked else [],
        **_of(letter, subject, to),
    }
    return {key: _flat(value) for key, value in known.items()}


def _of(letter: Letter, subject: catalogue.Subject, to: Recipient) -> Facts:
    if isinstance(subject, catalogue.OfPerson):
        return of_people.facts(letter, subject)
    if isinstance(subject, LedgerAnchor):
        return of_ledger.facts(subject, to.timezone)
    if isinstance(subject, catalogue.OfFile):
        return of_files.facts(letter, subject, to.timezone)
    return of_years.facts(letter, subject, to.timezone)


def deadlines_of(letter: Letter, subject: catalogue.Subject) -> list[Deadline]:
    """What the letter asks by when, for its reader: the same for its text and for her calendar."""
    return of_years.deadlines(letter, subject) or deadlines.of(letter, subject)


def _flat(value: Any) -> Any:
    if isinstance(value, str):
        return headers.one_line(value)
    return [_flat(one) for one in value] if isinstance(value, list | tuple) else value
