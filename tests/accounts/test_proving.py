"""Steps that count ask for the password again: by a table, on every route of theirs, and for every list as a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app import clock as the_clock
from award_app.accounts import passwords
from award_app.accounts.factors import codes
from award_app.accounts.factors import operations as factors
from award_app.accounts.models import Invitation, Person
from award_app.db import db, transaction
from award_app.domain.policy import PROVED_ANEW
from award_app.domain.vocabulary import Action
from tests import factories as make
from tests.conftest import Clock, application

As = Callable[[Person], FlaskClient]
PASSWORD = "three quiet herons"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["sqlite"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Pages ask nothing that differs between the databases."""
    yield from application(request)


def test_what_cannot_be_called_back_and_what_changes_rights_asks_for_proof() -> None:
    """By hand from the brief of the award's doors: release, decision, change of rights."""
    wanted = {
        *(Action.DECIDE, Action.CONFIRM_SHORTLIST, Action.CONFIRM_CHANGE),
        *(Action.APPROVE_RELEASE, Action.TAKE_BACK),
        *(Action.INVITE, Action.APPOINT, Action.MEND_ADDRESS),
        *(Action.ASK_FACTOR_RESET, Action.CONFIRM_FACTOR_RESET),
    }
    assert wanted == PROVED_ANEW


def test_every_route_of_these_steps_leads_to_the_password_first(app: Flask, clock: Clock, as_: As) -> None:
    with transaction():
        person = make.secretariat(password_hash=passwords.hash_of(PASSWORD))
    browser = as_(person)
    clock.forward(minutes=16)
    asked = 0
    for rule in app.url_map.iter_rules():
        action = getattr(app.view_functions[rule.endpoint], "policy_action", None)
        if action in PROVED_ANEW:
            path = re.sub(r"<(?:int\(max=\d+\):|int:)(\w+)>", "2026", re.sub(r"<(\w+)>", "abcdefghjk", rule.rule))
            for method in (rule.methods or set()) & {"GET", "POST"}:
                answer = browser.open(path, method=method)
                assert (answer.status_code, answer.location.split("?")[0]) == (302, "/account/prove"), (method, path)
                asked += 1
    assert asked > 25


def test_every_list_as_a_file_passes_the_one_door_that_asks() -> None:
    views = [path.read_text() for path in (ROOT / "award_app").rglob("views.py")]
    made = [text for text in views if re.search(r"as_csv|as_xlsx|_sheet\(", text)]
    assert len(made) > 5
    assert [text[:80] for text in made if "as_file(" not in text] == []


def test_a_list_as_a_file_asks_and_then_comes(app: Flask, clock: Clock, as_: As) -> None:
    browser = as_(secretary())
    assert browser.get("/people?as=csv").status_code == 200
    clock.forward(minutes=16)
    assert browser.get("/people").status_code == 200
    answer = browser.get("/people?as=csv")
    assert answer.location == "/account/prove?next=/people?as%3Dcsv"
    page = browser.get(answer.location)
    assert (page.status_code, "Is it you?" in page.text) == (200, True)
    assert browser.post(answer.location, data={"current": PASSWORD}).location == "/people?as=csv"
    assert browser.get("/people?as=csv").mimetype == "text/csv"


def test_what_was_typed_waits_while_she_proves_it(app: Flask, clock: Clock, as_: As) -> None:
    browser = as_(secretary())
    form = {"email": "n@laurel.example", "name": "Nora Nyberg", "role": "observer", "locale": "fr"}
    assert browser.get("/people/invite").status_code == 200
    clock.forward(minutes=16)
    answer = browser.post("/people/invite", data=form, headers={"Referer": "http://localhost/people/invite"})
    assert (answer.location, db.session.query(Invitation).count()) == ("/account/prove?next=/people/invite", 0)
    assert browser.post(answer.location, data={"current": PASSWORD}).location == "/people/invite"
    page = browser.get("/people/invite").text
    assert ("Nora Nyberg" in page, "Nothing of it has been sent yet" in page) == (True, True)
    assert browser.post("/people/invite", data=form).status_code == 302
    assert "Nothing of it has been sent yet" not in browser.get("/people/invite").text


@pytest.mark.parametrize(
    ("given", "status"),
    [
        # Her password.
        ({"current": PASSWORD}, 302),
        # Somebody else's, or none.
        ({"current": "four loud pelicans"}, 422),
        ({}, 422),
        # A code of her authenticator will do as well; a wrong one will not.
        ({"code": "right"}, 302),
        ({"code": "000000"}, 422),
        # A wrong password is not mended by a code.
        ({"current": "four loud pelicans", "code": "right"}, 422),
    ],
)
def test_she_shows_who_she_is(given: dict[str, str], status: int, app: Flask, clock: Clock, as_: As) -> None:
    person = secretary()
    with transaction():
        factors.enrol(person, SECRET, now=clock.now)
    browser = as_(person)
    clock.forward(minutes=16)
    right = codes.digits(SECRET, codes.step_at(the_clock.untouched()))
    answer = browser.post(
        "/account/prove?next=/people/invite", data={k: right if v == "right" else v for k, v in given.items()}
    )
    assert answer.status_code == status
    assert browser.get("/people/invite").status_code == (200 if status == 302 else 302)


def test_only_pages_of_this_service_follow(app: Flask, clock: Clock, as_: As) -> None:
    browser = as_(secretary())
    for onward in ("//evil.example", "https://evil.example", "/\\evil.example"):
        assert browser.post(f"/account/prove?next={onward}", data={"current": PASSWORD}).location == "/home"


def secretary() -> Person:
    with transaction():
        return make.secretariat(password_hash=passwords.hash_of(PASSWORD))
