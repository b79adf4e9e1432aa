"""What the secretariat may do with a file that was handed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import Consent, IneligibleReason, NominationState, Refusal
from award_app.nominations import queries, screening
from award_app.nominations.models import Nomination
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Clock
from tests.nominations.conftest import Place, make_place
from tests.nominations.test_operations import refusal

S = NominationState


@pytest.fixture
def place(app: object, clock: Clock) -> Place:
    return make_place()


def submitted(place: Place, **answers: Any) -> Nomination:
    """Handed in, and both of the secretariat have declared that they have no conflict."""
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, S.SUBMITTED, **answers)
        for person in (place.secretariat, place.second):
            declare(file, person, place)
    return file


def declare(file: Nomination, person: Person, place: Place, conflict: bool = False) -> None:
    now = place.cycle.opens_at + timedelta(days=10)
    reason = "She is my sister." if conflict else None
    screening.declare_as_secretariat(file, conflict=conflict, reason=reason, by=person, now=now)


def letters() -> list[tuple[str, int | None, dict[str, int]]]:
    rows = db.session.scalars(select(Letter).order_by(Letter.person_id))
    return [(row.template, row.person_id, row.ids) for row in rows]


# --- declaring -------------------------------------------------------------------------------------------------------


def test_nothing_is_decided_before_declaring(place: Place, clock: Clock) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, S.SUBMITTED)
    said = refusal(lambda: screening.accept(file, by=place.secretariat, now=clock.now))
    assert said.refusal is Refusal.DECLARE_FIRST


def test_a_conflict_closes_the_file(place: Place, clock: Clock) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, S.SUBMITTED)
        declare(file, place.secretariat, place, conflict=True)
    said = refusal(lambda: screening.accept(file, by=place.secretariat, now=clock.now))
    assert said.refusal is Refusal.CONFLICT
    opened = refusal(
        lambda: queries.attachment_by_ref(queries.attachments(file)[0].ref, seen_by=place.secretariat, now=clock.now)
    )
    assert opened.refusal is Refusal.CONFLICT


def test_one_declares_once_and_a_conflict_with_its_reason(place: Place, clock: Clock) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, S.SUBMITTED)
    bare = refusal(
        lambda: screening.declare_as_secretariat(file, conflict=True, reason=" ", by=place.secretariat, now=clock.now)
    )
    assert bare.refusal is Refusal.INVALID
    with transaction():
        declare(file, place.secretariat, place)
    again = refusal(lambda: declare(file, place.secretariat, place, conflict=True))
    assert again.refusal is Refusal.ALREADY_DONE


def test_a_draft_is_nothing_to_the_secretariat(place: Place, clock: Clock) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator)
    assert refusal(lambda: declare(file, place.secretariat, place)).refusal is Refusal.NOT_FOUND


# --- accepting and returning -----------------------------------------------------------------------------------------


def test_an_accepted_file_is_with_the_panel_and_its_mission_gets_a_letter(place: Place, clock: Clock) -> None:
    file = submitted(place)
    with transaction():
        screening.accept(file, by=place.secretariat, now=clock.now)
    assert (file.state, file.accepted_at) == (S.ACCEPTED, clock.now)
    ids = {"nomination_id": file.id}
    assert letters() == [("accepted", place.nominator.id, ids), ("accepted", place.authority.id, ids)]


def test_a_file_that_identifies_a_survivor_goes_back_for_rewording(place: Place, clock: Clock) -> None:
    file = submitted(place, identifies_survivor="yes")
    said = refusal(lambda: screening.accept(file, by=place.secretariat, now=clock.now))
    assert (said.refusal, file.state) == (Refusal.SURVIVOR, S.SUBMITTED)


def test_what_counts_is_what_was_handed_in(place: Place, clock: Clock) -> None:
    """A late text of its nominator, or anything newer, says nothing about the file that was handed in."""
    file = submitted(place, identifies_survivor="yes")
    with transaction():
        make.answer(file, "identifies_survivor", "no", place.nominator, 2)
    assert refusal(lambda: screening.accept(file, by=place.secretariat, now=clock.now)).refusal is Refusal.SURVIVOR


def test_a_returned_file_has_remarks_and_a_deadline(place: Place, clock: Clock) -> None:
    file = submitted(place)
    with transaction():
        back = screening.send_back(file, " Shorten page 4. ", None, by=place.secretariat, now=clock.now)
    assert (file.state, file.return_deadline) == (S.RETURNED, place.cycle.screening_ends_at)
    assert (back.remarks, back.deadline) == ("Shorten page 4.", place.cycle.screening_ends_at)
    ids = {"return_id": back.id}
    assert letters() == [("returned", place.nominator.id, ids), ("returned", place.authority.id, ids)]


@pytest.mark.parametrize(
    ("remarks", "minutes"),
    [
        ("", 60),  # no remarks
        ("Shorter", 0),  # now is not the future
        ("Shorter", -60),
        ("Shorter", 60 * 24 * 365),  # nobody could screen it again
    ],
)
def test_a_return_without_remarks_or_with_an_impossible_deadline_is_refused(
    place: Place, clock: Clock, remarks: str, minutes: int
) -> None:
    file = submitted(place)
    deadline = clock.now + timedelta(minutes=minutes)
    said = refusal(lambda: screening.send_back(file, remarks, deadline, by=place.secretariat, now=clock.now))
    assert (said.refusal, file.state) == (Refusal.INVALID, S.SUBMITTED)


def test_after_screening_a_return_needs_a_deadline_of_its_own(place: Place, clock: Clock) -> None:
    file = submitted(place)
    now = place.cycle.screening_ends_at
    assert (
        refusal(lambda: screening.send_back(file, "Shorter", None, by=place.secretariat, now=now)).refusal == "invalid"
    )
    with transaction():
        screening.send_back(file, "Shorter", now + timedelta(days=2), by=place.secretariat, now=now)
    assert file.return_deadline == now + timedelta(days=2)


@pytest.mark.parametrize("state", [S.RETURNED, S.ACCEPTED, S.INELIGIBLE])
def test_only_a_submitted_file_is_decided(place: Place, clock: Clock, state: NominationState) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, state)
        declare(file, place.secretariat, place)
    by, now = place.secretariat, clock.now
    acts = (
        lambda: screening.accept(file, by=by, now=now),
        lambda: screening.send_back(file, "Shorter", None, by=by, now=now),
        lambda: screening.propose_ineligible(file, IneligibleReason.SANCTION, by=by, now=now),
        lambda: screening.confirm_ineligible(file, by=by, now=now),
    )
    assert [refusal(act).refusal for act in acts] == [Refusal.WRONG_STATE] * 4


def test_nothing_is_screened_after_the_review(place: Place, clock: Clock) -> None:
    file = submitted(place)
    late = place.cycle.review_ends_at
    assert refusal(lambda: screening.accept(file, by=place.secretariat, now=late)).refusal is Refusal.TOO_LATE


# --- ineligible: two people ------------------------------------------------------------------------------------------


def test_two_different_people_rule_a_file_ineligible(place: Place, clock: Clock) -> None:
    file = submitted(place)
    alone = refusal(lambda: screening.confirm_ineligible(file, by=place.second, now=clock.now))
    assert alone.refusal is Refusal.WRONG_STATE
    with transaction():
        screening.propose_ineligible(file, IneligibleReason.NOT_POLICE, by=place.secretariat, now=clock.now)
    assert file.state is S.SUBMITTED
    same = refusal(lambda: screening.confirm_ineligible(file, by=place.secretariat, now=clock.now))
    assert same.refusal is Refusal.SAME_PERSON
    twice = refusal(
        lambda: screening.propose_ineligible(file, IneligibleReason.SANCTION, by=place.second, now=clock.now)
    )
    assert twice.refusal is Refusal.ALREADY_DONE
    with transaction():
        screening.confirm_ineligible(file, by=place.second, now=clock.now)
    assert (file.state, file.ineligible_reason) == (S.INELIGIBLE, IneligibleReason.NOT_POLICE)
    assert [template for template, _to, _ids in letters()] == ["ineligible", "ineligible"]


def test_who_accepts_or_returns_answers_the_proposal_with_no(place: Place, clock: Clock) -> None:
    file = submitted(place)
    with transaction():
        screening.propose_ineligible(file, IneligibleReason.NOT_POLICE, by=place.secretariat, now=clock.now)
    with transaction():
        screening.accept(file, by=place.second, now=clock.now)
    assert (file.ineligible_reason, file.ineligible_by_id) == (None, None)


def test_consent_is_recorded_with_its_time(place: Place, clock: Clock) -> None:
    file = submitted(place, consent="not_told")
    later = clock.forward(hours=2)
    with transaction():
        screening.record_consent(file, Consent.REFUSED, by=place.secretariat, now=later)
    assert (file.consent, file.consent_at) == (Consent.REFUSED, later)
