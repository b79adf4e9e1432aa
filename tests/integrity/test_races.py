"""T10 in small: three rounds of every race on real sockets; `make integrity` runs two hundred of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integrity import races, races_of_files
from tests.integrity.races import Course, Race, course
from tests.servers import fresh_database

pytestmark = pytest.mark.processes
ROUNDS = 3


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.served)])
def on(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    folder: Path = tmp_path_factory.mktemp("races")
    if request.param == "sqlite":
        with course(folder) as running:
            yield running
    else:
        with fresh_database(request.getfixturevalue("postgres_server")) as url, course(folder, url) as running:
            yield running


@pytest.mark.parametrize("kind", [*races.RACES, *races_of_files.RACES])
def test_of_twenty_at_once_one_wins_and_the_others_are_told(kind: type[Race], on: Course) -> None:
    tally = races.run(kind, on, ROUNDS)
    print(kind.__name__, dict(tally.answers))
    assert tally.violations == []
    assert tally.answers.total() == ROUNDS * races.CLIENTS
    assert tally.answers[302] + tally.answers[200] >= ROUNDS
