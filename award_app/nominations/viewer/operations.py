"""Attachments become pictures of their pages, which a worker draws: what waits is what has no end yet."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from award_app.db import db
from award_app.domain.vocabulary import RenderingState
from award_app.nominations import storage
from award_app.nominations.models import Attachment, RenderedPage, Rendering
from award_app.nominations.viewer import drawing

PATIENCE = drawing.SECONDS + 30  # seconds on the wall; the program itself is limited in its own time
TIMEOUT, UNREADABLE, GONE = "timeout", "unreadable", "gone"


@dataclass(frozen=True)
class Drawn:
    """What came of one attachment: its pages, or a code that says why there are none."""

    pages: tuple[tuple[int, int, str, bytes], ...] = ()  # width, height, text, picture
    note: str | None = None


def waiting(now: datetime, most: int = 20) -> list[tuple[int, str]]:
    """Ask for what nobody has looked at; then ids and digests of attachments that wait to be drawn, the newest first."""
    new = select(Attachment.id).outerjoin(Rendering, Rendering.attachment_id == Attachment.id)
    new = new.where(Rendering.id.is_(None), Attachment.removed_at.is_(None)).order_by(Attachment.id.desc()).limit(most)
    for attachment_id in db.session.scalars(new):
        db.session.add(Rendering(attachment_id=attachment_id, state=RenderingState.WAITING, asked_at=now))
    db.session.flush()
    wanted = (
        select(Attachment.id, Attachment.digest)
        .join(Rendering, Rendering.attachment_id == Attachment.id)
        .where(Rendering.state == RenderingState.WAITING)
        .order_by(Rendering.attachment_id.desc())
        .limit(most)
    )
    return [(row[0], row[1]) for row in db.session.execute(wanted)]


def draw(digest: str) -> Drawn:
    """In a process of its own, with no transaction open: a hostile file may take its minute, and nothing else."""
    source = storage.path_of(digest)
    if not source.is_file():
        return Drawn(note=GONE)
    with tempfile.TemporaryDirectory(prefix="laurel-pages-") as folder:
        command = [sys.executable, "-I", drawing.__file__, str(source), folder]
        try:
            ended = subprocess.run(  # noqa: S603 - our own program; the path is made of a digest
                command, env={"PATH": "/usr/bin:/bin"}, cwd=folder, timeout=PATIENCE, check=False, capture_output=True
            )
        except subprocess.TimeoutExpired:
            return Drawn(note=TIMEOUT)
        return Drawn(note=UNREADABLE) if ended.returncode else _read(Path(folder))


def _read(folder: Path) -> Drawn:
    pages = json.loads((folder / "pages.json").read_text())
    return Drawn(
        tuple(
            (int(page["width"]), int(page["height"]), str(page["text"]), (folder / f"{number}.webp").read_bytes())
            for number, page in enumerate(pages, 1)
        )
    )


def keep(attachment_id: int, drawn: Drawn, *, now: datetime) -> bool:
    """Write down what came of it. False where another worker was first."""
    row = select(Rendering).where(Rendering.attachment_id == attachment_id).with_for_update()
    rendering = db.session.scalars(row.execution_options(populate_existing=True)).one()
    if rendering.state is not RenderingState.WAITING:
        return False
    for number, (width, height, text, picture) in enumerate(drawn.pages, 1):
        db.session.add(
            RenderedPage(
                rendering_id=rendering.id,
                number=number,
                width=width,
                height=height,
                digest=storage.store(picture),
                text=text,
            )
        )
    rendering.state = RenderingState.MADE if drawn.pages else RenderingState.REFUSED
    rendering.note, rendering.made_at = drawn.note, now
    db.session.flush()
    return True
