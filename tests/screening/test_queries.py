"""The list of files to screen: what waits for whom, and nothing about a file to whoever has a conflict in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.audit import LedgerEntry
from award_app.db import db, transaction
from award_app.domain.vocabulary import Consent, NominationState, Phase
from award_app.nominations.models import ConductClearance, Nomination, SecretariatDeclaration
from award_app.reports import sheets
from award_app.reports.lists.queries import Wanted
from award_app.screening import queries
from tests import factories as make
from tests.conftest import Clock
from tests.counting import Statements
from tests.nominations.conftest import Place, make_place

As = Callable[[Person], FlaskClient]
S = NominationState


@pytest.fixture
def place(app: object, clock: Clock) -> Place:
    return make_place()


def said(file: Nomination, person: Person, *, conflict: bool = False) -> Nomination:
    reason = "A tie." if conflict else None
    make.add(
        SecretariatDeclaration(
            nomination_id=file.id, person_id=person.id, conflict=conflict, reason=reason, at=file.created_at
        )
    )
    return file


@pytest.fixture
def files(place: Place) -> dict[str, Nomination]:
    """One file for each thing that can be asked."""

    def file(name: str, state: NominationState = S.SUBMITTED) -> Nomination:
        return make.nomination(place.cycle, place.mission, place.nominator, state, publish_name=name)

    with transaction():
        me, other = place.secretariat, make.secretariat()
        made = {name: file(name) for name in ("New", "Read", "Proposed", "Own proposal", "Closed")}
        made |= {name: file(name, S.ACCEPTED) for name in ("No consent", "No clearance", "Ready", "Unread")}
        made |= {"Returned": file("Returned", S.RETURNED), "Draft": file("Draft", S.DRAFT)}
        for name in ("Read", "Proposed", "Own proposal", "No consent", "No clearance", "Ready", "Returned"):
            said(made[name], me)
        said(made["Closed"], me, conflict=True)
        made["Proposed"].ineligible_by_id, made["Own proposal"].ineligible_by_id = other.id, me.id
        made["Closed"].ineligible_by_id = other.id
        made["No consent"].consent = Consent.NOT_TOLD
        make.add(
            ConductClearance(
                nomination_id=made["Ready"].id,
                cleared=True,
                on=date(2026, 3, 1),
                reference="C-1",
                by_id=other.id,
                at=place.cycle.opens_at,
            )
        )
    return made


ASKED = {
    "New": "declare",
    "Read": "screen",
    "Proposed": "confirm",
    "Own proposal": "",
    "Closed": "",
    "No consent": "consent",
    "No clearance": "clearance",
    "Ready": "",
    "Unread": "",
    "Returned": "",
}


def test_each_file_asks_what_its_state_and_her_declaration_leave_to_do(
    place: Place, files: dict[str, Nomination], clock: Clock
) -> None:
    page = queries.lines(place.cycle, place.secretariat, clock.now, Wanted())
    assert {line.nomination.nominee_name: line.to_do.value for line in page.rows} == ASKED
    waiting = [bool(line.to_do) for line in page.rows]
    assert (waiting, page.total) == (sorted(waiting, reverse=True), 10)
    assert [line.nomination.nominee_name for line in page.rows if line.closed] == ["Closed"]


def test_the_start_page_counts_what_waits_in_every_year_in_one_statement(
    place: Place, files: dict[str, Nomination], clock: Clock, statements: Statements
) -> None:
    with transaction():
        later = make.cycle(Phase.SCREENING, missions=(place.mission,))
        make.nomination(later, place.mission, make.nominator(later, place.mission), S.SUBMITTED)
        make.cycle(Phase.SCREENING)
    me, cycle = place.secretariat, place.cycle
    assert me.appointments
    with statements.counted() as counted:
        found = queries.open_counts(me, clock.now)
    assert {year.award_year: n for year, n in found.items()} == {later.award_year: 1, cycle.award_year: 5}
    assert counted.number == 1


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Wanted("read"), {"Read", "Ready", "Unread"}),
        (Wanted(chosen={"state": "accepted"}), {"No consent", "No clearance", "Ready", "Unread"}),
        (Wanted(chosen={"state": "returned"}), {"Returned"}),
        (Wanted(chosen={"todo": "consent"}), {"No consent"}),
        (Wanted(chosen={"todo": "nothing"}), {"Own proposal", "Closed", "Ready", "Unread", "Returned"}),
        (Wanted("no", {"state": "accepted", "todo": "clearance"}), {"No clearance"}),
        # a draft is nobody's here, whatever is asked
        (Wanted("draft"), set()),
        # a closed file is found by what the list shows of it, and by nothing else
        (Wanted("closed"), {"Closed"}),
        (Wanted("closed", {"state": "submitted"}), set()),
        (Wanted("Senegal"), set()),
    ],
)
def test_files_are_found_by_what_the_list_shows(
    place: Place, files: dict[str, Nomination], clock: Clock, wanted: Wanted, names: set[str]
) -> None:
    page = queries.lines(place.cycle, place.secretariat, clock.now, wanted)
    assert ({line.nomination.nominee_name for line in page.rows}, page.total) == (names, 10)


def test_whoever_had_a_hand_in_a_file_has_a_conflict_in_it_whatever_she_declares(place: Place, clock: Clock) -> None:
    with transaction():
        wrote = make.secretariat()
        file = said(make.nomination(place.cycle, place.mission, wrote, S.SUBMITTED), wrote)
    (line,) = queries.lines(place.cycle, wrote, clock.now, Wanted()).rows
    assert (line.nomination, line.closed, line.to_do.value) == (file, True, "")


def test_when_screening_is_over_nothing_is_screened_any_more(
    place: Place, files: dict[str, Nomination], clock: Clock
) -> None:
    now = clock.move_to(place.cycle.review_ends_at)
    page = queries.lines(place.cycle, place.secretariat, now, Wanted())
    assert {line.to_do.value for line in page.rows} == {"consent", "clearance", ""}
    before = queries.lines(place.cycle, place.secretariat, now - timedelta(seconds=1), Wanted())
    assert {line.to_do.value for line in before.rows} == set(ASKED.values())


def test_a_hundred_files_take_as_many_statements_as_ten(
    place: Place, files: dict[str, Nomination], clock: Clock, statements: Statements
) -> None:
    def asked() -> int:
        db.session.expire_all()
        assert len(place.secretariat.appointments) == place.cycle.quorum == 1
        with statements.counted() as counted:
            page = queries.lines(place.cycle, place.secretariat, clock.now, Wanted())
            assert {line.nomination.mission.acronym for line in page.rows} == {place.mission.acronym}
        return counted.number

    few = asked()
    with transaction():
        for _n in range(90):
            make.nomination(place.cycle, place.mission, place.nominator, S.SUBMITTED, files=False)
    assert (few, asked()) == (2, 2)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_neither_page_nor_file_says_how_a_closed_file_stands(
    place: Place, files: dict[str, Nomination], as_: As
) -> None:
    browser, address = as_(place.secretariat), f"/screening/{place.cycle.award_year}"
    html = browser.get(f"{address}?q=closed").text
    assert [words in html for words in ("Closed", "Conflict of interest", "proposed as", ">Handed in</span>")] == [
        True,
        True,
        False,
        False,
    ]
    rows = sheets.from_csv(browser.get(f"{address}?q=closed&as=csv").data)
    assert rows == [
        ["Nominee", "Mission", "State", "Handed in (UTC)", "Returned until (UTC)", "For you to do"],
        ["Closed", place.mission.acronym, "Conflict of interest", "2026-03-10 12:00:00", "", ""],
    ]
    row = db.session.query(LedgerEntry).filter_by(act="export").one()
    assert (row.subject, row.cycle_id, row.detail["rows"]) == ("cycle", place.cycle.id, 1)
