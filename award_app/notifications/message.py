"""From a letter's row to the message that leaves: the only place where its text exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from flask import current_app
from jinja2 import Environment, StrictUndefined

from award_app.notifications import catalogue, facts, headers
from award_app.notifications.models import Letter
from award_app.web import i18n

HEADERS = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
    "Content-Language",
)


@dataclass(frozen=True)
class Ready:
    """A letter as the mail server gets it: envelope and bytes, nothing that needs the database."""

    sender: str
    recipient: str
    content: bytes


def compose(letter: Letter, now: datetime) -> Ready:
    """Errors: headers.Unsafe for an address that is none; any other error means the letter cannot be made."""
    subject = catalogue.subject_of(letter)
    recipient = facts.recipient(letter, subject)
    with i18n.speaking(recipient.locale):
        known = facts.of(letter, subject, recipient)
        return _ready(letter, recipient, _text(letter.template, "subject", known), _body(letter, known), now)


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


def _ready(letter: Letter, to: facts.Recipient, subject: str, body: str, now: datetime) -> Ready:
    sender = headers.address(str(current_app.config["ORGANISATION_NAME"] or "Laurel"), _sender())
    recipient = headers.address(to.name, to.email)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = headers.subject(subject)
    message["Date"] = now
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, charset="utf-8", cte="quoted-printable")  # clears Content-*, so the language comes after
    message["Content-Language"] = i18n.language()
    return Ready(sender.addr_spec, recipient.addr_spec, checked(message.as_bytes()))


def _sender() -> str:
    return headers.single(str(current_app.config["MAIL_FROM"]))


def checked(content: bytes) -> bytes:
    """The second lock: whatever the library wrote, these headers stand there once each, and no others."""
    head = content.partition(b"\r\n\r\n")[0].decode("ascii")
    names = tuple(line.partition(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t")))
    if names != HEADERS or set(head) & {"\0", "\x85"} or "\n" in head.replace("\r\n", ""):
        raise ValueError("the headers are not those that were set")
    return content
