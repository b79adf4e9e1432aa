"""The letters of a year's changes, with the rows they are about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from award_app import chance, clock
from award_app.accounts.factors.models import FactorReset
from award_app.accounts.models import AddressChange, Appointment, Person
from award_app.accounts.resetting.models import PasswordReset
from award_app.announcement.models import TakingBack, Telling
from award_app.audit import LedgerAnchor
from award_app.cycles.models import Cycle, Extension, MovedDate
from award_app.db import db
from award_app.domain.vocabulary import ChangeKind, NominationState, Outcome, Phase, Seat
from award_app.nominations.models import SentBack
from award_app.notifications.models import Letter
from award_app.reviews.models import CannotFinish
from award_app.selection.models import Decision, OutcomeChange, Place
from tests import factories
from tests.notifications import scene

S = NominationState


def _of(person: Person) -> Appointment:
    return db.session.query(Appointment).filter_by(person_id=person.id).one()


def call() -> Letter:
    made = scene.year(S.DRAFT, Phase.OPEN)
    return scene.to("call", made.authority, appointment_id=_of(made.authority).id)


def appointed() -> Letter:
    made = scene.year(S.DRAFT, Phase.OPEN)
    return scene.to("appointed", made.authority, appointment_id=_of(made.authority).id)


def seat_changed() -> Letter:
    made = scene.year()
    chair = factories.member(made.cycle, Seat.CHAIR, name="Ada Lund")
    return scene.to("seat_changed", chair, appointment_id=_of(chair).id)


def authority_deputised() -> Letter:
    made = scene.year(S.DRAFT, Phase.OPEN)
    deputy = factories.authority(made.cycle, made.mission, name="Ines Costa")
    return scene.to("authority_deputised", made.authority, appointment_id=_of(deputy).id)


def handed_over() -> Letter:
    made = scene.year(S.DRAFT, Phase.OPEN)
    new = factories.nominator(made.cycle, made.mission, name="Ines Costa")
    return scene.to("handed_over", made.file.nominator, appointment_id=_of(new).id, count=2)


def moved(*fields: str, to: str = "member", phase: Phase = Phase.REVIEW) -> Letter:
    made = scene.year(S.ACCEPTED, phase)
    by, now = factories.secretariat(), clock.now()
    rows = [move(made.cycle, field, by) for field in fields or ("review_ends_at",)]
    reader = {"member": made.member, "authority": made.authority, "secretariat": by}[to]
    assert rows[0].at == now
    return scene.to("dates_moved", reader, moved_date_id=rows[-1].id)


def move(cycle: Cycle, field: str, by: Person, days: int = 7) -> MovedDate:
    before = getattr(cycle, field)
    after = before + timedelta(days=days)
    setattr(cycle, field, after)
    row = MovedDate(cycle_id=cycle.id, field=field, before=before, after=after, reason="Floods.", by_id=by.id, at=now())
    return factories.add(row)


def extended() -> Letter:
    made = scene.year(S.DRAFT, Phase.OPEN)
    by, until = factories.secretariat(), made.cycle.closes_at + timedelta(days=3)
    row = Extension(
        cycle_id=made.cycle.id, mission_id=made.mission.id, until=until, reason="Floods.", by_id=by.id, at=now()
    )
    return scene.to("extended", made.authority, extension_id=factories.add(row).id)


def file_extended() -> Letter:
    made, row = scene.sent_back()
    made.file.return_deadline = row.deadline + timedelta(days=2)
    return scene.to("file_extended", made.authority, nomination_id=made.file.id)


def draft_sent_back() -> Letter:
    made = scene.year(S.DRAFT, Phase.OPEN)
    row = SentBack(nomination_id=made.file.id, remarks="Numbers.", by_id=made.authority.id, at=now())
    return scene.to("draft_sent_back", made.file.nominator, sent_back_id=factories.add(row).id)


def withdrawn() -> Letter:
    made = scene.year(S.WITHDRAWN)
    return scene.to("withdrawn", made.authority, nomination_id=made.file.id)


def cannot_finish() -> Letter:
    made = scene.year(S.ACCEPTED, Phase.REVIEW)
    row = CannotFinish(cycle_id=made.cycle.id, person_id=made.member.id, reason="Ill.", at=now())
    return scene.to("cannot_finish", factories.secretariat(), cannot_finish_id=factories.add(row).id)


def round_waits() -> Letter:
    made = scene.year(S.ACCEPTED, Phase.RESULT)
    return scene.to("round_waits", factories.secretariat(), cycle_id=made.cycle.id)


def reminder() -> Letter:
    made = scene.year(S.DRAFT, Phase.OPEN)
    return scene.to("reminder", made.authority, cycle_id=made.cycle.id)


def outcome_changed() -> Letter:
    made = scene.year(S.ACCEPTED, Phase.RESULT)
    made.cycle.round_closed_at = now()
    people = factories.secretariat(), factories.secretariat()
    row = OutcomeChange(
        cycle_id=made.cycle.id,
        nomination_id=made.file.id,
        kind=ChangeKind.DECLINED,
        reason="She prefers not to.",
        proposed_by_id=people[0].id,
        proposed_at=now(),
        confirmed_by_id=people[1].id,
        confirmed_at=now(),
    )
    return scene.to("outcome_changed", people[0], outcome_change_id=factories.add(row).id)


def told() -> Letter:
    made = scene.year(S.ACCEPTED, Phase.RESULT)
    by = factories.secretariat()
    decision = factories.add(
        Decision(cycle_id=made.cycle.id, award=True, reasons="Hers.", by_id=made.member.id, at=now())
    )
    factories.add(Place(decision_id=decision.id, nomination_id=made.file.id, outcome=Outcome.LAUREATE, position=1))
    announcement = scene.announce(made.cycle, made.file)
    announcement.release_at = now() + timedelta(days=14)
    row = Telling(announcement_id=announcement.id, nomination_id=made.file.id, by_id=by.id, at=now())
    return scene.to("told", made.authority, telling_id=factories.add(row).id)


def taken_back(was_released: bool = True) -> Letter:
    made = scene.released()
    assert made.announcement is not None
    announcement, by = made.announcement, factories.secretariat()
    announcement.taken_back_at = now()
    row = TakingBack(
        announcement_id=announcement.id, version=1, reason="A name.", was_released=was_released, by_id=by.id, at=now()
    )
    return scene.to("taken_back", made.authority, taking_back_id=factories.add(row).id)


def new_address(template: str) -> Letter:
    person = factories.person("Amara Diallo", timezone="Africa/Juba")
    row = AddressChange(
        ref=chance.reference(),
        nonce=chance.token(),
        person_id=person.id,
        email="new.address@laurel.example",
        before=person.email,
        asked_by_id=person.id,
        at=now(),
        expires_at=now() + timedelta(days=14),
    )
    return scene.to(template, person, address_change_id=factories.add(row).id)


def password_reset() -> Letter:
    person = factories.person("Amara Diallo", timezone="Africa/Juba")
    row = PasswordReset(
        ref=chance.reference(),
        nonce=chance.token(),
        person_id=person.id,
        email=person.email,
        at=now(),
        expires_at=now() + timedelta(hours=2),
    )
    return scene.to("password_reset", person, password_reset_id=factories.add(row).id)


def ledger_anchored() -> Letter:
    made = scene.year(S.ACCEPTED, Phase.RESULT)
    row = LedgerAnchor(seq=7, seal=bytes(32), reason="close_round", cycle_id=made.cycle.id, at=now(), written_at=now())
    return scene.to("ledger_anchored", factories.secretariat(), ledger_anchor_id=factories.add(row).id)


def about_account(template: str) -> Letter:
    person = factories.person("Amara Diallo", timezone="Africa/Juba")
    return scene.to(template, person, person_id=person.id)


def lost_factor(template: str) -> Letter:
    person, asker, other = factories.person("Amara Diallo"), factories.secretariat(), factories.secretariat()
    row = FactorReset(ref=chance.reference(), person_id=person.id, reason="Lost.", asked_by_id=asker.id, asked_at=now())
    reader = other if template == "factor_reset_asked" else person
    return scene.to(template, reader, factor_reset_id=factories.add(row).id)


now = clock.now
OF_AN_ACCOUNT = ("factor_added", "factor_replaced", "factor_removed", "recovery_code_used", "password_changed")
OCCASIONS: dict[str, Callable[[], Letter]] = {
    "call": call,
    "appointed": appointed,
    "seat_changed": seat_changed,
    "authority_deputised": authority_deputised,
    "handed_over": handed_over,
    "dates_moved": moved,
    "extended": extended,
    "file_extended": file_extended,
    "draft_sent_back": draft_sent_back,
    "withdrawn": withdrawn,
    "cannot_finish": cannot_finish,
    "round_waits": round_waits,
    "reminder": reminder,
    "outcome_changed": outcome_changed,
    "told": told,
    "taken_back": taken_back,
    "ledger_anchored": ledger_anchored,
    **{template: partial(about_account, template) for template in OF_AN_ACCOUNT},
    "factor_reset": lambda: lost_factor("factor_reset"),
    "factor_reset_asked": lambda: lost_factor("factor_reset_asked"),
    "password_reset": password_reset,
    "address_change": lambda: new_address("address_change"),
    "address_changed_notice": lambda: new_address("address_changed_notice"),
}
