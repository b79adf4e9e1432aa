"""What stands in the demonstration, so that each kind of person has something to do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from award_app import access, audit, clock, create_app
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from award_app.demo import load
from award_app.domain.calendar import phase
from award_app.domain.vocabulary import NominationState, Phase
from award_app.nominations import operations, queries
from award_app.nominations.models import Nomination
from award_app.notifications.models import Letter
from award_app.panel.models import Recusal
from award_app.reviews import rounds
from award_app.reviews.models import Ballot, effective_scores
from award_app.selection.computing import compute
from award_app.selection.models import Result
from tests.conftest import _migrate, settings


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Loaded once; the tests below only read, or roll back."""
    folder = tmp_path_factory.mktemp("demo")
    made = create_app(settings(folder, LAUREL_DEMO="1"))
    _migrate(made)
    with made.app_context(), transaction():
        load.load(clock.now())
    return made


@pytest.fixture(autouse=True)
def rolled_back(demonstration: Flask) -> Iterator[None]:
    with demonstration.app_context():
        yield
        db.session.rollback()


def test_three_years_stand_where_somebody_has_something_to_do() -> None:
    now = clock.now()
    stands = {cycle.award_year - now.year: phase(cycle.dates, access.acts(cycle, now), now) for cycle in _cycles()}
    assert stands == {-1: Phase.ANNOUNCED, 0: Phase.REVIEW, 1: Phase.OPEN}


def test_each_year_has_its_files() -> None:
    found = {cycle.award_year - clock.now().year: _states(cycle) for cycle in _cycles()}
    assert found == {
        -1: {"accepted": 21, "ineligible": 2},
        0: {"accepted": 21, "ineligible": 2},
        1: {"draft": 6},
    }


def test_the_printed_authority_has_one_draft_to_endorse_and_hand_in(demonstration: Flask) -> None:
    next_year = _cycles()[2]
    drafts = db.session.scalars(select(Nomination).filter_by(cycle_id=next_year.id)).all()
    (ready,) = [file for file in drafts if not queries.problems(file)]
    accounts = {row["role"]: row["email"] for row in _printed(demonstration)}
    authority = db.session.scalars(select(Person).filter_by(email=accounts["nominating authority, UNMISS"])).one()
    nominator = accounts["nominator, UNMISS"]
    now = clock.now()
    operations.endorse(
        ready, in_active_service=True, no_serious_sanction=True, none_pending=True, by=authority, now=now
    )
    operations.hand_in(ready, by=authority, now=now)
    assert (ready.state, ready.nominator.email) == (NominationState.SUBMITTED, nominator)


def test_this_years_panel_is_nearly_done() -> None:
    this = _cycles()[1]
    finished = db.session.scalar(select(func.count(Ballot.id)).where(Ballot.cycle_id == this.id))
    steps_out = db.session.scalar(
        select(func.count(Recusal.id))
        .join(Nomination, Nomination.id == Recusal.nomination_id)
        .where(Nomination.cycle_id == this.id)
    )
    # of the ten conflicts one is held by the bar (she wrote a letter) and one is left for the printed member to declare
    assert (finished, steps_out) == (5, 8)


def test_the_adjusted_order_differs_from_the_means_where_the_harsh_member_stepped_out_of_a_strong_file() -> None:
    this = _cycles()[1]
    rounds.close_round(this, now=this.review_ends_at)
    compute(this, now=this.review_ends_at)
    result = db.session.scalars(select(Result).where(Result.cycle_id == this.id, Result.without == "")).one()
    by_mean = next(row for row in result.rows if row.position == 1)
    adjusted = next(row for row in result.rows if row.adjusted_position == 1)
    assert (by_mean.nomination.nominee_name, adjusted.nomination.nominee_name) == (
        "Akosua Boatemaa-Frimpomaa",
        "Mehjabin Afroza Talukderani",
    )
    harshest = max(result.model["severity"], key=lambda person: result.model["severity"][person])
    recused = select(Recusal.nomination_id).where(Recusal.person_id == int(harshest))
    assert by_mean.nomination_id in set(db.session.scalars(recused))


def test_letters_of_the_past_are_not_posted_today() -> None:
    states = Counter(letter.state.value for letter in db.session.scalars(select(Letter)))
    assert set(states) == {"skipped"}


def test_printed_accounts_open_the_door(demonstration: Flask) -> None:
    from award_app.accounts.operations import authenticate

    accounts = _printed(demonstration)
    roles = [account["role"].split(",")[0] for account in accounts]
    assert roles == [
        "secretariat",
        "secretariat",
        "nominator",
        "nominating authority",
        "panel member",
        "chair",
        "observer",
    ]
    assert all(authenticate(account["email"], account["password"]) for account in accounts)


def test_without_the_demonstration_switch_nobody_has_a_known_password(tmp_path: Path) -> None:
    made = create_app(settings(tmp_path))
    _migrate(made)
    with made.app_context():
        from award_app.accounts.operations import authenticate

        with transaction():
            load.load(clock.now())
        emails = list(db.session.scalars(select(Person.email)))
        assert len(emails) == 31
        assert authenticate(emails[0], load.PASSWORD) is None
    assert not (tmp_path / "demo-accounts.json").exists()


def test_the_ledger_holds() -> None:
    assert audit.verify().ok
    assert db.session.scalar(select(func.count()).select_from(effective_scores))


def _printed(demonstration: Flask) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((Path(demonstration.config["VAR_DIR"]) / "demo-accounts.json").read_text())
    return rows


def _cycles() -> list[Cycle]:
    return list(db.session.scalars(select(Cycle).order_by(Cycle.award_year)))


def _states(cycle: Cycle) -> dict[str, int]:
    return dict(Counter(n.state.value for n in db.session.scalars(select(Nomination).filter_by(cycle_id=cycle.id))))
