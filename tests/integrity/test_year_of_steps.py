"""T16 in small: some hundred steps on SQLite; twenty thousand, and two thousand on PostgreSQL, in `make integrity`."""

from __future__ import annotations

import pytest

from tests.integrity import year_of_steps


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("app", "clock")
def test_no_walk_leaves_the_table() -> None:
    tally = year_of_steps.walk(8, 100)
    print(tally)
    assert tally.steps > 150
    assert min(tally.done.total(), tally.refused.total()) > 30
