"""Pages that say no, or that something broke."""

from __future__ import annotations

import re

import pytest
from flask import Flask, g, render_template, request
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


SAFE = [
    # What was saved before is there in any case: a refusal undoes nothing.
    (409, "POST", "This step was not carried out. What was saved before is as it was."),
    (413, "POST", "What you had saved before is safe."),
    (500, "GET", "What you had saved before is safe."),
    # Nobody knows how far the work had come when it broke.
    (500, "POST", "What you sent just now may not have been carried out."),
]


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize(("status", "method", "sentence"), SAFE)
def test_it_says_what_became_of_her_work(public_app: Flask, status: int, method: str, sentence: str) -> None:
    with public_app.test_request_context("/en/", method=method):
        assert sentence in render_template(f"errors/{status}.html")


def test_the_number_of_a_request_that_broke_can_be_told(public_app: Flask) -> None:
    with public_app.test_request_context("/en/"):
        g.request_id = "7fq2"
        assert "tell them this number: 7fq2" in plain(render_template("errors/500.html"))
        assert "7fq2" not in render_template("errors/404.html")


OURS = "http://localhost"
LONG = "She opened the first desk where women could report."
RETURNED = [
    # Signed out meanwhile: the text is given back, on a page that leads to signing in.
    ({"answer": LONG}, OURS, 403, [LONG]),
    # Nothing but short answers: straight to signing in.
    ({"answer": "Yes"}, OURS, 302, []),
    # Never a password, whatever its length.
    ({"password": LONG, "new_password": LONG, "current": LONG}, OURS, 302, []),
    # A stranger's page puts no words on ours.
    ({"answer": LONG}, "http://evil.example", 302, []),
    # Nor does somebody who does not say where the form comes from.
    ({"answer": LONG}, None, 302, []),
]


def heads(origin: str | None) -> dict[str, str]:
    return {"Origin": origin or "", "Referer": f"{OURS}/account?tab=1"}


@pytest.mark.parametrize(("form", "origin", "status", "kept"), RETURNED)
def test_who_was_signed_out_meanwhile_gets_her_words_back(
    public_app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    form: dict[str, str],
    origin: str | None,
    status: int,
    kept: list[str],
) -> None:
    monkeypatch.setitem(public_app.config, "WTF_CSRF_ENABLED", False)
    with public_app.test_request_context("/account", method="POST", data=form, headers=heads(origin)):
        assert request.form is not None  # the token is looked for there before
        answer = public_app.make_response(public_app.preprocess_request() or "")
    assert "/sign-in?next=/account" in answer.get_data(as_text=True)
    assert (answer.status_code, re.findall(r'class="kept"[^>]*>([^<]*)<', answer.get_data(as_text=True))) == (
        status,
        kept,
    )


@pytest.mark.parametrize(("status", "title"), TITLES)
def test_every_refusal_has_a_title_a_way_on_and_somebody_to_ask(public_app: Flask, status: int, title: str) -> None:
    with public_app.test_request_context("/en/"):
        page = render_template(f"errors/{status}.html")
    assert f"<h1>{title}</h1>" in page
    assert '<a class="go" href="/en/">Go to the start page</a>' in page
    assert "Questions? Ask: award@example.org" in plain(page)


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
