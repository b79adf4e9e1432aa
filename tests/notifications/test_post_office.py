"""How sure we are after each way in which a mail server can answer, or not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from award_app.notifications import post_office
from award_app.notifications.message import Ready
from award_app.notifications.outcome import Fate, Outcome
from award_app.notifications.post_office import PostOffice, Server
from tests.servers import Sink

LETTER = Ready("laurel@laurel.example", "amara@laurel.example", b"Subject: x\r\n\r\nHello\r\n.\r\n")

# SMTP_URL → host, port, TLS from the first byte, STARTTLS, user, password.
URLS = [
    ("smtp://mail.example", Server("mail.example", 25, False, False, "", "")),
    ("smtp://127.0.0.1:1025", Server("127.0.0.1", 1025, False, False, "", "")),
    ("smtps://u:p%40ss@mail.example", Server("mail.example", 465, True, False, "u", "p@ss")),
    ("smtp+starttls://u:p@mail.example", Server("mail.example", 587, False, True, "u", "p")),
    ("smtp://mail.example:2525?starttls=1", Server("mail.example", 2525, False, True, "", "")),
    ("smtp://127.0.0.1:0", Server("127.0.0.1", 0, False, False, "", "")),
]


@pytest.mark.parametrize(("url", "expected"), URLS)
def test_the_address_of_a_mail_server(url: str, expected: Server) -> None:
    assert post_office.server(url) == expected


@pytest.mark.parametrize("url", ["", "mail.example", "http://mail.example", "smtp://", "smtp:mail.example"])
def test_what_is_no_address_of_a_mail_server(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL"):
        post_office.server(url)


def test_a_letter_arrives_as_it_was_written(sink: Sink) -> None:
    assert _send(sink.port) == Outcome(Fate.SENT, "smtp 250")
    received = sink.messages[0]
    assert (received.sender, received.recipients, received.raw) == (LETTER.sender, (LETTER.recipient,), LETTER.content)


# What the server says, step by step (greeting, EHLO, MAIL, RCPT, DATA, the letter); None: it hangs up, "": it is silent.
OK = ("220 hi", "250 hi", "250 ok", "250 ok", "354 go")
SCRIPTS = [
    ((*OK, "250 ok"), Outcome(Fate.SENT, "smtp 250")),
    (("220 hi", "250 hi", "250 ok", "251 forwarded", "354 go", "250 ok"), Outcome(Fate.SENT, "smtp 250")),
    # before the letter is whole, every trouble means "not delivered"
    (("421 busy",), Outcome(Fate.LATER, "smtp 421", line=True)),
    (("554 go away",), Outcome(Fate.LATER, "smtp 554", line=True)),
    ((None,), Outcome(Fate.LATER, "no connection", line=True)),
    (("",), Outcome(Fate.LATER, "no connection", line=True)),
    (("220 hi", None), Outcome(Fate.LATER, "no connection", line=True)),
    (("220 hi", "250 hi", "550 who are you"), Outcome(Fate.LATER, "smtp 550")),
    (("220 hi", "250 hi", "250 ok", "450 later"), Outcome(Fate.LATER, "smtp 450")),
    (("220 hi", "250 hi", "250 ok", "421 closing"), Outcome(Fate.LATER, "smtp 421", line=True)),
    (("220 hi", "250 hi", "250 ok", "250 ok", None), Outcome(Fate.LATER, "no connection", line=True)),
    (("220 hi", "250 hi", "250 ok", "250 ok", "451 later"), Outcome(Fate.LATER, "smtp 451")),
    # a recipient or a letter refused for good
    (("220 hi", "250 hi", "250 ok", "550 unknown"), Outcome(Fate.REFUSED, "smtp 550")),
    (("220 hi", "250 hi", "250 ok", "250 ok", "554 no"), Outcome(Fate.REFUSED, "smtp 554")),
    ((*OK, "552 too big"), Outcome(Fate.REFUSED, "smtp 552")),
    ((*OK, "451 later"), Outcome(Fate.LATER, "smtp 451")),
    # the whole letter left, and nobody knows
    ((*OK, None), Outcome(Fate.DOUBTFUL, "line dropped after data", line=True)),
    ((*OK, ""), Outcome(Fate.DOUBTFUL, "line dropped after data", line=True)),
    ((*OK, "nonsense"), Outcome(Fate.DOUBTFUL, "line dropped after data", line=True)),
]


@pytest.mark.parametrize(("script", "outcome"), SCRIPTS)
def test_each_answer_has_one_meaning(
    script: tuple[str | None, ...], outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    for patience in ("CONNECT", "ANSWER", "VERDICT"):
        monkeypatch.setattr(post_office, patience, 0.3)
    with _scripted(script) as port:
        assert _send(port) == outcome


def test_where_nobody_listens_the_letter_waits() -> None:
    assert _send(1) == Outcome(Fate.LATER, "no connection", line=True)


# A line that should be private is never used in the open.
def test_without_starttls_on_offer_nothing_is_sent(sink: Sink) -> None:
    office = PostOffice(Server("127.0.0.1", sink.port, False, True, "", ""))
    assert office.send(LETTER).fate is Fate.LATER
    assert sink.messages == []


def test_the_slowest_letter_is_over_before_its_claim_is_given_up() -> None:
    from award_app.notifications import delivery

    slowest = post_office.CONNECT + 10 * post_office.ANSWER + post_office.VERDICT
    assert slowest < delivery.LOST_AFTER.total_seconds()


def _send(port: int) -> Outcome:
    return PostOffice(Server("127.0.0.1", port, False, False, "", "")).send(LETTER)


@contextmanager
def _scripted(script: tuple[str | None, ...]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_play, args=(listening, script))
        thread.start()
        yield listening.getsockname()[1]
        thread.join(10)


def _play(listening: socket.socket, script: tuple[str | None, ...]) -> None:
    """Greets, then answers each command; the letter itself ends with its dot."""
    line, _who = listening.accept()
    line.settimeout(5)
    with line, line.makefile("rb") as said:
        for step, answer in enumerate(script):
            if step == 5:
                while said.readline() not in {b".\r\n", b""}:
                    pass
            elif step:
                said.readline()
            if answer is None:
                return
            if answer:
                line.sendall(answer.encode() + b"\r\n")
        said.read()
