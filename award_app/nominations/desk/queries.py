"""A mission's files at one glance: who writes each, what it still lacks, how long there is time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, and_, cast, func, null, select, union_all

from award_app.cycles.models import Cycle, CycleMission, Extension, MissionAnswer
from award_app.db import db
from award_app.domain import completeness
from award_app.domain.policy import OPEN
from award_app.domain.vocabulary import AttachmentKind
from award_app.nominations import queries
from award_app.nominations.models import Answer, Attachment, Nomination
from award_app.nominations.queries import MissionFiles

Place = tuple[int, int]  # cycle, mission


@dataclass(frozen=True)
class Desk:
    """`missing`: nomination id → how many things stand between it and being handed in, for files that are open."""

    entry: MissionFiles
    closes_at: datetime  # for this mission
    answer: MissionAnswer | None  # "no nominee this year", while it stands
    missing: Mapping[int, int]


def desks(entries: Sequence[MissionFiles]) -> list[Desk]:
    """In a fixed number of statements, however many files there are."""
    missing = _missing([file for entry in entries for file in entry.files if file.state in OPEN])
    more = _answers_and_ends(entries)
    return [_desk(entry, missing, *more[_place(entry.called)]) for entry in entries]


def _desk(
    entry: MissionFiles, missing: Mapping[int, int], answer: MissionAnswer | None, until: datetime | None
) -> Desk:
    closes_at = entry.called.cycle.closes_at
    return Desk(entry, max(until or closes_at, closes_at), answer, missing)


def ends(found: Sequence[Desk]) -> dict[Cycle, datetime]:
    """Per award year until when the last of these missions may hand in."""
    latest: dict[Cycle, datetime] = {}
    for one in found:
        cycle = one.entry.called.cycle
        latest[cycle] = max(one.closes_at, latest.get(cycle, one.closes_at))
    return latest


def answers_of(entries: Sequence[MissionFiles]) -> dict[Place, MissionAnswer]:
    """Those that stand."""
    return {place: answer for place, (answer, _until) in _answers_and_ends(entries).items() if answer is not None}


def _answers_and_ends(entries: Sequence[MissionFiles]) -> dict[Place, tuple[MissionAnswer | None, datetime | None]]:
    """Per place the answer that stands, and until when its newest extension goes."""
    if not entries:
        return {}
    of_place = and_(Extension.cycle_id == CycleMission.cycle_id, Extension.mission_id == CycleMission.mission_id)
    newest = select(Extension.until).where(of_place).order_by(Extension.id.desc()).limit(1)
    answered = and_(
        MissionAnswer.cycle_id == CycleMission.cycle_id,
        MissionAnswer.mission_id == CycleMission.mission_id,
        MissionAnswer.taken_back_at.is_(None),
    )
    rows = db.session.execute(
        select(CycleMission.cycle_id, CycleMission.mission_id, MissionAnswer, newest.scalar_subquery())
        .outerjoin(MissionAnswer, answered)
        .where(CycleMission.id.in_([entry.called.id for entry in entries]))
    )
    return {(cycle, mission): (answer, until) for cycle, mission, answer, until in rows}


def _place(called: CycleMission) -> Place:
    return called.cycle_id, called.mission_id


def _missing(files: Sequence[Nomination]) -> dict[int, int]:
    if not files:
        return {}
    texts, papers = _texts_and_papers([file.id for file in files])
    codes = {file.cycle_id: queries.criteria_codes(file.cycle) for file in files}
    return {
        file.id: _count(file.cycle, codes[file.cycle_id], texts.get(file.id, {}), papers.get(file.id, []))
        for file in files
    }


def _count(cycle: Cycle, codes: tuple[str, ...], texts: Mapping[str, str], kinds: Sequence[AttachmentKind]) -> int:
    found = completeness.problems(
        texts,
        criteria=codes,
        attachments={kind.value for kind in kinds},
        service_window=(cycle.service_from, cycle.service_to),
        letters=sum(kind is AttachmentKind.SUPPORTING_LETTER for kind in kinds),
    )
    return len(found)


def _texts_and_papers(ids: Sequence[int]) -> tuple[dict[int, dict[str, str]], dict[int, list[AttachmentKind]]]:
    """The newest text of each answer, and the kinds of paper that are attached, in one statement."""
    standing = (Attachment.nomination_id.in_(ids), Attachment.removed_at.is_(None))
    kinds = select(Attachment.nomination_id, null(), cast(Attachment.kind, String)).where(*standing)
    texts: dict[int, dict[str, str]] = {}
    papers: dict[int, list[AttachmentKind]] = {}
    rows: Any = db.session.execute(union_all(_newest(ids), kinds))
    for id_, field, text in rows:
        if field is None:
            papers.setdefault(id_, []).append(AttachmentKind(text))
        else:
            texts.setdefault(id_, {})[field] = text
    return texts, papers


def _newest(ids: Sequence[int]) -> Select[int, str, str]:
    last = (
        select(Answer.nomination_id, Answer.field, func.max(Answer.revision).label("revision"))
        .where(Answer.nomination_id.in_(ids), Answer.late.is_(False))
        .group_by(Answer.nomination_id, Answer.field)
        .subquery()
    )
    same = and_(
        Answer.nomination_id == last.c.nomination_id,
        Answer.field == last.c.field,
        Answer.revision == last.c.revision,
    )
    return select(Answer.nomination_id, Answer.field, Answer.text).join(last, same).where(Answer.text != "")
