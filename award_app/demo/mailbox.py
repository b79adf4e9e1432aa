"""The letters that the embedded mail sink wrote: one file each under VAR_DIR/mailbox."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from flask import current_app
from markupsafe import Markup, escape

_NAME: Final = re.compile(r"[0-9T]{15}-[0-9a-f]{6,40}")
_LINK: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
MOST: Final = 300


@dataclass(frozen=True)
class Letter:
    name: str
    subject: str
    sender: str
    recipient: str
    at: datetime | None
    text: str

    @property
    def html(self) -> Markup:
        """The text with its links made clickable; those to this service lead to wherever one reads it."""
        base = str(current_app.config["BASE_URL"]).rstrip("/")
        parts, last = [], 0
        for found in _LINK.finditer(self.text):
            href = found[0].removeprefix(base) or "/" if found[0].startswith(base) else found[0]
            parts += [escape(self.text[last : found.start()]), Markup('<a href="{}">{}</a>').format(href, found[0])]
            last = found.end()
        return Markup("").join([*parts, escape(self.text[last:])])


def letters() -> list[Letter]:
    """Newest first."""
    names = sorted((path.stem for path in _folder().glob("*.eml")), reverse=True)
    return [_read(name) for name in names[:MOST]]


def letter(name: str) -> Letter | None:
    return _read(name) if _NAME.fullmatch(name) and (_folder() / f"{name}.eml").is_file() else None


def _read(name: str) -> Letter:
    with (_folder() / f"{name}.eml").open("rb") as file:
        message = BytesParser(policy=policy.default).parse(file)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    text = str(body.get_content()) if body is not None else ""
    date = message["Date"]
    return Letter(
        name=name,
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        recipient=str(message["X-Envelope-To"] or message["To"] or ""),
        at=parsedate_to_datetime(str(date)) if date else None,
        text=text,
    )


def _folder() -> Path:
    return Path(str(current_app.config["VAR_DIR"])) / "mailbox"
