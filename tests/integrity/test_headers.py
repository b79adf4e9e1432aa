"""T7h: the headers and cookies of every kind of answer, over https; a seeded share here, more in `make integrity`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from werkzeug.datastructures import Headers

from tests.integrity import answers, observatory, passive
from tests.integrity.passive import Seen
from tests.integrity.stage import Stage, staged


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("headers"), BASE_URL="https://localhost") as built:
        yield built


def test_no_answer_loses_a_point_or_meets_a_warning(stage: Stage) -> None:
    report = answers.Report()
    for seen in answers.everything(stage, share=0.0, seed=1, every=4):
        answers.judge(seen, report)
    print(f"{report.answers} answers, {report.files} files, lowest {report.lowest}: {dict(report.statuses)}")
    assert report.found == []
    assert report.lowest >= answers.LOWEST
    assert {200, 302, 403, 404, 405, 409, 422, 500} <= set(report.statuses)
    assert {"application/pdf", "text/csv", "application/atom+xml", "text/javascript", "image/svg+xml"} <= set(
        report.kinds
    )
    assert len(passive.RULES) >= 25


def test_the_cookie_is_of_this_host_alone(stage: Stage) -> None:
    stage.app.config["WTF_CSRF_ENABLED"] = True  # the form's token begins a session
    page = stage.app.test_client().get("/sign-in", base_url=answers.HTTPS)
    (cookie,) = page.headers.getlist("Set-Cookie")
    name, _, rest = cookie.partition("=")
    assert name == "__Host-laurel"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} == {part.strip() for part in rest.split(";")[1:]}


PLANTED = (
    ("no policy", "Content-Security-Policy", None),
    ("an inline script allowed", "Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'"),
    ("types guessed", "X-Content-Type-Options", None),
    ("a private page kept", "Cache-Control", "max-age=60"),
    ("software named", "Server", "gunicorn/27.1"),
    ("another origin let in", "Access-Control-Allow-Origin", "*"),
    ("a cookie for every host", "Set-Cookie", "laurel=1; Domain=example.org; Path=/"),
    ("a redirect away", "Location", "https://elsewhere.example/"),
    ("no strict transport", "Strict-Transport-Security", None),
)


@pytest.mark.parametrize(("what", "name", "value"), PLANTED)
def test_the_rules_find_what_is_planted(stage: Stage, what: str, name: str, value: str | None) -> None:
    page = answers.seen(stage, "secretariat", "GET", "/home")
    headers = Headers([(n, v) for n, v in page.headers if n != name] + ([(name, value)] if value else []))
    planted = Seen(page.actor, page.method, page.path, page.status, headers, page.body, page.secure)
    assert passive.findings(page) == []
    assert passive.findings(planted) != []


def test_the_score_falls_with_what_is_missing(stage: Stage) -> None:
    page = answers.seen(stage, "secretariat", "GET", "/home")
    full, _ = observatory.score(dict(page.headers), page.headers.getlist("Set-Cookie"), page.body, secure=True)
    bare, _ = observatory.score({"Content-Type": "text/html"}, ["laurel=1"], b"", secure=False)
    assert (full >= answers.LOWEST, bare) == (True, 100 - 25 - 40 - 20 - 5 - 20)
