"""The line to the mail server: one letter, one connection, and an answer that says how sure we are."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from flask import current_app

from award_app.notifications.message import Ready
from award_app.notifications.outcome import Fate, Outcome

CONNECT: Final = 10.0  # seconds until a server must have greeted
ANSWER: Final = 20.0  # seconds for each of at most ten answers
VERDICT: Final = 60.0  # seconds for the answer to the whole letter; together less than `delivery.LOST_AFTER`


class Office(Protocol):
    def send(self, letter: Ready) -> Outcome: ...


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    tls: bool  # from the first byte
    starttls: bool
    user: str
    password: str


def server(url: str) -> Server:
    """smtp://, smtps://, smtp+starttls:// or smtp://…?starttls=1, with user:password@. Errors: ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps", "smtp+starttls"} or not parts.hostname:
        raise ValueError("SMTP_URL is smtp://, smtps:// or smtp+starttls://, with a host")
    starttls = parts.scheme == "smtp+starttls" or parse_qs(parts.query).get("starttls") == ["1"]
    port = parts.port if parts.port is not None else {"smtp": 25, "smtps": 465}.get(parts.scheme, 587)
    user, password = _login(parts)
    return Server(parts.hostname, port, parts.scheme == "smtps", starttls, user, password)


def _login(parts: SplitResult) -> tuple[str, str]:
    return unquote(parts.username or ""), unquote(parts.password or "")


def post_office() -> PostOffice:
    return PostOffice(server(str(current_app.config["SMTP_URL"])))


class Refusal(Exception):
    """The server's answer to one step, as a code."""

    def __init__(self, code: int, *, of_letter: bool) -> None:
        super().__init__(str(code))
        self.code, self.of_letter = code, of_letter


@dataclass(frozen=True)
class PostOffice:
    """Before the last dot of the letter every failure means "not delivered"; after it, silence means "perhaps"."""

    to: Server

    def send(self, letter: Ready) -> Outcome:
        line: smtplib.SMTP | None = None
        try:
            line = self._connect()
            self._introduce(line)
            self._envelope(line, letter)
            line.send(_stuffed(letter.content))
        except Refusal as refusal:
            return self._refused(line, refusal)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            _hang_up(line)
            return Outcome(Fate.LATER, _trouble(error), line=True)
        return self._finish(line)

    def _connect(self) -> smtplib.SMTP:
        where = (self.to.host, self.to.port, "localhost")
        if self.to.tls:
            line: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=CONNECT, context=ssl.create_default_context())
        else:
            line = smtplib.SMTP(*where, timeout=CONNECT)
        _wait(line, ANSWER)
        if line.sock is not None:  # the last dot follows the letter at once; without this it waits 40 ms for an ACK
            line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def _introduce(self, line: smtplib.SMTP) -> None:
        if self.to.starttls:
            line.starttls(context=ssl.create_default_context())
        line.ehlo_or_helo_if_needed()
        if self.to.user:
            line.login(self.to.user, self.to.password)

    def _envelope(self, line: smtplib.SMTP, letter: Ready) -> None:
        """A refused sender is our own mistake and can be mended; a refused recipient or letter is for good."""
        _expect(line.mail(letter.sender), {250}, of_letter=False)
        _expect(line.rcpt(letter.recipient), {250, 251, 252}, of_letter=True)
        _expect(line.docmd("data"), {354}, of_letter=True)

    def _finish(self, line: smtplib.SMTP) -> Outcome:
        try:
            _wait(line, VERDICT)
            line.send(b".\r\n")
            code, _said = line.getreply()
        except (OSError, smtplib.SMTPException):
            code = 0
        if 400 <= code < 600:
            return self._refused(line, Refusal(code, of_letter=True))
        _hang_up(line)
        if 200 <= code < 300:
            return Outcome(Fate.SENT, f"smtp {code}")
        return Outcome(Fate.DOUBTFUL, "line dropped after data", line=True)

    def _refused(self, line: smtplib.SMTP | None, refusal: Refusal) -> Outcome:
        _hang_up(line)
        for_good = refusal.of_letter and 500 <= refusal.code < 600
        return Outcome(Fate.REFUSED if for_good else Fate.LATER, f"smtp {refusal.code}", line=refusal.code == 421)


def _expect(answer: tuple[int, bytes], wanted: set[int], *, of_letter: bool) -> None:
    if answer[0] not in wanted:
        raise Refusal(answer[0], of_letter=of_letter)


def _wait(line: smtplib.SMTP, seconds: float) -> None:
    if line.sock is not None:
        line.sock.settimeout(seconds)


def _stuffed(content: bytes) -> bytes:
    """Lines that begin with a dot get a second one; the letter ends with a line break."""
    doubled = re.sub(rb"(?m)^\.", b"..", content)
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"


def _trouble(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"smtp {error.smtp_code}"
    return "no connection"


def _hang_up(line: smtplib.SMTP | None) -> None:
    """The answer is known; a server that is impolite at the goodbye changes nothing."""
    if line is None:
        return
    with suppress(OSError, smtplib.SMTPException):
        line.send(b"QUIT\r\n")
    line.close()
