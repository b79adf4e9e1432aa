"""Translations that stand beside the answers, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    false,
    func,
    not_,
    null,
    or_,
    select,
    union_all,
)

from award_app.accounts.models import Appointment
from award_app.db import Instant, db
from award_app.domain.form import OFFICIAL, STEPS, Field, Kind, fields, row_counts, row_place
from award_app.domain.vocabulary import AppointmentRole, NominationState
from award_app.nominations import queries
from award_app.nominations.models import Answer, Nomination, Translation

_AWAY: Final = frozenset({NominationState.SUBMITTED, NominationState.ACCEPTED, NominationState.INELIGIBLE})
UNTOLD: Final = "en"  # the language of a file that does not say in which it was written
# Names, dates and contacts are no language of their own; ranks and names of missions have fields for that.
_LINES: Final = frozenset({"home_service", "un_function", "unit", "duty_place"})
_PARTS: Final = frozenset({"role", "dates", "place", "number_unit", "source"})


@dataclass(frozen=True)
class Translated:
    """The newest translation of one answer. `by_mission`: written by its nominators, else by the secretariat."""

    language: str
    text: str
    revision: int
    by_mission: bool


def language_of(nomination: Nomination) -> str:
    return nomination.language or UNTOLD


def targets(nomination: Nomination) -> tuple[str, ...]:
    """What a file can be translated into."""
    return tuple(code for code in OFFICIAL if code != language_of(nomination))


def has_words(item: Field) -> bool:
    """Whether this answer is one that can be said in another language."""
    if row_place(item.key):
        return item.kind is Kind.TEXT or item.key.rsplit(".", 1)[-1] in _PARTS
    return item.kind is Kind.TEXT or item.key in _LINES


def answers_to_translate(nomination: Nomination, answers: Mapping[str, str], step: str) -> Iterator[Field]:
    """The fields of one page that have words and an answer."""
    for item in fields(queries.criteria_codes(nomination.cycle), row_counts(answers)):
        if item.step == step and has_words(item) and answers.get(item.key):
            yield item


def steps(nomination: Nomination, answers: Mapping[str, str]) -> list[str]:
    """The pages of the form on which there is something to translate."""
    return [step for step in STEPS if any(answers_to_translate(nomination, answers, step))]


Beside = Mapping[str, tuple[Translated, ...]]
NOTHING: Final[Beside] = {}


def newest(nomination: Nomination) -> Beside:
    """Per answer its translations, those taken away left out."""
    return _beside(nomination, db.session.execute(_translations(), _about(nomination)))


def into(nomination: Nomination, language: str) -> dict[str, Translated]:
    """Per answer its translation into this language, empty where it was taken away."""
    rows = db.session.execute(_translations(), _about(nomination))
    return {row.field: _translated(row) for row in rows if row.language == language}


def with_answers(nomination: Nomination, *, handed_in: bool) -> tuple[dict[str, str], Beside]:
    """The answers as `queries.answers` gives them, and the translations beside them, in one statement. What its mission
    translated since it was handed in stays with the mission until it hands in again."""
    if handed_in and nomination.submitted_answer_id is None:
        return {}, {}
    late_ones_stay = handed_in and nomination.state not in _AWAY
    rows = db.session.execute(_with_answers(handed_in, late_ones_stay), _about(nomination)).all()
    answers = {row.field: row.text for row in rows if row.language is None and row.text}
    return answers, _beside(nomination, (row for row in rows if row.language is not None))


def _beside(nomination: Nomination, rows: Iterable[Any]) -> Beside:
    found: dict[str, tuple[Translated, ...]] = {}
    for row in sorted(rows, key=lambda row: OFFICIAL.index(row.language)):
        if row.text and row.language != language_of(nomination):
            found[row.field] = (*found.get(row.field, ()), _translated(row))
    return found


def _translated(row: Any) -> Translated:
    return Translated(row.language, row.text, row.revision, bool(row.by_mission))


_FILE, _CYCLE, _MISSION, _UP_TO = (bindparam(name, type_=Integer) for name in ("file", "cycle", "mission", "up_to"))
_SINCE: Final = bindparam("since", type_=Instant())


def _about(nomination: Nomination) -> dict[str, object]:
    return {
        "file": nomination.id,
        "cycle": nomination.cycle_id,
        "mission": nomination.mission_id,
        "up_to": nomination.submitted_answer_id,
        "since": nomination.submitted_at,
    }


@cache  # as the others here: made once, because making the question takes longer than its answer
def _with_answers(handed_in: bool, late_ones_stay: bool) -> CompoundSelect[str, str, str, int, bool]:
    return union_all(_answers(handed_in), _translations(late_ones_stay))


def _answers(handed_in: bool) -> Select[str, str, str, int, bool]:
    here = [Answer.nomination_id == _FILE, Answer.late.is_(False)]
    if handed_in:
        here.append(Answer.id <= _UP_TO)
    last = (
        select(Answer.field, func.max(Answer.revision).label("revision")).where(*here).group_by(Answer.field).subquery()
    )
    same = and_(Answer.field == last.c.field, Answer.revision == last.c.revision)
    no_language = cast(null(), String).label("language")
    columns = (Answer.field, no_language, Answer.text, Answer.revision, false().label("by_mission"))
    return select(*columns).join(last, same).where(*here)


@cache
def _translations(late_ones_stay: bool = False) -> Select[str, str, str, int, bool]:
    """`late_ones_stay`: with its mission, what it wrote since it handed in."""
    of_mission = _by_its_mission()
    here = [Translation.nomination_id == _FILE]
    if late_ones_stay:
        here.append(or_(not_(of_mission), Translation.at <= _SINCE))
    last = select(func.max(Translation.id)).where(*here).group_by(Translation.field, Translation.language)
    columns = (Translation.field, Translation.language, Translation.text, Translation.revision)
    return select(*columns, of_mission.label("by_mission")).where(Translation.id.in_(last))


def _by_its_mission() -> ColumnElement[bool]:
    return exists().where(
        Appointment.person_id == Translation.by_id,
        Appointment.role == AppointmentRole.NOMINATOR,
        Appointment.cycle_id == _CYCLE,
        Appointment.mission_id == _MISSION,
    )
