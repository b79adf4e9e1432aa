"""A decided cycle whose laureate has a photo in her file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from award_app.announcement.operations import Shown
from award_app.db import db, transaction
from award_app.domain.vocabulary import AttachmentKind, ChangeKind
from award_app.nominations import storage
from award_app.nominations.models import Nomination
from award_app.selection.changes import operations as changes
from tests import factories as make
from tests.announcement.test_operations import approve, decided, prepare
from tests.selection.scene import Scene

SHOWN = Shown("Photo by a colleague", {"en": "She stands before a desk.", "fr": "Elle se tient devant un bureau."})
EVERYTHING: dict[str, Any] = {
    "results": {"en": "40 reports a month\n12 officers trained", "fr": "40 plaintes par mois"},
    "careers": {"en": "A police officer since 2014.", "fr": ""},
    "video_url": "https://video.example/awa",
    "shown": SHOWN,
}


def noise(width: int = 800, height: int = 600) -> bytes:
    """A picture that does not shrink by itself, with a place and a comment hidden in it."""
    out, hidden = BytesIO(), Image.Exif()
    hidden[0x010E] = "taken at 4.85 N 31.6 E"
    picture = Image.effect_noise((width, height), 90).convert("RGB")
    picture.save(out, "JPEG", quality=90, exif=hidden, comment=b"secret")
    return out.getvalue()


def with_photo(scene: Scene, file: Nomination | None = None, content: bytes | None = None) -> Scene:
    bytes_ = content or noise()
    of = file or scene.files[0]
    make.attachment(
        of, AttachmentKind.PHOTO, of.nominator, digest=storage.store(bytes_), size=len(bytes_), media_type="image/jpeg"
    )
    db.session.commit()
    return scene


def released(**changes: Any) -> Scene:
    scene = with_photo(decided())
    announcement = prepare(scene, **EVERYTHING | changes)
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    return scene


def leaves(scene: Scene, file: Nomination) -> None:
    with transaction():
        change = changes.propose(
            scene.cycle, file, ChangeKind.DECLINED, "She said so.", ground=None, by=scene.secretariat[0], now=scene.now
        )
        changes.confirm(change, scene.cycle, by=scene.chair, now=scene.now)
