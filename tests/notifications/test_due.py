"""A letter is asked once more, at the last moment, whether its reader may still know what it says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from award_app import clock
from award_app.accounts.models import Invitation
from award_app.announcement.models import Announcement
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from award_app.domain.vocabulary import LetterState, NominationState, Outcome
from award_app.nominations.models import Nomination, Return
from award_app.notifications import catalogue
from award_app.notifications.models import Letter
from award_app.selection.models import Decision, Place
from tests import factories
from tests.conftest import Clock
from tests.notifications import scene
from tests.servers import Sink

Happens = Callable[[Letter], None]
S = LetterState


def deactivated(letter: Letter) -> None:
    assert letter.person is not None
    letter.person.deactivated_at = clock.now()


def appointment_ended(letter: Letter) -> None:
    assert letter.person is not None
    for appointment in letter.person.appointments:
        appointment.ended_at = clock.now()


def invitation_accepted(letter: Letter) -> None:
    _invitation(letter).accepted_at = clock.now()


def invitation_cancelled(letter: Letter) -> None:
    _invitation(letter).cancelled_at = clock.now()


def invitation_expired(letter: Letter) -> None:
    _invitation(letter).expires_at = clock.now()


def withdrawn(letter: Letter) -> None:
    _file(letter).withdrawn_reason = "She went home."
    _file(letter).state = NominationState.WITHDRAWN


def handed_in_again(letter: Letter) -> None:
    _file(letter).state = NominationState.SUBMITTED


def returned_again(letter: Letter) -> None:
    by, now = factories.secretariat(), clock.now()
    factories.add(Return(nomination_id=_file(letter).id, remarks="More.", deadline=now, by_id=by.id, at=now))


def round_closed(letter: Letter) -> None:
    subject = catalogue.subject_of(letter)
    assert isinstance(subject, Cycle)
    subject.round_closed_at = clock.now()


def taken_back(letter: Letter) -> None:
    db.session.query(Announcement).one().taken_back_at = clock.now()


def changed_after_approval(letter: Letter) -> None:
    db.session.query(Announcement).one().version += 1


def named_runner_up(letter: Letter) -> None:
    decision = db.session.query(Decision).one()
    file = _file(letter)
    factories.add(Place(decision_id=decision.id, nomination_id=file.id, outcome=Outcome.RUNNER_UP, position=1))


def nothing(letter: Letter) -> None:
    pass


# Letter, what happened between its cause and its sending, how it ends, and the code that says why.
CASES = [
    ("invitation", invitation_accepted, S.SKIPPED, "invitation_accepted"),
    ("invitation", invitation_cancelled, S.CANCELLED, "invitation_cancelled"),
    ("invitation", invitation_expired, S.SKIPPED, "invitation_expired"),
    ("handed_in", deactivated, S.SKIPPED, "deactivated"),
    ("handed_in", appointment_ended, S.SKIPPED, "appointment_ended"),
    ("handed_in", withdrawn, S.SKIPPED, "overtaken"),
    ("returned", appointment_ended, S.SKIPPED, "appointment_ended"),
    ("returned", handed_in_again, S.SKIPPED, "overtaken"),
    ("returned", returned_again, S.SKIPPED, "overtaken"),
    ("accepted", withdrawn, S.SKIPPED, "overtaken"),
    ("accepted", deactivated, S.SKIPPED, "deactivated"),
    ("ineligible", appointment_ended, S.SKIPPED, "appointment_ended"),
    ("round_open", appointment_ended, S.SKIPPED, "appointment_ended"),
    ("round_open", round_closed, S.SKIPPED, "overtaken"),
    ("round_closed", deactivated, S.SKIPPED, "deactivated"),
    ("released", taken_back, S.CANCELLED, "not_released"),
    ("released", changed_after_approval, S.CANCELLED, "not_released"),
    ("released", appointment_ended, S.SKIPPED, "appointment_ended"),
    ("not_selected", taken_back, S.CANCELLED, "not_released"),
    ("not_selected", named_runner_up, S.CANCELLED, "honoured"),
    ("not_selected", withdrawn, S.SKIPPED, "overtaken"),
    ("not_selected", appointment_ended, S.SKIPPED, "appointment_ended"),
]


@pytest.mark.parametrize(("template", "happens", "state", "why"), CASES)
def test_a_letter_overtaken_by_events_does_not_leave(
    post_box: Sink, template: str, happens: Happens, state: LetterState, why: str
) -> None:
    letter = _posted_after(template, happens)
    assert (letter.state, letter.note, letter.closed_at) == (state, why, clock.now())
    assert post_box.messages == []


@pytest.mark.parametrize("template", scene.EVERY_KIND)
def test_when_nothing_happened_every_letter_leaves(post_box: Sink, template: str) -> None:
    assert _posted_after(template, nothing).state is S.SENT
    assert len(post_box.messages) == 1


def test_no_word_of_a_release_leaves_before_its_instant(post_box: Sink, clock: Clock) -> None:
    def set_for_tomorrow(letter: Letter) -> None:
        announcement = db.session.query(Announcement).one()
        announcement.release_at = clock.now.replace(day=clock.now.day + 1)

    assert _posted_after("released", set_for_tomorrow).note == "not_released"
    assert post_box.messages == []


def _posted_after(template: str, happens: Happens) -> Letter:
    letter_id = scene.written(template)
    with transaction():
        happens(db.session.get_one(Letter, letter_id))
    db.session.expire_all()
    return scene.post(letter_id)


def _invitation(letter: Letter) -> Invitation:
    subject = catalogue.subject_of(letter)
    assert isinstance(subject, Invitation)
    return subject


def _file(letter: Letter) -> Nomination:
    subject = catalogue.subject_of(letter)
    assert isinstance(subject, Nomination | Return)
    return catalogue.nomination_of(subject)
