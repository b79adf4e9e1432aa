"""The letters of a year's changes are asked once more, too: what happened since, and whether the reader may still know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from award_app import clock
from award_app.accounts.models import AddressChange, Appointment
from award_app.accounts.resetting.models import PasswordReset
from award_app.announcement.models import Announcement, TakingBack, Telling
from award_app.cycles.models import Cycle, Extension
from award_app.db import db, transaction
from award_app.domain.vocabulary import LetterState, NominationState
from award_app.nominations.models import Nomination, SecretariatDeclaration, SentBack
from award_app.notifications.models import Letter
from award_app.reviews.models import CannotFinish
from award_app.selection.models import OutcomeChange
from tests import factories
from tests.notifications import occasions, scene
from tests.notifications.test_due import appointment_ended, deactivated, nothing
from tests.servers import Sink

Happens = Callable[[Letter], None]
S = LetterState


def its_appointment_ended(letter: Letter) -> None:
    db.session.get_one(Appointment, letter.ids["appointment_id"]).ended_at = clock.now()


def nominations_closed(letter: Letter) -> None:
    cycle = db.session.query(Cycle).one()
    cycle.closes_at = clock.now()


def extended_again(letter: Letter) -> None:
    row = db.session.query(Extension).one()
    again = {"cycle_id": row.cycle_id, "mission_id": row.mission_id, "by_id": row.by_id}
    factories.add(Extension(**again, until=row.until + timedelta(days=1), reason="More.", at=clock.now()))


def sent_back_again(letter: Letter) -> None:
    row = db.session.query(SentBack).one()
    factories.add(SentBack(nomination_id=row.nomination_id, remarks="More.", by_id=row.by_id, at=clock.now()))


def endorsed(letter: Letter) -> None:
    file = db.session.query(Nomination).one()
    file.endorsed_digest, file.state = "0" * 64, NominationState.ENDORSED


def accepted(letter: Letter) -> None:
    file = db.session.query(Nomination).one()
    file.accepted_at, file.state = clock.now(), NominationState.ACCEPTED


def answered(letter: Letter) -> None:
    row = db.session.query(CannotFinish).one()
    row.answered_at, row.answered_by_id = clock.now(), letter.person_id


def a_conflict(letter: Letter) -> None:
    assert letter.person is not None
    file = db.session.query(Nomination).first()
    assert file is not None
    row = SecretariatDeclaration(nomination_id=file.id, person_id=letter.person.id, conflict=True, at=clock.now())
    row.reason = "A cousin."
    factories.add(row)


def not_confirmed(letter: Letter) -> None:
    row = db.session.query(OutcomeChange).one()
    row.confirmed_at = row.confirmed_by_id = None


def another_laureate(letter: Letter) -> None:
    told = db.session.query(Telling).one()
    announcement = db.session.get_one(Announcement, told.announcement_id)
    announcement.nomination_id, announcement.name = None, ""


def released_anew(letter: Letter) -> None:
    db.session.query(Announcement).one().taken_back_at = None


def confirmed(letter: Letter) -> None:
    db.session.query(AddressChange).one().confirmed_at = clock.now()


def cancelled(letter: Letter) -> None:
    db.session.query(AddressChange).one().cancelled_at = clock.now()


def expired(letter: Letter) -> None:
    db.session.query(AddressChange).one().expires_at = clock.now()


def a_newer_link(letter: Letter) -> None:
    db.session.query(PasswordReset).one().cancelled_at = clock.now()


def another_address(letter: Letter) -> None:
    assert letter.person is not None
    letter.person.email = "another@laurel.example"


def link_spent(letter: Letter) -> None:
    db.session.query(PasswordReset).one().spent_at = clock.now()


def two_hours_later(letter: Letter) -> None:
    db.session.query(PasswordReset).one().expires_at = clock.now()


# Letter, what happened between its cause and its sending, how it ends, and the code that says why.
CASES = [
    ("call", its_appointment_ended, S.SKIPPED, "appointment_ended"),
    ("call", nominations_closed, S.SKIPPED, "overtaken"),
    ("appointed", its_appointment_ended, S.SKIPPED, "appointment_ended"),
    ("seat_changed", deactivated, S.SKIPPED, "deactivated"),
    ("authority_deputised", its_appointment_ended, S.SKIPPED, "appointment_ended"),
    ("handed_over", its_appointment_ended, S.SKIPPED, "appointment_ended"),
    ("dates_moved", appointment_ended, S.SKIPPED, "appointment_ended"),
    ("extended", extended_again, S.SKIPPED, "overtaken"),
    ("extended", appointment_ended, S.SKIPPED, "appointment_ended"),
    ("file_extended", accepted, S.SKIPPED, "overtaken"),
    ("draft_sent_back", sent_back_again, S.SKIPPED, "overtaken"),
    ("draft_sent_back", endorsed, S.SKIPPED, "overtaken"),
    ("withdrawn", appointment_ended, S.SKIPPED, "appointment_ended"),
    ("cannot_finish", answered, S.SKIPPED, "overtaken"),
    ("cannot_finish", appointment_ended, S.SKIPPED, "appointment_ended"),
    ("reminder", nominations_closed, S.SKIPPED, "overtaken"),
    ("outcome_changed", a_conflict, S.SKIPPED, "may_not_know"),
    ("outcome_changed", not_confirmed, S.SKIPPED, "overtaken"),
    ("told", another_laureate, S.SKIPPED, "appointment_ended"),
    ("told", appointment_ended, S.SKIPPED, "appointment_ended"),
    ("taken_back", released_anew, S.SKIPPED, "overtaken"),
    ("password_reset", a_newer_link, S.CANCELLED, "reset_cancelled"),
    ("password_reset", another_address, S.CANCELLED, "reset_cancelled"),
    ("password_reset", link_spent, S.SKIPPED, "reset_spent"),
    ("password_reset", two_hours_later, S.SKIPPED, "reset_expired"),
    ("password_changed", deactivated, S.SKIPPED, "deactivated"),
    ("address_change", confirmed, S.SKIPPED, "address_confirmed"),
    ("address_change", cancelled, S.CANCELLED, "address_cancelled"),
    ("address_change", expired, S.SKIPPED, "address_expired"),
]


@pytest.mark.parametrize(("template", "happens", "state", "why"), CASES)
def test_a_letter_overtaken_by_events_does_not_leave(
    post_box: Sink, template: str, happens: Happens, state: LetterState, why: str
) -> None:
    letter = _posted_after(template, happens)
    assert (letter.state, letter.note, letter.closed_at) == (state, why, clock.now())
    assert post_box.messages == []


# The notice to the old address is no promise but a warning: nothing stops it.
@pytest.mark.parametrize("happens", [nothing, confirmed, cancelled, expired])
def test_the_old_address_hears_of_it_in_any_case(post_box: Sink, happens: Happens) -> None:
    assert _posted_after("address_changed_notice", happens).state is S.SENT
    (received,) = post_box.messages
    assert received.recipients == (db.session.query(AddressChange).one().before,)
    assert b"new.address" not in received.raw


@pytest.mark.parametrize("template", occasions.OCCASIONS)
def test_when_nothing_happened_every_letter_leaves(post_box: Sink, template: str) -> None:
    assert _posted_after(template, nothing).state is S.SENT
    assert len(post_box.messages) == 1


# Before the release only those hear that it is put off who knew of it.
def test_what_was_never_public_is_taken_back_in_silence(post_box: Sink) -> None:
    with transaction():
        letter = occasions.taken_back(was_released=False).id
    assert scene.post(letter).note == "may_not_know"
    with transaction():
        row = db.session.query(TakingBack).one()
        made = scene.to("taken_back", factories.secretariat(), taking_back_id=row.id)
        db.session.query(Cycle).one().round_closed_at = clock.now()
    assert scene.post(made.id).state is S.SENT
    (received,) = post_box.messages
    assert received.parsed["Subject"].startswith("Put off: the announcement")


def _posted_after(template: str, happens: Happens) -> Letter:
    letter_id = scene.written(template)
    with transaction():
        happens(db.session.get_one(Letter, letter_id))
    db.session.expire_all()
    return scene.post(letter_id)
