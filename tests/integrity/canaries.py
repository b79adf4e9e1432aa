"""T19: words that nobody else would write, put into every form and around every request, and looked for where no word of a
person belongs: the log, the broker, addresses, numbers for monitoring, the ledger."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from redis import Redis
from sqlalchemy import select

from award_app.audit import LedgerEntry
from award_app.db import db
from tests.integrity import failures
from tests.integrity.forms import TOKENS, Sent, forms
from tests.integrity.server import running_web
from tests.integrity.stage import ANONYMOUS, PDF, Stage

_CANARY = re.compile(r"canary\d{5}q", re.IGNORECASE)
_ADDRESS = re.compile(r'(?:href|action|src|formaction)="([^"]*)"')
_TYPED = "multipart/form-data; boundary=B"


@dataclass
class Report:
    planted: int = 0
    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0  # requests that met a failure, so that it was logged
    searched: Counter[str] = field(default_factory=Counter)  # how much text of each kind was looked through
    found: list[str] = field(default_factory=list)


class Planting:
    """A new canary each time; the report counts them."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def __call__(self) -> str:
        self.report.planted += 1
        return f"canary{self.report.planted:05d}q"


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """Whatever is logged meanwhile, by us or by a library."""
    log = io.StringIO()
    before = [
        (handler, handler.stream)
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler)
    ]
    for handler, _stream in before:
        handler.setStream(log)
    try:
        with redirect_stderr(log):
            yield log
    finally:
        for handler, stream in before:
            handler.setStream(stream)


def plant(stage: Stage, share: slice, report: Report) -> None:
    """Every form of `share` by who was shown it and by two who may not, once as it should be filled in, once all wrong, and
    once with the database gone; then what surrounds a request."""
    new = Planting(report)
    for form in forms(stage)[share]:
        for actor in (form.actor, "member_other_cycle", ANONYMOUS):
            _send(stage, form, actor, new, report, every=False)
        _send(stage, form, form.actor, new, report, every=True)
        with failures.statements(stop_at=4):
            _send(stage, form, form.actor, new, report, every=False)
    for actor in (ANONYMOUS, "nominator", "secretariat"):
        _around(stage, actor, new, report)


def served(folder: Path, report: Report) -> None:
    """Through gunicorn: what it and everything in it writes to its own output."""
    new = Planting(report)
    with running_web(folder) as (_app, port):
        for path in ("/sign-in", "/invitation/", "/address/", "/reset/", "/nowhere/", "/home"):
            for method in ("GET", "POST", "PUT", f"{new()}"):
                headers = {name: new() for name in ("User-Agent", "Referer", "Cookie", "X-Forwarded-For", new())}
                line = HTTPConnection("127.0.0.1", port, timeout=60)
                target = f"{path}{new()}?token={new()}" if path.endswith("/") else f"{path}?q={new()}"
                line.request(method, target, f"email={new()}&password={new()}", {"Host": "localhost", **headers})
                report.statuses[line.getresponse().status] += 1
                report.sent += 1
                line.close()
    look("gunicorn's output", (folder / "web.log").read_text(), report)


def _send(stage: Stage, form: Sent, actor: str, new: Planting, report: Report, *, every: bool) -> None:
    parts = [_part(name, _value(name, value, new, every)) for name, value in form.values.items()]
    parts += [_file(name, new()) for name in form.files]
    body = b"".join(parts) + b"--B--\r\n"
    answer = stage.send(
        actor, "POST", form.path, input_stream=io.BytesIO(body), content_type=_TYPED, content_length=len(body)
    )
    _note(stage, f"{actor} POST {form.endpoint}", answer, report)
    if answer.status_code not in (403, 404):
        stage.reset()


def _value(name: str, value: str, new: Planting, every: bool) -> str:
    """Choices and numbers stay as the page had them, unless every field is to be wrong."""
    if name in TOKENS or (not every and (value.isdigit() or (value and len(value) < 20 and "@" not in value))):
        return value
    if "email" in name:
        return f"{new()}@laurel.example"
    return f"{new()} {new()}-password" if "password" in name else f"Said {new()} and no more."


def _part(name: str, value: str) -> bytes:
    return f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def _file(name: str, canary: str) -> bytes:
    head = f'--B\r\nContent-Disposition: form-data; name="{name}"; filename="{canary}.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    return head.encode() + PDF + canary.encode() + b"\r\n"


def _around(stage: Stage, actor: str, new: Planting, report: Report) -> None:
    """Links with secrets, addresses nobody has, headers, and a password that is wrong."""
    for path in ("/invitation/", "/address/", "/reset/", "/nowhere/", "/en/laureates/", "/static/"):
        headers = {
            name: new()
            for name in ("User-Agent", "X-Request-ID", "X-Forwarded-For", "Accept-Language", "Authorization")
        }
        query = f"?token={new()}&q={quote_plus(new())}"
        for method in ("GET", "POST"):
            answer = stage.send(actor, method, f"{path}{new()}{query}", headers=headers)
            _note(stage, f"{actor} {method} {path}", answer, report, addresses=False)
    data = {"email": f"{new()}@laurel.example", "password": new()}
    _note(stage, "POST /sign-in", stage.send(ANONYMOUS, "POST", "/sign-in", data=data), report)


def _note(stage: Stage, where: str, answer: Any, report: Report, *, addresses: bool = True) -> None:
    report.sent += 1
    report.statuses[answer.status_code] += 1
    report.broken += bool(stage.raised)
    named = [
        answer.headers.get("Location", ""),
        *(_ADDRESS.findall(answer.text) if answer.mimetype == "text/html" else []),
    ]
    if addresses:
        look(f"an address after {where}", "\n".join(named), report, kind="addresses")


def look(where: str, text: str, report: Report, *, kind: str = "") -> None:
    report.searched[kind or where] += len(text)
    report.found += [f"{where}: {found}" for found in sorted(set(_CANARY.findall(text)))]


def look_everywhere(stage: Stage, log: str, report: Report) -> None:
    look("the log", log, report)
    entries = db.session.execute(select(LedgerEntry.act, LedgerEntry.detail)).all()
    look("the ledger", repr(entries), report)
    token = str(stage.app.config["METRICS_TOKEN"])
    numbers = stage.send(ANONYMOUS, "GET", "/metrics", headers={"Authorization": f"Bearer {token}"})
    look("the numbers", numbers.text, report)


def of_the_broker(url: str) -> str:
    """Every key and what it holds, as the broker would write it to disk."""
    with Redis.from_url(url) as broker:
        found = [(key, broker.dump(key)) for key in broker.scan_iter("*")]
    return repr(found)
