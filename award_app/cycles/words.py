"""A cycle in words: its line of phases, and why its settings are refused."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from award_app import access
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.cycles.problems import Problem
from award_app.domain import calendar
from award_app.domain.vocabulary import Action, Phase
from award_app.web import moments
from award_app.web.words import state_words

P = Problem

# code → (the field it stands beside, where the form has it; the sentence)
PROBLEMS: Final = {
    P.YEAR_TAKEN: ("award_year", _l("There is an award year with this number already.")),
    P.YEAR_RANGE: ("award_year", _l("Write a year from 2011 to 2100.")),
    P.TITLE_MISSING: ("title_en", _l("Write the title in English.")),
    P.DATES_ORDER: ("closes_at", _l("The four moments must follow each other. Check their order.")),
    P.DATES_RANGE: ("", _l("Each moment lies between the years 2000 and 2100. Check the dates.")),
    P.SERVICE_ORDER: ("service_to", _l("The service window ends before it begins.")),
    P.QUOTA: ("default_quota", _l("A quota is a number from 1 to 99.")),
    P.QUORUM: ("quorum", _l("Write a number from 1 to 99.")),
    P.CODE_TWICE: ("", _l("Two criteria have the same code.")),
    P.CRITERION_TITLE: ("", _l("Each criterion needs a title in English.")),
    P.LEVEL_MISSING: ("", _l("Each level needs a description in English.")),
    P.WEIGHT_RANGE: ("", _l("A weight is a number from 0 to 100.")),
    P.NOT_OF_THE_YEAR: ("people", _l("This person had no part in that year. Choose again.")),
    P.NOTHING_MOVED: ("", _l("No date has been changed. Change at least one.")),
    P.PASSED: ("", _l("A moment that has passed stays as it was.")),
    P.PAST: ("", _l("The new moment lies in the past. Choose a later one.")),
    P.EXTENSION_LATER: (
        "screening_ends_at",
        _l("A mission was given more time than that. Screening cannot end before its extension does."),
    ),
    P.LESS_TIME: ("less_time", _l("Somebody would have less time than was said. Tick the box if that is meant.")),
    P.REASON: ("reason", _l("Write the reason in at most 500 characters. It stands in the letters.")),
    P.MISSION_UNKNOWN: ("mission", _l("This mission is not called in this award year.")),
    P.NOT_LATER: ("until", _l("The mission has that much time already. Choose a later moment.")),
    P.AFTER_SCREENING: (
        "until",
        _l("Screening ends before that, and the file would come too late for it. Move the end of screening first."),
    ),
    P.NOT_NOMINATOR: ("taker", _l("This person does not write for this mission. Choose another one.")),
    P.MISSION_IN_USE: ("", _l("Somebody is appointed for this mission. End the appointment first.")),
}

_SHOWN: Final = (
    Phase.PREPARING,
    Phase.OPEN,
    Phase.SCREENING,
    Phase.REVIEW,
    Phase.RESULT,
    Phase.DECIDED,
    Phase.ANNOUNCED,
)


def phase_of(cycle: Cycle, now: datetime, *, seen_by: Person) -> Phase:
    """As this person may know it: that a decision is recorded is told to its readers only, until the release."""
    return phases([cycle], now, seen_by=seen_by)[cycle.id]


def phases(cycles: Collection[Cycle], now: datetime, *, seen_by: Person) -> dict[int, Phase]:
    """Of several cycles by their ids: one statement, and a few more for each that is decided and not announced."""
    acts = access.acts_of(cycles, now)
    found = {cycle.id: calendar.phase(cycle.dates, acts[cycle.id], now) for cycle in cycles}
    decided = [cycle for cycle in cycles if found[cycle.id] in (Phase.DECIDED, Phase.TOLD)]
    hidden = [c for c in decided if not access.may(seen_by, Action.SEE_DECISION, c, now=now).allowed]
    return found | {cycle.id: Phase.RESULT for cycle in hidden}


def phase_line(
    cycle: Cycle, now: datetime, *, seen_by: Person, phase: Phase | None = None
) -> list[tuple[str, str, str]]:
    """For `ui.phases`: words, done | now | next, and the day a phase ends where it ends by an instant. `phase` where it
    is known already."""
    current = phase or phase_of(cycle, now, seen_by=seen_by)
    order = list(Phase)
    here = order.index(current)
    ends = {
        Phase.PREPARING: cycle.opens_at,
        Phase.OPEN: cycle.closes_at,
        Phase.SCREENING: cycle.screening_ends_at,
        Phase.REVIEW: cycle.review_ends_at,
    }
    line = []
    for phase in _SHOWN:
        place = order.index(phase)
        stands = "now" if phase is current else "done" if place < here else "next"
        if phase is Phase.ANNOUNCED and current is Phase.ARCHIVED:
            stands = "now"
        if phase is Phase.DECIDED and current is Phase.TOLD:
            stands = "now"
        note = _("until %(day)s", day=moments.day(ends[phase])) if phase in ends and stands != "done" else ""
        line.append((state_words(phase), stands, note))
    return line
