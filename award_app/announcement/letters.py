"""Who hears of a release, of its taking back, and of the outcome under embargo. Rows only: the text is made on sending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from award_app import access, outbox
from award_app.accounts.models import Person
from award_app.accounts.queries import holders
from award_app.announcement.embargo.queries import telling_of
from award_app.announcement.models import Announcement, TakingBack, Telling
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Action, AppointmentRole, LetterState, NominationState, Outcome
from award_app.nominations.models import Nomination
from award_app.notifications.models import Letter
from award_app.selection.changes.queries import standing_places

# A letter in one of these never reached anybody.
_UNREAD = (LetterState.SKIPPED, LetterState.CANCELLED, LetterState.REFUSED)


def of_release(announcement: Announcement, now: datetime) -> None:
    """A corrected version is announced again to all; a disappointment is not sent twice."""
    cycle, version = announcement.cycle, announcement.version
    for person in holders(AppointmentRole.AUTHORITY, AppointmentRole.MEMBER, cycle=cycle):
        cause = f"cycle {cycle.id} released {version}"
        outbox.add("released", to=person, cause=cause, now=now, cycle_id=cycle.id)
    files = _not_selected(cycle)
    told = _disappointed([file.id for file in files])
    for file in files:
        for person in holders(AppointmentRole.AUTHORITY, cycle=cycle, mission_id=file.mission_id):
            if (file.id, person.id) not in told:
                cause = f"nomination {file.id} not selected {version}"
                outbox.add("not_selected", to=person, cause=cause, now=now, nomination_id=file.id)


def authorities(file: Nomination) -> Sequence[Person]:
    """Of its mission, now."""
    return holders(AppointmentRole.AUTHORITY, cycle=file.cycle, mission_id=file.mission_id)


def of_telling(telling: Telling, announcement: Announcement, now: datetime) -> None:
    """One letter for each instant that is set: whoever has the letter knows until when to keep it."""
    file = announcement.nomination
    assert file is not None  # nobody is told of no award
    cause = f"telling {telling.id} until {announcement.release_at:%Y-%m-%dT%H:%M:%S}"
    known = set(db.session.scalars(select(Letter.person_id).where(Letter.once.startswith(f"told:{cause}:"))))
    for person in authorities(file):
        if person.id not in known:
            outbox.add("told", to=person, cause=cause, now=now, telling_id=telling.id)


def of_a_new_instant(announcement: Announcement, now: datetime) -> None:
    """The mission that was told hears of another instant once two people have approved it."""
    telling = telling_of(announcement)
    if telling is not None and announcement.release_at > now:
        of_telling(telling, announcement, now)


def of_taking_back(taken: TakingBack, announcement: Announcement, now: datetime) -> None:
    """To the secretariat, to the mission that was told, and to everybody who was written to about the release. Before a
    release it is a secret of the outcome: then only those of the secretariat hear of it who may see the announcement."""
    cycle = announcement.cycle
    mine = [
        person
        for person in holders(AppointmentRole.SECRETARIAT)
        if taken.was_released or access.may(person, Action.SEE_ANNOUNCEMENT, cycle, now=now).allowed
    ]
    file = announcement.nomination
    told = authorities(file) if file is not None and telling_of(announcement) is not None else ()
    for person in {one.id: one for one in (*mine, *told, *_written_to(cycle))}.values():
        outbox.add("taken_back", to=person, cause=f"taking back {taken.id}", now=now, taking_back_id=taken.id)


def _written_to(cycle: Cycle) -> list[Person]:
    """Those whose letter about a release of this cycle has left, or may have."""
    gone = (LetterState.SENT, LetterState.SENDING, LetterState.UNCERTAIN)
    theirs = Letter.once.startswith(f"released:cycle {cycle.id} ", autoescape=True)
    found = select(Person).join(Letter, Letter.person_id == Person.id).where(theirs, Letter.state.in_(gone))
    return list(db.session.scalars(found.distinct().order_by(Person.id)))


def _not_selected(cycle: Cycle) -> list[Nomination]:
    """Every accepted file but those of the laureate and the named runners-up; the reserve is told the same as all."""
    places = standing_places([cycle.id]).get(cycle.id, [])
    honoured = [place.file.id for place in places if place.outcome in (Outcome.LAUREATE, Outcome.RUNNER_UP)]
    accepted = select(Nomination).where(
        Nomination.cycle_id == cycle.id, Nomination.state == NominationState.ACCEPTED, Nomination.id.not_in(honoured)
    )
    return list(db.session.scalars(accepted.order_by(Nomination.id)))


def _disappointed(files: list[int]) -> set[tuple[int, int | None]]:
    """File and person of the letters that were written and not stopped."""
    found = select(Letter).where(Letter.template == "not_selected", Letter.state.not_in(_UNREAD))
    return {(letter.ids["nomination_id"], letter.person_id) for letter in db.session.scalars(found)} if files else set()
