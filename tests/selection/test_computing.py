"""The stored result: numbers by hand, what a severity changes, and one result per set of files kept from somebody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from award_app.audit import LedgerEntry
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState, Refused
from award_app.selection import computing, queries
from award_app.selection.models import Result
from tests import factories as make
from tests.conftest import Clock
from tests.selection import scene as scenes

pytestmark = pytest.mark.usefixtures("app", "clock")


def table(cycle: Cycle, without: str = "") -> list[tuple[object, ...]]:
    result = queries.stored(cycle, without)
    assert result is not None
    return [
        (r.nomination.nominee_name, r.position, r.weighted_mean and round(r.weighted_mean, 6), r.scores, r.recusals,
         r.concerns, r.lowest and round(r.lowest, 6), r.highest and round(r.highest, 6))
        for r in queries.in_order(result)
    ]  # fmt: skip


def test_the_numbers_by_hand() -> None:
    scene = scenes.computed(scenes.closed_round())
    assert table(scene.cycle) == [
        ("Awa Bélanger", 1, 4.25, 4, 0, 0, 4.0, 5.0),
        ("Bintu Castellanos", 2, 3.5, 4, 0, 0, 3.0, 4.0),
        ("Chandra Dlamini", 3, 2.5, 4, 0, 0, 2.0, 3.0),
    ]


def test_criteria_count_by_their_weight() -> None:
    scene = scenes.closed_round(((3, 3, 3), (0, 0, 0), (0, 0, 0)))
    mandate = scene.cycle.criteria[0]  # 30 of 100
    make.score(scene.files[1], scene.chair, mandate, 5, revision=2)
    db.session.commit()
    scenes.computed(scene)
    assert [row[:3] for row in table(scene.cycle)] == [
        ("Bintu Castellanos", 1, 3.6),
        ("Awa Bélanger", 2, 3.0),  # equals share a position
        ("Chandra Dlamini", 2, 3.0),
    ]


def test_a_recusal_takes_a_members_scores_out_without_deleting_them_and_is_counted() -> None:
    scene = scenes.closed_round()
    scenes.recuse(scene.files[0], scene.panel[0])
    scenes.computed(scene)
    assert table(scene.cycle)[0] == ("Awa Bélanger", 1, 4.0, 3, 1, 0, 4.0, 4.0)


def test_a_file_without_scores_has_neither_means_nor_position_and_comes_last() -> None:
    scene = scenes.computed(scenes.closed_round(((0, 4, 3), (0, 4, 2))))
    assert table(scene.cycle)[-1] == ("Awa Bélanger", None, None, 0, 0, 0, None, None)
    assert [row[1] for row in table(scene.cycle)] == [1, 2, None]


def test_concerns_about_conduct_are_counted_and_weigh_nothing() -> None:
    scene = scenes.closed_round(((5, 4, 3), (5, 4, 0)))
    scenes.score_all(scene, scene.files[2], scene.panel[1], 3, concern=True)
    db.session.commit()
    scenes.computed(scene)
    assert [(row[0], row[2], row[5]) for row in table(scene.cycle)] == [
        ("Awa Bélanger", 5.0, 0),
        ("Bintu Castellanos", 4.0, 0),
        ("Chandra Dlamini", 3.0, 1),
    ]


def test_the_order_changes_where_a_harsh_member_is_recused_from_one_file() -> None:
    names = ("Awa", "Bintu", "Chandra", "Daya")
    # The third member gives two less than the others, and is out of Bintu's file: 3.5 there, 3.33 for Awa.
    scene = scenes.closed_round(((4, 4, 3, 3), (4, 3, 3, 3), (2, 1, 1, 1)), names=names)
    scenes.recuse(scene.files[1], scene.panel[2])
    scenes.computed(scene)
    result = queries.stored(scene.cycle, "")
    assert result is not None
    rows = {row.nomination.nominee_name: row for row in result.rows}
    assert (rows["Awa"].position, rows["Bintu"].position) == (2, 1)
    assert (rows["Awa"].adjusted_position, rows["Bintu"].adjusted_position) == (1, 2)
    severity = {int(person): value for person, value in result.model["severity"].items()}
    assert max(severity, key=severity.__getitem__) == scene.panel[2].id
    assert result.model["identified"] is True


def test_each_set_of_kept_files_has_a_result_of_its_own_numbered_without_a_gap() -> None:
    scene = scenes.closed_round()
    awa, bintu, _ = scene.files
    scenes.recuse(awa, scene.deputy)
    scenes.recuse(awa, scene.panel[2])  # the same set: no second result
    scenes.conflict(bintu, scene.secretariat[0])
    scenes.computed(scene)
    stored = set(db.session.scalars(select(Result.without)))
    assert stored == {"", str(awa.id), str(bintu.id)}
    assert [row[:2] for row in table(scene.cycle, str(awa.id))] == [("Bintu Castellanos", 1), ("Chandra Dlamini", 2)]
    assert [row[:2] for row in table(scene.cycle, str(bintu.id))] == [("Awa Bélanger", 1), ("Chandra Dlamini", 2)]


def test_a_kept_file_leaves_no_trace_in_the_numbers_of_the_others() -> None:
    """Two worlds, in which the kept file alone was scored differently."""
    tables = []
    for first in (5, 1):
        scene = scenes.closed_round(((first, 4, 3), (first, 4, 2), (first, 3, 2)))
        scenes.recuse(scene.files[0], scene.deputy)
        scenes.computed(scene)
        result = queries.stored(scene.cycle, str(scene.files[0].id))
        assert result is not None
        kept = [(row.weighted_mean, row.adjusted_mean, row.adjusted_position) for row in queries.in_order(result)]
        severity = sorted(result.model["severity"].values())
        tables.append((table(scene.cycle, result.without), kept, severity))
    assert tables[0] == tables[1]


def test_computing_again_gives_the_same_and_is_written_down_each_time() -> None:
    scene = scenes.computed(scenes.closed_round())
    before = table(scene.cycle)
    scenes.computed(scene)
    acts = db.session.execute(select(LedgerEntry.act, LedgerEntry.actor_id)).all()
    assert (table(scene.cycle), list(acts)) == (before, [("compute_result", None)] * 2)
    assert scene.cycle.result_due is False


def test_a_withdrawn_file_is_no_longer_in_a_result_computed_again() -> None:
    scene = scenes.computed(scenes.closed_round())
    scene.files[0].withdrawn_reason = "She went home."
    scene.files[0].state = NominationState.WITHDRAWN
    db.session.commit()
    assert queries.is_due(scene.cycle)
    scenes.computed(scene)
    assert not queries.is_due(scene.cycle)
    assert [row[0] for row in table(scene.cycle)] == ["Bintu Castellanos", "Chandra Dlamini"]


def test_after_the_decision_what_it_rests_on_stays_and_only_missing_sets_are_computed() -> None:
    scene = scenes.computed(scenes.closed_round())
    scenes.decided(scene)
    before = table(scene.cycle)
    scene.panel[3].appointments[0].ended_at = scene.now  # her scores would count no more
    scenes.conflict(scene.files[0], scene.secretariat[0])
    assert queries.is_due(scene.cycle)
    scenes.computed(scene)
    assert table(scene.cycle) == before
    assert [row[0] for row in table(scene.cycle, str(scene.files[0].id))] == ["Bintu Castellanos", "Chandra Dlamini"]
    assert not queries.is_due(scene.cycle)


def test_nothing_is_computed_before_the_round_has_closed() -> None:
    scene = scenes.closed_round()
    scene.cycle.round_closed_at = None
    db.session.commit()
    with pytest.raises(Refused, match="too_early"), transaction():
        computing.compute(scene.cycle, now=scene.now)


def test_the_worker_computes_what_is_due_and_then_rests(clock: Clock) -> None:
    from workers import results

    scene = scenes.closed_round()
    results.compute_due()
    results.compute_due()
    db.session.rollback()
    assert table(scene.cycle)[0][0] == "Awa Bélanger"
    assert len(db.session.scalars(select(LedgerEntry)).all()) == 1
