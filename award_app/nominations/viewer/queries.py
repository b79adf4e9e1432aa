"""Attachments with their pages, as far as they are drawn."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from award_app.db import db
from award_app.domain.vocabulary import RenderingState
from award_app.nominations.models import Attachment, Nomination, RenderedPage, Rendering
from award_app.nominations.queries import attached


class PageOf(NamedTuple):
    number: int
    width: int
    height: int


class Pages(NamedTuple):
    """None as long as no worker has looked at the attachment."""

    state: RenderingState | None
    pages: tuple[PageOf, ...]


def with_pages(nomination: Nomination, *, handed_in: bool) -> tuple[list[Attachment], dict[int, Pages]]:
    """Those of `nominations.queries.attachments`, and by their ids the pages: one statement, without the texts."""
    if handed_in and nomination.submitted_at is None:
        return [], {}
    asked = {"file": nomination.id, "then": nomination.submitted_at}
    rows = db.session.execute(_with_pages(handed_in), asked)
    files: dict[int, Attachment] = {}
    found: dict[int, Pages] = {}
    for attachment, state, number, width, height in rows:
        files[attachment.id] = attachment
        before = found.get(attachment.id, Pages(state, ()))
        more = (PageOf(number, width, height),) if number else ()
        found[attachment.id] = Pages(state, before.pages + more)
    return list(files.values()), found


@cache
def _with_pages(handed_in: bool) -> Select[*tuple[Any, ...]]:
    page = RenderedPage
    return (
        attached(handed_in)
        .add_columns(Rendering.state, page.number, page.width, page.height)
        .outerjoin(Rendering, Rendering.attachment_id == Attachment.id)
        .outerjoin(page, page.rendering_id == Rendering.id)
        .order_by(page.number)
    )


def rendering_of(attachment: Attachment) -> Rendering | None:
    return db.session.scalars(select(Rendering).where(Rendering.attachment_id == attachment.id)).one_or_none()


def page_of(attachment: Attachment, number: int) -> RenderedPage | None:
    here = (Rendering.attachment_id == attachment.id, RenderedPage.number == number)
    query = select(RenderedPage).join(Rendering, Rendering.id == RenderedPage.rendering_id).where(*here)
    return db.session.scalars(query).one_or_none()
