"""An SMTP server inside the test: keeps every letter with its raw envelope, and misbehaves when told to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Received:
    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def parsed(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)


@dataclass
class Sink:
    port: int = 0
    messages: list[Received] = field(default_factory=list)
    answer_to_recipient: str = "250 OK"  # "451 later" puts off, "550 unknown" refuses for good
    answer_to_letter: str = "250 OK"
    drops_the_line_after_data: bool = False  # the letter is kept, its sender never learns it

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answer_to_letter.startswith("250"):
            raw = envelope.content or b""
            raw = raw if isinstance(raw, bytes) else raw.encode()
            self.messages.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        if self.drops_the_line_after_data and server.transport is not None:
            cast(asyncio.Transport, server.transport).abort()
        return self.answer_to_letter


@contextmanager
def smtp_sink() -> Iterator[Sink]:
    """A running sink on a free loopback port, in a thread of its own."""
    sink = Sink()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="smtp-sink", daemon=True)
    thread.start()
    # In its own thread: in this one a browser of the tests may have a loop running.
    opened = loop.create_server(lambda: _smtp(sink, loop), "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(opened, loop).result(10)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def _smtp(sink: Sink, loop: asyncio.AbstractEventLoop) -> SMTP:
    return SMTP(sink, hostname="localhost", enable_SMTPUTF8=True, loop=loop)


async def _end(server: asyncio.Server) -> None:
    """Lines still open are cut, so that their tasks end before the loop does."""
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
