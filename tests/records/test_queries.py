"""The observer learns from the ledger nothing that she may not know."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from award_app import audit
from award_app.accounts.models import Person
from award_app.audit import Thing
from award_app.cycles.models import Cycle
from award_app.db import transaction
from award_app.domain.vocabulary import AttachmentKind, NominationState, Phase
from award_app.nominations.models import Nomination
from award_app.records import queries
from award_app.reports import sheets
from award_app.reports.lists.queries import Wanted
from award_app.selection.models import Decision
from tests import factories as make
from tests.conftest import Clock

pytestmark = pytest.mark.usefixtures("app")

# About the people and settings of a year: known from the beginning.
OPEN = ["appoint", "create_cycle", "open_cycle", "open_round"]
# About one file.
FILE = ["accept", "begin", "hand_in"]
# Known with the decision.
DECISION = ["decide", "finish", "score"]
# Never.
CONFLICT = ["declare", "declare_as_secretariat", "recuse", "keep_late", "an act nobody has thought of yet"]


@pytest.mark.parametrize("state", list(NominationState))
def test_rows_about_a_file_appear_while_it_is_accepted(clock: Clock, state: NominationState) -> None:
    observer, cycle, file = _year(clock, state)
    expected = [*OPEN, *FILE, "attach"] if state is NominationState.ACCEPTED else OPEN
    assert queries.acts(observer) == sorted(expected)
    assert cycle.id == file.cycle_id


def test_rows_about_scores_and_the_decision_appear_with_the_decision_and_conflicts_never(clock: Clock) -> None:
    observer, cycle, file = _year(clock, NominationState.ACCEPTED)
    with transaction():
        _decide(cycle, clock)
    assert queries.acts(observer) == sorted([*OPEN, *FILE, "attach", *DECISION])
    assert file.id


def test_a_decision_of_another_year_opens_nothing_here(clock: Clock) -> None:
    observer, _cycle, _file = _year(clock, NominationState.ACCEPTED)
    with transaction():
        _decide(make.cycle(Phase.RESULT), clock)
    assert queries.acts(observer) == sorted([*OPEN, *FILE, "attach"])


def test_rows_come_newest_first_and_by_act_year_and_words(clock: Clock) -> None:
    observer, cycle, file = _year(clock, NominationState.ACCEPTED)
    with transaction():
        other = make.cycle()

    def asked(search: str = "", **chosen: str) -> list[str]:
        return [row.act for row in queries.visible_rows(observer, Wanted(search, chosen)).rows]

    page = queries.visible_rows(observer, Wanted())
    seen = [row.seq for row in page.rows]
    assert (seen, page.total) == (sorted(seen, reverse=True), 8)
    assert (asked(act="begin"), asked(act="score"), asked(year=str(other.award_year))) == (["begin"], [], [])
    assert len(asked(year=str(cycle.award_year))) == 8
    assert asked(f"nomination {file.id}") == ["hand_in", "begin", "accept"]
    # what is not shown is not found
    assert (asked("declare"), asked("recuse"), asked("score")) == ([], [], [])


def test_who_took_a_list_along_is_shown_and_how_many_rows_it_had_is_not(clock: Clock) -> None:
    observer, cycle, _file = _year(clock, NominationState.SUBMITTED)
    with transaction():
        audit.record("export", cycle, by=observer, at=clock.now, cycle_id=cycle.id, list="screening", rows=7)
    (row,) = queries.visible_rows(observer, Wanted(chosen={"act": "export"})).rows
    assert (row.actor_id, queries.codes(row)) == (observer.id, {})


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_page_and_its_file_hold_the_same_rows(clock: Clock, as_: Callable[[Person], FlaskClient]) -> None:
    observer, cycle, file = _year(clock, NominationState.ACCEPTED)
    browser = as_(observer)
    html = browser.get(f"/ledger?q=nomination&year={cycle.award_year}").text
    assert ("3 of 9 rows" in html, html.count('<th scope="row"')) == (True, 3)
    rows = sheets.from_csv(browser.get("/ledger?act=accept&as=csv").data)
    when, year = "2026-03-10 12:00:00", str(cycle.award_year)
    assert rows == [
        ["When (UTC)", "Act", "By", "About", "Number", "Award year", "Codes"],
        [when, "accept", f"person {file.nominator_id}", "nomination", str(file.id), year, ""],
    ]


def _year(clock: Clock, state: NominationState) -> tuple[Person, Cycle, Nomination]:
    """Every kind of row about one year with one file."""
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.REVIEW, missions=(mission,))
        writer, observer = make.nominator(cycle, mission), make.observer()
        file = make.nomination(cycle, mission, writer, state, files=False)
        paper = make.attachment(file, AttachmentKind.CV, writer)
        things: list[tuple[Thing, list[str]]] = [
            (cycle, OPEN),
            (file, [*FILE, "score", *CONFLICT]),
            (paper, ["attach", "download"]),
        ]
        for thing, acts in [*things, (cycle, ["finish", "decide"])]:
            for act in acts:
                audit.record(act, thing, by=writer, at=clock.now, cycle_id=cycle.id)
    return observer, cycle, file


def _decide(cycle: Cycle, clock: Clock) -> None:
    make.add(Decision(cycle_id=cycle.id, award=False, reasons="None.", by_id=make.person().id, at=clock.now))
