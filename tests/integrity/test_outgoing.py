"""T15: no request of anybody's making leaves this service. It speaks to its database, its broker and its mail server, at
the addresses of its settings, and to nothing else: there is no feature that fetches an address."""

from __future__ import annotations

import ast
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from award_app.notifications.message import Ready
from award_app.notifications.post_office import PostOffice, server
from tests.integrity import walk
from tests.integrity.stage import staged
from tests.smtp import Sink

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted([*ROOT.glob("award_app/**/*.py"), *ROOT.glob("workers/*.py"), ROOT / "config.py", ROOT / "wsgi.py"])
# Whatever opens a line, or a process that could.
OPENERS = {
    *("socket", "ssl", "socketserver", "http.client", "http.server", "urllib.request", "ftplib", "smtplib", "poplib"),
    *("imaplib", "telnetlib", "nntplib", "xmlrpc", "asyncio", "subprocess", "multiprocessing", "webbrowser", "pty"),
    *("requests", "httpx", "aiohttp", "urllib3", "pycurl", "paramiko", "boto3", "redis", "aiosmtpd", "websocket"),
}
# And why each of these files may.
ALLOWED = {
    "award_app/accounts/limits.py": {"redis": "counts attempts in the broker of REDIS_URL"},
    "award_app/web/health.py": {"redis": "asks the broker of REDIS_URL whether it is there"},
    "workers/pulse.py": {"redis": "tells the broker of REDIS_URL that it is there"},
    "award_app/run/alive.py": {"redis": "the client of REDIS_URL, for the three above"},
    "award_app/run/parts.py": {
        "redis": "whether the broker is up",
        "socket": "whether a port is free",
        "http.client": "asks this very service for /health, on loopback",
    },
    "award_app/notifications/post_office.py": {
        "smtplib": "the mail server of SMTP_URL",
        "socket": "an option of that line",
        "ssl": "TLS on that line",
    },
    "award_app/nominations/viewer/operations.py": {"subprocess": "draws a PDF's pages in a child without rights"},
    "award_app/run/part.py": {"subprocess": "`make run` starts its parts"},
    "award_app/run/supervisor.py": {"subprocess": "the same"},
    "award_app/run/__main__.py": {"socket": "whether the port is free"},
    "award_app/run/sink.py": {
        "asyncio": "the mail sink listens",
        "socket": "on loopback",
        "aiosmtpd": "for the demonstration",
    },
    "award_app/demo/play.py": {
        "socket": "a port for the sink of the played year",
        "subprocess": "the parts of the played year",
        "aiosmtpd": "its sink",
    },
}


def test_only_named_files_can_open_a_line_and_each_has_its_reason() -> None:
    found: dict[str, set[str]] = {}
    for path in CODE:
        opened = {
            opener for name in _imports(path) for opener in OPENERS if name == opener or name.startswith(f"{opener}.")
        }
        if opened:
            found[str(path.relative_to(ROOT))] = opened
    assert found == {path: set(reasons) for path, reasons in ALLOWED.items()}


def test_nothing_is_called_that_fetches_an_address() -> None:
    """Of libraries that could fetch: a picture by its address, an XML entity, a passkey's certificate list, a template."""
    called = {
        f"{path.relative_to(ROOT)}: {_name(node.func)}"
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and _name(node.func)
        in {"urlopen", "urlretrieve", "create_connection", "open_connection", "getaddrinfo", "system", "popen"}
    }
    assert called == {"award_app/run/parts.py: create_connection"}  # whether our own mail sink is up, on loopback


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


# The lines that are opened while a test watches. A hook of the interpreter's cannot be taken off again: it is off but for that.
_opened: list[tuple[str, object]] = []
_watching = False


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        _opened.append((event, arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]))
    elif _watching and event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"):
        _opened.append((event, arguments[0]))


@cache
def _hook() -> None:
    sys.addaudithook(_note)


@contextmanager
def watched() -> Iterator[list[tuple[str, object]]]:
    global _watching
    _hook()
    _opened.clear()
    _watching = True
    try:
        yield _opened
    finally:
        _watching = False


def test_pages_and_forms_open_no_line_but_to_the_broker(tmp_path: Path) -> None:
    """Every page and every form once, as somebody who may; the broker of the settings is asked, and is not there."""
    with staged(tmp_path, LOG_LEVEL="CRITICAL") as stage:
        once = {cell.route.name: cell for cell in walk.cells(stage) if cell.expected == "yes"}
        with watched() as opened:
            for cell in once.values():
                stage.send(cell.actor, cell.route.method, cell.path)
            stage.send("anonymous", "GET", "/en/laureates/2016")
            stage.send("anonymous", "GET", "/health")
    broker = {("socket.getaddrinfo", "127.0.0.1"), ("socket.connect", ("127.0.0.1", 1))}
    assert set(opened) - broker == set()
    assert ("socket.connect", ("127.0.0.1", 1)) in opened
    assert len(once) > 80


def test_a_letter_opens_one_line_to_the_mail_server_of_the_settings(sink: Sink) -> None:
    office = PostOffice(server(sink.url))
    with watched() as opened:
        office.send(
            Ready(
                "laurel@laurel.example", "amara@elsewhere.example", b"Subject: x\r\n\r\nhttp://elsewhere.example/\r\n"
            )
        )
    assert set(opened) == {("socket.getaddrinfo", "127.0.0.1"), ("socket.connect", ("127.0.0.1", sink.port))}
    assert len(sink.messages) == 1


def test_the_watch_sees_a_line_that_is_opened() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, watched() as opened:
        with socket.create_connection(listening.getsockname()):
            pass
        subprocess.run(["true"], check=True, env=dict(os.environ))
    assert {event for event, _ in opened} == {"socket.getaddrinfo", "socket.connect", "subprocess.Popen"}
