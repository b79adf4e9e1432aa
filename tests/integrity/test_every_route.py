"""T1 on routes, a seeded share of it; `make integrity` walks it whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integrity import walk
from tests.integrity.expectations import RouteExpectations
from tests.integrity.routes import guarded_routes
from tests.integrity.stage import Stage, staged

SHARE, SEED = 0.05, 1


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("routes")) as built:
        yield built


def test_exceptions_are_made_for_routes_that_exist(stage: Stage) -> None:
    endpoints = {route.endpoint for route in guarded_routes(stage.app)}
    assert sorted(RouteExpectations().endpoints - endpoints) == []


def test_every_argument_of_every_guarded_route_is_known(stage: Stage) -> None:
    assert [route.name for route in guarded_routes(stage.app) if not _known(route.arguments)] == []


def _known(arguments: dict[str, str]) -> bool:
    return all(arguments.values())


def test_every_actor_gets_from_every_route_what_is_written_by_hand(stage: Stage) -> None:
    report = walk.Report()
    chosen = walk.sample(walk.cells(stage), SHARE, SEED)
    for cell in chosen:
        walk.ask(stage, cell, report)
    print(f"{report.cells} cells on {len(report.routes)} routes: {report.seen} seen, {report.refused} refused")
    assert report.deviations == []
    assert report.routes == {route.name for route in guarded_routes(stage.app)}
    assert report.seen > 100
    assert report.refused > 50
    assert report.read > 10


def test_what_does_not_exist_is_a_404_and_anonymous_people_are_asked_to_sign_in_all_the_same(stage: Stage) -> None:
    report = walk.Report()
    for cell in walk.sample(list(walk.nothing_there(stage)), SHARE * 4, SEED):
        walk.ask(stage, cell, report)
    assert report.deviations == []
    assert report.found["404: 404"] > 50
    assert report.found["sign-in: sign-in"] > 20


def test_what_one_may_not_see_answers_like_what_is_not_there(stage: Stage) -> None:
    report = walk.Report()
    hidden = [cell for cell in walk.cells(stage) if cell.expected == "404"]
    walk.hidden_like_nothing(stage, walk.sample(hidden, SHARE / 4, SEED), report)
    assert report.deviations == []
    assert report.cells > 50


def test_reading_changes_nothing_but_the_session_and_the_ledger(stage: Stage) -> None:
    report = walk.Report()
    pages = [cell for cell in walk.cells(stage) if cell.route.method == "GET"]
    before = stage.fingerprint()
    for cell in walk.sample(pages, SHARE, SEED + 1):
        walk.ask(stage, cell, report)
    assert stage.fingerprint() == before
    assert report.seen > 50
