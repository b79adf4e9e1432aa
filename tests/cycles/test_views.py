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


def test_last_year_is_shown_with_its_people_before_anything_is_copied(as_: As, clock: Clock) -> None:
    with transaction():
        year = ready()
    browser, path = as_(year.secretariat[0]), f"/cycles/copy?of={year.cycle.award_year}"
    page = browser.get(path).text
    chair = year.panel[0]
    assert (f"{chair.name}, Chair" in page, "checked" in page, "52 weeks" in page) == (True, False, True)
    form = {
        "award_year": "2050",
        "title_en": "Award",
        "title_fr": "Prix",
        "opens_at": "2027-03-01T10:00",
        "closes_at": "2027-04-01T10:00",
        "screening_ends_at": "2027-05-01T10:00",
        "review_ends_at": "2027-06-01T10:00",
        "service_from": "2026-01-01",
        "service_to": "2027-01-01",
        "default_quota": "4",
        "quorum": "2",
        "people": str(chair.appointments[0].id),
        "once": "key",
    }
    assert [browser.post(path, data=form).location for _twice in range(2)] == ["/cycles/2050"] * 2
    made = db.session.query(Cycle).filter_by(award_year=2050).one()
    assert [(a.person_id, a.cycle_id) for a in chair.appointments if a.cycle_id == made.id] == [(chair.id, made.id)]
    again = browser.post(path, data={**form, "once": "other"})
    assert (again.status_code, "There is an award year with this number already." in again.text) == (422, True)
    assert browser.get("/cycles/copy?of=1999").status_code == 404
