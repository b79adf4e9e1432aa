"""Who read what is secret and who was refused stands in the ledger; nobody can fill it, and what cannot be written is not
shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from award_app import audit, notes
from award_app.accounts.models import Person
from award_app.audit import LedgerEntry
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState, Phase, Refusal
from tests import factories as make
from tests.conftest import Clock
from tests.selection import scene as scenes

As = Callable[[Person], FlaskClient]
S = NominationState


def _written(*acts: str) -> list[tuple[Any, ...]]:
    """(act, table, id, detail) in order."""
    row = LedgerEntry
    found = select(row.act, row.subject, row.subject_id, row.detail).where(row.act.in_(acts)).order_by(row.seq)
    return [tuple(one) for one in db.session.execute(found)]


def _refused(browser: FlaskClient, path: str, status: int) -> None:
    assert browser.get(path).status_code == status


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_refusal_says_which_step_which_thing_and_why(app: Flask, as_: As, clock: Clock) -> None:
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.REVIEW, missions=(mission,))
        member = make.member(cycle)
        file = make.nomination(cycle, mission, make.nominator(cycle, mission), S.ACCEPTED)
    browser = as_(member)
    _refused(browser, f"/nominations/{file.ref}", 403)  # she has not declared
    _refused(browser, f"/results/{cycle.award_year}", 404)  # not hers to know of
    assert _written("refused") == [
        ("refused", "nomination", file.id, {"action": "read", "refusal": "declare_first"}),
        ("refused", "cycle", cycle.id, {"action": "see_result", "refusal": "not_found"}),
    ]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_same_refusal_is_written_once_a_minute(app: Flask, as_: As, clock: Clock) -> None:
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.REVIEW, missions=(mission,))
        member = make.member(cycle)
        files = [make.nomination(cycle, mission, make.nominator(cycle, mission), S.ACCEPTED) for _ in range(2)]
    browser = as_(member)
    for file in (*files, *files):
        _refused(browser, f"/nominations/{file.ref}", 403)
    assert len(_written("refused")) == 2
    clock.forward(seconds=61)
    _refused(browser, f"/nominations/{files[0].ref}", 403)
    assert len(_written("refused")) == 3


# What is there and what is not cost the same, whichever was asked for first.
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_of_what_may_not_be_known_one_refusal_a_minute_is_written(app: Flask, as_: As, clock: Clock) -> None:
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.OPEN, missions=(mission,))
        stranger = make.nominator(cycle, make.mission())
        drafts = [make.nomination(cycle, mission, make.nominator(cycle, mission)) for _ in range(3)]
    browser = as_(stranger)
    for ref in (drafts[0].ref, "zzzzzzzzzz", drafts[1].ref, "yyyyyyyyyy", drafts[2].ref):
        _refused(browser, f"/nominations/{ref}", 404)
    assert len(_written("refused")) == 1
    clock.forward(seconds=61)
    _refused(browser, "/nominations/zzzzzzzzzz", 404)
    assert _written("refused")[1][1:3] == ("person", stranger.id)


def test_of_one_person_a_hundred_refusals_an_hour_are_written(app: Flask, clock: Clock) -> None:
    with transaction():
        person, other = make.person(), make.person()
    for number in range(notes.REFUSALS + 20):
        notes.note_refusal("read", Refusal.NOT_YOURS, notes.About("nomination", number), by=person, at=clock.now)
        notes.write()
    assert len(_written("refused")) == notes.REFUSALS
    notes.note_refusal("read", Refusal.NOT_YOURS, notes.About("nomination", 1), by=other, at=clock.now)
    notes.write()
    assert len(_written("refused")) == notes.REFUSALS + 1
    clock.forward(hours=1, seconds=1)
    notes.note_refusal("read", Refusal.NOT_YOURS, notes.About("nomination", 1), by=person, at=clock.now)
    notes.write()
    assert len(_written("refused")) == notes.REFUSALS + 2


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_stranger_who_is_not_signed_in_writes_nothing(app: Flask, clock: Clock) -> None:
    for path in ("/ledger", "/nominations/zzzzzzzzzz", "/nowhere"):
        app.test_client().get(path)
    assert db.session.scalars(select(LedgerEntry)).all() == []


# --- reading ---------------------------------------------------------------------------------------------------------


# Page of a decided year → what the ledger says of its reading.
PAGES = [
    ("/results/{year}", "read_result"),
    ("/results/{year}/shortlist", "read_shortlist"),
    ("/results/{year}/decision", "read_decision"),
    ("/results/{year}/changes", "read_changes"),
    ("/announcements/{year}", "read_announcement"),
]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("path", "act"), PAGES)
def test_who_reads_a_score_or_the_outcome_is_written_once_in_a_quarter_of_an_hour(
    app: Flask, as_: As, clock: Clock, path: str, act: str
) -> None:
    scene = scenes.computed(scenes.closed_round())
    scenes.decided(scene)
    browser, address = as_(scene.secretariat[0]), path.format(year=scene.cycle.award_year)
    for _ in range(3):
        assert browser.get(address).status_code == 200
    assert _written(act) == [(act, "cycle", scene.cycle.id, {})]
    clock.forward(minutes=15)
    assert browser.get(address).status_code == 200
    assert len(_written(act)) == 2


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_what_cannot_be_written_down_is_not_shown(
    app: Flask, as_: As, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = scenes.computed(scenes.closed_round())
    browser, year = as_(scene.secretariat[0]), scene.cycle.award_year
    shown = browser.get(f"/results/{year}").text
    assert scene.files[0].nominee_name in shown
    clock.forward(minutes=16)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the ledger cannot be written")

    monkeypatch.setattr(audit, "record", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = browser.get(f"/results/{year}")
    assert (answer.status_code, scene.files[0].nominee_name in answer.text) == (500, False)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_an_ordinary_page_writes_nothing(app: Flask, as_: As, clock: Clock) -> None:
    with transaction():
        person = make.secretariat()
    browser = as_(person)
    before = len(db.session.scalars(select(LedgerEntry)).all())
    for path in ("/home", "/account", "/people", "/cycles"):
        assert browser.get(path).status_code == 200
    assert len(db.session.scalars(select(LedgerEntry)).all()) == before


# --- doors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_failed_sign_in_of_a_known_account_is_written_when_the_answer_has_left(app: Flask, clock: Clock) -> None:
    with transaction():
        person = make.person(email="known@laurel.example")
    for email in ("known@laurel.example", "Known@Laurel.example ", "unknown@laurel.example"):
        answer = app.test_client().post("/sign-in", data={"email": email, "password": "not hers at all"})
        assert answer.status_code == 422
        answer.close()
    assert _written("sign_in_failed") == [("sign_in_failed", "person", person.id, {})]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_who_signs_out_stands_in_the_ledger(app: Flask, as_: As, clock: Clock) -> None:
    with transaction():
        person = make.person()
    assert as_(person).post("/sign-out").status_code == 302
    assert _written("sign_in", "sign_out") == [
        ("sign_in", "person", person.id, {}),
        ("sign_out", "person", person.id, {}),
    ]
