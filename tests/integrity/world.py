"""One cycle in each phase, a file in each state in each of them, and every kind of person before them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from award_app import chance, clock, outbox
from award_app.accounts.models import Appointment, Invitation, Person
from award_app.announcement.models import Announcement, Approval, Telling
from award_app.cycles.models import Cycle, Mission
from award_app.db import db
from award_app.domain.vocabulary import AppointmentRole, ChangeKind, ConflictKind, NominationState, Outcome, Phase, Seat
from award_app.nominations.models import Nomination, SecretariatDeclaration
from award_app.notifications.models import Letter
from award_app.panel.models import Recusal
from award_app.selection import computing
from award_app.selection.models import Decision, Finalist, OutcomeChange, Place, Present, Shortlist
from tests import factories as make

PHASES = (Phase.PREPARING, Phase.OPEN, Phase.SCREENING, Phase.REVIEW, Phase.RESULT, Phase.DECIDED, Phase.ANNOUNCED)


@dataclass
class World:
    here: Mission
    there: Mission
    cycles: dict[Phase, Cycle] = field(default_factory=dict)
    files: dict[tuple[Phase, NominationState], Nomination] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def things(self) -> list[tuple[str, str, Cycle | Nomination | None]]:
        """Everything the policy can be asked about, with its state and its cycle's phase; `-` where it has none."""
        return [
            ("-", "-", None),
            *(("-", phase.value, cycle) for phase, cycle in self.cycles.items()),
            *((state.value, phase.value, file) for (phase, state), file in self.files.items()),
        ]

    @property
    def invitation(self) -> Invitation:
        """One that waits."""
        return db.session.scalars(select(Invitation)).one()

    @property
    def letter(self) -> Letter:
        """About the invitation; it waits too."""
        return db.session.scalars(select(Letter)).one()


def build() -> World:
    """Every actor holds her appointment in every cycle, so that a cell differs in nothing but phase and state."""
    world = World(make.mission("HERE"), make.mission("THERE"))
    for number, phase in enumerate(PHASES):
        instants = phase if phase in (Phase.PREPARING, Phase.OPEN, Phase.SCREENING, Phase.REVIEW) else Phase.RESULT
        world.cycles[phase] = make.cycle(
            instants, award_year=2030 + number, missions=(world.here, world.there), quota=9
        )
    other = make.cycle(Phase.REVIEW, award_year=2040, missions=(world.here,))
    _appoint_everybody(world, other)
    for phase, cycle in world.cycles.items():
        if phase is not Phase.PREPARING:
            _add_files(world, phase, cycle)
        if phase in (Phase.RESULT, Phase.DECIDED, Phase.ANNOUNCED):
            cycle.round_opened_at, cycle.round_closed_at = cycle.screening_ends_at, cycle.review_ends_at
            _score(world, phase)
            computing.compute(cycle, now=clock.now())
            _shortlist(world, phase)
        if phase in (Phase.DECIDED, Phase.ANNOUNCED):
            _decide(world, phase, released=phase is Phase.ANNOUNCED)
    _invite(world)
    db.session.flush()
    return world


def _invite(world: World) -> None:
    invitation = make.add(
        Invitation(
            ref=chance.reference(),
            nonce=chance.token(),
            email="new@laurel.example",
            name="New",
            locale="en-XA",  # the secretariat reads her letter as she does: every word of it can be translated
            role=AppointmentRole.OBSERVER,
            invited_by_id=world.people["secretariat"].id,
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(days=14),
        )
    )
    outbox.add("invitation", to=None, cause="an invitation", now=clock.now(), invitation_id=invitation.id)


def _appoint_everybody(world: World, other: Cycle) -> None:
    people = world.people
    for name in ("secretariat", "secretariat_undeclared", "secretariat_conflict"):
        people[name] = make.secretariat(name=name)
    people["observer"] = make.observer()
    for name, role, mission in (
        ("nominator", AppointmentRole.NOMINATOR, world.here),
        ("nominator_other", AppointmentRole.NOMINATOR, world.there),
        ("authority", AppointmentRole.AUTHORITY, world.here),
        ("authority_other", AppointmentRole.AUTHORITY, world.there),
        ("deactivated", AppointmentRole.NOMINATOR, world.here),
    ):
        people[name] = make.person(name)
        for cycle in world.cycles.values():
            make.appoint(people[name], role, cycle, mission)
    people["deactivated"].deactivated_at = clock.now()
    for name, seat in (
        ("member", Seat.MEMBER),
        ("member_undeclared", Seat.MEMBER),
        ("member_recused", Seat.MEMBER),
        ("member_removed", Seat.MEMBER),
        ("chair", Seat.CHAIR),
        ("deputy", Seat.DEPUTY),
    ):
        people[name] = make.person(name, nationality="NO", home_service="Police of Norway")
        for cycle in world.cycles.values():
            made = make.appoint(people[name], AppointmentRole.MEMBER, cycle, None, seat)
            _end_if_removed(name, made)
    db.session.refresh(people["member_removed"], ["appointments"])
    people["member_other_cycle"] = make.member(other)


