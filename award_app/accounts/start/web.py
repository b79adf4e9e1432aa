"""The start page: for each award year where it stands, what is asked of this person, and what comes next for her."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from award_app import access
from award_app.accounts.models import Person
from award_app.cycles import queries, words
from award_app.cycles.models import Cycle
from award_app.domain.vocabulary import Phase, Role
from award_app.web.tasks import Task

P = Phase
Sentence = tuple[LazyString, str]  # what is said, and the instant of the cycle that ends it, where there is one

NOW: Final[dict[Phase, Sentence]] = {
    P.PREPARING: (_l("The year is being prepared. Nominations open:"), "opens_at"),
    P.OPEN: (_l("Missions write nominations. Nominations close:"), "closes_at"),
    P.SCREENING: (_l("The secretariat checks the files. This ends:"), "screening_ends_at"),
    P.REVIEW: (_l("The panel reads and scores. Scoring ends:"), "review_ends_at"),
    P.RESULT: (_l("Scoring is over. The panel decides."), ""),
    P.DECIDED: (_l("The decision is recorded. The announcement is being prepared."), ""),
    P.TOLD: (_l("The laureate’s mission knows. Nobody else may learn it before the release."), ""),
    P.ANNOUNCED: (_l("The result is public."), ""),
    P.ARCHIVED: (_l("This year is closed."), ""),
}
_LETTER: Final = _l("You get a letter when something is asked of you.")
_MISSION: Final[dict[Phase, Sentence]] = {
    P.PREPARING: (_l("Next for you: writing nominations. You get a letter when they open:"), "opens_at"),
    P.OPEN: (_l("Nothing waits for you at the moment. Your mission can still nominate."), ""),
    P.SCREENING: (_l("Next for you: a letter, when a file is accepted or comes back for changes."), ""),
    P.REVIEW: (_l("Next for you: a letter, when the result is announced."), ""),
    P.RESULT: (_l("Next for you: a letter, when the result is announced."), ""),
    P.DECIDED: (_l("Next for you: a letter, when the result is announced."), ""),
}
_SCORING: Final = (_l("Next for you: scoring. You get a letter when it begins:"), "screening_ends_at")
_PANEL: Final[dict[Phase, Sentence]] = {
    P.PREPARING: _SCORING,
    P.OPEN: _SCORING,
    P.SCREENING: _SCORING,
    P.REVIEW: (_l("You have nothing left to do. Next: the scores are counted when scoring ends."), ""),
    P.RESULT: (_l("Next for you: the chair calls the panel together to decide."), ""),
}
_OBSERVER: Final[dict[Phase, Sentence]] = {
    **dict.fromkeys(
        (P.PREPARING, P.OPEN, P.SCREENING, P.REVIEW, P.RESULT),
        (_l("You can read the ledger at any time. The result opens to you once it is decided."), ""),
    ),
}
_SECRETARIAT: Final[dict[Phase, Sentence]] = {
    P.OPEN: (_l("Nothing waits for you at the moment. Files can be checked as they come in."), ""),
    P.SCREENING: (_l("Nothing waits for you at the moment. Next: the panel scores from:"), "screening_ends_at"),
    P.REVIEW: (_l("Nothing waits for you at the moment. Next: the result, when scoring ends."), ""),
    P.RESULT: (_l("Next for you: the announcement, once the panel has decided."), ""),
}
_NEXT: Final = (
    (Role.SECRETARIAT, _SECRETARIAT),
    (Role.MEMBER, _PANEL),
    (Role.AUTHORITY, _MISSION),
    (Role.NOMINATOR, _MISSION),
    (Role.OBSERVER, _OBSERVER),
)
MOST: Final = 6  # years
PAST: Final = frozenset({P.ANNOUNCED, P.ARCHIVED})


@dataclass(frozen=True)
class Said:
    """A sentence that ends in an instant, or stands alone."""

    words: str
    at: datetime | None = None


@dataclass(frozen=True)
class Year:
    cycle: Cycle
    phase: Phase
    now: Said
    next: Said | None  # only where nothing waits for her
    line: list[tuple[str, str, str]]
    asked: list[Task]
    others: list[Task]  # what stands there to be read

    @property
    def is_past(self) -> bool:
        return self.phase in PAST and not self.asked


def years(person: Person, cards: Sequence[Task], now: datetime) -> list[Year]:
    """Where something waits for her comes first, then the newest."""
    cycles = _cycles(person, {card.year for card in cards if card.year})
    phases = words.phases(cycles, now, seen_by=person)
    found = [_year(person, c, phases[c.id], [card for card in cards if card.year == c.award_year], now) for c in cycles]
    return sorted(found, key=lambda year: not year.asked)


def _cycles(person: Person, asked: set[int]) -> Sequence[Cycle]:
    """The secretariat and the observer have to do with every year there ever was: the newest are enough here, and those
    in which something is asked."""
    return queries.of_person(person, newest=MOST, years=asked)


def _year(person: Person, cycle: Cycle, phase: Phase, cards: list[Task], now: datetime) -> Year:
    roles = access.cycle_roles(person, cycle, outcome=False)
    asked, others = [c for c in cards if c.count], [c for c in cards if not c.count]
    return Year(
        cycle,
        phase,
        _now(person, cycle, phase),
        None if asked else _next(cycle, phase, roles),
        words.phase_line(cycle, now, seen_by=person, phase=phase),
        asked,
        others,
    )


def _now(person: Person, cycle: Cycle, phase: Phase) -> Said:
    if phase is Phase.OPEN:  # a mission may have more time than the others
        missions = [a.mission for a in access.appointments(person) if a.cycle_id == cycle.id and a.mission]
        closes = [queries.deadline_of(cycle, mission) for mission in missions]
        return Said(str(NOW[phase][0]), max([cycle.closes_at, *closes]))
    return _said(cycle, NOW[phase])


def _next(cycle: Cycle, phase: Phase, roles: frozenset[Role]) -> Said | None:
    for role, sentences in _NEXT:
        if role in roles:
            return _said(cycle, sentences.get(phase, (_LETTER, ""))) if phase not in PAST else None
    return None


def _said(cycle: Cycle, sentence: Sentence) -> Said:
    return Said(str(sentence[0]), getattr(cycle, sentence[1]) if sentence[1] else None)
