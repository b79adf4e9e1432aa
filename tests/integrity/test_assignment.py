"""T1f, a seeded share of the forms; `make integrity` sends them all."""

from __future__ import annotations

from random import Random

import pytest

from tests.integrity import assignment
from tests.integrity.forms import forms
from tests.integrity.stage import staged

SHARE, SEED = 0.15, 1


def test_no_form_takes_a_column_that_is_not_its_field(tmp_path_factory: pytest.TempPathFactory) -> None:
    chance = Random(SEED)
    with staged(tmp_path_factory.mktemp("assignment")) as stage:
        found = assignment.compare(stage, [form for form in forms(stage) if chance.random() < SHARE])
    print(f"{found.forms} forms, {found.carried_out} carried out, {found.columns} columns")
    assert found.deviations == []
    assert found.carried_out > 5
    assert found.columns > 150