def _end_if_removed(name: str, appointment: Appointment) -> None:
    if name == "member_removed":
        appointment.ended_at = clock.now()
        db.session.flush()


def _add_files(world: World, phase: Phase, cycle: Cycle) -> None:
    people = world.people
    for state in NominationState:
        file = make.nomination(
            cycle, world.here, people["nominator"], state, family_name=f"{phase.value} {state.value}"
        )
        world.files[phase, state] = file
        if file.submitted_at is not None:
            for name, conflict in (("secretariat", False), ("secretariat_conflict", True)):
                make.add(
                    SecretariatDeclaration(
                        nomination_id=file.id,
                        person_id=people[name].id,
                        conflict=conflict,
                        reason="We are cousins." if conflict else None,
                        at=clock.now(),
                    )
                )
        for name in ("member", "member_removed", "chair", "deputy"):
            make.declaration(file, people[name])
        make.add(
            Recusal(
                nomination_id=file.id,
                person_id=people["member_recused"].id,
                kind=ConflictKind.CLOSE_TIE,
                reason="We trained together.",
                at=clock.now(),
            )
        )


def _score(world: World, phase: Phase) -> None:
    file = world.files[phase, NominationState.ACCEPTED]
    for place, name in enumerate(("member", "chair", "deputy"), 3):
        for criterion in world.cycles[phase].criteria:
            make.score(file, world.people[name], criterion, place if criterion.weight else 2)


def _shortlist(world: World, phase: Phase) -> None:
    cycle, chair = world.cycles[phase], world.people["chair"].id
    shortlist = make.add(
        Shortlist(
            cycle_id=cycle.id,
            version=1,
            reasons="It stands out.",
            by_id=chair,
            at=clock.now(),
            confirmed_by_id=chair,
            confirmed_at=clock.now(),
        )
    )
    file = world.files[phase, NominationState.ACCEPTED]
    make.add(Finalist(shortlist_id=shortlist.id, nomination_id=file.id))
    make.add(
        OutcomeChange(
            cycle_id=cycle.id,
            nomination_id=file.id,
            kind=ChangeKind.DECLINED,
            reason="She said so.",
            proposed_by_id=world.people["secretariat"].id,
            proposed_at=clock.now(),
        )
    )


def _decide(world: World, phase: Phase, *, released: bool) -> None:
    cycle, file = world.cycles[phase], world.files[phase, NominationState.ACCEPTED]
    people = world.people
    decision = make.add(
        Decision(cycle_id=cycle.id, award=True, reasons="The widest effect.", by_id=people["chair"].id, at=clock.now())
    )
    make.add(Place(decision_id=decision.id, nomination_id=file.id, outcome=Outcome.LAUREATE, position=1))
    make.add(Present(decision_id=decision.id, person_id=people["member"].id))
    if not released:
        return
    announcement = make.add(
        Announcement(
            cycle_id=cycle.id,
            nomination_id=file.id,
            name=file.nominee_name,
            rank=file.nominee_rank,
            country=file.nominee_country,
            duty="Gender adviser",
            citations={"en": "For her work.", "fr": "Pour son travail."},
            stories={"en": "She went far.", "fr": "Elle est allée loin."},
            release_at=clock.now() - timedelta(days=1),
            version=1,
            prepared_by_id=people["secretariat"].id,
            prepared_at=clock.now(),
        )
    )
    make.add(
        Telling(
            announcement_id=announcement.id,
            nomination_id=file.id,
            by_id=people["secretariat"].id,
            at=clock.now() - timedelta(days=9),
        )
    )
    for slot, name in ((1, "secretariat"), (2, "secretariat_undeclared")):
        make.add(
            Approval(announcement_id=announcement.id, version=1, slot=slot, person_id=people[name].id, at=clock.now())
        )
