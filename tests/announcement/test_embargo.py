"""Telling the laureate's mission under embargo, taking an announcement back, and following the outcome that stands."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from award_app import access
from award_app.announcement import operations, queries
from award_app.announcement.embargo import operations as embargo
from award_app.announcement.embargo import queries as standing
from award_app.announcement.models import Announcement, TakingBack, Telling
from award_app.audit import LedgerEntry
from award_app.db import db, transaction
from award_app.domain import calendar
from award_app.domain.vocabulary import Action, Consent, LetterState, Phase, Refused
from award_app.notifications.message import compose
from award_app.notifications.models import Letter
from award_app.selection.changes.queries import laureate_of
from tests import factories as make
from tests.announcement.scene import leaves, released
from tests.announcement.test_operations import approve, decided, prepare
from tests.announcement.test_operations import released as is_released
from tests.conftest import Clock
from tests.selection import scene as scenes
from tests.selection.scene import Scene

pytestmark = pytest.mark.usefixtures("app", "clock")


def ahead(scene: Scene, **changes: object) -> Announcement:
    return prepare(scene, release_at=scene.now + timedelta(days=14), **changes)


def tell(scene: Scene, announcement: Announcement, who: int = 0) -> Telling:
    with transaction():
        return embargo.tell(announcement, by=scene.secretariat[who], now=scene.now)


def take_back(scene: Scene, announcement: Announcement, reason: str = "A wrong name.", who: int = 2) -> TakingBack:
    with transaction():
        return embargo.take_back(announcement, reason, by=scene.secretariat[who], now=scene.now)


def letters(template: str) -> list[int | None]:
    wanted = select(Letter.person_id).where(Letter.template == template)
    return list(db.session.scalars(wanted.order_by(Letter.person_id)))


# --- telling ---------------------------------------------------------------------------------------------------------


def test_the_authority_of_her_mission_alone_is_told_once_by_letter_and_reads_the_outcome() -> None:
    scene = decided()
    announcement = ahead(scene)
    telling = tell(scene, announcement)
    awa = scene.files[0]
    assert (telling.nomination_id, letters("told")) == (awa.id, [scene.authorities[0].id])
    assert access.acts(scene.cycle, scene.now).told
    known = [
        [queries.outcomes(scene.files, now=scene.now, seen_by=person).get(file.id) for file in scene.files]
        for person in (scene.authorities[0], awa.nominator, scene.authorities[1], scene.chair, scene.secretariat[0])
    ]
    assert known == [["told", None, None], *[[None, None, None]] * 4]
    assert queries.outcomes(scene.files, now=scene.now) == {}
    with pytest.raises(Refused, match="already_done"):
        tell(scene, announcement, 1)


def test_the_letter_says_until_when_and_not_what() -> None:
    scene = decided()
    announcement = ahead(scene)
    tell(scene, announcement)
    take_back(scene, announcement)
    for template, said, unsaid in (
        ("told", "24 March 2026, 12:00", ("laureate", "Laureate")),
        ("taken_back", "Put off", ("A wrong name.", "Bélanger")),
    ):
        letter = db.session.scalars(select(Letter).where(Letter.template == template)).first()
        assert letter is not None
        with current_app.test_request_context():
            message = email.message_from_bytes(compose(letter, scene.now).content, policy=email.policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        text = f"{message['Subject']} {body.get_content()}"
        assert (said in text, [word for word in unsaid if word in text]) == (True, [])


def test_another_instant_is_told_once_it_is_approved() -> None:
    scene = decided()
    announcement = ahead(scene)
    tell(scene, announcement)
    for days in (20, 20):  # written twice with the same instant
        prepare(scene, release_at=scene.now + timedelta(days=days))
        approve(scene, announcement, 0)
        assert len(letters("told")) == 1 + (announcement.version > 2)
        approve(scene, announcement, 1)
    assert letters("told") == [scene.authorities[0].id] * 2


def test_a_told_mission_hears_of_a_taking_back() -> None:
    scene = decided()
    announcement = ahead(scene)
    tell(scene, announcement)
    take_back(scene, announcement)
    assert letters("taken_back") == sorted(person.id for person in (*scene.secretariat, scene.authorities[0]))


def test_told_is_a_phase_of_the_cycle() -> None:
    scene = decided()
    announcement = ahead(scene)
    phases = []
    for step in (lambda: None, lambda: tell(scene, announcement)):
        step()
        phases.append(calendar.phase(scene.cycle.dates, access.acts(scene.cycle, scene.now), scene.now))
    assert phases == [Phase.DECIDED, Phase.TOLD]


def test_what_telling_needs() -> None:
    scene = decided()
    now_due = prepare(scene)
    with pytest.raises(Refused, match="unfinished") as refused:
        tell(scene, now_due)
    assert refused.value.problems == ("past",)
    announcement = ahead(scene)
    scene.files[0].consent = Consent.REFUSED
    db.session.commit()
    with pytest.raises(Refused, match="no_consent"):
        tell(scene, announcement)
    scene.files[0].consent = Consent.GIVEN
    scene.authorities[0].deactivated_at = scene.now
    db.session.commit()
    with pytest.raises(Refused, match="unfinished") as refused:
        tell(scene, announcement)
    assert (refused.value.problems, letters("told")) == (("nobody",), [])


def test_without_an_award_there_is_nobody_to_tell() -> None:
    scene = decided(award=False)
    with pytest.raises(Refused, match="unfinished") as refused:
        tell(scene, ahead(scene))
    assert refused.value.problems == ("no_award",)


def test_a_secretariat_member_with_a_conflict_neither_tells_nor_takes_back() -> None:
    scene = scenes.closed_round()
    scenes.conflict(scene.files[2], scene.secretariat[2])
    scenes.computed(scene)
    scenes.decided(scene)
    announcement = ahead(scene)
    for refuse in (lambda: tell(scene, announcement, 2), lambda: take_back(scene, announcement)):
        with pytest.raises(Refused, match="conflict"):
            refuse()


# --- taking back -----------------------------------------------------------------------------------------------------


def test_one_person_hides_it_before_the_release_and_two_are_needed_to_show_it_again(clock: Clock) -> None:
    scene = decided()
    announcement = ahead(scene)
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    taken = take_back(scene, announcement)
    clock.forward(days=15)
    assert (taken.was_released, is_released(scene), operations.release_due(scene.now)) == (False, False, 0)
    with pytest.raises(Refused, match="unfinished"):
        approve(scene, announcement, 2)
    prepare(scene, duty="Police adviser", release_at=scene.now)
    assert (announcement.version, is_released(scene)) == (2, False)
    approve(scene, announcement, 2)
    assert not is_released(scene)
    approve(scene, announcement, 0)
    assert is_released(scene)


def test_after_the_release_it_is_gone_at_once_and_comes_back_corrected() -> None:
    scene = released()
    announcement = standing.announcement_of(scene.cycle)
    assert announcement is not None
    with transaction():
        operations.release_due(scene.now)
    with pytest.raises(Refused, match="too_late"):
        prepare(scene)
    assert take_back(scene, announcement).was_released
    assert (is_released(scene), queries.released_laureates()) == (False, [])
    assert queries.outcomes(scene.files, now=scene.now) == {}
    prepare(scene, name="Awa Corrected")
    for who in (0, 2):
        approve(scene, announcement, who, "Awa Corrected")
    assert [one.name for one in queries.released_laureates()] == ["Awa Corrected"]
    with transaction():
        assert operations.release_due(scene.now) == 1
    acts = db.session.scalars(select(LedgerEntry.act).order_by(LedgerEntry.seq)).all()
    assert [act for act in acts if act in ("release", "take_back")] == ["release", "take_back", "release"]


def test_who_was_written_to_about_the_release_hears_of_its_taking_back() -> None:
    scene = released()
    announcement = standing.announcement_of(scene.cycle)
    assert announcement is not None
    with transaction():
        operations.release_due(scene.now)
    gone, waiting = db.session.scalars(select(Letter).where(Letter.template == "released").order_by(Letter.id)).all()[
        :2
    ]
    gone.state, gone.closed_at = LetterState.SENT, scene.now
    db.session.commit()
    take_back(scene, announcement)
    assert waiting.person_id not in letters("taken_back")
    assert letters("taken_back") == sorted([*(person.id for person in scene.secretariat), gone.person_id or 0])


def test_a_corrected_release_is_written_to_all_and_a_disappointment_is_not_sent_twice() -> None:
    scene = released()
    announcement = standing.announcement_of(scene.cycle)
    assert announcement is not None
    with transaction():
        operations.release_due(scene.now)
    first = len(letters("released"))
    take_back(scene, announcement)
    prepare(scene)
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    with transaction():
        operations.release_due(scene.now)
    assert (len(letters("released")), letters("not_selected")) == (2 * first, [scene.authorities[2].id])


def test_before_the_release_only_those_hear_of_it_who_may_see_the_announcement() -> None:
    scene = scenes.closed_round()
    scenes.conflict(scene.files[2], scene.secretariat[2])
    scenes.computed(scene)
    scenes.decided(scene)
    take_back(scene, ahead(scene), who=1)
    assert letters("taken_back") == [scene.secretariat[0].id, scene.secretariat[1].id]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_taking_back_needs_a_reason(reason: str) -> None:
    scene = decided()
    with pytest.raises(Refused, match="invalid"):
        take_back(scene, ahead(scene), reason)


def test_it_is_taken_back_once() -> None:
    scene = decided()
    announcement = ahead(scene)
    take_back(scene, announcement)
    with pytest.raises(Refused, match="already_done"):
        take_back(scene, announcement, who=0)


# --- the outcome that stands -----------------------------------------------------------------------------------------


def test_when_the_laureate_leaves_the_approvals_are_void_and_it_is_written_anew_for_who_follows(clock: Clock) -> None:
    scene = decided()
    announcement = ahead(scene)
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    tell(scene, announcement)
    leaves(scene, scene.files[0])
    clock.forward(days=15)
    assert (is_released(scene), standing.follows_the_outcome(announcement, laureate_of(scene.cycle))) == (False, False)
    assert queries.outcomes(scene.files, now=scene.now, seen_by=scene.authorities[0]) == {}
    for refuse in (lambda: approve(scene, announcement, 2), lambda: tell(scene, announcement)):
        with pytest.raises(Refused, match="unfinished") as refused:
            refuse()
        assert refused.value.problems == ("rewrite",)
    prepare(scene, name="Bintu Castellanos", release_at=scene.now)
    assert announcement.nomination_id == scene.files[1].id
    assert not access.may(scene.authorities[0], Action.SEE_OUTCOME, scene.files[0], now=scene.now).allowed
    for who in (0, 1):
        approve(scene, announcement, who, "Bintu Castellanos")
    (one,) = queries.released_laureates()
    assert (one.name, [other.name for other in one.runners_up]) == ("Bintu Castellanos", ["Chandra Dlamini"])


def test_a_runner_up_whom_nobody_approved_is_not_published(clock: Clock) -> None:
    """Bintu leaves after the approvals: she is not named, and Chandra, who moves up, was not read by the approvers."""
    scene = decided()
    announcement = ahead(scene)
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    clock.forward(days=1)
    leaves(scene, scene.files[1])
    clock.forward(days=14)
    (one,) = queries.released_laureates()
    assert (one.name, one.runners_up) == ("Awa Bélanger", ())


def test_consent_taken_back_after_the_release_hides_it_and_a_new_version_is_written_down_anew() -> None:
    scene = released()
    announcement = standing.announcement_of(scene.cycle)
    assert announcement is not None
    with transaction():
        operations.release_due(scene.now)
    scene.files[0].consent = Consent.REFUSED
    db.session.commit()
    assert queries.released_laureates() == []
    scene.files[0].consent = Consent.GIVEN
    db.session.commit()
    assert len(queries.released_laureates()) == 1


def test_nobody_else_may() -> None:
    scene = decided()
    announcement = ahead(scene)
    for by, reason in ((scene.chair, "not_yours"), (scene.observer, "not_found"), (make.person(), "not_found")):
        with pytest.raises(Refused, match=reason), transaction():
            embargo.tell(announcement, by=by, now=scene.now)
        with pytest.raises(Refused, match=reason), transaction():
            embargo.take_back(announcement, "Why", by=by, now=scene.now)
