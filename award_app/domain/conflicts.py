"""Who should not judge whom, and by which rule (DOMAIN.md, "Conflicts of interest").

Rules 1 to 4 are suggestions, which the member confirms or answers with a reason; rule 5 is a bar.
"""

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from award_app.domain.names import same_name, squeeze

MISSION_MONTHS = 24
SUPERVISOR_MONTHS = 36
SUPERVISING = frozenset({"direct", "second"})


class Rule(StrEnum):
    SAME_COUNTRY = "same_country"
    SAME_SERVICE = "same_service"
    MISSION_24_MONTHS = "mission_24_months"
    SUPERVISOR_36_MONTHS = "supervisor_36_months"
    NOMINATED_ENDORSED_OR_WROTE = "nominated_endorsed_or_wrote"


@dataclass(frozen=True)
class Stint:
    """Time in one mission. No `end`: still there."""

    mission: str
    start: date
    end: date | None


@dataclass(frozen=True)
class Member:
    """The one who would judge. `nationality` is an ISO 3166 alpha-2 code; what is not known is an empty string."""

    person_id: int
    email: str
    name: str
    nationality: str
    home_service: str
    stints: tuple[Stint, ...] = ()


@dataclass(frozen=True)
class Supervisor:
    """Somebody over the nominee; `level` is "direct" or "second". No `end`: still so."""

    name: str
    email: str
    level: str
    start: date
    end: date | None


@dataclass(frozen=True)
class File:
    """What of a nomination file matters here."""

    mission: str
    country: str
    home_service: str
    supervisors: tuple[Supervisor, ...] = ()
    nominator_ids: frozenset[int] = frozenset()
    endorser_ids: frozenset[int] = frozenset()
    letter_emails: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Finding:
    rule: Rule
    bar: bool


def find(member: Member, file: File, on: date) -> tuple[Finding, ...]:
    """Every rule that holds between the two on the day `on`, in the order of the rules."""
    holds = {
        Rule.SAME_COUNTRY: _alike(member.nationality, file.country),
        Rule.SAME_SERVICE: _alike(member.home_service, file.home_service),
        Rule.MISSION_24_MONTHS: any(
            _alike(stint.mission, file.mission) and _recent(stint.start, stint.end, on, MISSION_MONTHS)
            for stint in member.stints
        ),
        Rule.SUPERVISOR_36_MONTHS: any(_supervised(member, supervisor, on) for supervisor in file.supervisors),
        Rule.NOMINATED_ENDORSED_OR_WROTE: _had_a_hand(member, file),
    }
    return tuple(Finding(rule, rule is Rule.NOMINATED_ENDORSED_OR_WROTE) for rule in Rule if holds[rule])


def months_before(day: date, months: int) -> date:
    """The same day of the month, `months` earlier; where that month is shorter, its last day.

    24 months before 29 February 2028 is 28 February 2026. A time that ended on exactly the day returned still counts
    as within those months; one that ended a day earlier does not.
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _recent(start: date, end: date | None, on: date, months: int) -> bool:
    """A time that has begun by `on` and has not been over for longer than `months`."""
    return start <= on and (end is None or end >= months_before(on, months))


def _alike(one: str, other: str) -> bool:
    return squeeze(one) != "" and squeeze(one) == squeeze(other)


def _address(email: str) -> str:
    return email.strip().casefold()


def _supervised(member: Member, supervisor: Supervisor, on: date) -> bool:
    """By address or by name: one address missing or changed must not hide a supervisor, and namesakes can say so."""
    same_address = _address(supervisor.email) != "" and _address(supervisor.email) == _address(member.email)
    return (
        supervisor.level in SUPERVISING
        and (same_address or same_name(member.name, supervisor.name))
        and _recent(supervisor.start, supervisor.end, on, SUPERVISOR_MONTHS)
    )


def _had_a_hand(member: Member, file: File) -> bool:
    wrote = _address(member.email) != "" and _address(member.email) in {_address(email) for email in file.letter_emails}
    return member.person_id in file.nominator_ids | file.endorser_ids or wrote
