"""Translations that stand beside the answers, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
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
from award_app.db import db
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
    return _beside(nomination, db.session.execute(_translations(nomination)))


def into(nomination: Nomination, language: str) -> dict[str, Translated]:
    """Per answer its translation into this language, empty where it was taken away."""
    rows = db.session.execute(_translations(nomination))
    return {row.field: _translated(row) for row in rows if row.language == language}


def with_answers(nomination: Nomination, *, handed_in: bool) -> tuple[dict[str, str], Beside]:
    """The answers as `queries.answers` gives them, and the translations beside them, in one statement. What its mission
    translated since it was handed in stays with the mission until it hands in again."""
    up_to = nomination.submitted_answer_id if handed_in else None
    if handed_in and up_to is None:
        return {}, {}
    rows = db.session.execute(
        union_all(_answers(nomination, up_to), _translations(nomination, handed_in=handed_in))
    ).all()
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


def _answers(nomination: Nomination, up_to: int | None) -> Select[str, str, str, int, bool]:
    here = [Answer.nomination_id == nomination.id, Answer.late.is_(False)]
    if up_to is not None:
        here.append(Answer.id <= up_to)
    last = (
        select(Answer.field, func.max(Answer.revision).label("revision")).where(*here).group_by(Answer.field).subquery()
    )
    same = and_(Answer.field == last.c.field, Answer.revision == last.c.revision)
    no_language = cast(null(), String).label("language")
    columns = (Answer.field, no_language, Answer.text, Answer.revision, false().label("by_mission"))
    return select(*columns).join(last, same).where(*here)


def _translations(nomination: Nomination, *, handed_in: bool = False) -> Select[str, str, str, int, bool]:
    of_mission = _by_its_mission(nomination)
    here = [Translation.nomination_id == nomination.id]
    if handed_in and nomination.state not in _AWAY:
        here.append(or_(not_(of_mission), Translation.at <= nomination.submitted_at))
    last = select(func.max(Translation.id)).where(*here).group_by(Translation.field, Translation.language)
    columns = (Translation.field, Translation.language, Translation.text, Translation.revision)
    return select(*columns, of_mission.label("by_mission")).where(Translation.id.in_(last))


def _by_its_mission(nomination: Nomination) -> ColumnElement[bool]:
    return exists().where(
        Appointment.person_id == Translation.by_id,
        Appointment.role == AppointmentRole.NOMINATOR,
        Appointment.cycle_id == nomination.cycle_id,
        Appointment.mission_id == nomination.mission_id,
    )
