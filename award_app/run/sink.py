"""An SMTP server that posts nothing: each letter becomes a file in the mailbox folder. For the embedded service only.

    python -m award_app.run.sink FD MAILBOX

FD is a listening socket opened by the supervisor, so that the port stays the same when this process is restarted.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from award_app import chance, clock


class Mailbox:
    """Writes each letter under a temporary name and renames it: a reader never meets half a letter."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.count += 1  # keeps letters of one second in their order
        name = f"{clock.now():%Y%m%dT%H%M%S}-{self.count:06d}{chance.token_bytes(6).hex()}"
        body = envelope.content or b""
        head = "".join(f"X-Envelope-To: {to}\r\n" for to in envelope.rcpt_tos)
        raw = head.encode("utf-8") + (body if isinstance(body, bytes) else body.encode())
        partial = self.folder / f".{name}.part"
        with partial.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(self.folder / f"{name}.eml")
        return "250 OK"


async def serve(listening: socket.socket, mailbox: Path) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    handler = Mailbox(mailbox)
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", enable_SMTPUTF8=True, loop=loop), sock=listening
    )
    await ended.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
