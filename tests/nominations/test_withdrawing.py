"""After the close a mission asks for its file back; nobody learns from it what was decided."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState, Refusal
from award_app.nominations import screening
from award_app.nominations.models import Nomination, SecretariatDeclaration, WithdrawalRequest
from award_app.nominations.withdrawing import operations
from award_app.selection.models import Decision
from tests import factories as make
from tests.conftest import Clock
from tests.nominations.conftest import Place
from tests.nominations.test_operations import refusal

As = Callable[[Person], FlaskClient]
S = NominationState
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
_TOKENS = re.compile(r'name="(?:csrf_token|once)"[^>]*value="[^"]*"')


@pytest.fixture
def file(place: Place, clock: Clock) -> Nomination:
    with transaction():
        made = make.nomination(place.cycle, place.mission, place.nominator, S.ACCEPTED)
        screening.declare_as_secretariat(made, conflict=False, reason=None, by=place.secretariat, now=clock.now)
    return made


def test_it_is_asked_once_with_a_reason_and_only_after_the_review(place: Place, file: Nomination, clock: Clock) -> None:
    early = refusal(lambda: operations.request_withdrawal(file, "Home.", by=place.authority, now=clock.now))
    assert early.refusal is Refusal.TOO_EARLY
    now = clock.move_to(place.cycle.review_ends_at)
    without = refusal(lambda: operations.request_withdrawal(file, " ", by=place.authority, now=now))
    assert without.refusal is Refusal.INVALID
    with transaction():
        operations.request_withdrawal(file, "She went home.", by=place.authority, now=now)
    again = refusal(lambda: operations.request_withdrawal(file, "Please.", by=place.authority, now=now))
    assert (again.refusal, file.state, db.session.query(WithdrawalRequest).count()) == (
        Refusal.ALREADY_DONE, S.ACCEPTED, 1)  # fmt: skip


@on_sqlite
def test_the_page_says_that_it_was_received_and_who_answers(
    place: Place, file: Nomination, clock: Clock, as_: As
) -> None:
    clock.move_to(place.cycle.review_ends_at + timedelta(days=1))
    head, address = as_(place.authority), f"/nominations/{file.ref}/ask-withdrawal"
    assert address in head.get(f"/nominations/{file.ref}").text
    assert head.post(address, data={"reason": ""}).status_code == 422
    assert head.post(address, data={"reason": "She went home."}).location == address
    html = head.get(address).text
    assert ("Your request was received." in html, "She went home." in html) == (True, True)
    assert head.post(address, data={"reason": "Again."}).status_code == 409


@on_sqlite
def test_the_secretariat_without_a_conflict_is_asked_to_answer(
    place: Place, file: Nomination, clock: Clock, as_: As
) -> None:
    with transaction():
        make.add(SecretariatDeclaration(
            nomination_id=file.id, person_id=place.second.id, conflict=True, reason="A tie.", at=clock.now
        ))  # fmt: skip
    now = clock.move_to(place.cycle.review_ends_at + timedelta(days=1))
    with transaction():
        operations.request_withdrawal(file, "She went home.", by=place.authority, now=now)
    asks = "Answer a mission that asks to withdraw its file"
    people = (place.secretariat, place.second, place.authority)
    assert [asks in as_(person).get("/home").text for person in people] == [True, False, False]
    assert "She went home." in as_(place.secretariat).get(f"/screening/files/{file.ref}").text


@on_sqlite
def test_the_request_reads_the_same_whether_something_is_decided_or_not(
    place: Place, file: Nomination, clock: Clock, as_: As
) -> None:
    now = clock.move_to(place.cycle.review_ends_at + timedelta(days=1))
    head = as_(place.authority)

    def pages() -> list[str]:
        found = [head.get(f"/nominations/{file.ref}{page}") for page in ("", "/ask-withdrawal")]
        return [f"{answer.status_code} {_TOKENS.sub('', answer.text)}" for answer in found]

    with transaction():
        place.cycle.round_closed_at = now
    before = pages()
    with transaction():
        make.add(Decision(cycle_id=place.cycle.id, award=False, reasons="None.", by_id=place.secretariat.id, at=now))
    assert pages() == before
