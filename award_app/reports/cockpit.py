"""What blocks an award year today, and who is late with what: codes and counts; the words stand in `words.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from award_app import access
from award_app.accounts.models import Person
from award_app.announcement.embargo import queries as embargo
from award_app.cycles import readiness
from award_app.cycles.models import Cycle
from award_app.domain.vocabulary import Action, Consent, Timing, Window
from award_app.reports import queries
from award_app.reports.lists.queries import Page, Wanted
from award_app.reports.queries import FileCounts, MemberLine, MissionLine, ReturnedFile
from award_app.selection.changes import queries as changes
from award_app.selection.shortlist import queries as shortlists

NEAR: Final = timedelta(days=7)


class Block(StrEnum):
    """What keeps the year from going on."""

    NOT_READY = "not_ready"
    NO_AUTHORITY = "no_authority"
    SCREENING = "screening"
    SECOND_PERSON = "second_person"
    SURVIVOR = "survivor"
    ENDORSEMENT_VOID = "endorsement_void"
    UNDECLARED = "undeclared"
    CANNOT_FINISH = "cannot_finish"
    QUORUM = "quorum"
    ROUND_OVERDUE = "round_overdue"
    RESULT_DUE = "result_due"
    NO_SHORTLIST = "no_shortlist"
    SHORTLIST_UNCONFIRMED = "shortlist_unconfirmed"
    NO_CONSENT = "no_consent"
    NO_CLEARANCE = "no_clearance"
    NO_DECISION = "no_decision"
    CHANGE_UNCONFIRMED = "change_unconfirmed"
    WITHDRAWAL_ASKED = "withdrawal_asked"
    NO_ANNOUNCEMENT = "no_announcement"
    UNAPPROVED = "unapproved"
    CONSENT_MISSING = "consent_missing"
    TAKEN_BACK = "taken_back"
    LETTERS = "letters"


@dataclass(frozen=True)
class Blocked:
    """`names` where the sentence names missions or members."""

    code: Block
    count: int = 1
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cockpit:
    """`missions` are all that are called. `writing`: those with drafts whose deadline is near. `late_members`: those
    who have not declared or finished while they are asked to. `outcome_hidden`: her conflict closes the last part."""

    missions: Page[MissionLine]
    blocked: Sequence[Blocked]
    writing: Sequence[MissionLine]
    members: Sequence[MemberLine]
    returned: Sequence[ReturnedFile]
    outcome_hidden: bool

    @property
    def silent(self) -> list[MissionLine]:
        return [line for line in self.missions.rows if line.silent]


def build(cycle: Cycle, person: Person, now: datetime) -> Cockpit:
    """Some twenty statements, whatever the rows. The caller has asked for Action.SEE_COCKPIT."""
    timing = access.windows(cycle, now)
    missions = queries.mission_lines(cycle, person, Wanted(whole=True))
    members = queries.member_lines(cycle, person)
    files = queries.file_counts(cycle, person)
    hidden = bool(access.kept_from(person, cycle))
    blocked = (
        *_opening(cycle, missions.rows, now),
        *_screening(files, timing[Window.SCREENING] is Timing.OPEN),
        *_panel(cycle, person, members, files, now, hidden=hidden),
        *(() if hidden else _outcome(cycle, person, now)),
        *(() if hidden else _some(Block.WITHDRAWAL_ASKED, files.withdrawal_asked)),
        *_some(Block.LETTERS, queries.letters_stuck()),
    )
    return Cockpit(
        missions=missions,
        blocked=blocked,
        writing=[m for m in missions.rows if m.drafts and cycle.opens_at <= now < m.closes_at <= now + NEAR],
        members=_late(cycle, members, now),
        returned=() if cycle.round_closed_at else queries.returned_files(cycle, person),
        outcome_hidden=hidden and cycle.round_closed_at is not None,
    )


def _some(code: Block, count: int, names: tuple[str, ...] = ()) -> Iterator[Blocked]:
    if count:
        yield Blocked(code, count, names)


def _opening(cycle: Cycle, missions: Sequence[MissionLine], now: datetime) -> Iterator[Blocked]:
    if cycle.opened_at is None:
        yield from _some(Block.NOT_READY, len(readiness.blockers(cycle, now)))
        return
    nobody = tuple(line.acronym for line in missions if not line.authorities and now < line.closes_at)
    yield from _some(Block.NO_AUTHORITY, len(nobody), nobody)


def _screening(files: FileCounts, is_open: bool) -> Iterator[Blocked]:
    if is_open:
        yield from _some(Block.SCREENING, files.waiting)
        yield from _some(Block.SECOND_PERSON, files.second)
        yield from _some(Block.SURVIVOR, files.survivor)
        yield from _some(Block.ENDORSEMENT_VOID, files.voided)


def _panel(
    cycle: Cycle, person: Person, members: Sequence[MemberLine], files: FileCounts, now: datetime, *, hidden: bool
) -> Iterator[Blocked]:
    """From the end of screening until the round is closed; consent and clearance until there is a shortlist, which whoever
    may not see it learns from the release."""
    if cycle.opened_at is None or now < cycle.screening_ends_at:
        return
    if cycle.round_closed_at is None:
        names = tuple(line.name for line in members if line.undeclared)
        yield from _some(Block.UNDECLARED, len(names), names)
        names = (
            () if hidden else tuple(line.name for line in members if line.cannot)
        )  # who has a conflict answers nobody
        yield from _some(Block.CANNOT_FINISH, len(names), names)
        yield from _some(Block.QUORUM, queries.under_quorum(cycle, person))
        if now >= cycle.review_ends_at:
            yield Blocked(Block.ROUND_OVERDUE)
    acts = access.acts(cycle, now)
    if not (acts.released if hidden else acts.shortlisted):
        yield from _some(Block.NO_CONSENT, files.without_consent)
        yield from _some(Block.NO_CLEARANCE, files.without_clearance)


def _outcome(cycle: Cycle, person: Person, now: datetime) -> Iterator[Blocked]:
    """Only for whoever may see shortlist, decision and announcement."""
    here = access.standing(person, cycle, Action.SEE_SHORTLIST, Action.SEE_DECISION, Action.SEE_ANNOUNCEMENT, now=now)
    if not here.may(Action.SEE_SHORTLIST).allowed:
        return
    if cycle.result_due:
        yield Blocked(Block.RESULT_DUE)
    yield from _some(Block.CHANGE_UNCONFIRMED, changes.waiting(cycle))
    if here.may(Action.SEE_ANNOUNCEMENT).allowed:
        yield from _announcement(cycle, now)
    else:
        yield from _shortlist(cycle)


def _shortlist(cycle: Cycle) -> Iterator[Blocked]:
    shortlist = shortlists.shortlist_of(cycle)
    if shortlist is None:
        yield Blocked(Block.NO_SHORTLIST)
    elif shortlist.confirmed_at is None:
        missing = sum(not one.ready for one in shortlists.standing(cycle, shortlist))
        yield Blocked(Block.SHORTLIST_UNCONFIRMED, missing)
    else:
        yield Blocked(Block.NO_DECISION)


def _announcement(cycle: Cycle, now: datetime) -> Iterator[Blocked]:
    if embargo.is_released(cycle, now):
        return
    announcement = embargo.announcement_of(cycle)
    if announcement is None:
        yield Blocked(Block.NO_ANNOUNCEMENT)
    elif announcement.taken_back_at is not None:
        yield Blocked(Block.TAKEN_BACK)
    else:
        yield from _some(Block.UNAPPROVED, 2 - len(embargo.approvals(announcement)))
        if announcement.nomination is not None and announcement.nomination.consent is not Consent.GIVEN:
            yield Blocked(Block.CONSENT_MISSING)


def _late(cycle: Cycle, members: Sequence[MemberLine], now: datetime) -> list[MemberLine]:
    """Whom the panel's work waits for: declarations as soon as there are files, scores from the end of screening."""
    if cycle.opened_at is None or cycle.round_closed_at is not None:
        return []
    scoring = now >= cycle.screening_ends_at
    return [line for line in members if line.undeclared or line.cannot or (scoring and line.finished_at is None)]
