"""What the public and the missions read, and from when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from award_app.announcement import queries
from award_app.announcement.embargo import queries as embargo
from award_app.announcement.queries import PublicRunnerUp
from award_app.db import db
from award_app.domain.vocabulary import Consent, NominationState
from tests import factories as make
from tests.announcement.test_operations import approve, decided, prepare
from tests.conftest import Clock
from tests.selection.scene import Scene

pytestmark = pytest.mark.usefixtures("app", "clock")


def release(scene: Scene) -> None:
    announcement = prepare(scene)
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)


def test_a_released_announcement_is_a_public_laureate_with_her_mission_and_those_named_beside_her() -> None:
    scene = decided()
    release(scene)
    (one,) = queries.released_laureates()
    mission = scene.missions[0]
    assert (one.year, one.award_title) == (scene.cycle.award_year, "International Female Police Peacekeeper Award")
    assert (one.name, one.rank, one.country, one.duty) == ("Awa Bélanger", "Inspecteur", "SN", "Adviser")
    assert (one.mission, one.mission_name, one.mission_area) == (mission.acronym, mission.name, mission.area)
    assert (one.citations, one.stories) == (
        {"en": "For her desk.", "fr": "Pour son bureau."},
        {"en": "Long.", "fr": ""},
    )
    assert one.runners_up == (PublicRunnerUp("Bintu Castellanos", "Inspecteur", "SN", scene.missions[1].acronym, "SN"),)
    assert one.invented is False


def test_a_runner_up_who_did_not_agree_is_not_named() -> None:
    scene = decided()
    scene.files[1].consent = Consent.NOT_TOLD
    release(scene)
    assert queries.released_laureates()[0].runners_up == ()


def test_the_laureate_of_a_demonstration_is_invented() -> None:
    scene = decided()
    scene.cycle.demonstration = True
    db.session.commit()
    release(scene)
    _record, invented = queries.laureates()
    assert [one.name for one in invented] == ["Awa Bélanger"]


def test_nothing_is_public_before_the_second_approval_and_the_instant(clock: Clock) -> None:
    scene = decided()
    announcement = prepare(scene, release_at=scene.now + timedelta(days=1))
    approve(scene, announcement, 0)
    assert queries.released_laureates() == []
    approve(scene, announcement, 1)
    assert queries.released_laureates() == []
    clock.forward(days=1)
    assert len(queries.released_laureates()) == 1


def test_a_mission_reads_the_outcome_of_its_own_file_only_from_the_release_on() -> None:
    scene = decided()
    out = make.nomination(
        scene.cycle, scene.missions[0], make.nominator(scene.cycle, scene.missions[0]), NominationState.RETURNED
    )
    files = [*scene.files, out]
    announcement = prepare(scene)
    approve(scene, announcement, 0)
    assert queries.outcomes(files, now=scene.now) == {}
    approve(scene, announcement, 1)
    awa, bintu, chandra = scene.files
    # The reserve reads as not selected; a file that did not reach the panel has no outcome.
    assert queries.outcomes(files, now=scene.now) == {
        awa.id: "laureate",
        bintu.id: "runner_up",
        chandra.id: "not_selected",
    }


def test_the_public_list_takes_one_query_while_nothing_is_released_and_five_after() -> None:
    scene = decided()
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement.split()[0])

    def asked() -> int:
        db.session.commit()
        seen.clear()
        event.listen(db.engine, "before_cursor_execute", note)
        queries.released_laureates()
        event.remove(db.engine, "before_cursor_execute", note)
        return seen.count("SELECT")

    before = asked()
    release(scene)
    assert (before, asked()) == (1, 5)


def test_a_first_draft_is_the_files_own_words() -> None:
    scene = decided()
    draft = embargo.first_draft(scene.files[0])
    assert draft == {
        "name": "Awa Bélanger",
        "rank": "Inspecteur",
        "duty": "Gender adviser, Community policing unit",
        "citation_en": "For opening a door that stays open.",
        "story_en": "She opened a desk that people trust.\n\n"
        "She opened one and trained its staff. Reports rose from two to forty a month.",
        "result_en": "40 reports a month",
        "career_en": "Joined the police in 2014 and served in three regions.",
    }
