"""The cockpit's pages: for the secretariat and for nobody else, each line with the way to where it is mended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.audit import LedgerEntry
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState, Phase
from award_app.reports import picture, sheets, words
from award_app.reports.cockpit import Block, Blocked
from tests import factories as make
from tests.conftest import Clock
from tests.counting import Statements
from tests.reports.test_cockpit import Year, year_in

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
As = Callable[[Person], FlaskClient]


@pytest.fixture
def year(app: Flask, clock: Clock) -> Year:
    found = year_in(Phase.OPEN)
    with transaction():
        found.file(NominationState.SUBMITTED)
        found.file(NominationState.DRAFT, publish_name="Secret Draft")
    return found


@pytest.mark.parametrize("code", list(Block))
def test_every_block_is_a_sentence_and_leads_to_a_page(app: Flask, code: Block) -> None:
    with app.test_request_context():
        line = words.line(Blocked(code, 2, ("A", "B")), 2026)
    assert (line.sentence.endswith("."), bool(line.link)) == (True, True)
    assert app.url_map.bind("localhost").test(line.href.split("?")[0])


def test_the_cockpit_says_where_the_year_stands_and_what_blocks_it(year: Year, as_: As) -> None:
    html = as_(year.me).get(f"/reports/{year.cycle.award_year}").text
    for sentence in (
        "1 file waits for screening.",
        "Nobody can hand a file in for BETA, GAMMA: there is no nominating authority.",
        "2 missions are silent",
        "1 of 4",
    ):
        assert sentence in html
    assert f'href="/screening/{year.cycle.award_year}?state=submitted"' in html
    assert ("Secret Draft" in html, 'aria-current="step"' in html) == (False, True)


def test_the_start_page_and_the_navigation_lead_to_the_running_year(year: Year, as_: As) -> None:
    browser, address = as_(year.me), f"/reports/{year.cycle.award_year}"
    assert browser.get("/reports").location == address
    html = browser.get("/home").text
    assert (f'href="{address}"' in html, 'href="/reports"' in html) == (True, True)


def test_without_a_year_the_cockpit_leads_to_the_list_of_years(app: Flask, clock: Clock, as_: As) -> None:
    with transaction():
        me = make.secretariat()
    assert as_(me).get("/reports").location == "/cycles"


def test_nobody_else_finds_the_cockpit(year: Year, as_: As) -> None:
    with transaction():
        cycle, mission = year.cycle, year.missions[0]
        others = [
            make.observer(),
            make.member(cycle),
            make.person(),
            make.nominator(cycle, mission),
            make.authority(cycle, mission),
        ]
    base = f"/reports/{year.cycle.award_year}"
    addresses = ("/reports", base, f"{base}/missions", f"{base}/missions?as=csv", "/reports/1999")
    assert {as_(person).get(address).status_code for person in others for address in addresses} == {404}
    assert {as_(year.me).get(address).status_code for address in ("/reports/1999", "/reports/1999/missions")} == {404}


def test_the_missions_are_filtered_and_taken_along(year: Year, as_: As) -> None:
    browser, address = as_(year.me), f"/reports/{year.cycle.award_year}/missions"
    html = browser.get(f"{address}?stands=silent").text
    assert ("2 of 3 missions" in html, "Head of Alpha" in html, "Invite somebody" in html) == (True, False, True)
    rows = sheets.from_csv(browser.get(f"{address}?q=alpha&as=csv").data)
    closes = f"{year.cycle.closes_at:%Y-%m-%d %H:%M:%S}"
    assert rows[1:] == [
        ["ALPHA", "Mission ALPHA", "Somewhere", "Handed in", "4", "1", "1", closes, "Head of Alpha"],
    ]
    row = db.session.query(LedgerEntry).filter_by(act="export").one()
    assert (row.subject, row.cycle_id, row.detail["list"]) == ("cycle", year.cycle.id, "missions")


def test_the_pages_take_a_fixed_number_of_statements(year: Year, as_: As, statements: Statements) -> None:
    browser, base = as_(year.me), f"/reports/{year.cycle.award_year}"

    def asked(address: str) -> int:
        with statements.counted() as counted:
            assert browser.get(address).status_code == 200
        return counted.number

    addresses = (base, f"{base}/missions", f"{base}/missions?q=alpha&stands=handed_in")
    few = [asked(address) for address in addresses]
    with transaction():
        for n in range(20):
            year.file(NominationState.SUBMITTED, n % 3)
            make.authority(year.cycle, year.missions[n % 3])
    assert [asked(address) for address in addresses] == few
    assert few[1:] == [few[1]] * 2
    assert few[1] <= 8


@pytest.mark.parametrize(
    ("handed_in", "quota", "filled"),
    [
        (0, 2, [False, False]),
        (1, 2, [True, False]),
        # more than the quota allows today
        (3, 2, [True, True, True]),
    ],
)
def test_a_mission_s_places_are_boxes_filled_by_its_files(
    app: Flask, handed_in: int, quota: int, filled: list[bool]
) -> None:
    drawn = picture.draw(handed_in, quota)
    assert drawn is not None
    assert ([box.filled for box in drawn.boxes], drawn.width) == (filled, 18 * len(filled))


def test_too_many_places_to_count_at_a_glance_are_words_alone(app: Flask) -> None:
    assert picture.draw(1, 13) is None
