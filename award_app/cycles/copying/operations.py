"""A new award year from an older one: its titles, rules, criteria and missions, and those people who are named.

Files, scores and results are never copied, and nobody is appointed who was not named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta

from award_app import audit
from award_app.accounts import operations as accounts
from award_app.accounts.models import Appointment, Person
from award_app.cycles import operations, queries
from award_app.cycles.models import Cycle, CycleMission
from award_app.cycles.operations import CriterionDraft, Settings
from award_app.cycles.problems import Problem
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole, Refusal, Refused

WEEKS = timedelta(weeks=52)  # a year that keeps the day of the week: no deadline slips onto a Sunday
R = AppointmentRole


def proposed(source: Cycle, award_year: int) -> Settings:
    """The older year's settings with its dates moved on. The service window is made of days of the calendar, so it keeps
    them; the 29 February becomes the 28th."""
    years = award_year - source.award_year
    on = years * WEEKS
    return Settings(
        award_year=award_year,
        titles=dict(source.titles),
        opens_at=source.opens_at + on,
        closes_at=source.closes_at + on,
        screening_ends_at=source.screening_ends_at + on,
        review_ends_at=source.review_ends_at + on,
        service_from=_years_later(source.service_from, years),
        service_to=_years_later(source.service_to, years),
        default_quota=source.default_quota,
        quorum=source.quorum,
        demonstration=source.demonstration,
    )


def missions_kept(source: Cycle, day: date) -> tuple[list[CycleMission], list[CycleMission]]:
    """Those that exist on `day`, and those that have ended by then."""
    called = sorted(source.missions, key=lambda c: c.mission.acronym)
    kept = [c for c in called if queries.exists_on(c.mission, day)]
    return kept, [c for c in called if c not in kept]


def copy(source: Cycle, settings: Settings, *, people: Sequence[Appointment] = (), by: Person, now: datetime) -> Cycle:
    """`people`: appointments of the older year that are made again; each gets her letter. Raises `Refused`: INVALID for
    one of another year, of a mission that is not called again, or that the rules of appointing do not allow."""
    cycle = operations.create(**asdict(settings), by=by, now=now)
    drafts = [CriterionDraft(c.code, c.kind, c.weight, c.titles, c.levels) for c in source.criteria]
    operations.set_criteria(cycle, drafts, by=by, now=now)
    for called in missions_kept(source, settings.closes_at.date())[0]:
        operations.call_mission(cycle, called.mission, called.quota, by=by, now=now)
    for appointment in people:
        if appointment.cycle_id != source.id:
            raise Refused(Refusal.INVALID, problems=(Problem.NOT_OF_THE_YEAR,))
        mission, seat = appointment.mission, appointment.seat
        accounts.appoint(appointment.person, appointment.role, cycle=cycle, mission=mission, seat=seat, by=by, now=now)
    cycle.reminder_days = source.reminder_days
    db.session.flush()
    audit.record("copy_cycle", cycle, by=by, at=now, cycle_id=cycle.id, source=source.id, people=len(people))
    return cycle


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
