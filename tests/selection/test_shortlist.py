"""The shortlist: proposed with reasons, confirmed when nothing is missing, and the decision among its files."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from award_app.accounts.models import Person
from award_app.audit import LedgerEntry
from award_app.db import db, transaction
from award_app.domain.vocabulary import Consent, NominationState, Refused
from award_app.nominations.models import Nomination
from award_app.selection.models import Shortlist
from award_app.selection.shortlist import operations, queries
from tests.selection import scene as scenes
from tests.selection.scene import Scene

pytestmark = pytest.mark.usefixtures("app", "clock")

As = Callable[[Person], FlaskClient]


def propose(scene: Scene, *files: Nomination, reasons: str = "They stand out.", by: Person | None = None) -> Shortlist:
    with transaction():
        return operations.propose(scene.cycle, files, reasons, by=by or scene.chair, now=scene.now)


def confirm(scene: Scene, shortlist: Shortlist, by: Person | None = None) -> None:
    with transaction():
        operations.confirm(shortlist, scene.cycle, by=by or scene.chair, now=scene.now)


def test_it_keeps_files_in_the_order_of_the_result_and_each_change_is_a_version() -> None:
    scene = scenes.computed(scenes.closed_round())
    awa, bintu, chandra = scene.files
    first = propose(scene, chandra, awa)
    assert (first.version, [one.nomination_id for one in first.finalists]) == (1, [awa.id, chandra.id])
    second = propose(scene, bintu)
    assert (second.version, queries.shortlist_of(scene.cycle)) == (2, second)
    acts = db.session.scalars(select(LedgerEntry.detail).where(LedgerEntry.act == "propose_shortlist")).all()
    assert acts == [{"version": 1, "files": [awa.id, chandra.id]}, {"version": 2, "files": [bintu.id]}]


@pytest.mark.parametrize(("consent", "cleared", "reason"), [
    # Nothing was recorded about her conduct.
    (Consent.GIVEN, None, "no_clearance"),
    # The conduct database did not clear her.
    (Consent.GIVEN, False, "no_clearance"),
    # She does not know yet.
    (Consent.NOT_TOLD, True, "no_consent"),
    # She does not want it.
    (Consent.REFUSED, True, "no_consent"),
])  # fmt: skip
def test_it_is_confirmed_only_with_clearance_and_consent_of_every_file(
    consent: Consent, cleared: bool | None, reason: str
) -> None:
    scene = scenes.computed(scenes.closed_round())
    awa, bintu, _chandra = scene.files
    shortlist = propose(scene, awa, bintu)
    with transaction():
        scenes.cleared(awa, scene.secretariat[0])
        if cleared is not None:
            scenes.cleared(bintu, scene.secretariat[0], yes=cleared)
        bintu.consent, bintu.consent_at = consent, scene.now
    with pytest.raises(Refused, match=reason) as refused:
        confirm(scene, shortlist)
    assert refused.value.problems == (bintu.id,)
    with transaction():
        scenes.cleared(bintu, scene.secretariat[0])
    confirm(scene, shortlist)
    assert (shortlist.confirmed_by_id, shortlist.confirmed_at) == (scene.chair.id, scene.now)


def test_a_newer_word_of_the_conduct_database_counts() -> None:
    scene = scenes.computed(scenes.closed_round())
    awa = scene.files[0]
    shortlist = propose(scene, awa)
    with transaction():
        scenes.cleared(awa, scene.secretariat[0])
        scenes.cleared(awa, scene.secretariat[0], yes=False)
    with pytest.raises(Refused, match="no_clearance"):
        confirm(scene, shortlist)


def test_a_change_after_the_confirmation_must_be_confirmed_anew_before_the_decision() -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    old = queries.shortlist_of(scene.cycle)
    assert old is not None
    propose(scene, *scene.files[:2])
    with pytest.raises(Refused, match="changed_meanwhile"):
        confirm(scene, old)
    with pytest.raises(Refused, match="too_early"):
        scenes.decided(scene)


def test_an_empty_one_leads_to_no_award() -> None:
    scene = scenes.computed(scenes.closed_round())
    confirm(scene, propose(scene))
    with pytest.raises(Refused, match="invalid"):
        scenes.decided(scene)
    assert scenes.decided(scene, award=False).award is False


def test_what_it_may_not_be() -> None:
    scene = scenes.computed(scenes.closed_round(((0, 4, 3), (0, 4, 2), (0, 3, 2))))
    with pytest.raises(Refused) as refused:  # a file without scores, and reasons of spaces
        propose(scene, scene.files[0], reasons=" ")
    assert refused.value.problems == ("reasons", "files")
    scene.files[1].state = NominationState.WITHDRAWN
    scene.files[1].withdrawn_reason = "She went home."
    db.session.commit()
    with pytest.raises(Refused, match="invalid"):  # a withdrawn one
        propose(scene, scene.files[1])


def test_who_may_propose_and_confirm() -> None:
    scene = scenes.computed(scenes.closed_round())
    shortlist = propose(scene)
    for person in (scene.deputy, scene.secretariat[0], scene.panel[2], scene.observer):
        with pytest.raises(Refused, match=r"not_yours|not_found"):
            propose(scene, by=person)
        with pytest.raises(Refused, match=r"not_yours|not_found"):
            confirm(scene, shortlist, by=person)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_chair_goes_from_the_result_to_the_decision_by_the_shortlist(as_: As) -> None:
    scene = scenes.computed(scenes.closed_round())
    browser, at = as_(scene.chair), f"/results/{scene.cycle.award_year}"
    assert "To the shortlist" in browser.get(at).text
    assert "Propose the shortlist" in browser.get(f"{at}/shortlist").text
    sent = {"once": "k", "files": [scene.files[1].ref], "reasons": " "}
    refused = browser.post(f"{at}/shortlist/propose", data=sent)
    assert (refused.status_code, refused.text.count(" checked")) == (422, 1)
    answer = browser.post(f"{at}/shortlist/propose", data=sent | {"reasons": "Her desk goes on without her."})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{at}/shortlist")
    page = browser.get(f"{at}/shortlist").text
    assert "Before it can be confirmed" in page
    assert "Confirm the shortlist" not in page
    assert browser.post(f"{at}/shortlist/confirm", data={"version": "1"}).status_code == 409
    with transaction():
        scenes.cleared(scene.files[1], scene.secretariat[0])
    page = browser.get(f"{at}/shortlist").text
    assert "Confirm the shortlist" in page
    assert re.search(r'<input[^>]*name="version"[^>]*type="hidden"[^>]*value="1"', page)
    assert browser.post(f"{at}/shortlist/confirm", data={"version": "7"}).status_code == 409
    assert browser.post(f"{at}/shortlist/confirm", data={"version": "1"}).status_code == 302
    assert "Record the decision" in browser.get(f"{at}/shortlist").text
    form = browser.get(f"{at}/decision/record").text
    named = re.findall(r'<option[^>]*value="(\w+)"', form.partition('name="runner_up_1"')[0])
    assert named == [scene.files[1].ref]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_who_reads_it_and_from_when(as_: As) -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    scenes.conflict(scene.files[0], scene.secretariat[1])
    scenes.computed(scene)
    people = (
        scene.chair, scene.deputy, scene.secretariat[0], scene.secretariat[1], scene.panel[2], scene.panel[3],
        scene.observer, scene.authorities[0],
    )  # fmt: skip

    def codes() -> list[int]:
        return [as_(p).get(f"/results/{scene.cycle.award_year}/shortlist").status_code for p in people]

    assert codes() == [200, 200, 200, 403, 404, 404, 404, 404]
    scenes.decided(scene)
    assert codes() == [200, 200, 200, 403, 200, 404, 200, 404]
