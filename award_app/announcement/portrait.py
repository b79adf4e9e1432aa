"""The laureate's portrait as the public sees it: drawn anew from the photo of her file, small, without metadata.

The bytes lie under FILES_DIR by their digest, like every file; nothing under /static leads to them. Who may see them
follows the announcement: the public from the release on, the secretariat while it is prepared.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageOps
from sqlalchemy import select

from award_app.announcement.queries import Portrait
from award_app.db import db
from award_app.domain.vocabulary import AttachmentKind
from award_app.nominations import storage
from award_app.nominations.models import Attachment, Nomination

LARGEST: Final = 40 * 1024  # bytes
_SIDES: Final = (640, 560, 480, 400, 320, 240)  # the longest side, tried one after the other
_QUALITIES: Final = (80, 70, 60, 50)


def photo_of(nomination: Nomination) -> Attachment | None:
    here = (Attachment.nomination_id == nomination.id, Attachment.kind == AttachmentKind.PHOTO)
    return db.session.scalars(select(Attachment).where(*here, Attachment.removed_at.is_(None))).one_or_none()


def draw(photo: Attachment, *, credit: str, alts: dict[str, str]) -> dict[str, Any]:
    """Store the portrait and return what an announcement keeps of it."""
    content, width, height = _small(storage.path_of(photo.digest).read_bytes())
    return {"digest": storage.store(content), "width": width, "height": height, "credit": credit, "alts": alts}


def content(portrait: Portrait) -> bytes:
    return storage.path_of(portrait.digest).read_bytes()


def _small(original: bytes) -> tuple[bytes, int, int]:
    """The largest and best version of at most `LARGEST` bytes."""
    with Image.open(BytesIO(original), formats=("JPEG",)) as found:
        whole = ImageOps.exif_transpose(found).convert("RGB")
    whole.info.clear()
    for side in _SIDES:
        picture = whole.copy()
        picture.thumbnail((side, side))
        for quality in _QUALITIES:
            out = BytesIO()
            picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            if out.tell() <= LARGEST:
                return out.getvalue(), picture.width, picture.height
    raise ValueError("no picture of this size takes as much room")
