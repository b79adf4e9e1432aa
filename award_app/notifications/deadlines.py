"""The instants a letter asks something by: said in words in its text, and kept by a calendar.

What is asked names no nominee: calendars are shared with colleagues.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import Cycle, Extension, Mission, MovedDate
from award_app.nominations.models import Nomination, Return, SentBack
from award_app.notifications import catalogue
from award_app.notifications.models import Letter
from award_app.web.moments import in_zones


@dataclass(frozen=True)
class Deadline:
    """`thing` names it for good: a later date replaces the earlier one in a calendar. `zone` is the mission's."""

    thing: str
    at: datetime
    asked: str
    path: str
    zone: str | None = None

    def words(self, reader: str | None) -> list[str]:
        return in_zones(self.at, reader, self.zone)


def of(letter: Letter, subject: catalogue.Subject) -> list[Deadline]:
    """Those that hold now, whatever they were when the letter was written. Call it while speaking the reader's language."""
    if isinstance(subject, Return | SentBack) or letter.template == "file_extended":
        return [of_file(catalogue.nomination_of(subject))]  # type: ignore[arg-type]  # file_extended is about a nomination
    cycle, mission = catalogue.cycle_of(subject), catalogue.mission_of(subject)
    if cycle is not None and mission is not None and (letter.template == "call" or isinstance(subject, Extension)):
        return [nominating(cycle, mission)]
    return [scoring(cycle)] if cycle is not None and letter.template == "round_open" else []


def of_date(moved: MovedDate, cycle: Cycle, mission: Mission | None) -> Deadline | None:
    """Of an instant of the cycle that was moved; none for one by which nothing is asked."""
    if moved.field == "closes_at":
        return nominating(cycle, mission)
    if moved.field == "screening_ends_at":
        return screening(cycle)
    return scoring(cycle) if moved.field == "review_ends_at" else None


def nominating(cycle: Cycle, mission: Mission | None) -> Deadline:
    """The close of the nomination window, for a mission with what it was given beyond."""
    where = f"-{mission.id}" if mission else ""
    return Deadline(
        f"nominations-{cycle.award_year}{where}",
        cycle_queries.deadline_of(cycle, mission) if mission else cycle.closes_at,
        _("Last moment to hand in nominations for the award %(year)s", year=str(cycle.award_year)),
        "/nominations",
        mission.timezone if mission else None,
    )


def of_file(nomination: Nomination) -> Deadline:
    """The last moment at which this file can be handed in: its mission's window, or its own return deadline if later."""
    window, own = nominating(nomination.cycle, nomination.mission), nomination.return_deadline
    at = max(own, window.at) if own else window.at
    return of_returned(nomination.cycle, nomination.mission, nomination.ref, at)


def of_returned(cycle: Cycle, mission: Mission | None, ref: str, at: datetime) -> Deadline:
    asked = _("Last moment to hand in a nomination for the award %(year)s", year=str(cycle.award_year))
    return Deadline(f"file-{ref}", at, asked, f"/nominations/{ref}", mission.timezone if mission else None)


def screening(cycle: Cycle) -> Deadline:
    asked = _("Screening for the award %(year)s ends", year=str(cycle.award_year))
    return Deadline(f"screening-{cycle.award_year}", cycle.screening_ends_at, asked, f"/screening/{cycle.award_year}")


def scoring(cycle: Cycle) -> Deadline:
    asked = _("Last moment to score for the award %(year)s", year=str(cycle.award_year))
    return Deadline(f"scoring-{cycle.award_year}", cycle.review_ends_at, asked, f"/panel/{cycle.award_year}")


def release(cycle: Cycle, at: datetime) -> Deadline:
    """What waits for a second approval. A calendar says no more than that somebody waits."""
    asked = _("Something waits for you in the award %(year)s", year=str(cycle.award_year))
    return Deadline(f"second-person-{cycle.award_year}", at, asked, "/home")
