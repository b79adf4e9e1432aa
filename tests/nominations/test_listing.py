"""A mission's files as a list: narrowed and taken along, and only its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.audit import LedgerEntry
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState
from award_app.reports import sheets
from tests import factories as make
from tests.conftest import Clock
from tests.nominations.conftest import Place, make_place

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
As = Callable[[Person], FlaskClient]
S = NominationState


@pytest.fixture
def place(app: object, clock: Clock) -> Place:
    found = make_place()
    with transaction():
        found.nominator.name = "Zoë Writer"
        for name, state in (("Awa", S.DRAFT), ("Bintu", S.SUBMITTED), ("Chandra", S.RETURNED)):
            make.nomination(found.cycle, found.mission, found.nominator, state, publish_name=name)
        there = make.mission("THERE")
        make.nomination(found.cycle, there, make.nominator(found.cycle, there), publish_name="Of another mission")
    return found


def names(browser: FlaskClient, query: str) -> list[str]:
    return [row[2] for row in sheets.from_csv(browser.get(f"/nominations?as=csv&{query}").data)[1:]]


def test_files_are_found_by_name_state_mission_and_year(place: Place, as_: As) -> None:
    browser = as_(place.authority)
    assert names(browser, "") == ["Awa", "Bintu", "Chandra"]
    assert names(browser, "q=BÍNTU") == ["Bintu"]
    assert names(browser, "q=zoe writer&state=returned") == ["Chandra"]
    assert names(browser, f"mission={place.mission.acronym}&year={place.cycle.award_year}") == [
        "Awa",
        "Bintu",
        "Chandra",
    ]
    # another mission's file is not found, whatever is asked
    assert names(browser, "q=another") == names(browser, "mission=THERE&q=of another") == []
    # a filter that offers nothing narrows nothing
    assert names(browser, "state=accepted") == ["Awa", "Bintu", "Chandra"]


def test_the_file_says_what_the_page_says_and_the_ledger_who_took_it(place: Place, as_: As, clock: Clock) -> None:
    content = as_(place.nominator).get("/nominations?q=awa&as=csv").data
    now = f"{clock.now:%Y-%m-%d %H:%M:%S}"
    assert sheets.from_csv(content) == [
        ["Award year", "Mission", "Nominee", "State", "Returned until (UTC)", "Written by", "Last change (UTC)"],
        [str(place.cycle.award_year), place.mission.acronym, "Awa", "Draft", "", "Zoë Writer", now],
    ]
    row = db.session.query(LedgerEntry).filter_by(act="export").one()
    assert (row.actor_id, row.subject, row.detail["list"]) == (place.nominator.id, "person", "nominations")


def test_few_files_have_no_filters_and_many_have(place: Place, as_: As) -> None:
    browser = as_(place.nominator)
    few = browser.get("/nominations").text
    assert ('role="search"' in few, "as=xlsx" in few) == (False, True)
    with transaction():
        for n in range(60):
            make.nomination(place.cycle, place.mission, place.nominator, files=False, publish_name=f"Officer {n:02}")
    many = browser.get("/nominations").text
    assert ('role="search"' in many, "63 of 63 files" in many, "Page 1 of 2" in many) == (True, True, True)
    last = browser.get("/nominations?page=2").text
    assert ("Officer 59" in last, "Bintu" in last, many.count('<th scope="row">'), last.count('<th scope="row">')) == (
        True,
        False,
        50,
        13,
    )
    assert "No file fits" in browser.get("/nominations?q=nobody").text
