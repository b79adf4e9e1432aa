"""T17 in small: a seeded share of the cells, and all addresses that are asked for and sent to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integrity import safe, walk
from tests.integrity.stage import Stage, staged


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("safe")) as built:
        yield built


def test_asking_changes_nothing_whatever_the_method(stage: Stage) -> None:
    report = safe.ask(stage, walk.sample(walk.cells(stage), 0.0, seed=3)[::6])
    assert report.deviations == []
    assert report.seen > 15
    assert report.statuses["OPTIONS", 200] > 30


def test_no_page_takes_head_for_a_form(stage: Stage) -> None:
    """The addresses that show a page and take its form: HEAD had once emptied a year's criteria."""
    rules = [rule for rule in stage.app.url_map.iter_rules() if {"GET", "POST"} <= (rule.methods or set())]
    named = {rule.endpoint for rule in rules}
    wanted = [cell for cell in walk.cells(stage) if cell.route.endpoint in named and cell.expected == "yes"]
    report = safe.ask(stage, list({cell.route.name: cell for cell in wanted}.values()))
    assert report.deviations == []
    assert report.statuses["HEAD", 200] > 2
