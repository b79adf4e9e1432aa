"""T11: what is not there, and what nobody may ask, answers the same to the byte whatever was tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.integrity import nothing_there, walk
from tests.integrity.routes import guarded_routes, places
from tests.integrity.server import running_web
from tests.integrity.stage import ANONYMOUS, Stage, staged

ACTORS = (ANONYMOUS, "nominator", "secretariat")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("nothing")) as built:
        yield built


def test_every_address_that_is_none_answers_alike(stage: Stage) -> None:
    different = []
    for actor in ACTORS:
        usual = stage.send(actor, "GET", "/nowhere")
        for path in nothing_there.PATHS:
            answer = stage.send(actor, "GET", path)
            same = walk.same_but_for_tokens(answer.data, usual.data) and set(answer.headers.keys()) == set(
                usual.headers.keys()
            )
            asked = actor == ANONYMOUS and (answer.location or "").startswith("/sign-in?")  # under a private prefix
            if not asked and not (answer.status_code == 404 and same):
                different.append((actor, path[:80], answer.status_code, answer.headers.get("Location")))
    assert different == []
    assert len(nothing_there.PATHS) >= 300


def test_no_route_answers_to_a_method_that_is_not_its_own(stage: Stage) -> None:
    """A signed-in person hears which methods there are; the page is the same on every route."""
    wrong, refused = [], 0
    usual = stage.send("secretariat", "PUT", "/home")
    for path, allowed in _addresses(stage).items():
        for method in nothing_there.METHODS:
            if method in allowed:
                continue
            answer = stage.send("secretariat", method, path)
            said = set(re.split(r",\s*", answer.headers.get("Allow", "")))
            refused += 1
            same = method == "HEAD" or walk.same_but_for_tokens(answer.data, usual.data)
            if answer.status_code != 405 or said != allowed or not same:
                wrong.append((method, path, answer.status_code, sorted(said ^ allowed)))
    assert wrong == []
    assert refused > 1000


def test_anonymous_people_learn_nothing_from_a_method(stage: Stage) -> None:
    """On a private address they are asked to sign in, whatever they send; nothing is echoed and nothing is done."""
    before, wrong = stage.fingerprint(), []
    for path in _addresses(stage):
        for method in nothing_there.METHODS:
            answer = stage.send(ANONYMOUS, method, path, headers={"X-Echo": "echo-canary"})
            asked = answer.status_code == 302 and (answer.location or "").startswith("/sign-in")
            if not asked or b"echo-canary" in answer.data or "Allow" in answer.headers:
                wrong.append((method, path, answer.status_code))
    assert wrong == []
    assert stage.fingerprint() == before


def _addresses(stage: Stage) -> dict[str, set[str]]:
    """Of every guarded route one address, and the methods that it answers to: some addresses are of two routes, as
    /panel/2036/answered is, which a file of that name could have too."""
    match = stage.app.url_map.bind("localhost").allowed_methods
    found = {}
    for route in guarded_routes(stage.app):
        path = route.path(places(route, stage.world)[-1].values)
        found[path] = set(match(path))
        assert route.method in found[path]
    return found


@pytest.mark.processes
def test_the_served_application_answers_them_alike_too(tmp_path: Path) -> None:
    """Through gunicorn, with the address as it was written: nobody in between has tidied it up."""
    with running_web(tmp_path) as (_app, port):
        usual, different = _talk(port, "GET", "/nowhere"), []
        for path in nothing_there.PATHS:
            if not path.isascii() or re.search(r"[\s\\<>{}]", path):
                continue  # no client may send these as they are
            answer = _talk(port, "GET", path)
            if answer != usual and not answer[1].startswith("/sign-in"):
                different.append((path[:80], answer[0], answer[1]))
        slashes = [_talk(port, "GET", path)[:2] for path in nothing_there.SLASHES]
        methods = {method: _talk(port, method, "/en/")[0] for method in nothing_there.METHODS if method.isupper()}
    assert different == []
    assert slashes == [(200, ""), (200, ""), (404, ""), (404, "")]
    assert {method for method, status in methods.items() if status == 200} == {"GET", "HEAD", "OPTIONS"}
    assert {status for method, status in methods.items() if status != 200} <= {400, 405}


def _talk(port: int, method: str, path: str) -> tuple[int, str, str]:
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.putrequest(method, path, skip_host=True)
        line.putheader("Host", "localhost")
        line.endheaders()
        answer = line.getresponse()
        return answer.status, answer.getheader("Location") or "", answer.read().decode("utf-8", "replace")
    finally:
        line.close()
