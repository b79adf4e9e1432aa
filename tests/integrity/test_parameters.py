"""T1, the query parameters, a seeded share of the pages; `make integrity` asks them all."""

from __future__ import annotations

import pytest

from tests.integrity import parameters
from tests.integrity.stage import staged

SHARE, SEED = 0.06, 1


def test_no_parameter_leads_to_what_is_hidden(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = parameters.Found()
    with staged(tmp_path_factory.mktemp("parameters")) as stage:
        for question in parameters.questions(stage, SHARE, SEED):
            parameters.ask(stage, question, found)
    print(f"{found.questions} questions with {sorted(found.names)}, {found.listed} on pages that list something")
    assert found.deviations == []
    assert found.listed > 10
