"""The decision: who may record it, what it may name, and that there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from award_app.audit import LedgerEntry
from award_app.db import db, transaction
from award_app.domain.vocabulary import Outcome, Refused
from award_app.selection import operations, queries
from award_app.selection.models import Decision
from tests import factories as make
from tests.selection import scene as scenes
from tests.selection.scene import Scene

pytestmark = pytest.mark.usefixtures("app", "clock")


def decide(scene: Scene, **changes: Any) -> Decision:
    awa, bintu, chandra = scene.files
    values: dict[str, Any] = {
        "laureate": awa, "runners_up": [bintu], "reserve": [chandra], "reasons": "The panel agrees.",
        "present": [scene.panel[2]], "by": scene.chair, "now": scene.now,
    }  # fmt: skip
    with transaction():
        return operations.decide(scene.cycle, **values | changes)


def test_a_decision_names_its_places_its_reasons_and_who_was_there() -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    decision = decide(scene, reserve=[scene.files[2]], reasons="  The panel agrees. ")
    awa, bintu, chandra = scene.files
    assert {(p.outcome, p.position, p.nomination_id) for p in decision.places} == {
        (Outcome.LAUREATE, 1, awa.id),
        (Outcome.RUNNER_UP, 1, bintu.id),
        (Outcome.RESERVE, 1, chandra.id),
    }
    assert {p.person_id for p in decision.present} == {scene.chair.id, scene.panel[2].id}
    assert (decision.award, decision.reasons, decision.by_id) == (True, "The panel agrees.", scene.chair.id)


def test_no_award_is_a_decision_and_names_nobody() -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    decision = decide(scene, laureate=None, runners_up=[], reserve=[])
    assert (decision.award, decision.places) == (False, [])


def test_the_ledger_keeps_the_decision_in_ids_and_codes() -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    decision = decide(scene)
    entry = db.session.scalars(select(LedgerEntry).where(LedgerEntry.act == "decide")).one()
    awa, bintu, chandra = scene.files
    assert (entry.actor_id, entry.subject_id) == (scene.chair.id, decision.id)
    assert entry.detail == {
        "laureate": [awa.id],
        "runner_up": [bintu.id],
        "reserve": [chandra.id],
        "present": [scene.chair.id, scene.panel[2].id],
    }


BAD: list[tuple[Callable[[Scene], dict[str, Any]], tuple[str, ...]]] = [
    # Reasons are required, and spaces are none.
    (lambda s: {"reasons": "  "}, ("reasons",)),
    # One file has one place.
    (lambda s: {"runners_up": [s.files[0]]}, ("twice",)),
    # At most two are named beside the laureate.
    (lambda s: {"runners_up": [s.files[1], s.files[2], s.files[0]], "reserve": []}, ("runners_up", "twice")),
    # "No award" goes with nobody.
    (lambda s: {"laureate": None}, ("no_award",)),
    # Whoever does not sit on the panel was not present as a member.
    (lambda s: {"present": [s.observer]}, ("present",)),
]


@pytest.mark.parametrize(("changes", "problems"), BAD)
def test_what_a_decision_may_not_say(changes: Callable[[Scene], dict[str, Any]], problems: tuple[str, ...]) -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    with pytest.raises(Refused, match="invalid") as refused:
        decide(scene, **changes(scene))
    assert refused.value.problems == problems
    assert queries.decision_of(scene.cycle) is None


def test_a_file_that_is_not_on_the_shortlist_cannot_be_honoured() -> None:
    scene = scenes.computed(scenes.closed_round())
    scenes.shortlisted(scene, *scene.files[1:])
    with pytest.raises(Refused, match="invalid") as refused:
        decide(scene)
    assert refused.value.problems == ("places",)


def test_a_file_of_another_cycle_cannot_be_honoured() -> None:
    scene, other = scenes.shortlisted(scenes.computed(scenes.closed_round())), scenes.closed_round()
    with pytest.raises(Refused, match="invalid"):
        decide(scene, laureate=other.files[0])


def test_a_member_recused_from_a_named_file_was_not_present_one_recused_from_another_may_have_been() -> None:
    scene = scenes.closed_round()
    scenes.recuse(scene.files[2], scene.panel[2])
    scenes.shortlisted(scenes.computed(scene))
    with pytest.raises(Refused, match="conflict") as refused:
        decide(scene)
    assert refused.value.problems == (scene.panel[2].id,)
    assert decide(scene, reserve=[]).award is True


def test_the_deputy_decides_where_the_chair_is_recused_from_an_accepted_file() -> None:
    scene = scenes.closed_round()
    scenes.recuse(scene.files[2], scene.chair)
    scenes.shortlisted(scenes.computed(scene))
    with pytest.raises(Refused, match="conflict"):
        decide(scene)
    assert decide(scene, by=scene.deputy).by_id == scene.deputy.id


WHO: list[tuple[Callable[[Scene], Any], str]] = [
    # While the chair has no conflict the decision is hers.
    (lambda s: s.deputy, "not_yours"),
    # A member, the secretariat and the observer never decide.
    (lambda s: s.panel[2], "not_yours"),
    (lambda s: s.secretariat[0], "not_yours"),
    (lambda s: s.observer, "not_yours"),
    # Somebody else hears of nothing.
    (lambda s: make.person(), "not_found"),
]


@pytest.mark.parametrize(("who", "reason"), WHO)
def test_who_may_not_decide(who: Callable[[Scene], Any], reason: str) -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    with pytest.raises(Refused, match=reason):
        decide(scene, by=who(scene))


def test_before_the_close_it_is_too_early() -> None:
    scene = scenes.closed_round()
    scene.cycle.round_closed_at = None
    db.session.commit()
    with pytest.raises(Refused, match="too_early"):
        decide(scene)


def test_while_the_result_is_being_computed_nothing_is_decided() -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    scene.cycle.result_due = True
    db.session.commit()
    with pytest.raises(Refused, match="unfinished"):
        decide(scene)


def test_there_is_one_decision() -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    decide(scene)
    with pytest.raises(Refused, match="too_late"):
        decide(scene)


def test_two_decisions_at_once_are_held_by_the_database() -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    decide(scene)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Decision(cycle_id=scene.cycle.id, award=False, reasons="Again.", by_id=scene.chair.id, at=scene.now)
        )
