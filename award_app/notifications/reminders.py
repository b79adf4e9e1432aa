"""Reminders: one letter that sums up what is open for a person, some days before and on the last day; never two in 24
hours. The table `reminder` holds that: one row a person, moved on by compare-and-set."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError

from award_app import access, audit, outbox
from award_app.accounts.models import Appointment, Person
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain import reminding
from award_app.domain.vocabulary import Action, AppointmentRole, LetterState, Refusal, Refused
from award_app.notifications import open_work
from award_app.notifications.models import Letter, Reminder
from award_app.web.moments import zone_or_utc

MOST_DAYS, LONGEST = 5, 60


def running(now: datetime) -> list[int]:
    """Ids of the cycles in which something may be open."""
    wanted = select(Cycle.id).where(Cycle.opened_at.is_not(None), Cycle.archived_at.is_(None), Cycle.opens_at <= now)
    return list(db.session.scalars(wanted.order_by(Cycle.id)))


def remind_due(cycle: Cycle, *, now: datetime) -> int:
    """Write to everybody whose day and hour it is. Doing it twice does nothing. Returns how many letters."""
    return sum(_remind(person, cycle, f"day {_today(person, now)}", now) for person in due(cycle, now))


def due(cycle: Cycle, now: datetime) -> Iterator[Person]:
    """Those with something open whose deadline comes near, by their own clock."""
    days = days_of(cycle)
    work = open_work.every(cycle, now)
    for person in _people(work):
        zone = zone_or_utc(person.timezone)
        if any(reminding.is_time(item.at, now, zone, days) for item in work[person.id]):
            yield person


def remind_now(cycle: Cycle, *, by: Person, now: datetime) -> int:
    """By hand, to the missions and the panel: all with something open who had no reminder in the last 24 hours. The
    secretariat is left out: what is open there may be a secret between two of its members."""
    access.require(by, Action.REMIND, cycle, now=now)
    people = _people(open_work.every(cycle, now), secretariat=False)
    written = sum(_remind(person, cycle, f"by hand {now.isoformat()}", now) for person in people)
    audit.record("remind", cycle, by=by, at=now, cycle_id=cycle.id, letters=written)
    return written


def days_of(cycle: Cycle) -> list[int]:
    """How many days before a deadline this cycle reminds, the first first; the last day comes on top."""
    days = reminding.DAYS if cycle.reminder_days is None else cycle.reminder_days
    return sorted({int(day) for day in days}, reverse=True)


def set_days(cycle: Cycle, days: Collection[int], *, by: Person, now: datetime) -> None:
    """Raises `Refused`: INVALID for more than MOST_DAYS of them, or one that is not between 1 and LONGEST days."""
    access.require(by, Action.REMIND, cycle, now=now)
    if len(days) > MOST_DAYS or any(not 1 <= day <= LONGEST for day in days):
        raise Refused(Refusal.INVALID, problems=("days",))
    cycle.reminder_days = sorted(set(days), reverse=True)
    db.session.flush()
    audit.record("set_reminder_days", cycle, by=by, at=now, cycle_id=cycle.id, days=cycle.reminder_days)


def open_count(cycle: Cycle, now: datetime) -> int:
    """How many people of the missions and the panel have something open."""
    return len(_people(open_work.every(cycle, now), secretariat=False))


def _people(work: Mapping[int, list[open_work.Item]], *, secretariat: bool = True) -> list[Person]:
    wanted = select(Person).where(Person.id.in_(list(work)))
    if not secretariat:
        served = exists().where(
            Appointment.person_id == Person.id,
            Appointment.role == AppointmentRole.SECRETARIAT,
            Appointment.ended_at.is_(None),
        )
        wanted = wanted.where(~served)
    return list(db.session.scalars(wanted.order_by(Person.id)))


def _remind(person: Person, cycle: Cycle, cause: str, now: datetime) -> bool:
    if not _take_turn(person.id, now):
        return False
    outbox.add("reminder", to=person, cause=f"cycle {cycle.id} {cause}", now=now, cycle_id=cycle.id)
    return True


def _take_turn(person_id: int, now: datetime) -> bool:
    """True for one of all who try within 24 hours."""
    moved = (
        update(Reminder)
        .where(Reminder.person_id == person_id, Reminder.last_at <= now - reminding.APART)
        .values(last_at=now)
        .returning(Reminder.person_id)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(moved).scalar_one_or_none() is not None:
        return True
    if db.session.scalar(select(exists().where(Reminder.person_id == person_id))):
        return False
    try:
        with db.session.begin_nested():
            db.session.add(Reminder(person_id=person_id, last_at=now))
    except IntegrityError:  # somebody else was first, this very moment
        return False
    return True


def _today(person: Person, now: datetime) -> str:
    return now.astimezone(zone_or_utc(person.timezone)).date().isoformat()


def overtaken(letter: Letter, now: datetime) -> bool:
    """Asked when the letter is about to leave: there is a newer one, or an older one left late. Of two that wait, the
    newer sees the older being sent, and the older sees that there is a newer."""
    others = select(Letter).where(
        Letter.template == letter.template, Letter.person_id == letter.person_id, Letter.id != letter.id
    )
    since = now - reminding.APART
    return any(other.id > letter.id or _left_after(other, since) for other in db.session.scalars(others))


def _left_after(letter: Letter, since: datetime) -> bool:
    at = letter.closed_at or letter.claimed_at
    return letter.state in _GONE and at is not None and at > since


_GONE = (LetterState.SENDING, LetterState.SENT, LetterState.UNCERTAIN)
