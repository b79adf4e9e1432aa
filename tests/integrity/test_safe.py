"""T17 in small: a seeded share of the cells, of each route and answer at least one."""

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
    report = safe.ask(stage, walk.sample(walk.cells(stage), 0.0, seed=3))
    assert report.deviations == []
    assert report.seen > 50
    assert report.statuses["OPTIONS", 200] > 100
