"""Pages say how many letters an act sends, and to whom, before anything goes; and so many go."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.announcement import operations as announcing
from award_app.announcement.models import Announcement
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState
from award_app.nominations import screening
from award_app.notifications.models import Letter
from tests import factories
from tests.announcement.test_operations import approve, decided, prepare
from tests.conftest import Clock
from tests.notifications import scene

As = Callable[[Person], FlaskClient]
SAID = re.compile(r"<li>([^<]*) &lt;([^&]*)&gt;</li>")
pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


# What is done with the file → the same people get one letter each.
@pytest.mark.parametrize("act", ["accept", "send_back"])
def test_a_step_of_screening(app: Flask, as_: As, clock: Clock, act: str) -> None:
    with transaction():
        made = scene.year(NominationState.SUBMITTED)
        screener, ref = factories.secretariat(), made.file.ref
        screening.declare_as_secretariat(made.file, conflict=False, reason=None, by=screener, now=clock.now)
    page = as_(screener).get(f"/screening/files/{ref}").text
    assert "each send 2 letters." in page
    with transaction():
        if act == "accept":
            screening.accept(made.file, by=screener, now=clock.now)
        else:
            screening.send_back(made.file, "Dates.", made.cycle.screening_ends_at, by=screener, now=clock.now)
    assert _said(page) == _written()


def test_the_second_approval_of_a_release(app: Flask, as_: As, clock: Clock) -> None:
    found = decided()
    prepare(found)
    browser = as_(found.secretariat[1])
    path = f"/announcements/{found.cycle.award_year}"
    assert "With your approval the release sends" not in browser.get(path).text
    approve(found, _announcement(), 0)
    page = browser.get(path).text
    before = {letter.id for letter in db.session.query(Letter)}
    approve(found, _announcement(), 1)
    with transaction():
        announcing.release_due(clock.now)
    assert _said(page) == _written(before) != []
    assert f"With your approval the release sends {len(_said(page))} letter" in page


def _announcement() -> Announcement:
    return db.session.query(Announcement).one()


def _said(page: str) -> list[tuple[str, str]]:
    return sorted(SAID.findall(page))


def _written(before: set[int] | None = None) -> list[tuple[str, str]]:
    letters = [letter for letter in db.session.query(Letter) if letter.id not in (before or set())]
    return sorted((letter.person.name, letter.person.email) for letter in letters if letter.person)
