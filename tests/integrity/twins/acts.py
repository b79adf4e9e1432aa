"""What is done to a year, by the operations the product has for it: so ledger and letters are those of a real year."""

from __future__ import annotations

from datetime import datetime, timedelta

from award_app import chance
from award_app.accounts.models import Person
from award_app.announcement import operations as announcing
from award_app.announcement.embargo import operations as embargo
from award_app.announcement.models import Announcement
from award_app.cycles.models import Cycle
from award_app.domain.vocabulary import ConflictKind, Consent, CriterionKind
from award_app.nominations import clearance, screening
from award_app.nominations.models import Nomination
from award_app.panel import operations as panel
from award_app.reviews import operations as reviews
from award_app.reviews import rounds
from award_app.selection import computing
from award_app.selection import operations as selection
from award_app.selection.shortlist import operations as shortlists
from tests.integrity.twins.cast import SCORERS, Twin

# What each scorer gives each of the three files: far enough apart that a change moves the order.
GIVEN = {"member": (3, 4, 2), "chair": (4, 3, 3), "deputy": (3, 3, 4), "colleague": (2, 4, 3), "newcomer": (3, 3, 4)}


def declare(world: Twin, files: tuple[Nomination, ...], now: datetime) -> None:
    """Clear in all; the recused member and the secretariat's conflict are about the first file alone."""
    first = files[0]
    for file in files:
        for name in SCORERS:
            panel.declare(file, reasons={}, by=world.people[name], now=now)
        if file is not first:
            panel.declare(file, reasons={}, by=world.people["member_recused"], now=now)
        screened(world, file, now)


def screened(world: Twin, file: Nomination, now: datetime, *, conflict: bool = True) -> None:
    """By the two who have declared; the third has not."""
    theirs = conflict and file.mission_id == world.here.id
    for name, mine in (("secretariat", False), ("secretariat_conflict", theirs)):
        reason = "We are cousins." if mine else None
        screening.declare_as_secretariat(file, conflict=mine, reason=reason, by=world.people[name], now=now)


def recuse(file: Nomination, who: Person, kind: ConflictKind, reason: str, now: datetime) -> None:
    panel.recuse(file, kind, reason, by=who, now=now)


def score(file: Nomination, who: Person, value: int, comment: str, now: datetime) -> None:
    """The same value for every criterion; the comment stands at the first."""
    first = file.cycle.criteria[0]
    given = {
        criterion.id: (value if criterion.kind is CriterionKind.SCALE else 2, comment if criterion is first else "")
        for criterion in file.cycle.criteria
    }
    reviews.score(file, given, operation_id=chance.token(), by=who, now=now)


def close(cycle: Cycle, now: datetime) -> None:
    rounds.close_round(cycle, now=now)
    computing.compute(cycle, now=now)


def clear(world: Twin, file: Nomination, reference: str, now: datetime) -> None:
    by = world.people["secretariat"]
    clearance.clear_conduct(file, True, now.date(), reference, by=by, now=now)
    screening.record_consent(file, Consent.GIVEN, by=by, now=now)


def shortlist(world: Twin, cycle: Cycle, files: tuple[Nomination, ...], reasons: str, now: datetime) -> None:
    chair = world.people["chair"]
    made = shortlists.propose(cycle, files, reasons, by=chair, now=now)
    shortlists.confirm(made, cycle, by=chair, now=now)


def decide(world: Twin, cycle: Cycle, files: tuple[Nomination, ...], reasons: str, now: datetime) -> None:
    """The first is the laureate, the second a runner-up, the others the reserve; "member" was present."""
    selection.decide(
        cycle,
        laureate=files[0],
        runners_up=files[1:2],
        reserve=files[2:],
        reasons=reasons,
        present=[world.people["member"]],
        by=world.people["chair"],
        now=now,
    )


def announce(world: Twin, laureate: Nomination, citation: str, release_at: datetime, now: datetime) -> Announcement:
    """Written, and approved by two."""
    made = announcing.prepare(
        laureate.cycle,
        citations={"en": citation, "fr": f"fr: {citation}"},
        stories={"en": "She went far.", "fr": "Elle est allée loin."},
        name=laureate.nominee_name,
        rank=laureate.nominee_rank,
        country=laureate.nominee_country,
        duty="Gender adviser",
        release_at=release_at,
        by=world.people["secretariat"],
        now=now,
    )
    for name in ("secretariat", "secretariat_undeclared"):
        announcing.approve(made, laureate.nominee_name, by=world.people[name], now=now + timedelta(minutes=1))
    return made


def tell(world: Twin, announcement: Announcement, now: datetime) -> None:
    embargo.tell(announcement, by=world.people["secretariat"], now=now)
