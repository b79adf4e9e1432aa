"""Pages that say no, or that something broke."""

from __future__ import annotations

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient

from award_app.accounts import sessions

TITLES = [
    (400, "This could not be read"),
    (403, "You may not do this"),
    (404, "There is no page here"),
    (405, "This address does not work that way"),
    (409, "This is not possible now"),
    (410, "This link no longer works"),
    (413, "This is too large"),
    (429, "Too many attempts"),
    (500, "Something went wrong on our side"),
]


@pytest.mark.parametrize(("status", "title"), TITLES)
def test_every_refusal_has_a_title_a_way_on_and_somebody_to_ask(public_app: Flask, status: int, title: str) -> None:
    with public_app.test_request_context("/en/"):
        page = render_template(f"errors/{status}.html")
    assert f"<h1>{title}</h1>" in page
    assert '<a class="go" href="/en/">Go to the start page</a>' in page
    assert "ask award@example.org" in page


@pytest.mark.parametrize("status", [400, 403, 409, 410, 413, 429])
def test_a_refusal_gives_its_reason_and_gives_back_what_was_typed(public_app: Flask, status: int) -> None:
    with public_app.test_request_context("/en/"):
        page = render_template(f"errors/{status}.html", reason="The window has closed.", kept="My <long> text")
    assert '<p class="lead">The window has closed.</p>' in page
    assert "My &lt;long&gt; text" in page


def test_the_page_of_an_error_stands_even_where_people_cannot_be_looked_up(
    public_app: Flask, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("no database")

    monkeypatch.setattr(sessions, "resume", broken)
    monkeypatch.setitem(public_app.config, "PROPAGATE_EXCEPTIONS", False)
    with visitor.session_transaction() as cookie:
        cookie["_user_id"] = "a session"
    response = visitor.get("/home")
    assert response.status_code == 500
    assert "<h1>Something went wrong on our side</h1>" in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_a_wrong_method_hears_which_are_right(visitor: FlaskClient) -> None:
    response = visitor.delete("/en/laureates")
    assert (response.status_code, set(response.headers["Allow"].split(", "))) == (405, {"GET", "HEAD", "OPTIONS"})
