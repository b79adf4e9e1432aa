"""The list of award years, and how many statements a year costs on it and on the start page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.cycles import queries, words
from award_app.db import transaction
from award_app.domain.vocabulary import NominationState, Phase
from award_app.reports import sheets
from award_app.reports.lists.queries import Wanted
from award_app.selection.models import Decision
from tests import factories as make
from tests.conftest import Clock
from tests.counting import Statements
from tests.reports.test_cockpit import declared, release

As = Callable[[Person], FlaskClient]


@pytest.fixture
def me(app: Flask, clock: Clock) -> Person:
    """2021 archived, 2022 announced, 2023 decided, 2024 in review, 2025 open, 2026 in preparation."""
    with transaction():
        phases = (Phase.RESULT, Phase.RESULT, Phase.RESULT, Phase.REVIEW, Phase.OPEN, Phase.PREPARING)
        years = {n: make.cycle(phase, award_year=n) for n, phase in enumerate(phases, 2021)}
        years[2021].archived_at = clock.now
        for number in (2022, 2023):
            by = make.person().id
            make.add(Decision(cycle_id=years[number].id, award=False, reasons="None.", by_id=by, at=clock.now))
        release(years[2022], clock.now)
        years[2024].titles = {"en": "Award of Merit", "fr": "Prix d’excellence"}
        return make.secretariat()


@pytest.mark.parametrize(
    ("wanted", "years"),
    [
        (Wanted(), [2026, 2025, 2024, 2023, 2022, 2021]),
        (Wanted(chosen={"stands": "preparing"}), [2026]),
        # a recorded decision is nothing a filter could tell
        (Wanted(chosen={"stands": "running"}), [2025, 2024, 2023]),
        (Wanted(chosen={"stands": "announced"}), [2022]),
        (Wanted(chosen={"stands": "archived"}), [2021]),
        (Wanted("2024"), [2024]),
        (Wanted("MÉRIT"), [2024]),
        (Wanted("excellence"), []),
    ],
)
def test_years_are_found_by_number_title_and_where_they_stand(
    me: Person, clock: Clock, wanted: Wanted, years: list[int]
) -> None:
    page = queries.listed(wanted, "en", clock.now)
    assert ([cycle.award_year for cycle in page.rows], page.total) == (years, 6)


def test_the_title_is_searched_in_the_language_it_is_shown_in(me: Person, clock: Clock) -> None:
    assert [cycle.award_year for cycle in queries.listed(Wanted("excellence"), "fr", clock.now).rows] == [2024]


def test_phases_of_many_years_are_as_this_person_may_know_them(me: Person, clock: Clock) -> None:
    with transaction():
        other, mission = make.secretariat(), make.mission()
        decided = queries.of_year(2023)
        file = make.nomination(decided, mission, make.nominator(decided, mission), NominationState.ACCEPTED)
        declared(file, other, conflict=True)
    cycles = queries.every()
    seen = [[words.phases(cycles, clock.now, seen_by=p)[c.id].value for c in cycles] for p in (me, other)]
    assert seen == [
        ["preparing", "open", "review", "decided", "announced", "archived"],
        ["preparing", "open", "review", "result", "announced", "archived"],
    ]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_more_years_cost_no_more_statements(me: Person, clock: Clock, as_: As, statements: Statements) -> None:
    browser = as_(me)

    def asked(address: str) -> int:
        with statements.counted() as counted:
            assert browser.get(address).status_code == 200
        return counted.number

    few = [asked(address) for address in ("/cycles", "/home", "/screening")]
    with transaction():
        for number in range(2100, 2130):
            make.cycle(Phase.RESULT, award_year=number).archived_at = clock.now
    assert [asked(address) for address in ("/cycles", "/screening")] == [few[0], few[2]]
    assert asked("/home") <= few[1]
    assert few[0] <= 9  # one is decided and not announced


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_page_and_its_file_hold_the_same_years(me: Person, as_: As) -> None:
    browser = as_(me)
    html = browser.get("/cycles?stands=running&q=award").text
    assert ("3 of 6 award years" in html, 'href="/cycles/2024"' in html, 'href="/cycles/2026"' in html) == (
        True,
        True,
        False,
    )
    rows = sheets.from_csv(browser.get("/cycles?q=2024&as=csv").data)
    assert (rows[0][:3], rows[1][:3]) == (["Year", "Title", "Phase"], ["2024", "Award of Merit", "Review"])
