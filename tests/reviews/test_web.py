"""What the start page asks of members and of the secretariat, phase by phase."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.reviews import operations
from award_app.reviews.web import tasks_of
from tests import factories as make
from tests.conftest import Clock
from tests.panel.test_views import Year

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


def _asked(app: Flask, person: Person, now: datetime) -> list[tuple[str, int | None]]:
    with app.test_request_context():
        return [(task.title, task.count) for task in tasks_of(person, now)]


def test_a_member_is_asked_to_declare_to_score_to_finish_and_then_to_rest(app: Flask, clock: Clock) -> None:
    year = Year(2)
    early = year.cycle.screening_ends_at - timedelta(days=1)
    assert _asked(app, year.member, early) == [("Declare before you read", 2)]
    assert _asked(app, year.member, clock.now) == [("Score the nominations", 2)]
    for file in year.files:
        year.declare(file)
        year.score(file, year.member, 3)
    assert _asked(app, year.member, early) == []
    assert _asked(app, year.member, clock.now) == [("Finish scoring", 1)]
    with transaction():
        operations.finish(year.cycle, by=year.member, now=clock.now)
    assert _asked(app, year.member, clock.now) == [("Scoring", 0)]
    year.cycle.round_closed_at = year.cycle.review_ends_at
    db.session.flush()
    later = year.cycle.review_ends_at + timedelta(days=1)
    assert _asked(app, year.member, later) == [("The scoring is closed", None)]


def test_the_secretariat_follows_the_scoring_while_it_lasts(app: Flask, clock: Clock) -> None:
    year, secretariat = Year(1), make.secretariat()
    assert _asked(app, secretariat, clock.now) == [("The panel is scoring", None)]
    year.cycle.round_closed_at = clock.now
    db.session.flush()
    assert _asked(app, secretariat, clock.now) == []


def test_others_are_asked_nothing_here(app: Flask, clock: Clock) -> None:
    year = Year(1)
    assert _asked(app, year.nominator, clock.now) == []
    assert _asked(app, make.observer(), clock.now) == []


def test_the_navigation_leads_members_and_nobody_else_to_their_panel(
    as_: Callable[[Person], FlaskClient], client: FlaskClient, clock: Clock
) -> None:
    year = Year(1)
    link = f'href="{year.list}"'
    assert link in as_(year.member).get(year.list).text
    assert link not in as_(year.nominator).get("/nominations").text
    assert link not in client.get("/en/award").text
