"""A valid one of everything, flushed into the session. Tests name only what matters to them."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from award_app import chance, clock
from award_app.accounts.models import Appointment, Person
from award_app.cycles.models import Criterion, Cycle, CycleMission, Mission
from award_app.db import Base, db
from award_app.domain.vocabulary import (
    AppointmentRole,
    AttachmentKind,
    Consent,
    CriterionKind,
    IneligibleReason,
    NominationState,
    Phase,
    Seat,
)
from award_app.nominations.models import Answer, Attachment, Endorsement, HandIn, Nomination
from award_app.panel.models import Declaration
from award_app.reviews.models import Score

Made = TypeVar("Made", bound=Base)
_numbers = itertools.count(1)
_years = itertools.count()

# A phase → how many days ago its cycle opened. Windows: 30 days nominations, 20 screening, 20 review.
_OPENED_AGO = {Phase.PREPARING: -10, Phase.OPEN: 10, Phase.SCREENING: 40, Phase.REVIEW: 60, Phase.RESULT: 80}

CRITERIA = (("mandate", 30), ("community", 25), ("gender", 20), ("leadership", 15), ("evidence", 10))

ANSWERS = {
    "family_name": "Okoro",
    "given_names": "Nadia",
    "publish_name": "Nadia Okoro",
    "rank_original": "Inspecteur",
    "rank_english": "Inspector",
    "country": "SN",
    "home_service": "National Police of Senegal",
    "kind": "IPO",
    "un_function": "Gender adviser",
    "unit": "Community policing unit",
    "duty_place": "Team site north",
    "mission_start": "2025-06-01",
    "tour_end": "2026-12-01",
    "years_of_service": "12",
    "career": "Joined the police in 2014 and served in three regions.",
    "contact_email": "nadia.okoro@laurel.example",
    "contact_phone": "+221 33 000 0000",
    "working_language": "fr",
    "reason": "She opened a desk that people trust.",
    "achievements.0.before": "There was no desk for survivors.",
    "achievements.0.action": "She opened one and trained its staff.",
    "achievements.0.result": "Reports rose from two to forty a month.",
    "achievements.0.dates": "2025",
    "achievements.0.place": "Northern sector",
    "achievements.0.number": "40",
    "achievements.0.number_unit": "reports a month",
    "achievements.0.source": "Register of the desk",
    **{f"answer.{code}": f"What she did for {code}." for code, _weight in CRITERIA},
    "citation": "For opening a door that stays open.",
    "true_and_complete": "yes",
    "identifies_survivor": "no",
    "consent": "given",
}


def add(thing: Made) -> Made:
    db.session.add(thing)
    db.session.flush()
    return thing


def mission(acronym: str | None = None) -> Mission:
    acronym = acronym or f"MISSION{next(_numbers)}"
    return add(
        Mission(
            acronym=acronym,
            name=f"Mission {acronym}",
            area="Somewhere",
            kind="peacekeeping",
            started="2014",
            timezone="UTC",
        )
    )


def person(name: str | None = None, **more: Any) -> Person:
    n = next(_numbers)
    values = {"name": name or f"Person {n}", "email": f"person{n}@laurel.example", "created_at": clock.now()}
    return add(Person(ref=chance.reference(), **{**values, **more}))


def cycle(
    phase: Phase = Phase.OPEN, *, award_year: int | None = None, missions: tuple[Mission, ...] = (), quota: int = 4
) -> Cycle:
    """A cycle that stands in one of the phases that follow instants, with the default criteria."""
    now = clock.now()
    opens = now - timedelta(days=_OPENED_AGO[phase])
    made = Cycle(
        award_year=award_year or 2100 + next(_years) % 7000,  # four digits however long the run, and nobody's real year
        titles={"en": "International Female Police Peacekeeper Award", "fr": "Prix de la policière"},
        opens_at=opens,
        closes_at=opens + timedelta(days=30),
        screening_ends_at=opens + timedelta(days=50),
        review_ends_at=opens + timedelta(days=70),
        service_from=date(2025, 1, 1),
        service_to=date(2026, 12, 31),
        default_quota=quota,
        quorum=1,
        created_at=opens - timedelta(days=10),
        opened_at=None if phase is Phase.PREPARING else opens,
    )
    add(made)
    for position, (code, weight) in enumerate(CRITERIA, 1):
        criterion(made, code, weight, position)
    criterion(made, "conduct", 0, len(CRITERIA) + 1, CriterionKind.CONCERN)
    for called in missions:
        add(CycleMission(cycle_id=made.id, mission_id=called.id, quota=quota))
    return made


def criterion(of: Cycle, code: str, weight: int, position: int, kind: CriterionKind = CriterionKind.SCALE) -> Criterion:
    levels = {str(v): {"en": f"Level {v} of {code}", "fr": f"Niveau {v}"} for v in range(1, 6)}
    titles = {"en": code.capitalize(), "fr": code}
    return add(
        Criterion(cycle_id=of.id, position=position, code=code, kind=kind, weight=weight, titles=titles, levels=levels)
    )


def appoint(
    who: Person,
    role: AppointmentRole,
    in_cycle: Cycle | None = None,
    for_mission: Mission | None = None,
    seat: Seat | None = None,
) -> Appointment:
    if role is AppointmentRole.MEMBER:
        seat = seat or Seat.MEMBER
    made = Appointment(
        person_id=who.id,
        role=role,
        seat=seat,
        cycle_id=in_cycle.id if in_cycle else None,
        mission_id=for_mission.id if for_mission else None,
        appointed_at=clock.now(),
    )
    add(made)
    db.session.refresh(who, ["appointments"])
    return made


def secretariat(**more: Any) -> Person:
    made = person(**more)
    appoint(made, AppointmentRole.SECRETARIAT)
    return made


def observer() -> Person:
    made = person()
    appoint(made, AppointmentRole.OBSERVER)
    return made


def nominator(of: Cycle, mission_: Mission, **more: Any) -> Person:
    made = person(**more)
    appoint(made, AppointmentRole.NOMINATOR, of, mission_)
    return made


def authority(of: Cycle, mission_: Mission, **more: Any) -> Person:
    made = person(**more)
    appoint(made, AppointmentRole.AUTHORITY, of, mission_)
    return made


def member(of: Cycle, seat: Seat = Seat.MEMBER, **more: Any) -> Person:
    made = person(**{"nationality": "NO", "home_service": "Police of Norway", **more})
    appoint(made, AppointmentRole.MEMBER, of, None, seat)
    return made


def nomination(
    of: Cycle,
    mission_: Mission,
    by: Person,
    state: NominationState = NominationState.DRAFT,
    *,
    files: bool = True,
    **answers: str,
) -> Nomination:
    """A complete file in the given state. `answers` replace those of ANSWERS; dots in keys are written as __."""
    now = clock.now()
    handed_in = state in {
        NominationState.SUBMITTED,
        NominationState.RETURNED,
        NominationState.ACCEPTED,
        NominationState.INELIGIBLE,
    }
    given = ANSWERS | {key.replace("__", "."): text for key, text in answers.items()}
    made = Nomination(
        ref=chance.reference(),
        cycle_id=of.id,
        mission_id=mission_.id,
        nominator_id=by.id,
        state=NominationState.DRAFT,
        created_at=now,
        changed_at=now,
        nominee_name=given["publish_name"],
        nominee_rank=given["rank_original"],
        nominee_country=given["country"],
        nominee_service=given["home_service"],
        nominee_unit=given["unit"],
    )
    add(made)
    for field, text in given.items():
        answer(made, field, text, by)
    if files:
        for kind in (AttachmentKind.ENDORSEMENT_LETTER, AttachmentKind.CV):
            attachment(made, kind, by)
    if handed_in:
        last = max(row.id for row in db.session.query(Answer).filter_by(nomination_id=made.id))
        made.submitted_at, made.submitted_digest, made.submitted_answer_id = now, "0" * 64, last
        made.consent, made.consent_at = Consent.GIVEN, now
        papers = [row.id for row in db.session.query(Attachment).filter_by(nomination_id=made.id)]
        add(HandIn(nomination_id=made.id, digest="0" * 64, answer_id=last, attachments=papers, by_id=by.id, at=now))
    if state is NominationState.ENDORSED:
        made.endorsed_digest = "0" * 64
    if state is NominationState.RETURNED:
        made.return_deadline = of.screening_ends_at
    if state is NominationState.ACCEPTED:
        made.accepted_at = now
    if state is NominationState.INELIGIBLE:
        made.ineligible_reason = IneligibleReason.NOT_SERVING
        made.ineligible_by_id, made.ineligible_confirmed_by_id = secretariat().id, secretariat().id
    if state is NominationState.WITHDRAWN:
        made.withdrawn_reason = "She went home."
    made.state = state
    db.session.flush()
    return made


def answer(of: Nomination, field: str, text: str, by: Person, revision: int = 1) -> Answer:
    return add(
        Answer(
            nomination_id=of.id,
            field=field,
            revision=revision,
            seen_revision=revision - 1,
            operation_id=chance.token(),
            text=text,
            by_id=by.id,
            at=clock.now(),
        )
    )


def attachment(of: Nomination, kind: AttachmentKind, by: Person, **more: Any) -> Attachment:
    values = {"filename": f"{kind.value}.pdf", "media_type": "application/pdf", "size": 100, "digest": "0" * 64}
    return add(
        Attachment(
            ref=chance.reference(), nomination_id=of.id, kind=kind, by_id=by.id, at=clock.now(), **{**values, **more}
        )
    )


def endorsement(of: Nomination, by: Person) -> Endorsement:
    return add(
        Endorsement(
            nomination_id=of.id,
            by_id=by.id,
            at=clock.now(),
            digest="0" * 64,
            in_active_service=True,
            no_serious_sanction=True,
            none_pending=True,
        )
    )


def declaration(of: Nomination, by: Person) -> Declaration:
    return add(Declaration(nomination_id=of.id, person_id=by.id, suggested={}, at=clock.now()))


def score(of: Nomination, by: Person, criterion_: Criterion, value: int, revision: int = 1) -> Score:
    return add(
        Score(
            nomination_id=of.id,
            person_id=by.id,
            criterion_id=criterion_.id,
            value=value,
            revision=revision,
            operation_id=chance.token(),
            at=clock.now(),
        )
    )


def at_phase(made: Cycle, phase: Phase) -> datetime:
    """The instant at which this cycle is a day into the phase."""
    start = {
        Phase.PREPARING: made.opens_at - timedelta(days=2),
        Phase.OPEN: made.opens_at,
        Phase.SCREENING: made.closes_at,
        Phase.REVIEW: made.screening_ends_at,
        Phase.RESULT: made.review_ends_at,
    }[phase]
    return start + timedelta(days=1)
