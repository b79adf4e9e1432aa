"""World A is built once for all the tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integrity.twins.stage import Twins, twins


@pytest.fixture(scope="package")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    with twins(tmp_path_factory.mktemp("twins")) as made:
        yield made


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Nothing: the worlds seed chance themselves."""
