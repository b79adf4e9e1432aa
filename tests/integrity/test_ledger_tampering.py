"""T20 in small: every row of a chain of 200, and of the database every seventh column by column; `make integrity` does the
rest."""

from __future__ import annotations

import pytest
from flask import Flask

from award_app.db import transaction
from tests import factories as make
from tests.integrity import ledger_tampering as tampering
from tests.integrity.ledger_tampering import Found


def test_every_tampering_with_a_row_of_200_is_found() -> None:
    _all_seen(tampering.every_row(200, whole=False), 5_000)


def test_random_tamperings_with_a_longer_chain_are_found() -> None:
    _all_seen(tampering.random_rows(2_000, 200, seed=1), 200)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_no_column_of_the_database_can_be_written_over_unseen(app: Flask) -> None:
    with transaction():
        person_id, cycle_id = make.person().id, make.cycle().id
    tampering.fill(app, 30, person_id, cycle_id)
    _all_seen(tampering.every_column(step=7), 60)


def _all_seen(found: Found, at_least: int) -> None:
    assert found.unseen == []
    assert found.tried == found.seen >= at_least
