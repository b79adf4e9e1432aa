"""The observer learns from the ledger nothing that she may not know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from award_app import audit
from award_app.accounts.models import Person
from award_app.audit import LedgerCheck, Thing
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from award_app.domain.vocabulary import AttachmentKind, NominationState, Phase
from award_app.nominations.models import Nomination
from award_app.records import queries, words
from award_app.records.queries import Wanted
from award_app.reports import sheets
from award_app.reports.lists.queries import PAGE
from award_app.selection.models import Decision
from tests import factories as make
from tests.conftest import Clock
from tests.counting import Statements

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
    assert _acts(observer) == sorted(expected)
    assert cycle.id == file.cycle_id


def test_rows_about_scores_and_the_decision_appear_with_the_decision_and_conflicts_never(clock: Clock) -> None:
    observer, cycle, file = _year(clock, NominationState.ACCEPTED)
    with transaction():
        _decide(cycle, clock)
    assert _acts(observer) == sorted([*OPEN, *FILE, "attach", *DECISION])
    assert file.id


def test_a_decision_of_another_year_opens_nothing_here(clock: Clock) -> None:
    observer, _cycle, _file = _year(clock, NominationState.ACCEPTED)
    with transaction():
        _decide(make.cycle(Phase.RESULT), clock)
    assert _acts(observer) == sorted([*OPEN, *FILE, "attach"])


def test_rows_come_newest_first_and_by_what_is_asked(clock: Clock) -> None:
    observer, cycle, file = _year(clock, NominationState.ACCEPTED)
    with transaction():
        other = make.cycle()
        clock.forward(days=1)
        audit.record("change_account", observer, by=observer, at=clock.now)
    writer = db.session.get_one(Person, file.nominator_id)

    def asked(**wanted: Any) -> list[str]:
        return [line.row.act for line in queries.visible_rows(observer, Wanted(**wanted)).lines]

    assert asked()[0] == "change_account"
    assert len(asked()) == 9
    assert (asked(act="begin"), asked(act="score"), asked(year=other.award_year)) == (["begin"], [], [])
    assert len(asked(year=cycle.award_year)) == 8
    # of the same moment the last one written stands first
    assert asked(about=file.ref) == ["attach", "hand_in", "begin", "accept"]
    # who acted, and whom it is about
    assert len(asked(who=writer.name)) == 8
    assert asked(who=observer.name) == ["change_account"]
    assert asked(since=clock.now.date()) == ["change_account"]
    assert len(asked(until=clock.now.date() - timedelta(days=1))) == 8
    # what is not shown is not found
    assert (asked(act="declare"), asked(act="recuse"), asked(act="score")) == ([], [], [])


# Two pages meet without a gap and without a row twice, whether rows share a moment or not.
@pytest.mark.parametrize("apart", [0, 1])
def test_the_next_page_begins_where_the_last_one_ended(clock: Clock, apart: int) -> None:
    with transaction():
        observer = make.observer()
        for _ in range(2 * PAGE + 1):
            audit.record("sign_in", observer, by=observer, at=clock.forward(seconds=apart))
    seen, place, pages = [], None, 0
    while pages == 0 or place:
        rows = queries.visible_rows(observer, Wanted(after=place))
        seen += [line.row.seq for line in rows.lines]
        place, pages = rows.older, pages + 1
    assert (seen, pages) == (list(range(2 * PAGE + 1, 0, -1)), 3)


def test_who_took_a_list_along_is_shown_and_how_many_rows_it_had_is_not(clock: Clock) -> None:
    observer, cycle, _file = _year(clock, NominationState.SUBMITTED)
    with transaction():
        audit.record("export", cycle, by=observer, at=clock.now, cycle_id=cycle.id, list="screening", rows=7)
    (line,) = queries.visible_rows(observer, Wanted(act="export")).lines
    assert (line.by, queries.codes(line.row)) == (observer.name, {})


def test_no_number_stands_among_the_details(clock: Clock) -> None:
    observer, _cycle, file = _year(clock, NominationState.ACCEPTED)
    with transaction():
        audit.record("edit", file, by=observer, at=clock.now, cycle_id=file.cycle_id, nomination=file.id, fields=["cv"])
    (line,) = queries.visible_rows(observer, Wanted(act="edit")).lines
    assert (line.file, queries.codes(line.row)) == (file.ref, {"fields": "cv"})


# Refusal → whether another observer reads it before the decision, and after it.
REFUSALS = [
    ("edit", "not_yours", (True, True)),
    ("read", "not_found", (True, True)),
    # that she was turned away for a conflict, or had not declared
    ("read", "conflict", (False, False)),
    ("read", "declare_first", (False, False)),
    ("declare", "wrong_state", (False, False)),
    ("score", "too_late", (False, False)),
    # a step in the outcome
    ("see_outcome", "not_yours", (False, True)),
    ("withdraw", "under_quorum", (False, False)),
]


@pytest.mark.parametrize(("step", "reason", "shown"), REFUSALS)
def test_a_refusal_is_shown_where_it_tells_of_no_conflict_and_no_outcome(
    clock: Clock, step: str, reason: str, shown: tuple[bool, bool]
) -> None:
    observer, cycle, file = _year(clock, NominationState.ACCEPTED)
    nominator = db.session.get_one(Person, file.nominator_id)
    with transaction():
        audit.record("refused", file, by=nominator, at=clock.now, cycle_id=cycle.id, action=step, refusal=reason)
    before = bool(queries.visible_rows(observer, Wanted(act="refused")).lines)
    with transaction():
        _decide(cycle, clock)
    assert (before, bool(queries.visible_rows(observer, Wanted(act="refused")).lines)) == shown


def test_that_another_observer_found_nothing_is_not_shown(clock: Clock) -> None:
    observer, cycle, file = _year(clock, NominationState.ACCEPTED)
    with transaction():
        other = make.observer()
        audit.record("refused", file, by=other, at=clock.now, cycle_id=cycle.id, action="read", refusal="not_found")
    assert queries.visible_rows(observer, Wanted(act="refused")).lines == ()


def test_every_act_that_is_shown_has_words() -> None:
    shown = {*queries.OPEN, *queries.OF_A_FILE, *queries.OF_A_PAPER, *queries.AFTER_DECISION}
    of_letters = {act for act in words.ACTS if act.startswith("letter_")}
    assert set(words.ACTS) - of_letters == shown | queries.OF_A_FILE_AFTER_DECISION | {"refused"}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_page_and_its_file_hold_the_same_rows(clock: Clock, as_: Callable[[Person], FlaskClient]) -> None:
    observer, cycle, file = _year(clock, NominationState.ACCEPTED)
    writer = db.session.get_one(Person, file.nominator_id).name
    browser = as_(observer)
    html = browser.get(f"/ledger?about={file.ref}&year={cycle.award_year}").text
    assert html.count('<th scope="row"') == 4
    rows = sheets.from_csv(browser.get("/ledger?act=accept&as=csv").data)
    when, year = "2026-03-10 12:00:00", str(cycle.award_year)
    assert rows == [
        ["When (UTC)", "Act", "Code", "By", "About", "Award year", "Details"],
        [when, "Accepted a file", "accept", writer, f"file {file.ref}", year, ""],
    ]


# What the page says of the chain.
CHAIN = [
    (None, "has not been walked yet"),
    (LedgerCheck(id=1, ok=True, rows=1), "holds from its first entry to its last"),
    (LedgerCheck(id=1, ok=False, rows=1, broken_at=2, reason="seal"), "does not hold"),
]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("check", "said"), CHAIN)
def test_the_page_says_whether_the_chain_holds_and_asks_few_questions(
    clock: Clock, as_: Callable[[Person], FlaskClient], statements: Statements, check: LedgerCheck | None, said: str
) -> None:
    with transaction():
        observer = make.observer()
        if check:
            db.session.add(LedgerCheck(id=1, at=clock.now, ok=check.ok, rows=1))
    browser = as_(observer)
    with statements.counted() as counted:
        html = browser.get("/ledger").text
    assert (said in html, counted.number <= 8) == (True, True), counted.texts


# Addresses that no page of ours has made.
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "query",
    [
        "after=1",
        "after=99999999T999999999999.1",
        "since=2026-02-30",
        "until=9999-12-31",
        "act=nothing",
        "year=x",
        "who=%00%25_",
        "about=%C3%A9",
        "after=20260101T000000000000.99999",
        "as=pdf",
    ],
)
def test_an_address_that_nobody_made_is_answered(
    clock: Clock, as_: Callable[[Person], FlaskClient], query: str
) -> None:
    with transaction():
        observer = make.observer()
    assert as_(observer).get(f"/ledger?{query}").status_code == 200


def _acts(observer: Person) -> list[str]:
    return sorted({line.row.act for line in queries.visible_rows(observer, Wanted(whole=True)).lines})


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
