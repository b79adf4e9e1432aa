"""Public pages are rendered once and given out for a few seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app import clock
from award_app.announcement import queries
from tests.web.test_pages_public import INVENTED, names

LAUREATES = "/en/laureates"


def test_a_page_is_given_again_without_asking_for_anything(
    keeping: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = keeping.get(LAUREATES)
    monkeypatch.setattr(queries, "released_laureates", _must_not_be_asked)
    again = keeping.get(LAUREATES)
    assert (again.data, again.status_code) == (first.data, 200)
    assert sorted(again.headers) == sorted(first.headers)


def test_a_release_is_seen_when_the_seconds_are_over(
    keeping: FlaskClient, later: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping.get(LAUREATES)
    monkeypatch.setattr(queries, "released_laureates", lambda: [replace(INVENTED, invented=False)])
    later(4)
    assert names(keeping.get(LAUREATES).text)[0] == "Zainab Mbalu Gbla"
    later(5)
    assert names(keeping.get(LAUREATES).text)[0] == "Amina Example"


def test_each_way_of_compression_is_kept_apart(keeping: FlaskClient) -> None:
    for _again in range(2):
        assert keeping.get(LAUREATES, headers={"Accept-Encoding": "br"}).headers["Content-Encoding"] == "br"
        assert "Content-Encoding" not in keeping.get(LAUREATES).headers


NEVER_KEPT = [
    # An error: somebody may be announced at this address.
    "/en/laureates/2025",
    # A page with a query may differ.
    "/en/laureates?locale=en-XA",
    # What is not public.
    "/health",
]


@pytest.mark.parametrize("address", NEVER_KEPT)
def test_nothing_else_is_kept(keeping: FlaskClient, public_app: Flask, address: str) -> None:
    keeping.get(address)
    assert public_app.extensions["kept_pages"] == {}


def test_a_secure_visit_does_not_speak_for_an_open_one(keeping: FlaskClient) -> None:
    assert "Strict-Transport-Security" in keeping.get(LAUREATES, base_url="https://localhost").headers
    assert "Strict-Transport-Security" not in keeping.get(LAUREATES).headers
    assert "Strict-Transport-Security" in keeping.get(LAUREATES, base_url="https://localhost").headers


def test_invented_ways_of_compression_do_not_fill_the_memory(keeping: FlaskClient, public_app: Flask) -> None:
    for number in range(300):
        keeping.get("/robots.txt", headers={"Accept-Encoding": f"x-{number}"})
    assert len(public_app.extensions["kept_pages"]) == 300 - 256


@pytest.fixture
def keeping(public_app: Flask, visitor: FlaskClient, later: object, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setitem(public_app.config, "KEPT_SECONDS", 5)
    public_app.extensions["kept_pages"].clear()
    return visitor


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Time stands still, until it is this many seconds after the start."""
    start = clock.now()

    def at(seconds: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=seconds))

    at(0)
    return at


def _must_not_be_asked() -> list[queries.PublicLaureate]:
    raise AssertionError("a kept page asks for nothing")
