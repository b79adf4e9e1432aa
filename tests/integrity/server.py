"""Two gunicorn workers on loopback over a database of their own, and browsers that send at the same instant."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

from flask import Flask
from flask_migrate import upgrade

import config
from award_app import create_app
from award_app.db import db
from tests import codes
from tests.servers import free_port
from tests.service import environment, within

PATIENCE = 60.0
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: str


@dataclass(frozen=True)
class Browser:
    """A cookie and the form token that goes with it."""

    port: int
    cookie: str = ""
    token: str = ""

    def visit(self, path: str) -> Browser:
        """As this browser after it has read a page with a form on it."""
        answer, cookie = _talk(self._connection(), "GET", path, self.cookie, None)
        found = _TOKEN.search(answer.body)
        assert found, f"{path} answered {answer.status} without a form"
        return replace(self, cookie=cookie or self.cookie, token=found[1])

    def sign_in(self, email: str, password: str) -> Browser:
        asked = self.visit("/sign-in")
        form = {"csrf_token": asked.token, "email": email, "password": password}
        answer, cookie = _talk(asked._connection(), "POST", "/sign-in", asked.cookie, form)
        assert answer.status == 302, f"{email} was not let in: {answer.status}"
        half = replace(asked, cookie=cookie)
        return (half._show_second(email) if "/second" in answer.location else half).visit("/account")

    def _show_second(self, email: str) -> Browser:
        """Of an account whose authenticator has the secret all tests know."""
        asked = self.visit("/sign-in/second")
        form = {"csrf_token": asked.token, "code": codes.fresh_code(email)}
        answer, cookie = _talk(asked._connection(), "POST", "/sign-in/second", asked.cookie, form)
        assert answer.status == 302, f"the code of {email} was not taken: {answer.status}"
        return replace(asked, cookie=cookie)

    def _connection(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)


@dataclass(frozen=True)
class Post:
    browser: Browser
    path: str
    form: dict[str, str] | None  # None: only read it


def at_once(posts: Sequence[Post], beside: Callable[[], object] | None = None) -> list[Answer]:
    """Each on a line of its own that is open before the first one sends; `beside` is done at the same instant here."""
    barrier = Barrier(len(posts) + (beside is not None))

    def send(post: Post) -> Answer:
        line = post.browser._connection()
        line.connect()
        barrier.wait(PATIENCE)
        form = None if post.form is None else {"csrf_token": post.browser.token, **post.form}
        return _talk(line, "GET" if form is None else "POST", post.path, post.browser.cookie, form)[0]

    def work() -> None:
        barrier.wait(PATIENCE)
        if beside is not None:
            beside()

    with ThreadPoolExecutor(barrier.parties) as pool:
        other = pool.submit(work) if beside is not None else None
        answers = list(pool.map(send, posts))
        if other is not None:
            other.result(PATIENCE)
    return answers


@contextmanager
def running_web(folder: Path, database_url: str = "") -> Iterator[tuple[Flask, int]]:
    """The application as the test sees it, inside its context, and the port of the served one. No broker, no worker."""
    port = free_port()
    given = _given(folder, port, database_url)
    with _application(given) as app, _served(folder, port, environment(**given)):
        yield app, port


@contextmanager
def unserved(folder: Path) -> Iterator[Flask]:
    """What running_web finds in the folder afterwards can be made here."""
    with _application(_given(folder, 0, "")) as app:
        yield app


def _given(folder: Path, port: int, database_url: str) -> dict[str, str]:
    return {
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "DATABASE_URL": database_url,
        "WEB_WORKERS": "2",
        "SECRET_KEY": "s" * 40,
        "LEDGER_KEY": "l" * 40,
        "TRUSTED_HOSTS": "localhost",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SMTP_URL": "smtp://127.0.0.1:1",
        # Everybody comes from one address here, and a run takes longer than a proof holds.
        "ATTEMPTS": "1000000",
        "ATTEMPTS_PER_ADDRESS": "1000000",
        "PROVE_MINUTES": "600",
    }


@contextmanager
def _application(given: dict[str, str]) -> Iterator[Flask]:
    app = create_app(config.load(given))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def _served(folder: Path, port: int, env: dict[str, str]) -> Iterator[None]:
    argv = [sys.executable, "-m", "gunicorn", "-c", "python:award_app.run.gunicorn", "wsgi:app"]
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", *argv], cwd=config.ROOT, env=env, stdout=log, stderr=log
        )
    try:
        if not within(PATIENCE, lambda: process.poll() is not None or _answers(port)) or process.poll() is not None:
            raise RuntimeError(f"the web part is not up:\n{(folder / 'web.log').read_text()}")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        return _talk(HTTPConnection("127.0.0.1", port, timeout=5), "GET", "/robots.txt", "", None)[0].status == 200
    except OSError:
        return False


def _talk(line: HTTPConnection, method: str, path: str, cookie: str, form: dict[str, str] | None) -> tuple[Answer, str]:
    """The answer, and the cookie it sets."""
    headers = {"Host": "localhost", "Cookie": cookie}
    body = urlencode(form) if form is not None else None
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        line.request(method, path, body, headers)
        got = line.getresponse()
        text = got.read().decode("utf-8", "replace")
        return Answer(got.status, got.getheader("Location") or "", text), (got.getheader("Set-Cookie") or "").split(
            ";"
        )[0]
    finally:
        line.close()
