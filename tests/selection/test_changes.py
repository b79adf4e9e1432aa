"""A file leaves the outcome after the round: two people, a reason, and whoever follows moves up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import ChangeKind, IneligibleReason, NominationState, Outcome, Refused
from award_app.nominations.models import Nomination, WithdrawalRequest
from award_app.notifications.models import Letter
from award_app.selection.changes import operations, queries
from award_app.selection.models import OutcomeChange
from tests.selection import scene as scenes
from tests.selection.scene import Scene

pytestmark = pytest.mark.usefixtures("app", "clock")

As = Callable[[Person], FlaskClient]
LEFT = {
    ChangeKind.DECLINED: NominationState.ACCEPTED,
    ChangeKind.WITHDRAWN: NominationState.WITHDRAWN,
    ChangeKind.DISQUALIFIED: NominationState.INELIGIBLE,
}


def decided() -> Scene:
    scene = scenes.computed(scenes.closed_round())
    scenes.decided(scene)
    return scene


def propose(
    scene: Scene, file: Nomination, kind: ChangeKind = ChangeKind.DECLINED, *, by: Person | None = None
) -> OutcomeChange:
    ground = IneligibleReason.SANCTION if kind is ChangeKind.DISQUALIFIED else None
    who = by or scene.secretariat[0]
    with transaction():
        return operations.propose(scene.cycle, file, kind, "She said so.", ground=ground, by=who, now=scene.now)


def confirm(scene: Scene, change: OutcomeChange, *, by: Person | None = None) -> None:
    with transaction():
        operations.confirm(change, scene.cycle, by=by or scene.chair, now=scene.now)


def stand(scene: Scene) -> list[tuple[str, Outcome, int]]:
    places = queries.standing_places([scene.cycle.id])[scene.cycle.id]
    return [(place.file.nominee_name.split()[0], place.outcome, place.position) for place in places]


@pytest.mark.parametrize("kind", ChangeKind)
def test_the_laureate_leaves_and_everybody_behind_her_moves_up(kind: ChangeKind) -> None:
    scene = decided()
    change = propose(scene, scene.files[0], kind)
    as_decided = [("Awa", Outcome.LAUREATE, 1), ("Bintu", Outcome.RUNNER_UP, 1), ("Chandra", Outcome.RESERVE, 1)]
    assert stand(scene) == as_decided  # a proposal changes nothing
    confirm(scene, change)
    assert stand(scene) == [("Bintu", Outcome.LAUREATE, 1), ("Chandra", Outcome.RUNNER_UP, 1)]
    assert scene.files[0].state is LEFT[kind]
    assert queries.laureate_of(scene.cycle) is scene.files[1]


def test_the_decision_stays_as_it_was_recorded() -> None:
    scene = decided()
    confirm(scene, propose(scene, scene.files[0]))
    from award_app.selection.queries import decision_of

    decision = decision_of(scene.cycle)
    assert decision is not None
    assert {(p.nomination_id, p.outcome) for p in decision.places} == {
        (scene.files[0].id, Outcome.LAUREATE),
        (scene.files[1].id, Outcome.RUNNER_UP),
        (scene.files[2].id, Outcome.RESERVE),
    }


def test_whoever_proposed_does_not_confirm_and_the_database_holds_it() -> None:
    scene = decided()
    change = propose(scene, scene.files[0])
    with pytest.raises(Refused, match="not_yours"):
        confirm(scene, change, by=scene.secretariat[0])
    with pytest.raises(IntegrityError, match="two_different_people"), transaction():
        change.confirmed_by_id, change.confirmed_at = change.proposed_by_id, scene.now


def test_a_finalist_disqualified_before_the_decision_cannot_be_named() -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    confirm(scene, propose(scene, scene.files[0], ChangeKind.DISQUALIFIED))
    assert scene.cycle.result_due is True
    scenes.computed(scene)
    with pytest.raises(Refused, match="invalid") as refused:
        scenes.decided(scene)
    assert refused.value.problems == ("places",)


def test_turned_down_or_taken_back_everything_stays_and_it_can_be_proposed_again() -> None:
    scene = decided()
    change = propose(scene, scene.files[0])
    with pytest.raises(Refused, match="already_done"):
        propose(scene, scene.files[0])
    with transaction():
        operations.turn_down(change, scene.cycle, by=scene.chair, now=scene.now)
    with pytest.raises(Refused, match="already_done"):
        confirm(scene, change)
    again = propose(scene, scene.files[0])
    with transaction():
        operations.take_back(again, scene.cycle, by=scene.secretariat[0], now=scene.now)
    assert stand(scene)[0] == ("Awa", Outcome.LAUREATE, 1)


def test_letters_go_to_those_who_may_know_and_to_the_mission_only_about_its_files_own_state() -> None:
    scene = decided()
    scenes.conflict(scene.files[2], scene.secretariat[1])
    confirm(scene, propose(scene, scene.files[0], ChangeKind.DISQUALIFIED))
    told = db.session.execute(select(Letter.template, Letter.person_id)).all()
    know = {person for template, person in told if template == "outcome_changed"}
    outside = {person for template, person in told if template == "ineligible"}
    assert know == {
        p.id for p in (scene.chair, scene.deputy, scene.panel[2], scene.secretariat[0], scene.secretariat[2])
    }
    assert outside == {scene.authorities[0].id, scene.files[0].nominator_id}


def test_a_declining_laureate_is_told_to_no_mission() -> None:
    scene = decided()
    confirm(scene, propose(scene, scene.files[0]))
    templates = set(db.session.scalars(select(Letter.template)))
    assert templates == {"outcome_changed"}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_mission_asks_and_the_secretariat_and_the_chair_answer_on_their_pages(as_: As) -> None:
    scene = decided()
    file = scene.files[1]
    db.session.add(
        WithdrawalRequest(nomination_id=file.id, reason="She left us.", by_id=scene.authorities[1].id, at=scene.now)
    )
    db.session.commit()
    at = f"/results/{scene.cycle.award_year}/changes"
    hers, chairs = as_(scene.secretariat[0]), as_(scene.chair)
    assert "She left us." in hers.get(at).text
    assert "She left us." not in chairs.get(at).text
    page = hers.get(f"{at}/propose?file={file.ref}").text
    assert "She left us." in page
    sent = {"once": "k", "file": file.ref, "kind": "withdrawn", "ground": "", "reason": ""}
    assert hers.post(f"{at}/propose", data=sent).status_code == 422
    assert hers.post(f"{at}/propose", data=sent | {"reason": "The mission asked."}).status_code == 302
    number = db.session.scalar(select(OutcomeChange.id))
    assert hers.post(f"{at}/{number}/confirm").status_code == 404
    assert chairs.post(f"{at}/{number}/confirm").status_code == 302
    assert chairs.post(f"{at}/{number}/confirm").status_code == 409
    db.session.refresh(file)
    assert file.state is NominationState.WITHDRAWN
    assert "As it stands now" in chairs.get(f"/results/{scene.cycle.award_year}/decision").text
    other = scenes.closed_round()
    assert as_(other.chair).post(f"/results/{other.cycle.award_year}/changes/{number}/confirm").status_code == 404
