"""The list of people: found as their names are typed, narrowed, fifty a page, and as a file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts import queries
from award_app.accounts.models import Person
from award_app.audit import LedgerEntry
from award_app.db import db, transaction
from award_app.reports import sheets
from award_app.reports.lists.queries import Wanted
from tests import factories as make
from tests.conftest import Clock
from tests.counting import Statements

As = Callable[[Person], FlaskClient]


@pytest.fixture
def admin(app: Flask, clock: Clock) -> Person:
    with transaction():
        mission = make.mission("UNMISS")
        cycle = make.cycle(award_year=2026, missions=(mission,))
        make.nominator(cycle, mission, name="Zoë Ñandú", email="zoe@mission.example")
        left = make.authority(cycle, mission, name="Abena Left")
        left.appointments[0].ended_at = clock.now
        make.member(make.cycle(award_year=2025), name="Björn Member", deactivated_at=clock.now)
        return make.secretariat(name="=HYPERLINK(1)", email="admin@laurel.example")


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        # by name, accents and case set aside
        (Wanted(), ["=HYPERLINK(1)", "Abena Left", "Björn Member", "Zoë Ñandú"]),
        (Wanted("ZOE nandu"), ["Zoë Ñandú"]),
        (Wanted("mission.example"), ["Zoë Ñandú"]),
        (Wanted(chosen={"role": "member"}), ["Björn Member"]),
        # an appointment that has ended is none
        (Wanted(chosen={"role": "authority"}), []),
        (Wanted(chosen={"role": queries.NO_ROLE}), ["Abena Left"]),
        (Wanted(chosen={"year": "2026"}), ["Zoë Ñandú"]),
        (Wanted(chosen={"year": "2026", "role": "member"}), []),
        (Wanted(chosen={"account": "closed"}), ["Björn Member"]),
        (Wanted("b", {"account": "open"}), ["Abena Left"]),
    ],
)
def test_people_are_found_by_what_the_list_shows(admin: Person, wanted: Wanted, names: list[str]) -> None:
    page = queries.people(wanted)
    assert ([person.name for person in page.rows], page.found, page.total) == (names, len(names), 4)


def test_a_page_takes_as_many_statements_with_two_people_as_with_fifty(admin: Person, statements: Statements) -> None:
    def asked() -> int:
        db.session.expire_all()
        with statements.counted() as counted:
            held = [(a.cycle, a.mission) for person in queries.people(Wanted()).rows for a in person.appointments]
        assert len(held) > 2
        return counted.number

    few = asked()
    with transaction():
        cycle = make.cycle()
        for _n in range(60):
            make.member(cycle)
    assert (few, asked()) == (5, 5)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_page_keeps_what_was_asked_and_says_how_many_fit(admin: Person, as_: As) -> None:
    html = as_(admin).get("/people?q=zoe&role=nominator&page=7").text
    assert [sentence in html for sentence in ("1 of 4 people", 'value="zoe"', 'value="nominator" selected')] == [
        True
    ] * 3
    assert [name in html for name in ("Zoë Ñandú", "Abena Left")] == [True, False]
    assert "/people?q=zoe&amp;role=nominator&amp;as=xlsx" in html
    assert "Nobody fits" in as_(admin).get("/people?q=nobody").text


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_file_holds_the_same_rows_and_the_ledger_says_who_took_it(admin: Person, as_: As) -> None:
    answer = as_(admin).get("/people?account=open&as=csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="laurel-people-2026-03-10.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert sheets.from_csv(answer.data) == [
        ["Name", "E-mail address", "Appointments", "Account"],
        ["=HYPERLINK(1)", "admin@laurel.example", "Secretariat", "Open"],
        ["Abena Left", db.session.query(Person).filter_by(name="Abena Left").one().email, "", "Open"],
        ["Zoë Ñandú", "zoe@mission.example", "Nominator · UNMISS · 2026", "Open"],
    ]
    row = db.session.query(LedgerEntry).filter_by(act="export").one()
    assert (row.actor_id, row.subject, row.subject_id) == (admin.id, "person", admin.id)
    assert row.detail == {"list": "people", "form": "csv", "rows": 3}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_nobody_else_gets_the_file(admin: Person, as_: As) -> None:
    with transaction():
        others = [make.observer(), make.person(), make.member(make.cycle())]
    assert {as_(person).get("/people?as=csv").status_code for person in others} == {404}
    assert db.session.query(LedgerEntry).filter_by(act="export").count() == 0
