"""Nothing is released but by two people, with consent, under the laureate's name; and it is written down once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from award_app import access
from award_app.announcement import operations, queries
from award_app.announcement.embargo import queries as embargo
from award_app.announcement.models import Announcement, Approval
from award_app.audit import LedgerEntry
from award_app.db import db, transaction
from award_app.domain.vocabulary import Consent, Refused
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Clock
from tests.selection import scene as scenes
from tests.selection.scene import Scene

pytestmark = pytest.mark.usefixtures("app", "clock")


def decided(*, award: bool = True) -> Scene:
    """In a year for which the record names nobody."""
    scene = scenes.closed_round()
    scene.cycle.award_year = 2026
    scenes.computed(scene)
    scenes.decided(scene, award=award)
    return scene


def prepare(scene: Scene, **changes: Any) -> Announcement:
    values: dict[str, Any] = {
        "citations": {"en": "For her desk.", "fr": "Pour son bureau."}, "stories": {"en": "Long.", "fr": ""},
        "name": "Awa Bélanger", "rank": "Inspecteur", "country": "SN", "duty": "Adviser",
        "release_at": scene.now, "by": scene.secretariat[0], "now": scene.now,
    }  # fmt: skip
    with transaction():
        return operations.prepare(scene.cycle, **values | changes)


def approve(scene: Scene, announcement: Announcement, who: int, typed: str = "Awa Bélanger", **more: Any) -> None:
    with transaction():
        operations.approve(announcement, typed, by=scene.secretariat[who], now=scene.now, **more)


def released(scene: Scene) -> bool:
    return access.acts(scene.cycle, scene.now).released


def test_two_approvals_by_different_people_release_and_the_one_who_wrote_it_may_be_one_of_them() -> None:
    scene = decided()
    announcement = prepare(scene)
    approve(scene, announcement, 0)
    assert not released(scene)
    approve(scene, announcement, 1)
    assert released(scene)
    assert [(a.slot, a.person_id) for a in announcement.approvals] == [
        (1, scene.secretariat[0].id),
        (2, scene.secretariat[1].id),
    ]


def test_what_a_page_has_loaded_is_locked_and_changed_as_well() -> None:
    """PostgreSQL locks no row on the empty side of a join, and a page loads the nomination beside the announcement."""
    scene = decided()
    db.session.expunge(prepare(scene))
    db.session.expunge(prepare(scene, duty="Police adviser"))
    for who in (0, 1):
        loaded = embargo.announcement_of(scene.cycle)
        assert loaded is not None
        approve(scene, loaded, who)
        db.session.expunge(loaded)
    assert released(scene)


def test_one_person_does_not_approve_twice() -> None:
    scene = decided()
    announcement = prepare(scene)
    approve(scene, announcement, 0)
    with pytest.raises(Refused, match="same_person"):
        approve(scene, announcement, 0)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Approval(
                announcement_id=announcement.id, version=1, slot=2, person_id=scene.secretariat[0].id, at=scene.now
            )
        )


def test_a_third_approval_has_nothing_left_to_do() -> None:
    scene = decided()
    announcement = prepare(scene, release_at=scene.now + timedelta(days=2))
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    with pytest.raises(Refused, match="already_done"):
        approve(scene, announcement, 2)


def test_two_approvals_do_not_release_before_the_instant(clock: Clock) -> None:
    scene = decided()
    announcement = prepare(scene, release_at=scene.now + timedelta(days=2))
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    assert (released(scene), operations.release_due(clock.now)) == (False, 0)
    clock.forward(days=2)
    assert released(scene)


def test_a_change_of_the_texts_voids_the_approvals() -> None:
    scene = decided()
    announcement = prepare(scene, release_at=scene.now + timedelta(days=2))
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    prepare(scene, duty="Police adviser", release_at=scene.now)
    assert (announcement.version, released(scene)) == (2, False)
    approve(scene, announcement, 2)
    approve(scene, announcement, 0)
    assert released(scene)


def test_who_read_an_older_version_approves_nothing() -> None:
    scene = decided()
    announcement = prepare(scene)
    prepare(scene, duty="Police adviser")
    with pytest.raises(Refused, match="changed_meanwhile"):
        approve(scene, announcement, 0, version=1)


@pytest.mark.parametrize("consent", [Consent.NOT_TOLD, Consent.REFUSED, None])
def test_nothing_is_approved_without_the_nominees_consent(consent: Consent | None) -> None:
    scene = decided()
    scene.files[0].consent, scene.files[0].consent_at = consent, scene.now if consent else None
    db.session.commit()
    with pytest.raises(Refused, match="no_consent"):
        approve(scene, prepare(scene), 0)


TYPED = [
    # As it stands.
    ("Awa Bélanger", True),
    # Without accents, case, and with spaces to spare.
    ("  AWA   belanger ", True),
    # The accent written as a mark of its own.
    ("Awa Be\u0301langer", True),
    # Half a name, another name, nothing.
    ("Awa", False),
    ("Awa Boulanger", False),
    ("", False),
    # The order belongs to the name.
    ("Bélanger Awa", False),
]


@pytest.mark.parametrize(("typed", "same"), TYPED)
def test_the_laureates_name_is_typed(typed: str, same: bool) -> None:
    scene = decided()
    announcement = prepare(scene)
    if same:
        approve(scene, announcement, 0, typed)
    else:
        with pytest.raises(Refused, match="name_differs"):
            approve(scene, announcement, 0, typed)
    assert len(announcement.approvals) == same


def test_for_no_award_the_year_is_typed_and_no_consent_is_needed() -> None:
    scene = decided(award=False)
    announcement = prepare(scene, name="Somebody")
    assert (announcement.name, announcement.nomination_id) == ("", None)
    with pytest.raises(Refused, match="name_differs"):
        approve(scene, announcement, 0, "")
    approve(scene, announcement, 0, str(scene.cycle.award_year))
    approve(scene, announcement, 1, str(scene.cycle.award_year))
    assert [(one.year, one.name) for one in queries.released_laureates()] == [(scene.cycle.award_year, "")]


def test_what_an_announcement_needs() -> None:
    scene = decided()
    with pytest.raises(Refused, match="invalid") as refused:
        prepare(scene, name=" ", citations={"en": "For her desk."})
    assert refused.value.problems == ("name", "citation_fr")


def test_paragraphs_are_kept_as_browsers_send_them() -> None:
    scene = decided()
    announcement = prepare(scene, stories={"en": "One.\r\n\r\nTwo.\r\n", "fr": ""})
    assert announcement.stories == {"en": "One.\n\nTwo.", "fr": ""}


def test_only_the_secretariat_without_a_conflict_prepares_and_approves() -> None:
    scene = scenes.closed_round()
    scenes.conflict(scene.files[2], scene.secretariat[2])
    scenes.computed(scene)
    scenes.decided(scene)
    for by, reason in ((scene.secretariat[2], "conflict"), (scene.chair, "not_yours"), (scene.observer, "not_found")):
        with pytest.raises(Refused, match=reason):
            prepare(scene, by=by)
    announcement = prepare(scene)
    with pytest.raises(Refused, match="conflict"):
        approve(scene, announcement, 2)


def test_before_the_decision_it_is_too_early_after_the_release_too_late() -> None:
    scene = scenes.computed(scenes.closed_round())
    with pytest.raises(Refused, match="too_early"):
        prepare(scene)
    scenes.decided(scene)
    announcement = prepare(scene)
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    with pytest.raises(Refused, match="too_late"):
        prepare(scene)
    with pytest.raises(Refused, match="too_late"):
        approve(scene, announcement, 2)


def test_a_release_is_written_down_once_with_its_letters() -> None:
    scene = decided()
    announcement = prepare(scene)
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    counts = []
    for _ in range(2):
        with transaction():
            counts.append(operations.release_due(scene.now))
    assert counts == [1, 0]
    acts = db.session.scalars(select(LedgerEntry.act).order_by(LedgerEntry.seq)).all()
    assert acts[acts.index("decide") :] == [
        "decide",
        "prepare_announcement",
        "approve_release",
        "approve_release",
        "release",
    ]
    letters = db.session.execute(select(Letter.template, Letter.person_id)).all()
    to_all = {("released", person.id) for person in (*scene.authorities, *scene.panel)}
    # Chandra stands in the reserve: her authority gets the letter that all the others get.
    assert sorted(map(tuple, letters)) == sorted(to_all | {("not_selected", scene.authorities[2].id)})


def test_without_an_award_every_authority_hears_that_her_file_was_not_selected() -> None:
    scene = decided(award=False)
    announcement = prepare(scene)
    year = str(scene.cycle.award_year)
    approve(scene, announcement, 0, year)
    approve(scene, announcement, 1, year)
    with transaction():
        operations.release_due(scene.now)
    told = db.session.scalars(select(Letter.person_id).where(Letter.template == "not_selected"))
    assert set(told) == {person.id for person in scene.authorities}


def test_two_releases_at_once_are_held_by_the_database() -> None:
    scene = decided()
    announcement = prepare(scene)
    approve(scene, announcement, 0)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Approval(
                announcement_id=announcement.id, version=1, slot=1, person_id=scene.secretariat[1].id, at=scene.now
            )
        )


def test_the_worker_writes_down_what_is_due() -> None:
    from workers import announcements

    scene = decided()
    announcement = prepare(scene)
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    announcements.release_due()
    announcements.release_due()
    db.session.rollback()
    assert announcement.released_at == scene.now


def test_somebody_else_prepares_nothing() -> None:
    with pytest.raises(Refused, match="not_found"):
        prepare(decided(), by=make.person())
