"""The secretariat's pages on which people change, as a browser meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts import operations
from award_app.accounts.models import AddressChange, Appointment, Invitation, Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import AppointmentRole, Seat
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Clock, application

pytestmark = pytest.mark.usefixtures("app")
As = Callable[[Person], FlaskClient]


@pytest.fixture(params=["sqlite"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Pages ask nothing that differs between the databases; operations are tested on both."""
    yield from application(request)


def test_another_address_is_asked_shown_and_cancelled(as_: As, clock: Clock) -> None:
    with transaction():
        admin, person = make.secretariat(), make.person(email="old@laurel.example")
    browser, path = as_(admin), f"/people/{person.ref}/address"
    bad = browser.post(path, data={"email": "no address"})
    assert (bad.status_code, "no address" in bad.text) == (422, True)
    assert browser.post(path, data={"email": "new@laurel.example"}).status_code == 302
    assert ("A link waits at new@laurel.example." in browser.get(path).text, person.email) == (
        True,
        "old@laurel.example",
    )
    assert browser.post(path + "/cancel").status_code == 302
    assert db.session.query(AddressChange).one().cancelled_at == clock.now
    assert browser.post(path + "/cancel").status_code == 409


def test_an_invitation_is_sent_again_an_hour_later_or_mended(as_: As, clock: Clock) -> None:
    with transaction():
        admin = make.secretariat()
        made = operations.invite("wrnog@laurel.example", "Nora", AppointmentRole.OBSERVER, by=admin, now=clock.now)
    browser, path = as_(admin), f"/people/invitations/{made.ref}"
    assert browser.post(path + "/resend").status_code == 302
    assert "less than an hour ago" in browser.get("/people").text
    clock.forward(hours=1)
    browser = as_(admin)
    assert browser.post(path + "/resend").status_code == 302
    assert db.session.query(Letter).filter_by(template="invitation").count() == 2
    assert "wrnog@laurel.example" in browser.get(path + "/address").text
    assert browser.post(path + "/address", data={"email": "right@laurel.example"}).location == "/people"
    rows = db.session.query(Invitation).order_by(Invitation.id).all()
    assert [(row.email, row.cancelled_at is None) for row in rows] == [
        ("wrnog@laurel.example", False),
        ("right@laurel.example", True),
    ]
    assert browser.post(path + "/resend").status_code == 410


def test_what_ends_is_said_before_an_account_is_closed(as_: As, clock: Clock) -> None:
    with transaction():
        mission = make.mission("UNMISS")
        cycle, admin = make.cycle(award_year=2026, missions=(mission,)), make.secretariat()
        person = make.member(cycle, Seat.CHAIR)
        make.appoint(person, AppointmentRole.AUTHORITY, cycle, mission)
        make.appoint(person, AppointmentRole.NOMINATOR, cycle, mission)
        make.nomination(cycle, mission, person)
    browser, path = as_(admin), f"/people/{person.ref}/active"
    page = browser.get(path).text
    said = (
        "UNMISS has no other nominating authority in 2026.",
        "The panel of 2026 loses its chair.",
        "The panel of 2026 is not over its quorum any more.",
        "1 open draft of UNMISS in 2026 stays with her.",
    )
    assert [words for words in said if words not in page] == []
    assert person.is_active
    assert browser.post(path, data={"active": "no"}).status_code == 302
    assert "Open the account again" in browser.get(path).text
    mine = browser.get(f"/people/{admin.ref}/active").text
    assert ("Nobody closes her own account." in mine, "button-stop" in mine) == (True, False)
    assert browser.post(f"/people/{admin.ref}/active", data={"active": "no"}).status_code == 422


def test_an_authority_gets_a_deputy_who_is_shown_beside_her(as_: As, clock: Clock) -> None:
    with transaction():
        mission = make.mission("UNMISS")
        cycle, admin = make.cycle(missions=(mission,)), make.secretariat()
        held = make.authority(cycle, mission).appointments[0]
        other = make.person("Vera Deputy", email="vera@laurel.example")
    browser, path = as_(admin), f"/people/{held.person.ref}"
    act = f"{path}/appointments/{held.id}/succeed"
    assert browser.get(act).status_code == 200
    form = {"email": other.email, "name": "Vera", "locale": "en"}
    assert browser.post(act, data=form).status_code == 422  # nothing is chosen for her
    assert browser.post(act, data={**form, "stays": "yes"}).location == path
    assert "Vera Deputy" in browser.get(path).text
    twice = browser.post(act, data={**form, "stays": "yes", "once": "again"})
    assert (twice.status_code, "Vera" in twice.text) == (409, True)
    gone = {**form, "email": "nora@laurel.example", "name": "Nora", "stays": "no", "once": "third"}
    assert browser.post(act, data=gone).status_code == 302
    assert db.session.get_one(Appointment, held.id).ended_at == clock.now
    assert db.session.query(Invitation).one().email == "nora@laurel.example"


def test_seats_of_the_newest_panel_are_shown_and_changed(as_: As, clock: Clock) -> None:
    with transaction():
        admin = make.secretariat()
        make.cycle(award_year=2025)
        cycle = make.cycle(award_year=2026)
        chair, member = make.member(cycle, Seat.CHAIR), make.member(cycle)
    browser = as_(admin)
    page = browser.get("/people/panel").text
    assert ("The panel of 2026" in page, chair.name in page, "year=2025" in page) == (True, True, True)
    assert "Nobody sits on this panel yet." in browser.get("/people/panel?year=2025").text
    form = {"chair": member.ref, "deputy": chair.ref}
    assert browser.post("/people/panel?year=2026", data=form).status_code == 302
    running = db.session.query(Appointment).filter_by(ended_at=None, cycle_id=cycle.id).order_by(Appointment.person_id)
    assert [(a.person_id, a.seat) for a in running] == [(chair.id, Seat.DEPUTY), (member.id, Seat.CHAIR)]
    both = browser.post("/people/panel?year=2026", data={"chair": chair.ref, "deputy": chair.ref, "once": "b"})
    assert (both.status_code, "Nobody is both chair and deputy chair." in both.text) == (422, True)
    assert browser.get("/people/panel?year=1999").status_code == 404


def test_nobody_else_finds_these_pages(as_: As, clock: Clock) -> None:
    with transaction():
        mission = make.mission()
        cycle, person = make.cycle(missions=(mission,)), make.person()
        held = make.authority(cycle, mission).appointments[0]
        others = [make.observer(), make.member(cycle), held.person]
    pages = (
        "/people/panel",
        f"/people/{person.ref}/address",
        f"/people/{person.ref}/active",
        f"/people/{held.person.ref}/appointments/{held.id}/succeed",
    )
    assert {as_(other).get(page).status_code for other in others for page in pages} == {404}
