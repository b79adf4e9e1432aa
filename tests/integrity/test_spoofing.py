"""T6, what a request claims about itself: no other host, address, path or method is believed, nobody is sent away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask, request, request_started
from werkzeug.urls import iri_to_uri

from award_app import create_app
from award_app.accounts import landing
from tests.conftest import settings
from tests.integrity import spoofing, walk
from tests.integrity.stage import ANONYMOUS, Stage, staged
from tests.journeys import rig

PAGES = (
    (ANONYMOUS, "/en/"),
    (ANONYMOUS, "/home"),
    (ANONYMOUS, "/sign-in"),
    ("secretariat", "/people"),
    ("nominator", "/nowhere"),
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("spoofing")) as built:
        yield built


def test_no_other_host_is_answered(stage: Stage) -> None:
    answered = []
    for host in spoofing.HOSTS:
        for actor, path in PAGES:
            answer = stage.send(actor, "GET", path, environ_overrides={"HTTP_HOST": host.encode().decode("latin-1")})
            shown = spoofing.ELSEWHERE in answer.text or spoofing.ELSEWHERE in answer.headers.get("Location", "")
            if answer.status_code != 400 or shown or "Set-Cookie" in answer.headers:
                answered.append((host, path, answer.status_code))
    assert answered == []


def test_what_a_header_claims_changes_no_answer(stage: Stage) -> None:
    changed, addresses = [], set()

    def note(_sender: Flask, **_more: Any) -> None:
        addresses.add((request.remote_addr, request.host, request.scheme, request.method))

    before = {page: stage.send(page[0], "GET", page[1]) for page in PAGES}
    with request_started.connected_to(note, stage.app):
        for claim in spoofing.CLAIMS:
            for actor, path in PAGES:
                answer, usual = stage.send(actor, "GET", path, headers=claim), before[actor, path]
                same = walk.same_but_for_tokens(answer.data, usual.data) and answer.status == usual.status
                if not same or answer.headers.get("Location") != usual.headers.get("Location"):
                    changed.append((claim, path))
    assert changed == []
    assert addresses == {("127.0.0.1", "localhost", "http", "GET")}
    assert len(spoofing.CLAIMS) > 80


def test_of_a_trusted_proxy_the_last_word_about_the_address_counts_and_none_about_the_host(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    app = create_app(settings(tmp_path_factory.mktemp("proxy"), TRUST_PROXY="1"))
    seen = []

    def note(_sender: Flask, **_more: Any) -> None:
        seen.append((request.remote_addr, request.host, request.scheme))

    claims = {
        "X-Forwarded-For": "198.51.100.1, 203.0.113.9",
        "X-Forwarded-Host": spoofing.ELSEWHERE,
        "X-Forwarded-Proto": "https",
    }
    with request_started.connected_to(note, app):
        app.test_client().get("/robots.txt", headers=claims)
    assert seen == [("203.0.113.9", "localhost", "https")]


def test_nobody_is_sent_away_after_signing_in(stage: Stage) -> None:
    """Whoever is signed in already is sent on at once; the others after their password."""
    stage.app.config["WTF_CSRF_ENABLED"] = False
    away = []
    for payload in spoofing.ONWARD:
        answer = stage.send("secretariat", "GET", f"/sign-in?next={quote(payload, safe='')}")
        where = answer.headers["Location"]
        if where != "/home" and (where != iri_to_uri(payload) or landing.local(payload) is None):
            away.append((payload, where))
    assert away == []
    assert [
        stage.send("secretariat", "GET", f"/sign-in?next={quote(p, safe='')}").headers["Location"]
        for p in spoofing.HERE
    ] == list(spoofing.HERE)
    assert len(spoofing.ONWARD) >= 200


@pytest.mark.browser
def test_a_browser_reads_what_is_let_through_as_a_page_of_ours() -> None:
    """The judge is Chromium's own reading of an address, not ours."""
    let_through = [payload for payload in (*spoofing.ONWARD, *spoofing.HERE) if landing.local(payload)]
    with rig.chromium() as browser:
        read = "all => all.map(one => { try { return new URL(one, 'http://localhost:8000/sign-in').origin } catch { return '' } })"
        page = browser.new_page()
        origins, all_of_them = page.evaluate(read, let_through), page.evaluate(read, list(spoofing.ONWARD))
        page.close()
    assert set(origins) == {"http://localhost:8000"}
    assert sum(origin == f"http://{spoofing.ELSEWHERE}" for origin in all_of_them) > 30  # so many would have led away
