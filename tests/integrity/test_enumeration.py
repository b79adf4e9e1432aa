"""T3u in small: what each door says, without the time it takes; `make integrity` times two hundred pairs of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.counting import Statements
from tests.integrity import enumeration


@pytest.mark.processes
def test_no_door_tells_who_has_an_account(tmp_path: Path) -> None:
    with enumeration.scene(tmp_path) as (app, doors):
        found = [what for door in doors for what in enumeration.look(app, door, Statements())]
    assert (found, len(doors)) == ([], 7)


@pytest.mark.processes
def test_a_door_that_tells_is_found(tmp_path: Path) -> None:
    """It asks only of whom it knows: one statement less for the others."""
    with enumeration.scene(tmp_path) as (app, _doors):
        told = enumeration.Door(
            "planted", enumeration._sign_in(enumeration.PASSWORD), enumeration.KNOWN, enumeration.NOBODY
        )
        found = list(enumeration.look(app, told, Statements()))
    assert found == [
        "planted: status differ",
        "planted: headers differ",
        "planted: page differ",
        "planted: statements differ",
    ]
