"""One letter of every kind, with the rows it is about, due now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from award_app import chance, clock, outbox
from award_app.accounts.models import Invitation, Person
from award_app.announcement.models import Announcement, Approval
from award_app.cycles.models import Cycle, Mission
from award_app.db import db, transaction
from award_app.domain.vocabulary import AppointmentRole, NominationState, Outcome, Phase
from award_app.nominations.models import Nomination, Return
from award_app.notifications.models import Letter
from award_app.selection.models import Decision, Place
from tests import factories
from workers import outbox as worker


@dataclass
class Year:
    """A mission's file in some state, its authority, a member, and who decides."""

    cycle: Cycle
    mission: Mission
    authority: Person
    member: Person
    file: Nomination
    announcement: Announcement | None = None


def year(state: NominationState = NominationState.SUBMITTED, phase: Phase = Phase.SCREENING) -> Year:
    mission = factories.mission()
    mission.timezone = "Africa/Juba"
    cycle = factories.cycle(phase, missions=(mission,))
    authority = factories.authority(cycle, mission, name="Amara Diallo", timezone="America/Port-au-Prince")
    member = factories.member(cycle, name="Kari Berg", timezone="Europe/Oslo")
    file = factories.nomination(cycle, mission, factories.nominator(cycle, mission), state)
    return Year(cycle, mission, authority, member, file)


def released() -> Year:
    """The laureate is another mission's officer; the authority's file was not among those honoured."""
    made = year(NominationState.ACCEPTED, Phase.RESULT)
    mission = factories.mission()
    author = factories.nominator(made.cycle, mission)
    laureate = factories.nomination(made.cycle, mission, author, NominationState.ACCEPTED, publish_name="Awa Ndiaye")
    now = clock.now()
    decision = factories.add(Decision(cycle_id=made.cycle.id, award=True, reasons="Hers.", by_id=author.id, at=now))
    place = Place(decision_id=decision.id, nomination_id=laureate.id, outcome=Outcome.LAUREATE, position=1)
    factories.add(place)
    made.announcement = announce(made.cycle, laureate)
    return made


def announce(cycle: Cycle, laureate: Nomination | None) -> Announcement:
    people = [factories.secretariat(), factories.secretariat()]
    now = clock.now()
    made = factories.add(
        Announcement(
            cycle_id=cycle.id,
            nomination_id=laureate.id if laureate else None,
            name="Awa Ndiaye" if laureate else "",
            rank="Capitaine" if laureate else "",
            country="SN" if laureate else "",
            duty="",
            citations={},
            stories={},
            release_at=now,
            version=1,
            prepared_by_id=people[0].id,
            prepared_at=now,
        )
    )
    for slot, person in enumerate(people, 1):
        factories.add(Approval(announcement_id=made.id, version=1, slot=slot, person_id=person.id, at=now))
    return made


def no_award() -> Letter:
    made = year(NominationState.ACCEPTED, Phase.RESULT)
    by = factories.member(made.cycle)
    factories.add(Decision(cycle_id=made.cycle.id, award=False, reasons="None.", by_id=by.id, at=clock.now()))
    announce(made.cycle, None)
    return to("released", made.authority, cycle_id=made.cycle.id)


def invitation(role: AppointmentRole = AppointmentRole.AUTHORITY, **more: str) -> Invitation:
    mission = factories.mission() if role is AppointmentRole.AUTHORITY else None
    now = clock.now()
    values = {"email": "amara.diallo@laurel.example", "name": "Amara Diallo", "locale": "en", **more}
    return factories.add(
        Invitation(
            ref=chance.reference(),
            nonce=chance.token(),
            role=role,
            cycle_id=factories.cycle(missions=(mission,)).id if mission else None,
            mission_id=mission.id if mission else None,
            created_at=now,
            expires_at=now + timedelta(days=14),
            **values,
        )
    )


def sent_back() -> tuple[Year, Return]:
    made = year(NominationState.RETURNED)
    by, now = factories.secretariat(), clock.now()
    row = Return(nomination_id=made.file.id, remarks="Dates.", deadline=now + timedelta(days=5), by_id=by.id, at=now)
    made.file.return_deadline = row.deadline
    return made, factories.add(row)


def to(template: str, person: Person | None, **ids: int) -> Letter:
    letter = outbox.add(template, to=person, cause=chance.token(), now=clock.now(), **ids)
    db.session.flush()
    return letter


def _about_file(template: str, state: NominationState) -> Letter:
    made = year(state)
    return to(template, made.authority, nomination_id=made.file.id)


def _returned() -> Letter:
    made, row = sent_back()
    return to("returned", made.authority, return_id=row.id)


def _round(template: str, phase: Phase) -> Letter:
    made = year(NominationState.ACCEPTED, phase)
    return to(template, made.member, cycle_id=made.cycle.id)


def _released() -> Letter:
    made = released()
    return to("released", made.member, cycle_id=made.cycle.id)


def _not_selected() -> Letter:
    made = released()
    return to("not_selected", made.authority, nomination_id=made.file.id)


EVERY_KIND: dict[str, Callable[[], Letter]] = {
    "invitation": lambda: to("invitation", None, invitation_id=invitation().id),
    "handed_in": lambda: _about_file("handed_in", NominationState.SUBMITTED),
    "returned": _returned,
    "accepted": lambda: _about_file("accepted", NominationState.ACCEPTED),
    "ineligible": lambda: _about_file("ineligible", NominationState.INELIGIBLE),
    "round_open": lambda: _round("round_open", Phase.REVIEW),
    "round_closed": lambda: _round("round_closed", Phase.RESULT),
    "released": _released,
    "not_selected": _not_selected,
}


def written(template: str) -> int:
    """Its id, committed as its cause would have done it."""
    from tests.notifications.occasions import OCCASIONS

    with transaction():
        return (EVERY_KIND | OCCASIONS)[template]().id


def post(letter_id: int) -> Letter:
    """One attempt as the worker makes it, and the letter afterwards."""
    worker.send(letter_id)
    return db.session.get_one(Letter, letter_id, populate_existing=True)
