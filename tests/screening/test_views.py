"""Screening pages: for the secretariat, after a declaration, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState
from award_app.nominations.models import Nomination, Return
from tests import factories as make
from tests.conftest import Clock
from tests.nominations.conftest import Place, make_place

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
As = Callable[[Person], FlaskClient]
S = NominationState


@pytest.fixture
def place(app: object, clock: Clock) -> Place:
    return make_place()


@pytest.fixture
def file(place: Place) -> Nomination:
    with transaction():
        return make.nomination(place.cycle, place.mission, place.nominator, S.SUBMITTED)


def cleared(browser: FlaskClient, file: Nomination) -> str:
    """Declare without a conflict; the address of the file."""
    address = f"/screening/files/{file.ref}"
    assert browser.post(f"{address}/declare", data={"conflict": "no"}).location == address
    return address


def test_the_list_shows_files_handed_in_and_counts_drafts(place: Place, file: Nomination, as_: As) -> None:
    with transaction():
        make.nomination(place.cycle, place.mission, place.nominator, publish_name="Secret Draft")
    html = as_(place.secretariat).get(f"/screening/{place.cycle.award_year}").text
    assert ("Nadia Okoro" in html, "Secret Draft" in html, "Declare, then read" in html) == (True, False, True)
    assert f'<th scope="row">{place.mission.acronym}</th><td class="number" data-label="Quota">4</td>' in html
    assert '<td class="number" data-label="Drafts">1</td>' in html


def test_screening_is_nothing_to_everybody_else(place: Place, file: Nomination, as_: As) -> None:
    with transaction():
        others = [place.nominator, place.authority, make.member(place.cycle), make.observer()]
    addresses = ("/screening", f"/screening/{place.cycle.award_year}", f"/screening/files/{file.ref}")
    assert {as_(p).get(address).status_code for p in others for address in addresses} == {404}
    acts = ("declare", "accept", "return", "propose", "confirm", "consent")
    assert {as_(p).post(f"/screening/files/{file.ref}/{act}").status_code for p in others for act in acts} <= {403, 404}
    assert db.session.get_one(Nomination, file.id).state is S.SUBMITTED


def test_the_card_comes_first_and_shows_three_facts(place: Place, file: Nomination, as_: As) -> None:
    browser = as_(place.secretariat)
    assert browser.get(f"/screening/files/{file.ref}").location == f"/screening/files/{file.ref}/declare"
    html = browser.get(f"/screening/files/{file.ref}/declare").text
    assert [word in html for word in ("Nadia Okoro", "Senegal", place.mission.acronym)] == [True, True, True]
    assert [word in html for word in ("She opened a desk", "nadia.okoro@", "Gender adviser")] == [False] * 3


def test_a_conflict_is_said_with_its_reason_and_closes_the_file(place: Place, file: Nomination, as_: As) -> None:
    browser, address = as_(place.secretariat), f"/screening/files/{file.ref}"
    assert browser.post(f"{address}/declare").status_code == 422
    assert browser.post(f"{address}/declare", data={"conflict": "yes"}).status_code == 422
    assert browser.post(f"{address}/declare", data={"conflict": "yes", "reason": "My sister."}).status_code == 302
    closed = browser.get(address)
    assert (closed.status_code, "You have a conflict of interest in this file" in closed.text) == (403, True)
    assert browser.post(f"{address}/accept").status_code == 403


def test_a_file_is_read_whole_and_accepted(place: Place, file: Nomination, as_: As) -> None:
    browser = as_(place.secretariat)
    address = cleared(browser, file)
    html = browser.get(address).text
    assert [word in html for word in ("She opened a desk that people trust.", "nadia.okoro@laurel.example")] == [
        True,
        True,
    ]
    assert browser.post(f"{address}/accept", data={"once": "k"}).location == address
    # the same form sent twice gets the same answer
    assert browser.post(f"{address}/accept", data={"once": "k"}).location == address
    assert browser.post(f"{address}/accept").status_code == 409
    assert db.session.get_one(Nomination, file.id).state is S.ACCEPTED


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Say what must be changed."),
        ({"return-remarks": "x" * 2001}, "At most 2000 characters."),
        ({"return-remarks": "Shorter", "return-deadline": "2020-01-01T00:00"}, "The deadline must lie in the future"),
        ({"return-remarks": "Shorter", "return-deadline": "soon"}, "Write a date and a time"),
    ],
)
def test_an_unfit_return_comes_back_with_what_was_typed(
    place: Place, file: Nomination, as_: As, sent: dict[str, str], words: str
) -> None:
    browser = as_(place.secretariat)
    answer = browser.post(f"{cleared(browser, file)}/return", data=sent)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert sent.get("return-remarks", "") in answer.text


def test_a_return_is_read_by_the_mission_word_for_word(place: Place, file: Nomination, as_: As) -> None:
    browser = as_(place.secretariat)
    sent = {"return-remarks": "Shorten <page> 4.", "return-deadline": "2026-03-31T10:00"}
    assert browser.post(f"{cleared(browser, file)}/return", data=sent).status_code == 302
    assert db.session.query(Return.remarks).scalar() == "Shorten <page> 4."
    html = as_(place.nominator).get(f"/nominations/{file.ref}").text
    assert "Shorten &lt;page&gt; 4." in html
    assert "Tuesday, 31 March 2026, 10:00 UTC" in html


def test_a_survivor_stands_on_top_and_accepting_is_refused(place: Place, as_: As) -> None:
    with transaction():
        file = make.nomination(
            place.cycle, place.mission, place.nominator, S.SUBMITTED, files=True, identifies_survivor="yes"
        )
    browser = as_(place.secretariat)
    address = cleared(browser, file)
    html = browser.get(address).text
    assert ("It cannot be accepted yet" in html, "Accept for the panel" in html) == (True, False)
    assert browser.post(f"{address}/accept").status_code == 409


def test_ineligible_needs_a_second_person(place: Place, file: Nomination, as_: As) -> None:
    one, two = as_(place.secretariat), as_(place.second)
    address = cleared(one, file)
    assert one.post(f"{address}/propose").status_code == 422
    assert one.post(f"{address}/propose", data={"propose-reason": "not_police"}).status_code == 302
    assert "Confirm: ineligible" not in one.get(address).text
    assert one.post(f"{address}/confirm").status_code == 403
    cleared(two, file)
    assert "Confirm: ineligible" in two.get(address).text
    assert two.post(f"{address}/confirm").status_code == 302
    assert db.session.get_one(Nomination, file.id).state is S.INELIGIBLE


def test_consent_is_noted(place: Place, file: Nomination, as_: As) -> None:
    browser = as_(place.secretariat)
    address = cleared(browser, file)
    assert browser.post(f"{address}/consent", data={"consent-consent": "perhaps"}).status_code == 422
    assert browser.post(f"{address}/consent", data={"consent-consent": "refused"}).status_code == 302
    assert "No, she does not agree" in browser.get(address).text
