"""A rehearsal says who would get a letter, and leaves nothing behind: no row, no lock, no line in the ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, update

from award_app import access, audit, clock
from award_app.accounts import operations as accounts
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import Action, AppointmentRole, NominationState, Refusal, Refused
from award_app.nominations import screening
from award_app.nominations.models import Nomination
from award_app.notifications.models import Letter
from award_app.notifications.rehearsal import Planned, rehearse
from tests import factories
from tests.conftest import Clock
from tests.notifications import scene


@pytest.fixture
def file(app: Flask, clock: Clock) -> tuple[Nomination, Person]:
    """Handed in, and somebody of the secretariat who may return it."""
    with transaction():
        made = scene.year(NominationState.SUBMITTED)
        screener = factories.secretariat()
        screening.declare_as_secretariat(made.file, conflict=False, reason=None, by=screener, now=clock.now)
    return made.file, screener


def _return(file: Nomination, by: Person) -> None:
    now = clock.now()
    screening.send_back(file, "Dates, please.", file.cycle.screening_ends_at, by=by, now=now)


def _everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as another connection sees it."""
    with db.engine.connect() as connection:
        tables = db.metadata.sorted_tables
        return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in tables}


def test_it_names_who_would_get_which_letter(file: tuple[Nomination, Person]) -> None:
    nomination, screener = file
    people = [nomination.nominator, _authority(nomination)]
    expected = [Planned("returned", "File returned", p.name, p.email) for p in sorted(people, key=lambda p: p.name)]
    assert rehearse(lambda: _return(nomination, screener)) == expected


def test_nothing_of_it_stays(file: tuple[Nomination, Person]) -> None:
    nomination, screener = file
    before = _everything()
    rehearse(lambda: _return(nomination, screener))
    assert nomination.state is NominationState.SUBMITTED
    with transaction():
        pass  # what was collected for the ledger would be written now
    assert _everything() == before


# Inside a transaction the work before and after the rehearsal is kept, and only that.
def test_within_a_transaction_the_rest_of_it_stays(file: tuple[Nomination, Person], clock: Clock) -> None:
    nomination, screener = file
    with transaction():
        screener.name = "Another Name"
        audit.record("before", screener, by=screener, at=clock.now)
        assert len(rehearse(lambda: _return(nomination, screener))) == 2
        audit.record("after", screener, by=screener, at=clock.now)
    db.session.expire_all()
    acts = db.session.scalars(select(audit.LedgerEntry.act).order_by(audit.LedgerEntry.seq)).all()
    assert (screener.name, acts[-2:], nomination.state) == (
        "Another Name",
        ["before", "after"],
        NominationState.SUBMITTED,
    )
    assert audit.verify().ok


def test_what_it_would_be_refused_for_is_raised_and_leaves_nothing(file: tuple[Nomination, Person]) -> None:
    nomination, _screener = file
    before = _everything()
    with pytest.raises(Refused) as refused:
        rehearse(lambda: _return(nomination, factories.secretariat()))
    assert refused.value.refusal is Refusal.DECLARE_FIRST
    assert _everything() == before


def test_what_it_showed_is_what_goes(file: tuple[Nomination, Person]) -> None:
    nomination, screener = file
    planned = rehearse(lambda: _return(nomination, screener))
    with transaction():
        _return(nomination, screener)
    letters = db.session.scalars(select(Letter)).all()
    written = sorted((letter.template, letter.person.email) for letter in letters if letter.person)
    assert written == sorted((one.template, one.email) for one in planned)


def test_somebody_without_an_account_is_named_too(app: Flask, clock: Clock) -> None:
    with transaction():
        by = factories.secretariat()
    planned = rehearse(
        lambda: accounts.invite("new@laurel.example", "Lea Rossi", AppointmentRole.OBSERVER, by=by, now=clock.now)
    )
    assert planned == [Planned("invitation", "Invitation", "Lea Rossi", "new@laurel.example")]


def test_a_page_that_only_reads_may_rehearse_while_another_writes(app: Flask, file: tuple[Nomination, Person]) -> None:
    nomination, screener = file
    with app.test_request_context("/"):  # a GET: its first statement begins a transaction that only reads
        assert db.session.scalar(select(func.count(Person.id)))
        with ThreadPoolExecutor(1) as pool:  # as another process would: without this request
            pool.submit(_write_meanwhile, db.engine, screener.id).result()
        assert len(rehearse(lambda: _return(nomination, screener))) == 2
        assert access.may(screener, Action.RETURN, nomination, now=clock.now()).allowed


def _write_meanwhile(engine: Engine, person_id: int) -> None:
    with engine.begin() as other:
        other.execute(update(Person).where(Person.id == person_id).values(name="Written meanwhile"))


def _authority(nomination: Nomination) -> Person:
    people = db.session.query(Person).all()
    (found,) = [
        p
        for p in people
        for a in p.appointments
        if a.role is AppointmentRole.AUTHORITY and a.mission_id == nomination.mission_id
    ]
    return found
