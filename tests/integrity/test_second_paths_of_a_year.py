"""Second paths to what is guarded, in what a whole year brought: each was open once, and stays closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from award_app import access
from award_app.accounts.models import Person
from award_app.announcement.embargo import operations as embargo
from award_app.db import db, transaction
from award_app.domain.policy import PARTS
from award_app.domain.vocabulary import Action, AppointmentRole, ChangeKind, IneligibleReason, NominationState, Refusal
from award_app.nominations import dossier, operations, screening
from award_app.nominations.models import Nomination, WithdrawalRequest
from award_app.nominations.translations import operations as translations
from award_app.notifications import due
from award_app.notifications import queries as letters
from award_app.notifications.models import Letter
from award_app.reports import cockpit
from award_app.reports.lists.queries import Wanted
from award_app.selection.changes import operations as changes
from award_app.selection.models import OutcomeChange
from tests import factories as make
from tests.announcement.test_operations import approve, decided, prepare
from tests.conftest import Clock
from tests.nominations.conftest import make_place
from tests.selection import scene as scenes
from tests.selection.scene import Scene

pytestmark = [pytest.mark.usefixtures("app", "clock"), pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

As = Callable[[Person], FlaskClient]


def proposed(scene: Scene, file: Nomination, kind: ChangeKind = ChangeKind.DECLINED) -> OutcomeChange:
    ground = IneligibleReason.SANCTION if kind is ChangeKind.DISQUALIFIED else None
    with transaction():
        by = scene.secretariat[0]
        return changes.propose(scene.cycle, file, kind, "She said so.", ground=ground, by=by, now=scene.now)


def left(scene: Scene, file: Nomination, kind: ChangeKind) -> None:
    change = proposed(scene, file, kind)
    with transaction():
        changes.confirm(change, scene.cycle, by=scene.chair, now=scene.now)


# --- the outcome -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ChangeKind)
def test_a_conflict_in_a_file_that_left_the_outcome_goes_on_closing_it(as_: As, kind: ChangeKind) -> None:
    """The file was withdrawn and no longer accepted: whoever had a conflict in it read the decision that named it, and
    why it left."""
    scene = scenes.closed_round()
    secretary, member = scene.secretariat[2], scene.panel[3]
    scenes.conflict(scene.files[0], secretary)
    scenes.recuse(scene.files[0], member)
    make.appoint(member, AppointmentRole.OBSERVER)
    scenes.decided(scenes.computed(scene))
    left(scene, scene.files[0], kind)
    year = scene.cycle.award_year
    pages = [f"/results/{year}/{page}" for page in ("shortlist", "decision", "changes")] + [f"/announcements/{year}"]
    assert [as_(secretary).get(page).status_code for page in pages] == [403] * 4
    assert [as_(scene.secretariat[0]).get(page).status_code for page in pages] == [200] * 4
    found = access.may(member, Action.SEE_DECISION, scene.cycle, now=scene.now).refusal
    assert found is Refusal.CONFLICT
    shown = {line.letter.template for line in letters.page(secretary, Wanted()).rows}
    known = {line.letter.template for line in letters.page(scene.secretariat[0], Wanted()).rows}
    assert ("outcome_changed" in shown, "outcome_changed" in known) == (False, True)


def asked_back(scene: Scene, file: Nomination) -> None:
    person = scene.authorities[0]
    make.add(WithdrawalRequest(nomination_id=file.id, reason="She goes home.", by_id=person.id, at=scene.now))
    db.session.commit()


@pytest.mark.parametrize("page", ["/home", "/reports/{year}"])
def test_that_a_change_is_proposed_is_not_read_off_what_no_longer_waits(as_: As, page: str) -> None:
    """A mission asked for its file back. That its request was taken up vanished from the page of a secretariat member
    with a conflict in another file."""
    scene = scenes.computed(scenes.closed_round())
    scenes.conflict(scene.files[1], scene.secretariat[2])
    asked_back(scene, scene.files[0])
    out, within = as_(scene.secretariat[2]), as_(scene.secretariat[1])
    address = page.format(year=scene.cycle.award_year)
    before, known_before = out.get(address).text, within.get(address).text
    proposed(scene, scene.files[0], ChangeKind.WITHDRAWN)
    assert (out.get(address).text == before, within.get(address).text == known_before) == (True, False)


def test_the_cockpit_does_not_tell_whoever_has_a_conflict_that_a_shortlist_is_confirmed() -> None:
    """Missing consents and clearances stopped blocking the year the moment there was a shortlist."""
    scene = scenes.computed(scenes.closed_round())
    out, within = scene.secretariat[2], scene.secretariat[0]
    scenes.conflict(scene.files[2], out)

    def blocks(person: Person) -> set[cockpit.Block]:
        db.session.expire_all()
        return {one.code for one in cockpit.build(scene.cycle, person, scene.now).blocked}

    lacks = {cockpit.Block.NO_CLEARANCE}
    with transaction():
        scenes.cleared(scene.files[0], within)
        for file in scene.files[1:]:
            file.consent = file.consent_at = None
    assert (blocks(out) & lacks, blocks(within) & lacks) == (lacks, lacks)
    before = blocks(out)
    scenes.shortlisted(scene, scene.files[0])
    assert (blocks(out), blocks(within) & lacks) == (before, set())


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_translation_of_a_file_that_came_back_stays_with_its_mission_until_it_is_handed_in(clock: Clock) -> None:
    """What a mission writes into a returned file nobody else reads yet; a translation written then was shown at once."""
    place = make_place()
    file = place.handed_in(clock.now)
    with transaction():
        screening.declare_as_secretariat(file, conflict=False, reason=None, by=place.secretariat, now=clock.now)
        screening.send_back(file, "Please say whom she trained.", None, by=place.secretariat, now=clock.now)
    clock.forward(minutes=1)
    target = "ru"
    with transaction():
        place.save(file, clock.now, reason="The text that is new.")
        texts: dict[str, Any] = {"reason": "НОВЫЙ ТЕКСТ"}
        translations.translate(file, target, texts, seen={}, by=place.nominator, now=clock.now)

    def beside(*, handed_in: bool) -> list[str]:
        read = dossier.build(file, shows=PARTS, handed_in=handed_in)
        items = [item for section in read.sections for group in section.groups for item in group.items]
        return [one.text for item in items for one in item.translations]

    assert (beside(handed_in=True), beside(handed_in=False)) == ([], ["НОВЫЙ ТЕКСТ"])
    with transaction():
        place.endorse(file, clock.now)
    with transaction():
        operations.hand_in(file, by=place.authority, now=clock.now)
    assert beside(handed_in=True) == ["НОВЫЙ ТЕКСТ"]


# --- accounts --------------------------------------------------------------------------------------------------------


def test_closing_an_account_twice_does_not_open_it_again(as_: As) -> None:
    """The button said "close", and what was sent said only "the other way round"."""
    secretary, somebody = make.secretariat(), make.person()
    make.secretariat()
    db.session.commit()
    browser, address = as_(secretary), f"/people/{somebody.ref}/active"
    for _ in range(2):
        browser.post(address, data={"active": "no"})
    db.session.expire_all()
    assert somebody.is_active is False


# --- addresses -------------------------------------------------------------------------------------------------------

FAR = [
    # More than the database can hold in a number.
    "/letters/remind/99999999999999999999",
    "/en/laureates/99999999999999999999",
    "/en/laureates/99999999999999999999/portrait.jpg",
    "/reports/9999",
    "/results/9999/changes",
]


@pytest.mark.parametrize("address", FAR)
def test_a_year_that_is_none_is_not_found(as_: As, address: str) -> None:
    secretary = make.secretariat()
    db.session.commit()
    assert as_(secretary).get(address).status_code == 404


def test_a_mission_does_not_read_the_decision_off_the_deadline_of_a_file_it_has_back(as_: As) -> None:
    """The round closed early, and a returned file could be changed until its own deadline, or until the decision."""
    scene = scenes.closed_round()
    mission, writer = scene.missions[0], scene.files[0].nominator
    with transaction():
        scene.cycle.review_ends_at = scene.now + timedelta(days=5)
        back = make.nomination(scene.cycle, mission, writer, NominationState.RETURNED, publish_name="Dalia Eze")
        back.return_deadline = scene.now + timedelta(days=3)
    scenes.computed(scene)
    pages = ["/home", "/nominations", f"/nominations/{back.ref}", f"/nominations/{back.ref}/edit/case"]
    browsers = [as_(writer), as_(scene.authorities[0])]

    def seen() -> list[str]:
        return [browser.get(page).text for browser in browsers for page in pages]

    before = seen()
    scenes.decided(scene)
    assert seen() == before


# --- letters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("happens", ["nothing", "taken back", "she declines", "released"])
def test_a_letter_under_embargo_that_waits_leaves_only_while_it_is_true(clock: Clock, happens: str) -> None:
    """Held by a person, or by a mail server that was away, it left when the laureate had declined."""
    scene = decided()
    announcement = prepare(scene, release_at=scene.now + timedelta(days=2))
    with transaction():
        embargo.tell(announcement, by=scene.secretariat[0], now=scene.now)
    letter = db.session.scalars(select(Letter).where(Letter.template == "told")).one()
    if happens == "taken back":
        with transaction():
            embargo.take_back(announcement, "A slip.", by=scene.secretariat[0], now=scene.now)
    if happens == "she declines":
        left(scene, scene.files[0], ChangeKind.DECLINED)
    if happens == "released":
        approve(scene, announcement, 0)
        approve(scene, announcement, 1)
        clock.forward(days=2)
    assert (due.still_due(letter, clock.now) is None) is (happens == "nothing")
