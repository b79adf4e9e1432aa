"""The observer learns from the ledger nothing that she may not know."""

from __future__ import annotations

import pytest

from award_app import audit
from award_app.accounts.models import Person
from award_app.audit import Thing
from award_app.cycles.models import Cycle
from award_app.db import transaction
from award_app.domain.vocabulary import AttachmentKind, NominationState, Phase
from award_app.nominations.models import Nomination
from award_app.records import queries
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


def test_rows_come_newest_first_in_pages_and_by_act_and_year(clock: Clock) -> None:
    observer, cycle, _file = _year(clock, NominationState.ACCEPTED)
    first, second = (queries.visible_rows(observer, page=page, size=5) for page in (1, 2))
    assert (len(first.rows), first.has_more, len(second.rows), second.has_more) == (5, True, 3, False)
    seen = [row.seq for row in [*first.rows, *second.rows]]
    assert seen == sorted(seen, reverse=True)
    assert [row.act for row in queries.visible_rows(observer, act="begin").rows] == ["begin"]
    assert queries.visible_rows(observer, act="score").rows == []
    assert queries.visible_rows(observer, cycle=make.cycle()).rows == []
    assert len(queries.visible_rows(observer, cycle=cycle).rows) == 8


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
            (paper, ["attach"]),
        ]
        for thing, acts in [*things, (cycle, ["finish", "decide"])]:
            for act in acts:
                audit.record(act, thing, by=writer, at=clock.now, cycle_id=cycle.id)
    return observer, cycle, file


def _decide(cycle: Cycle, clock: Clock) -> None:
    make.add(Decision(cycle_id=cycle.id, award=False, reasons="None.", by_id=make.person().id, at=clock.now))
