"""Conduct clearance: for the secretariat without a conflict, and on no page of anybody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import Consent, NominationState, Refusal
from award_app.nominations import clearance, screening
from award_app.nominations.models import ConductClearance, Nomination
from tests import factories as make
from tests.conftest import Clock
from tests.nominations.conftest import Place, make_place
from tests.nominations.test_operations import refusal

As = Callable[[Person], FlaskClient]
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
SECRET = "CR-2026-0815"


@pytest.fixture
def place(app: object, clock: Clock) -> Place:
    return make_place()


@pytest.fixture
def file(place: Place, clock: Clock) -> Nomination:
    with transaction():
        made = make.nomination(place.cycle, place.mission, place.nominator, NominationState.ACCEPTED)
        screening.declare_as_secretariat(made, conflict=False, reason=None, by=place.secretariat, now=clock.now)
    return made


def test_each_answer_is_a_row_and_the_newest_counts(place: Place, file: Nomination, clock: Clock) -> None:
    today = clock.now.date()
    for cleared in (False, True):
        with transaction():
            clearance.clear_conduct(file, cleared, today, f"  {SECRET} \n b ", by=place.secretariat, now=clock.now)
    rows = db.session.query(ConductClearance).order_by(ConductClearance.id).all()
    assert [(row.cleared, row.on, row.reference) for row in rows] == [
        (False, today, f"{SECRET} b"),
        (True, today, f"{SECRET} b"),
    ]


@pytest.mark.parametrize(("days", "reference"), [(2, SECRET), (0, "  "), (0, "x" * 101)])
def test_a_day_to_come_and_an_empty_or_endless_reference_are_refused(
    place: Place, file: Nomination, clock: Clock, days: int, reference: str
) -> None:
    on = (clock.now + timedelta(days=days)).date()
    said = refusal(lambda: clearance.clear_conduct(file, True, on, reference, by=place.secretariat, now=clock.now))
    assert said.refusal is Refusal.INVALID


def test_it_is_nobody_elses(place: Place, file: Nomination, clock: Clock) -> None:
    with transaction():
        member = make.member(place.cycle)

    def said(who: Person) -> Refusal:
        return refusal(
            lambda: clearance.clear_conduct(file, True, clock.now.date(), "1", by=who, now=clock.now)
        ).refusal

    found = [said(who) for who in (place.second, place.nominator, place.authority, member)]
    assert found == [Refusal.DECLARE_FIRST, Refusal.NOT_YOURS, Refusal.NOT_YOURS, Refusal.NOT_YOURS]


@on_sqlite
def test_it_is_noted_beside_the_consent_with_what_was_noted_before(
    place: Place, file: Nomination, clock: Clock, as_: As
) -> None:
    browser, address = as_(place.secretariat), f"/screening/files/{file.ref}"
    for sent, words in (
        ({}, "Choose one of the answers."),
        ({"conduct-cleared": "yes", "conduct-on": "soon", "conduct-reference": "1"}, "Write a date as year-month-day"),
        ({"conduct-cleared": "yes", "conduct-on": "2026-03-20", "conduct-reference": "1"}, "still to come"),
    ):
        answer = browser.post(f"{address}/conduct", data=sent)
        assert (answer.status_code, words in answer.text) == (422, True)
    for word in ("no", "yes"):
        sent = {"conduct-cleared": word, "conduct-on": "2026-03-01", "conduct-reference": f"{SECRET}-{word}"}
        assert browser.post(f"{address}/conduct", data=sent).status_code == 302
    for consent in (Consent.REFUSED, Consent.GIVEN):
        browser.post(f"{address}/consent", data={"consent-consent": consent.value})
    html = browser.get(address).text
    assert html.index(f"{SECRET}-yes") < html.index(f"{SECRET}-no")
    assert html.count("Noted before") == 2


@on_sqlite
def test_no_page_of_anybody_else_shows_it(place: Place, file: Nomination, clock: Clock, as_: As) -> None:
    with transaction():
        clearance.clear_conduct(file, False, clock.now.date(), SECRET, by=place.secretariat, now=clock.now)
        member, observer = make.member(place.cycle), make.observer()
        make.declaration(file, member)
    assert SECRET in as_(place.secretariat).get(f"/screening/files/{file.ref}").text
    pages = ("", "/check", "/receipt")
    for person in (place.nominator, place.authority, member, observer, place.second):
        browser = as_(person)
        shown = [browser.get(f"/nominations/{file.ref}{page}").text for page in pages]
        shown += [browser.get(f"/panel/{place.cycle.award_year}/{file.ref}").text, browser.get("/home").text]
        assert [text for text in shown if SECRET in text or "learance" in text] == []
