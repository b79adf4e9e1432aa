"""The files before the panel as a list: narrowed, taken along, and without those kept from the viewer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.db import db
from award_app.domain.vocabulary import ConflictKind
from award_app.panel import operations as panel
from award_app.reports import sheets
from tests import factories as make
from tests.conftest import Clock
from tests.panel.test_views import Year

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.parametrize("app", ["sqlite"], indirect=True)]
As = Callable[[Person], FlaskClient]


def test_files_are_narrowed_by_name_and_quorum_and_taken_along(app: object, as_: As) -> None:
    year = Year(3)
    year.declare(year.files[0])
    year.score(year.files[0], year.member, 4)
    secretariat = make.secretariat()
    db.session.commit()
    browser, page = as_(secretariat), f"{year.list}/progress"

    def asked(query: str) -> list[list[str]]:
        return sheets.from_csv(browser.get(f"{page}?{query}&as=csv").data)

    assert asked("")[0] == ["Nominee", "Mission", "Reviews", "More needed", "Members who may not score it"]
    assert [row[0] for row in asked("")[1:]] == ["Officer 0", "Officer 1", "Officer 2"]
    assert [row[0] for row in asked("quorum=reached")[1:]] == ["Officer 0"]
    assert [row[0] for row in asked("q=OFFICER 1")[1:]] == ["Officer 1"]
    assert "1 of 3 files" in browser.get(f"{page}?q=officer 2&quorum=lacking").text


def test_a_file_kept_from_the_viewer_is_neither_counted_nor_found(app: object, as_: As, clock: Clock) -> None:
    year = Year(2)
    panel.recuse(year.files[0], ConflictKind.OTHER, "A friend.", by=year.chair, now=clock.now)
    db.session.commit()
    browser, page = as_(year.chair), f"{year.list}/progress"
    assert [row[0] for row in sheets.from_csv(browser.get(f"{page}?as=csv").data)[1:]] == ["Officer 1"]
    assert "0 of 1 files" in browser.get(f"{page}?q=officer 0").text
