"""Attaching files to a nomination, and taking them off again."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from award_app import audit, chance
from award_app.accounts.models import Person
from award_app.db import db
from award_app.domain.completeness import MAX_LETTERS, check_value
from award_app.domain.form import Field, Kind
from award_app.domain.vocabulary import Action, AttachmentKind, Refusal, Refused
from award_app.nominations import content as contents
from award_app.nominations import lifecycle, storage
from award_app.nominations.content import FileProblem, Unfit
from award_app.nominations.models import Attachment, Nomination

NAME_CHARS = 150
_AUTHOR_EMAIL = Field("author_email", "files", Kind.EMAIL)


@dataclass(frozen=True)
class Fit:
    """Bytes that were checked, and are kept as they stand here."""

    media_type: str
    content: bytes


def attach(
    nomination: Nomination,
    kind: AttachmentKind,
    filename: str,
    content: bytes | Fit,
    *,
    author_name: str | None = None,
    author_email: str | None = None,
    by: Person,
    now: datetime,
) -> Attachment:
    """Keep a file that was checked by its content: here, or before by `fit`, which spares others the wait for the lock. A
    new one takes the place of the old, but for supporting letters, of which there may be two. Raises `Refused`: INVALID
    with the `FileProblem`s."""
    lifecycle.hold(nomination, Action.EDIT, by=by, now=now)
    standing = _standing(nomination, kind)
    author = _author(kind, author_name, author_email, standing)
    checked = content if isinstance(content, Fit) else fit(kind, content)
    if kind is not AttachmentKind.SUPPORTING_LETTER:
        for old in standing:
            old.removed_at = now
        db.session.flush()  # the place must be free before the new one takes it
    attachment = Attachment(
        ref=chance.reference(),
        nomination_id=nomination.id,
        kind=kind,
        filename=display_name(filename, kind),
        media_type=checked.media_type,
        size=len(checked.content),
        digest=storage.store(checked.content),
        author_name=author[0],
        author_email=author[1],
        by_id=by.id,
        at=now,
    )
    db.session.add(attachment)
    _changed(nomination, by, now)
    audit.record(
        "attach", attachment, by=by, at=now, cycle_id=nomination.cycle_id, nomination=nomination.id, kind=kind.value,
        digest=attachment.digest,
    )  # fmt: skip
    return attachment


def remove_attachment(attachment: Attachment, *, by: Person, now: datetime) -> None:
    """Take a file off. Its row and bytes stay for the history. Raises `Refused`: ALREADY_DONE."""
    nomination = attachment.nomination
    lifecycle.hold(nomination, Action.EDIT, by=by, now=now)
    db.session.refresh(attachment)
    if attachment.removed_at is not None:
        raise Refused(Refusal.ALREADY_DONE)
    attachment.removed_at = now
    _changed(nomination, by, now)
    audit.record("remove_file", attachment, by=by, at=now, cycle_id=nomination.cycle_id, nomination=nomination.id)


def display_name(filename: str, kind: AttachmentKind) -> str:
    """The name as typed, without folders and without signs that would make it read differently from what it is."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in last if unicodedata.category(c)[0] not in "CZ" or c == " ").strip()
    return visible[-NAME_CHARS:] or kind.value


def _changed(nomination: Nomination, by: Person, now: datetime) -> None:
    lifecycle.void_endorsement(nomination, by=by, now=now)
    nomination.changed_at = now
    lifecycle.flush()


def _standing(nomination: Nomination, kind: AttachmentKind) -> list[Attachment]:
    here = (Attachment.nomination_id == nomination.id, Attachment.kind == kind, Attachment.removed_at.is_(None))
    return list(db.session.scalars(select(Attachment).where(*here)))


def _author(
    kind: AttachmentKind, name: str | None, email: str | None, standing: list[Attachment]
) -> tuple[str | None, str | None]:
    """Who wrote a supporting letter: rule 5 of the conflicts looks at the address."""
    if kind is not AttachmentKind.SUPPORTING_LETTER:
        return None, None
    if len(standing) >= MAX_LETTERS:
        raise Refused(Refusal.INVALID, problems=(FileProblem.TOO_MANY_LETTERS,))
    name, email = (name or "").replace("\x00", "").strip(), (email or "").strip().lower()
    if not name or len(name) > NAME_CHARS:
        raise Refused(Refusal.INVALID, problems=(FileProblem.NEEDS_AUTHOR,))
    if not email or check_value(_AUTHOR_EMAIL, email) is not None:
        raise Refused(Refusal.INVALID, problems=(FileProblem.NOT_AN_EMAIL,))
    return name, email


def fit(kind: AttachmentKind, content: bytes) -> Fit:
    """Look at the bytes, which may take seconds. Raises `Refused`: INVALID with the `FileProblem`."""
    if not content:
        raise Refused(Refusal.INVALID, problems=(FileProblem.EMPTY,))
    if len(content) > int(current_app.config["UPLOAD_MEGABYTES"]) * 2**20:
        raise Refused(Refusal.INVALID, problems=(FileProblem.TOO_LARGE,))
    try:
        if kind is AttachmentKind.PHOTO:
            return Fit("image/jpeg", contents.picture(content))
        contents.check_pdf(content)
        return Fit("application/pdf", content)
    except Unfit as error:
        raise Refused(Refusal.INVALID, problems=(error.problem,)) from error
