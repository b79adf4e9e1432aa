"""The secretariat's pages about an award year, as a browser meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.cycles.models import Cycle, MovedDate
from award_app.db import db, transaction
from award_app.domain.vocabulary import Phase
from award_app.nominations.models import Nomination
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Clock, application
from tests.counting import Statements
from tests.cycles.test_readiness import Ready, ready

pytestmark = pytest.mark.usefixtures("app")
As = Callable[[Person], FlaskClient]


@pytest.fixture(params=["sqlite"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Pages ask nothing that differs between the databases; operations are tested on both."""
    yield from application(request)


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
    # a box that is none, as nobody of ours sends it
    assert browser.post(path, data={**form, "award_year": "2051", "people": "", "once": "third"}).status_code == 422
    assert browser.get("/cycles/copy?of=1999").status_code == 404


def running(clock: Clock) -> Ready:
    """An opened year, a day into its nomination window."""
    with transaction():
        year = ready()
        year.cycle.opened_at = clock.now
    clock.move_to(year.cycle.opens_at + timedelta(days=1))
    return year


def test_the_call_is_read_and_counted_before_it_is_sent(as_: As, clock: Clock) -> None:
    year = running(clock)
    browser, path = as_(year.secretariat[0]), f"/cycles/{year.cycle.award_year}/call"
    page = browser.get(path).text
    assert ("This sends 4 letters." in page, "Please put forward the women police officers" in page) == (True, True)
    assert db.session.query(Letter).count() == 0
    assert browser.post(path, data={"once": "one"}).status_code == 302
    assert db.session.query(Letter).filter_by(template="call").count() == 4
    assert "Everybody at the called missions has had the call." in browser.get(path).text
    assert browser.post(path, data={"once": "two"}).status_code == 409


def test_the_call_asks_the_same_number_of_questions_however_many_get_it(
    as_: As, clock: Clock, statements: Statements
) -> None:
    year, counts = running(clock), []
    browser, path = as_(year.secretariat[0]), f"/cycles/{year.cycle.award_year}/call"
    for more in (3, 12):
        for called in list(year.cycle.missions)[:1] * more:
            make.nominator(year.cycle, called.mission)
        db.session.commit()
        with statements.counted() as counted:
            page = browser.get(path).text
        counts.append(
            sum(not text.startswith("INSERT") for text in counted.texts)
        )  # each letter is written, and undone
    assert "This sends 19 letters." in page
    assert counts[0] == counts[1]


def test_a_date_is_moved_in_two_steps_and_the_first_changes_nothing(as_: As, clock: Clock) -> None:
    year = running(clock)
    browser, path = as_(year.secretariat[0]), f"/cycles/{year.cycle.award_year}/dates"
    assert 'name="opens_at"' not in browser.get(path).text
    form = {
        "closes_at": "2026-04-25T12:00",
        "screening_ends_at": f"{year.cycle.screening_ends_at:%Y-%m-%dT%H:%M}",
        "review_ends_at": f"{year.cycle.review_ends_at:%Y-%m-%dT%H:%M}",
        "reason": "The line to <UNMISS> was down.",
    }
    shown = browser.post(path, data=form)
    assert (shown.status_code, "This sends 6 letters." in shown.text) == (200, True)
    assert db.session.query(MovedDate).count() == 0
    assert browser.post(path, data={**form, "sure": "yes"}).status_code == 302
    assert f"{db.session.get_one(Cycle, year.cycle.id).closes_at:%Y-%m-%d %H:%M}" == "2026-04-25 12:00"
    assert "The line to &lt;UNMISS&gt; was down." in browser.get(path).text
    early = browser.post(path, data={**form, "closes_at": "2026-04-24T12:00", "sure": "yes"})
    assert (early.status_code, "Somebody would have less time" in early.text) == (422, True)


def test_one_mission_gets_more_time_and_the_reason_typed_is_kept_when_it_is_refused(as_: As, clock: Clock) -> None:
    year = running(clock)
    browser, path = as_(year.secretariat[0]), f"/cycles/{year.cycle.award_year}/extensions"
    form = {"mission": "UNMISS", "until": "2026-03-01T12:00", "reason": "No line.", "sure": "yes"}
    refused = browser.post(path, data=form)
    assert (refused.status_code, "No line." in refused.text) == (422, True)
    until = year.cycle.closes_at + timedelta(days=2)
    form["until"] = f"{until:%Y-%m-%dT%H:%M}"
    assert browser.post(path, data=form).status_code == 302
    page = browser.get(path).text
    assert ("No line." in page, db.session.query(Letter).filter_by(template="extended").count()) == (True, 2)


def test_drafts_change_hands_and_no_word_of_them_is_shown(as_: As, clock: Clock) -> None:
    year = running(clock)
    with transaction():
        giver, taker = year.nominators[0], make.nominator(year.cycle, year.missions[0])
        file = make.nomination(year.cycle, year.missions[0], giver)
    browser, path = as_(year.secretariat[0]), f"/cycles/{year.cycle.award_year}/drafts"
    page = browser.get(path).text
    assert (giver.name in page, "Okoro" in page, file.ref in page) == (True, False, False)
    form = {"mission": "UNMISS", "giver": giver.ref, "taker": taker.ref}
    assert browser.post(path, data={**form, "taker": year.panel[0].ref}).status_code == 422
    assert browser.post(path, data=form).status_code == 302
    assert db.session.get_one(Nomination, file.id).nominator_id == taker.id
    assert browser.post(path, data=form).status_code == 422
