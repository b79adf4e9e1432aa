"""Public pages are rendered once and given out for as long as nothing public changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app import clock
from award_app.announcement import queries
from award_app.web import kept
from tests.web.test_pages_public import INVENTED, names

LAUREATES = "/en/laureates"
Later = Callable[[int], None]
Asked = list[queries.PublicLaureate]


def test_a_page_is_given_again_without_asking_for_anything(
    keeping: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = keeping.get(LAUREATES)
    monkeypatch.setattr(queries, "released_laureates", _must_not_be_asked)
    again = keeping.get(LAUREATES)
    assert (again.data, again.status_code) == (first.data, 200)
    assert sorted(again.headers) == sorted(first.headers)


def test_the_next_second_asks_once_and_renders_nothing_anew(
    keeping: FlaskClient, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    rendered: list[int] = []

    def look() -> Asked:
        looks.append(1)
        return []

    monkeypatch.setattr(queries, "released_laureates", look)
    monkeypatch.setattr("award_app.announcement.views.render_template", _counted(rendered))
    for second in (0, 1, 2):
        later(second)
        for _again in range(3):
            keeping.get(LAUREATES)
    assert (len(looks), len(rendered)) == (3, 1)


def test_a_release_and_its_taking_back_are_seen_in_the_next_second(
    keeping: FlaskClient, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keeping.get(LAUREATES)
    monkeypatch.setattr(queries, "released_laureates", lambda: [replace(INVENTED, invented=False)])
    later(1)
    assert names(keeping.get(LAUREATES).text)[0] == "Amina Example"
    monkeypatch.setattr(queries, "released_laureates", list)
    later(2)
    after = keeping.get(LAUREATES)
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


def test_a_page_that_was_being_written_during_a_release_is_not_kept_beyond_it(
    keeping: FlaskClient, public_app: Flask, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its request began before: what it read is of the edition before, and so is its place."""
    keeping.get(LAUREATES)
    ((old, *rest),) = public_app.extensions["kept_pages"]
    monkeypatch.setattr(queries, "released_laureates", lambda: [replace(INVENTED, invented=False)])
    later(1)
    keeping.get(LAUREATES)
    ((new, *same),) = public_app.extensions["kept_pages"]
    assert (new > old, same) == (True, rest)


def test_a_browser_that_has_the_page_is_told_that_it_still_stands(
    keeping: FlaskClient, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = keeping.get(LAUREATES).headers["ETag"]
    again = keeping.get(LAUREATES, headers={"If-None-Match": mark})
    assert (again.status_code, again.data, again.headers["Cache-Control"]) == (304, b"", "public, no-cache")
    assert "Last-Modified" not in again.headers
    monkeypatch.setattr(queries, "released_laureates", lambda: [replace(INVENTED, invented=False)])
    later(1)
    assert keeping.get(LAUREATES, headers={"If-None-Match": mark}).status_code == 200


def test_each_way_of_compression_is_kept_apart(keeping: FlaskClient) -> None:
    marks = set()
    for _again in range(2):
        squeezed, plain = keeping.get(LAUREATES, headers={"Accept-Encoding": "br"}), keeping.get(LAUREATES)
        assert squeezed.headers["Content-Encoding"] == "br"
        assert "Content-Encoding" not in plain.headers
        marks |= {squeezed.headers["ETag"], plain.headers["ETag"]}
    assert len(marks) == 2


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
    answer = keeping.get(address)
    assert (public_app.extensions["kept_pages"], "ETag" in answer.headers) == ({}, False)


def test_a_secure_visit_does_not_speak_for_an_open_one(keeping: FlaskClient) -> None:
    assert "Strict-Transport-Security" in keeping.get(LAUREATES, base_url="https://localhost").headers
    assert "Strict-Transport-Security" not in keeping.get(LAUREATES).headers
    assert "Strict-Transport-Security" in keeping.get(LAUREATES, base_url="https://localhost").headers


def test_invented_ways_of_compression_do_not_fill_the_memory(
    keeping: FlaskClient, public_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_MOST", 8)
    for number in range(20):
        keeping.get("/robots.txt", headers={"Accept-Encoding": f"x-{number}"})
    assert len(public_app.extensions["kept_pages"]) == 20 - 16


@pytest.fixture
def keeping(public_app: Flask, visitor: FlaskClient, later: object, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setitem(public_app.config, "KEEP_PAGES", True)
    public_app.extensions["kept_pages"].clear()
    public_app.extensions.pop("public_edition", None)
    return visitor


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Time stands still, until it is this many seconds after the start."""
    start = clock.now()

    def at(seconds: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=seconds))

    at(0)
    return at


def _counted(rendered: list[int]) -> Callable[..., str]:
    def render(*_names: object, **_more: object) -> str:
        rendered.append(1)
        return "a page"

    return render


def _must_not_be_asked() -> list[queries.PublicLaureate]:
    raise AssertionError("a kept page asks for nothing")
