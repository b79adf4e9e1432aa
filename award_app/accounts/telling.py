"""Who hears of an appointment: the person herself, the authorities beside her, and the mission's call if it went out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from award_app import outbox
from award_app.accounts.models import Appointment, Person
from award_app.accounts.queries import holders
from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole
from award_app.notifications.models import Letter

R = AppointmentRole
OF_A_MISSION = (R.AUTHORITY, R.NOMINATOR)  # in this order: who is both reads the call as an authority


def appointed(made: Appointment, *, seat_changed: bool, now: datetime) -> None:
    """To her who was appointed by somebody else."""
    _write("seat_changed" if seat_changed else "appointed", made.person, made, now)


def deputised(made: Appointment, *, now: datetime) -> None:
    """To the authorities the mission has already: one more may endorse and hand in."""
    if made.role is R.AUTHORITY and made.cycle is not None:
        for person in holders(R.AUTHORITY, cycle=made.cycle, mission_id=made.mission_id):
            if person.id != made.person_id:
                _write("authority_deputised", person, made, now)


def call_late(made: Appointment, *, now: datetime) -> None:
    """The call went out already: who comes to the mission now gets it on coming."""
    if made.role not in OF_A_MISSION or made.cycle is None or made.mission is None or made.cycle.called_at is None:
        return
    if now < cycle_queries.deadline_of(made.cycle, made.mission) and not _has_call(made):
        _write("call", made.person, made, now)


def without_call(cycle: Cycle) -> Sequence[Appointment]:
    """One appointment of everybody at each called mission who has not had the call there, in whatever part. By mission."""
    rows = db.session.scalars(
        select(Appointment)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.cycle_id == cycle.id, Appointment.ended_at.is_(None), Person.deactivated_at.is_(None))
        .where(Appointment.role.in_(OF_A_MISSION), Appointment.mission_id.in_([c.mission_id for c in cycle.missions]))
        .options(contains_eager(Appointment.person))
        .order_by(Appointment.mission_id, Appointment.role, Appointment.id)
    ).all()
    had = _called(rows)
    first: dict[tuple[int, int | None], Appointment] = {}
    for row in rows:  # the word "authority" sorts before "nominator"
        first.setdefault((row.person_id, row.mission_id), row)
    return [row for key, row in first.items() if key not in had]


def call(appointments: Sequence[Appointment], *, now: datetime) -> None:
    for appointment in appointments:
        _write("call", appointment.person, appointment, now)


def _has_call(made: Appointment) -> bool:
    """From another part at the same mission."""
    same = (Appointment.cycle_id == made.cycle_id, Appointment.mission_id == made.mission_id)
    rows = db.session.scalars(select(Appointment).where(*same, Appointment.person_id == made.person_id)).all()
    return bool(_called(rows))


def _called(rows: Sequence[Appointment]) -> set[tuple[int, int | None]]:
    """Person and mission of those appointments for which a call is in the outbox."""
    keys = {f"call:{_cause(row)}:{row.person_id}": (row.person_id, row.mission_id) for row in rows}
    written = db.session.scalars(select(Letter.once).where(Letter.once.in_(keys)))
    return {keys[once] for once in written}


def _write(template: str, to: Person, about: Appointment, now: datetime) -> None:
    outbox.add(template, to=to, cause=_cause(about), now=now, appointment_id=about.id)


def _cause(about: Appointment) -> str:
    return f"appointment {about.id}"
