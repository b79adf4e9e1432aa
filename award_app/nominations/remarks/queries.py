"""Remarks on single answers, and which of them a mission has still to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from award_app.db import db
from award_app.domain.policy import OPEN
from award_app.nominations import queries
from award_app.nominations.models import Endorsement, FieldRemark, HandIn, Nomination, Return, SentBack

OF_FILES = ("endorsement_letter", "cv", "letters", "photo")  # remarks stand on papers too


class From(StrEnum):
    SECRETARIAT = "secretariat"
    AUTHORITY = "authority"


@dataclass(frozen=True)
class Occasion:
    """A file came back: who sent it, the remarks on the whole of it, and those on its answers by key."""

    sender: From
    at: datetime
    remarks: str
    on: Mapping[str, str]


def may_carry_one(nomination: Nomination, key: str) -> bool:
    return key in OF_FILES or queries.field_of(nomination, key) is not None


def standing(nomination: Nomination) -> list[Occasion]:
    """What the mission has still to answer: the return it works on, and what its authority sent back since then and has
    not endorsed again."""
    if nomination.state not in OPEN:
        return []
    back = queries.last_return(nomination) if nomination.return_deadline else None
    sent = _sent_back(nomination, back)
    found = [_of_return(back)] if back else []
    return [*found, _of_sent_back(sent)] if sent else found


def answered(nomination: Nomination, hand_in: HandIn) -> Occasion | None:
    """The return that this hand-in answers."""
    here = select(Return).where(Return.nomination_id == nomination.id, Return.at <= hand_in.at)
    back = db.session.scalars(here.order_by(Return.id.desc())).first()
    return _of_return(back) if back else None


def _sent_back(nomination: Nomination, back: Return | None) -> SentBack | None:
    last = db.session.scalars(
        select(SentBack).where(SentBack.nomination_id == nomination.id).order_by(SentBack.id.desc())
    ).first()
    if last is None or (back is not None and last.at < back.at):
        return None
    again = select(Endorsement.id).where(Endorsement.nomination_id == nomination.id, Endorsement.at >= last.at)
    return last if db.session.scalars(again).first() is None else None


def _of_return(back: Return) -> Occasion:
    rows = db.session.scalars(select(FieldRemark).where(FieldRemark.return_id == back.id).order_by(FieldRemark.id))
    return Occasion(From.SECRETARIAT, back.at, back.remarks, {row.field: row.text for row in rows})


def _of_sent_back(sent: SentBack) -> Occasion:
    rows = db.session.scalars(select(FieldRemark).where(FieldRemark.sent_back_id == sent.id).order_by(FieldRemark.id))
    return Occasion(From.AUTHORITY, sent.at, sent.remarks, {row.field: row.text for row in rows})
