"""From a letter's row to the message that leaves: the only place where its text exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from flask import current_app
from jinja2 import Environment, StrictUndefined

from award_app.notifications import catalogue, diary, facts, headers, of_files
from award_app.notifications.models import Letter
from award_app.notifications.parts import Part
from award_app.web import i18n

_ALWAYS: Final = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted")
HEADERS: Final = (*_ALWAYS, "Content-Type", "Content-Transfer-Encoding", "MIME-Version", "Content-Language")
WITH_PARTS: Final = (*_ALWAYS, "MIME-Version", "Content-Type", "Content-Language")


@dataclass(frozen=True)
class Ready:
    """A letter as the mail server gets it: envelope and bytes, nothing that needs the database."""

    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True)
class Text:
    """What the reader reads, and what comes with it."""

    to: facts.Recipient
    language: str
    subject: str
    body: str
    calendar: Part | None


def compose(letter: Letter, now: datetime) -> Ready:
    """Errors: headers.Unsafe for an address that is none; any other error means the letter cannot be made."""
    subject = catalogue.subject_of(letter)
    to = facts.recipient(letter, subject)
    with i18n.speaking(to.locale):
        text = _write(letter, subject, to)
        parts = [part for part in (text.calendar, of_files.receipt(letter, subject, to.timezone)) if part is not None]
        return _ready(letter, text, parts, now)


def read(letter: Letter) -> Text:
    """As its reader would read it now, without the papers that come with it. Errors as `compose`."""
    subject = catalogue.subject_of(letter)
    to = facts.recipient(letter, subject)
    with i18n.speaking(to.locale):
        return _write(letter, subject, to)


def _write(letter: Letter, subject: catalogue.Subject, to: facts.Recipient) -> Text:
    known = facts.of(letter, subject, to)
    title = headers.subject(_text(letter.template, "subject", known))
    return Text(to, i18n.language(), title, _body(letter, known), _calendar(letter, subject, to))


def _calendar(letter: Letter, subject: catalogue.Subject, to: facts.Recipient) -> Part | None:
    asked = facts.deadlines_of(letter, subject)
    if not asked:
        return None
    content = diary.calendar(asked, reader=to.timezone, written_at=letter.created_at)
    return Part("deadline.ics", "text", "calendar", content, {"method": "PUBLISH", "charset": "utf-8"})


def _body(letter: Letter, known: facts.Facts) -> str:
    return _text(letter.template, "body", known).strip() + "\n"


def _text(template: str, part: str, known: facts.Facts) -> str:
    return _letters().get_template(f"email/{template}/{part}.txt").render(known)


def _letters() -> Environment:
    """Pages leave out what they do not know; a letter with a gap must not leave at all."""
    if "letters" not in current_app.extensions:
        current_app.extensions["letters"] = current_app.jinja_env.overlay(undefined=StrictUndefined)
    made: Environment = current_app.extensions["letters"]
    return made


def _ready(letter: Letter, text: Text, parts: Sequence[Part], now: datetime) -> Ready:
    sender = headers.address(_organisation(), headers.single(str(current_app.config["MAIL_FROM"])))
    recipient = headers.address(text.to.name, text.to.email)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = text.subject
    message["Date"] = now
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        text.body, charset="utf-8", cte="quoted-printable"
    )  # clears Content-*: the language comes after
    for part in parts:
        message.add_attachment(
            part.content, maintype=part.main, subtype=part.sub, filename=part.name, params=dict(part.more), cte="base64"
        )
    if parts:
        message.set_boundary(f"laurel-{letter.message_id.strip('<>').partition('@')[0]}")
    message["Content-Language"] = text.language
    content = message.as_bytes().replace(b"\r\nSubject:\r\n ", b"\r\nSubject: ", 1)  # the library breaks before a text
    return Ready(
        sender.addr_spec, recipient.addr_spec, checked(content, WITH_PARTS if parts else HEADERS)
    )  # of 70 to 77


def _organisation() -> str:
    return str(current_app.config["ORGANISATION_NAME"] or "Laurel")


def checked(content: bytes, wanted: tuple[str, ...] = HEADERS) -> bytes:
    """The second lock: whatever the library wrote, these headers stand there once each, and no others."""
    head = content.partition(b"\r\n\r\n")[0].decode("ascii")
    names = tuple(line.partition(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t")))
    if names != wanted or set(head) & {"\0", "\x85"} or "\n" in head.replace("\r\n", ""):
        raise ValueError("the headers are not those that were set")
    return content
