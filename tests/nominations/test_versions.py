"""Earlier versions of an answer: what each person left, for the people of the mission and nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from award_app import chance
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState
from award_app.nominations import operations, queries
from award_app.nominations.models import Nomination
from award_app.nominations.versions.queries import of_answers
from tests import factories as make
from tests.conftest import Clock
from tests.nominations.conftest import Place

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
As = Callable[[Person], FlaskClient]


def test_each_version_is_what_somebody_left_when_she_paused(place: Place, clock: Clock) -> None:
    """A form that saves by itself writes at each pause for breath; two people, or ten minutes, make two versions."""
    mate = make.nominator(place.cycle, place.mission)
    file = place.file(clock.now, reason="One.")
    for minutes, by, text in (
        (1, place.nominator, "One, tw"),
        (1, place.nominator, "One, two."),
        (11, place.nominator, "One, two, three."),
        (1, mate, "One, two, three, four."),
    ):
        clock.forward(minutes=minutes)
        _write(file, by, text, clock)
    found = of_answers(file, ["reason", "unit"], seen_by=place.nominator)
    assert [(one.text, one.by) for one in found["reason"]] == [
        ("One, two.", place.nominator.name),
        ("One, two, three.", place.nominator.name),
        ("One, two, three, four.", mate.name),
    ]
    assert "unit" not in found  # written once, never changed


def test_the_page_shows_what_was_added_and_taken_away_and_which_version_stands(
    place: Place, clock: Clock, as_: As
) -> None:
    file = place.file(clock.now, reason="She opened a desk.")
    clock.forward(hours=1)
    _write(file, place.nominator, "She opened two desks.", clock)
    page = as_(place.authority).get(f"/nominations/{file.ref}/versions/case").text
    shown = re.sub(r"\s+", " ", page[page.index("Earlier versions: ") :])
    assert re.search(r"<del>.*?a desk\.</del>", shown)
    assert re.search(r"<ins>.*?two desks\.</ins>", shown)
    assert shown.count("as it stands now") == 1
    assert (
        f'href="/nominations/{file.ref}/versions/case"'
        in as_(place.nominator).get(f"/nominations/{file.ref}/edit/case").text
    )


def test_nothing_changed_yet_is_said(place: Place, clock: Clock, as_: As) -> None:
    file = place.file(clock.now)
    page = as_(place.nominator).get(f"/nominations/{file.ref}/versions/contact").text
    assert "No answer on this page has been changed since it was first written." in page


def test_a_late_version_is_its_authors_alone(place: Place, clock: Clock, as_: As) -> None:
    mate = make.nominator(place.cycle, place.mission)
    file = place.file(clock.now, reason="In time.")
    db.session.commit()
    clock.move_to(place.cycle.closes_at + timedelta(hours=1))
    with transaction():
        operations.keep_late(file.id, {"reason": "An hour too late."}, by=place.nominator, now=clock.now)
    address = f"/nominations/{file.ref}/versions/case"
    assert "An hour too late." in _words(as_(place.nominator).get(address).text)
    for other in (mate, place.authority):
        assert "too late" not in _words(as_(other).get(address).text)


def test_outside_of_the_mission_there_is_no_such_page(place: Place, clock: Clock, as_: As) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, NominationState.ACCEPTED)
        outsiders = [place.secretariat, make.member(place.cycle), make.observer()]
        outsiders.append(make.nominator(place.cycle, make.mission("OTHR")))
    address = f"/nominations/{file.ref}/versions/case"
    # who knows of the file is asked to declare first, as on every page of it, and then there is nothing here for her
    assert [as_(one).get(address).status_code for one in outsiders] == [403, 403, 404, 404]
    with transaction():
        make.declaration(file, outsiders[1])
    assert as_(outsiders[1]).get(address).status_code == 404
    assert as_(place.nominator).get(f"/nominations/{file.ref}/versions/nowhere").status_code == 404
    assert as_(place.nominator).get(address).status_code == 200


def _write(file: Nomination, by: Person, text: str, clock: Clock) -> None:
    seen = {"reason": queries.current(file)["reason"].revision}
    with transaction():
        operations.save(file, {"reason": text}, seen=seen, operation_id=chance.token(), by=by, now=clock.now)


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
