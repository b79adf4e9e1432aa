"""A member who cannot finish tells the secretariat, which answers. Operations on both databases, pages on SQLite."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import Refusal, Refused
from award_app.notifications.models import Letter
from award_app.reviews import operations, queries
from award_app.reviews.finishing import operations as finishing
from award_app.reviews.models import CannotFinish, Closing
from tests import factories as make
from tests.conftest import Clock
from tests.panel.test_views import Year
from tests.selection import scene as scenes

pytestmark = pytest.mark.usefixtures("app")

SignedIn = Callable[[Person], FlaskClient]


def _say(year: Year, clock: Clock, reason: str = " I am ill. ", by: Person | None = None) -> CannotFinish:
    with transaction():
        return finishing.cannot_finish(year.cycle, reason, by=by or year.member, now=clock.now)


def test_the_secretariat_gets_a_letter_each_and_she_can_still_finish(clock: Clock) -> None:
    year, first, second, outsider = Year(1), make.secretariat(), make.secretariat(), make.secretariat()
    scenes.conflict(year.files[0], outsider)  # gets none
    made = _say(year, clock)
    assert (made.reason, made.answered_at) == ("I am ill.", None)
    letters = db.session.execute(select(Letter.template, Letter.person_id, Letter.ids).order_by(Letter.person_id))
    assert [tuple(row) for row in letters] == [
        ("cannot_finish", person.id, {"cannot_finish_id": made.id}) for person in (first, second)
    ]
    year.declare()
    year.score(year.files[0], year.member, 3)
    with transaction():
        operations.finish(year.cycle, by=year.member, now=clock.now)
    assert queries.ballot(year.member, year.cycle) == clock.now


def test_one_word_of_hers_waits_at_a_time(clock: Clock) -> None:
    year, secretariat = Year(1), make.secretariat()
    db.session.commit()
    made = _say(year, clock)
    with pytest.raises(Refused) as no:
        _say(year, clock)
    assert no.value.refusal is Refusal.ALREADY_DONE
    with transaction():
        finishing.answer(year.cycle, made.id, by=secretariat, now=clock.now)
    assert queries.told_that_she_cannot(year.member, year.cycle) is None
    assert _say(year, clock, "Worse again.").id != made.id


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2001])
def test_it_wants_a_reason_that_can_be_read(clock: Clock, reason: str) -> None:
    year = Year(1)
    with pytest.raises(Refused) as no:
        _say(year, clock, reason)
    assert (no.value.refusal, no.value.problems) == (Refusal.INVALID, ("reason",))


def test_only_the_secretariat_answers_and_only_once(clock: Clock) -> None:
    year, secretariat = Year(1), make.secretariat()
    other = make.cycle()
    db.session.commit()
    number = _say(year, clock).id
    for cycle, person, refusal in (
        (year.cycle, year.chair, Refusal.NOT_YOURS),
        (year.cycle, year.member, Refusal.NOT_YOURS),
        (other, secretariat, Refusal.NOT_FOUND),
        (year.cycle, secretariat, None),
        (year.cycle, secretariat, Refusal.ALREADY_DONE),
    ):
        found = None
        try:
            with transaction():
                finishing.answer(cycle, number, by=person, now=clock.now)
        except Refused as no:
            found = no.refusal
        assert found is refusal


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_from_the_summary_to_the_secretariat_and_back(as_: SignedIn, clock: Clock) -> None:
    year, secretariat = Year(1), make.secretariat()
    db.session.commit()
    browser, office = as_(year.member), as_(secretariat)
    address = f"{year.list}/cannot-finish"
    assert address in browser.get(f"{year.list}/finish").text
    assert browser.post(address, data={"reason": " ", "once": "a"}).status_code == 422
    sent = [browser.post(address, data={"reason": "My unit was redeployed.", "once": "b"}) for _ in range(2)]
    assert [s.location for s in sent] == [year.list] * 2
    assert "You told the secretariat that you cannot finish" in browser.get(address).text
    again = browser.post(address, data={"reason": "Typed twice.", "once": "c"})
    assert (again.status_code, "Typed twice." in again.text) == (409, True)
    shown = office.get(f"{year.list}/progress").text
    assert "My unit was redeployed." in shown
    # The chair learns that, and not why.
    hers = as_(year.chair).get(f"{year.list}/progress").text
    assert ("Cannot finish" in hers, "My unit was redeployed." in hers) == (True, False)
    number = re.search(r'name="number" value="(\d+)"', shown)
    assert number
    # What she writes may be about any file: who is an outsider to one of them learns that she waits, and not why.
    outsider = make.secretariat()
    scenes.conflict(year.files[0], outsider)
    hers = as_(outsider).get(f"{year.list}/progress").text
    assert ("Cannot finish" in hers, "My unit was redeployed." in hers) == (True, False)
    assert "read by colleagues of the secretariat without a conflict" in hers
    assert as_(outsider).post(f"{year.list}/answered", data={"number": number[1]}).status_code == 403
    answered = office.post(f"{year.list}/answered", data={"number": number[1], "once": "d"})
    assert answered.location == f"{year.list}/progress"
    assert "My unit was redeployed." not in office.get(f"{year.list}/progress").text
    for wrong, status in (("", 400), ("x", 400), ("٣", 400), ("9" * 30, 400), ("99999", 404)):
        assert office.post(f"{year.list}/answered", data={"number": wrong, "once": f"e{wrong}"}).status_code == status
    assert as_(year.chair).post(f"{year.list}/answered", data={"number": number[1]}).status_code == 403


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_chair_closes_a_round_that_waits_on_her_page(as_: SignedIn, clock: Clock) -> None:
    year = Year(1)
    browser, page = as_(year.chair), f"{year.list}/close"
    early = browser.get(page)
    assert (early.status_code, "The round cannot be closed yet" in early.text, "<textarea" in early.text) == (
        200,
        True,
        False,
    )
    early = browser.post(page, data={"once": "a"})
    assert (early.status_code, "A file has fewer scores than the quorum." in early.text) == (409, True)
    clock.move_to(year.cycle.review_ends_at)
    browser = as_(year.chair)
    assert f'href="{page}"' in browser.get(f"{year.list}/progress").text
    assert f'href="{page}"' in browser.get("/home").text
    without = browser.post(page, data={"once": "b"})
    assert (without.status_code, "Please give the reasons" in without.text) == (422, True)
    done = [browser.post(page, data={"reasons": "Two fell ill.", "once": "c"}) for _ in range(2)]
    assert [d.location for d in done] == [f"{year.list}/progress"] * 2
    shown = browser.get(f"{year.list}/progress").text
    assert "closed it under the quorum" in shown
    assert [as_(p).get(page).status_code for p in (year.chair, year.member, year.nominator)] == [409, 403, 403]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_decision_names_how_the_chair_closed_the_round(as_: SignedIn, clock: Clock) -> None:
    scene = scenes.computed(scenes.closed_round())
    scenes.decided(scene)
    address = f"/results/{scene.cycle.award_year}/decision"
    browser = as_(scene.chair)
    assert "fewer scores than the quorum" not in browser.get(address).text
    under = {"complete": False, "under_quorum": [1, 2], "reasons": "Two members fell ill."}
    make.add(Closing(cycle_id=scene.cycle.id, by_id=scene.chair.id, at=clock.now, **under))
    db.session.commit()
    page = browser.get(address).text
    assert "The chair closed the round while 2 files had fewer scores than the quorum." in page
    assert "Two members fell ill." in page
