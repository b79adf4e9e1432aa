"""The mailbox and the movable clock exist in the demonstration and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from award_app import clock as the_clock
from award_app import create_app
from award_app.db import db
from award_app.demo import moving as movable
from tests.conftest import START, Clock, settings

LETTER = """X-Envelope-To: ann@laurel.example
From: laurel@localhost
Subject: Your invitation
Date: Sun, 22 Nov 2026 12:15:00 +0000
Content-Type: text/plain; charset=utf-8

Open http://localhost:8000/invitation/a.b <script>
"""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Flask]:
    made = create_app(settings(tmp_path, LAUREL_DEMO="1"))
    with made.app_context():
        upgrade()
    yield made
    the_clock.move_by(timedelta)
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def test_outside_the_demonstration_there_is_neither_mailbox_nor_clock(sqlite_app: tuple[Flask, Path]) -> None:
    app, _folder = sqlite_app
    assert {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("demo.")} == set()
    assert "clock" not in app.cli.commands


def test_the_clock_moves_for_every_request_by_button_and_by_command(demo: Flask, clock: Clock) -> None:
    browser = demo.test_client()
    assert browser.post("/demo/clock", data={"step": "7d"}).status_code == 302
    answer = demo.test_cli_runner().invoke(args=["clock", "+21d"], catch_exceptions=False)
    assert answer.output.strip() == (START + timedelta(days=28)).isoformat()
    assert "7 April 2026" in browser.get("/mailbox").text


@pytest.mark.parametrize("step", ["", "-1d", "0d", "1y", "1001d", "99999999d", "1d2"])
def test_the_clock_goes_forward_by_a_sensible_step_only(step: str) -> None:
    with pytest.raises(ValueError, match=r"write how far|too far"):
        movable.parse(step)


def test_letters_are_listed_and_their_links_lead_here_while_their_text_stays_text(demo: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "mailbox"
    folder.mkdir()
    (folder / "20261122T121500-000001aabbccddeeff.eml").write_text(LETTER)
    browser = demo.test_client()
    assert "Your invitation" in browser.get("/mailbox").text
    page = browser.get("/mailbox/20261122T121500-000001aabbccddeeff").text
    assert '<a href="/invitation/a.b">http://localhost:8000/invitation/a.b</a> &lt;script&gt;' in page
    assert [browser.get(f"/mailbox/{name}").status_code for name in ("nothing", "..%2fkeys", "%00")] == [404] * 3
