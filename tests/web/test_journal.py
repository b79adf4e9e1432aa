"""The log and the metrics say what happened and to whom to go, and nobody's words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from award_app import clock as the_clock
from award_app import create_app, logs
from award_app.db import db
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Client, settings

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
CANARY = "Amina-Belanger-Canary"


@pytest.fixture
def talkative(app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """The same database, in an application that logs every request; and its log as rows."""
    made = create_app(settings(tmp_path, LOG_LEVEL="INFO", METRICS_TOKEN="scrape me"))
    made.test_client_class = Client
    made.config["PROPAGATE_EXCEPTIONS"] = False
    capsys.readouterr()

    def rows() -> list[dict[str, Any]]:
        lines = capsys.readouterr().err.splitlines()
        assert CANARY not in "\n".join(lines)
        return [json.loads(line) for line in lines]

    with made.app_context():
        from flask_migrate import upgrade

        upgrade()
        capsys.readouterr()
        yield made, rows
        db.session.remove()
        db.engine.dispose()
    logs.init_app(app)


def test_a_request_is_one_line_with_an_id_the_route_and_no_address(talkative: Any) -> None:
    made, rows = talkative
    made.test_client().get(f"/invitation/{CANARY}?name={CANARY}")
    made.test_client().post("/sign-in", data={"email": f"{CANARY}@x.example", "password": CANARY})
    found = [row for row in rows() if row["event"] == "request"]
    assert [(r["method"], r["route"], r["status"]) for r in found] == [
        ("GET", "/invitation/<token>", 404),
        ("POST", "/sign-in", 422),
    ]
    assert len({row["request"] for row in found}) == 2
    # a method is a word like any other: whoever sends one of her own does not write it into our log
    made.test_client().open("/sign-in", method=CANARY.upper().replace("-", ""))
    assert [r["method"] for r in rows() if r["event"] == "request"] == ["-"]
    assert all(
        set(row) == {"event", "level", "method", "ms", "request", "route", "status", "timestamp"} for row in found
    )


def test_what_breaks_is_logged_as_a_class_and_places_under_the_id_that_the_page_shows(talkative: Any) -> None:
    made, rows = talkative

    def breaks(lang: str) -> str:
        raise ValueError(CANARY)

    made.view_functions["public.about"] = breaks
    answer = made.test_client().get("/en/about")
    failed = next(row for row in rows() if row["event"] == "request failed")
    assert (answer.status_code, answer.headers["X-Request-ID"]) == (500, failed["request"])
    assert failed["request"] in answer.text
    assert failed["error"] == "builtins.ValueError"
    assert "tests/web/test_journal.py" not in failed["at"][0]
    assert failed["at"][-1].startswith("web/test_journal.py:")


def test_numbers_are_for_whoever_has_the_token(talkative: Any) -> None:
    made, _rows = talkative
    browser = made.test_client()
    assert browser.get("/metrics").status_code == 404
    assert browser.get("/metrics", headers={"Authorization": "Bearer guess"}).status_code == 404
    person = make.person()
    db.session.add(
        Letter(
            template="accepted",
            person_id=person.id,
            ids={},
            once="a",
            message_id="<a@x>",
            created_at=the_clock.now(),
            next_at=the_clock.now(),
        )
    )
    db.session.commit()
    answer = browser.get("/metrics", headers={"Authorization": "Bearer scrape me"})
    assert answer.status_code == 200
    assert 'laurel_letters{state="waiting"} 1.0' in answer.text
    refused = 'laurel_requests_total{endpoint="metrics.metrics",method="GET",status="404"}'
    seconds = 'laurel_request_seconds_count{endpoint="metrics.metrics"}'
    again = browser.get(
        "/metrics", headers={"Authorization": "Bearer scrape me"}
    )  # other tests of this process count too
    assert _number(again.text, refused) >= 2
    assert _number(again.text, seconds) == _number(answer.text, seconds) + 1
    assert "laurel_ledger_rows 0.0" in answer.text


def _number(text: str, name: str) -> float:
    return float(next(line for line in text.splitlines() if line.startswith(name)).rpartition(" ")[2])


def test_without_the_setting_there_are_no_numbers(app: Flask) -> None:
    assert app.config["METRICS_TOKEN"] == ""
    assert app.test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
