"""What was handed in, each time: the rows a receipt rests on."""

from __future__ import annotations

from sqlalchemy import select

from award_app.db import db
from award_app.nominations import queries
from award_app.nominations.models import Attachment, HandIn, Nomination


def hand_ins(nomination: Nomination) -> list[HandIn]:
    """The first comes first."""
    here = select(HandIn).where(HandIn.nomination_id == nomination.id).order_by(HandIn.id)
    return list(db.session.scalars(here))


def answers(nomination: Nomination, hand_in: HandIn) -> dict[str, str]:
    """Field → text, as it was handed in then."""
    rows = queries.current(nomination, up_to=hand_in.answer_id)
    return {field: row.text for field, row in rows.items() if row.text}


def attachments(hand_in: HandIn) -> list[Attachment]:
    """Those that were handed in then, whatever became of them."""
    here = select(Attachment).where(Attachment.id.in_(hand_in.attachments))
    return list(db.session.scalars(here.order_by(Attachment.kind, Attachment.id)))
