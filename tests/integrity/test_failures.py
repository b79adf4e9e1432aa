"""T21 in small: each check broken before one route that asks it, and the database gone before some; all of it in
`make integrity`."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from tests.integrity import failures
from tests.integrity.stage import Stage, staged


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("failures"), LOG_LEVEL="CRITICAL") as built:
        yield built


def test_what_breaks_inside_a_check_refuses(stage: Stage) -> None:
    cells = Random(1).sample(failures.routes(stage), 20)
    report = failures.break_all(stage, failures.ask_all(stage, cells), share=0.02, seed=1)
    print(f"{report.tried} broken, {report.refused} refused, {len(report.checks)} checks")
    assert report.deviations == []
    assert report.refused > 30
    assert len(report.checks) > 20


def test_what_breaks_behind_a_public_page_shows_nothing(stage: Stage) -> None:
    """A predicate that cannot be asked must not read as "released"."""
    asked = failures.ask_public(stage)
    report = failures.break_all(stage, asked, share=1, seed=1)
    print(f"{len(asked)} public pages, {report.tried} broken, {report.refused} refused")
    assert report.deviations == []
    assert len(asked) > 8
    assert report.refused > len(asked)


def test_the_test_finds_a_check_that_lets_everybody_through(stage: Stage) -> None:
    """A harness that never complained would prove nothing: a page that swallows what breaks is found."""
    (home,) = failures.ask_all(stage, failures.routes(stage)[:1])
    report = failures.Report()
    answer = stage.send(home.actor, home.method, home.path)
    failures._judge(stage, home, "with nothing broken", answer, "", True, report)
    assert len(report.deviations) >= 1
