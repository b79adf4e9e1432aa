"""The secretariat's pages about an award year, as a browser meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from award_app.domain.vocabulary import Phase
from tests import factories as make
from tests.conftest import Clock
from tests.cycles.test_readiness import ready

pytestmark = pytest.mark.usefixtures("app")
As = Callable[[Person], FlaskClient]


@pytest.fixture(params=["sqlite"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Pages ask nothing that differs between the databases; operations are tested on both."""
    from tests import conftest

    yield from conftest.app.__wrapped__(request)  # type: ignore[attr-defined]


def test_the_readiness_page_says_what_is_missing_and_where_it_is_mended(as_: As, clock: Clock) -> None:
    with transaction():
        admin, cycle = make.secretariat(), make.cycle(Phase.PREPARING, missions=(make.mission("UNMISS"),))
    browser, path = as_(admin), f"/cycles/{cycle.award_year}"
    page = browser.get(path + "/ready").text
    assert "4 things are missing" in page
    assert "No nominating authority has accepted yet: UNMISS." in page
    assert ("/people/invite" in page, f'action="{path}/open"' in page) == (True, False)
    refused = browser.post(path + "/open")
    assert (refused.status_code, "Something is still missing" in refused.text) == (409, True)


def test_a_ready_year_is_opened_from_its_page_and_then_the_page_is_over(as_: As, clock: Clock) -> None:
    with transaction():
        year = ready()
    browser, path = as_(year.secretariat[0]), f"/cycles/{year.cycle.award_year}"
    assert "Nothing is missing" in browser.get(path + "/ready").text
    assert browser.post(path + "/open").location == path
    assert db.session.get_one(Cycle, year.cycle.id).opened_at == clock.now
    assert browser.get(path + "/ready").status_code == 409
