"""What was noted about a nominee's consent and conduct, and by whom: for the secretariat's page only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from award_app.accounts.models import Person
from award_app.audit import LedgerEntry
from award_app.db import db
from award_app.domain.vocabulary import Action, Consent
from award_app.nominations.models import ConductClearance, FileExtension, Nomination, WithdrawalRequest


@dataclass(frozen=True)
class Consented:
    at: datetime
    by: str
    consent: Consent


@dataclass(frozen=True)
class Cleared:
    at: datetime
    by: str
    cleared: bool
    on: date
    reference: str


@dataclass(frozen=True)
class Extended:
    at: datetime
    by: str
    until: datetime
    reason: str


@dataclass(frozen=True)
class Asked:
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class History:
    """The newest first."""

    consent: tuple[Consented, ...]
    conduct: tuple[Cleared, ...]
    extensions: tuple[Extended, ...]
    withdrawal: Asked | None


def of(nomination: Nomination, *, shows: Collection[Action]) -> History:
    conduct = _conduct(nomination) if Action.SEE_CONDUCT in shows else ()
    return History(_consent(nomination), conduct, _extensions(nomination), _withdrawal(nomination))


def _consent(nomination: Nomination) -> tuple[Consented, ...]:
    here = (LedgerEntry.subject == "nomination", LedgerEntry.subject_id == nomination.id)
    query = (
        select(LedgerEntry, Person.name)
        .join(Person, Person.id == LedgerEntry.actor_id)
        .where(*here, LedgerEntry.act == "record_consent")
        .order_by(LedgerEntry.seq.desc())
    )
    return tuple(Consented(row.at, name, Consent(row.detail["consent"])) for row, name in db.session.execute(query))


def _conduct(nomination: Nomination) -> tuple[Cleared, ...]:
    query = (
        select(ConductClearance, Person.name)
        .join(Person, Person.id == ConductClearance.by_id)
        .where(ConductClearance.nomination_id == nomination.id)
        .order_by(ConductClearance.id.desc())
    )
    return tuple(Cleared(row.at, name, row.cleared, row.on, row.reference) for row, name in db.session.execute(query))


def _extensions(nomination: Nomination) -> tuple[Extended, ...]:
    query = (
        select(FileExtension, Person.name)
        .join(Person, Person.id == FileExtension.by_id)
        .where(FileExtension.nomination_id == nomination.id)
        .order_by(FileExtension.id.desc())
    )
    return tuple(Extended(row.at, name, row.until, row.reason) for row, name in db.session.execute(query))


def _withdrawal(nomination: Nomination) -> Asked | None:
    query = (
        select(WithdrawalRequest, Person.name)
        .join(Person, Person.id == WithdrawalRequest.by_id)
        .where(WithdrawalRequest.nomination_id == nomination.id)
    )
    return next((Asked(row.at, name, row.reason) for row, name in db.session.execute(query)), None)
