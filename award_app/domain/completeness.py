"""What a nomination needs before it is handed in."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from award_app.domain.form import ROW_GROUPS, STEPS, Field, Kind, field, fields, filled_rows, row_counts, row_place
from award_app.domain.words import count_words as count_words

REQUIRED_FILES = ("endorsement_letter", "cv")
MAX_LETTERS = 2
PHONE_DIGITS = 5

# One @, something on both sides, no space or control sign: whether a letter arrives only a letter can tell.
_EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f<>,;]+@[^@\s\x00-\x1f\x7f<>,;.]+(\.[^@\s\x00-\x1f\x7f<>,;.]+)+")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPANS = (("mission_start", "tour_end"),)


class ProblemCode(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too_long"  # in words
    TOO_MANY_CHARS = "too_many_chars"
    NOT_A_DATE = "not_a_date"
    NOT_A_NUMBER = "not_a_number"  # also a whole number out of its range, and a phone number with too few digits
    NOT_AN_EMAIL = "not_an_email"
    NOT_A_CHOICE = "not_a_choice"
    NOT_TICKED = "not_ticked"
    ENDS_BEFORE_START = "ends_before_start"
    OUTSIDE_SERVICE_WINDOW = "outside_service_window"
    NEEDS_UNIT = "needs_unit"
    NEEDS_SOURCE = "needs_source"
    TOO_MANY_ROWS = "too_many_rows"
    MISSING_FILE = "missing_file"
    NEEDS_CREDIT = "needs_credit"
    TOO_MANY_LETTERS = "too_many_letters"


@dataclass(frozen=True)
class Problem:
    """`field` is the key of a field, or a group of rows, or `endorsement_letter`, `cv`, `letters`."""

    field: str
    code: ProblemCode
    limit: int | None = None


def problems(
    answers: Mapping[str, str],
    *,
    criteria: Sequence[str],
    attachments: Collection[str],
    service_window: tuple[date, date],
    letters: int,
) -> tuple[Problem, ...]:
    """Everything that stands between this file and being handed in, in the order of the form's pages.

    `attachments` are the kinds attached (`endorsement_letter`, `cv`, `photo`), `letters` the number of supporting
    letters, `service_window` its first and last day. Answers under keys that the form does not have are passed over.
    """
    given = {key: text.strip() for key, text in answers.items()}
    found = [
        *_of_values(given, criteria),
        *_of_rows(given),
        *_of_times(given, service_window),
        *_of_numbers(given),
        *_of_files(given, attachments, letters),
    ]
    return tuple(sorted(found, key=lambda problem: STEPS.index(page(problem, criteria))))


def check_value(field: Field, text: str) -> Problem | None:
    """What is wrong with one answer by itself, also while it is still being written: empty is fine here."""
    value = text.strip()
    if not value:
        return None
    if len(value) > field.max_chars and field.kind is not Kind.INTEGER:
        return Problem(field.key, ProblemCode.TOO_MANY_CHARS, field.max_chars)
    if field.max_words is not None and count_words(value) > field.max_words:
        return Problem(field.key, ProblemCode.TOO_LONG, field.max_words)
    code = _wrong(field, value)
    return Problem(field.key, code, field.most) if code else None


def day(text: str) -> date | None:
    """The date of an answer written YYYY-MM-DD; None for anything else."""
    try:
        return date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        return None


def _wrong(field: Field, value: str) -> ProblemCode | None:
    match field.kind:
        case Kind.DATE:
            return None if day(value) else ProblemCode.NOT_A_DATE
        case Kind.INTEGER:
            short = len(value) <= field.max_chars and value.isascii() and value.isdigit()
            whole = short and (field.most is None or int(value) <= field.most)
            return None if whole else ProblemCode.NOT_A_NUMBER
        case Kind.PHONE:
            return None if sum(map(str.isdecimal, value)) >= PHONE_DIGITS else ProblemCode.NOT_A_NUMBER
        case Kind.EMAIL:
            return None if _EMAIL.fullmatch(value) else ProblemCode.NOT_AN_EMAIL
        case Kind.COUNTRY | Kind.CHOICE | Kind.YES_NO:
            return None if value in field.choices else ProblemCode.NOT_A_CHOICE
        case Kind.STATEMENT:
            return None if value in field.choices else ProblemCode.NOT_TICKED
        case Kind.LINE | Kind.TEXT:
            return None


def _of_values(given: Mapping[str, str], criteria: Sequence[str]) -> Iterator[Problem]:
    needed = _needed_rows(given)
    for item in fields(criteria, row_counts(given)):
        place = row_place(item.key)
        if place is not None and place[1] not in needed[place[0]]:
            continue
        value = given.get(item.key, "")
        problem = check_value(item, value) if value else _absent(item)
        if problem is not None:
            yield problem


def _absent(item: Field) -> Problem | None:
    code = ProblemCode.NOT_TICKED if item.kind is Kind.STATEMENT else ProblemCode.MISSING
    return Problem(item.key, code) if item.required else None


def _needed_rows(given: Mapping[str, str]) -> dict[str, set[int]]:
    """The rows begun, and as many of the first empty ones as are wanting to the least number."""
    needed = filled_rows(given)
    for group, numbers in needed.items():
        empty = (number for number in range(ROW_GROUPS[group].max) if number not in numbers)
        numbers.update([number for number, _ in zip(empty, range(ROW_GROUPS[group].min - len(numbers)), strict=False)])
    return needed


def _of_rows(given: Mapping[str, str]) -> Iterator[Problem]:
    for group, count in row_counts(given).items():
        if count > ROW_GROUPS[group].max:
            yield Problem(group, ProblemCode.TOO_MANY_ROWS, ROW_GROUPS[group].max)


def _of_times(given: Mapping[str, str], window: tuple[date, date]) -> Iterator[Problem]:
    rows = tuple(
        (f"{group}.{number}.from", f"{group}.{number}.to")
        for group in ("earlier", "supervisors")
        for number in range(ROW_GROUPS[group].max)
    )
    for first, last in _SPANS + rows:
        start, end = day(given.get(first, "")), day(given.get(last, ""))
        if start and end and end < start:
            yield Problem(last, ProblemCode.ENDS_BEFORE_START)
    start, end = day(given.get("mission_start", "")), day(given.get("tour_end", ""))
    if start and end and start <= end and (end < window[0] or start > window[1]):
        yield Problem("mission_start", ProblemCode.OUTSIDE_SERVICE_WINDOW)


def _of_numbers(given: Mapping[str, str]) -> Iterator[Problem]:
    """A number says something only with what it counts and where it comes from."""
    for row in range(ROW_GROUPS["achievements"].max):
        if given.get(f"achievements.{row}.number"):
            for part, code in (("number_unit", ProblemCode.NEEDS_UNIT), ("source", ProblemCode.NEEDS_SOURCE)):
                if not given.get(f"achievements.{row}.{part}"):
                    yield Problem(f"achievements.{row}.{part}", code)


def _of_files(given: Mapping[str, str], attachments: Collection[str], letters: int) -> Iterator[Problem]:
    yield from (Problem(name, ProblemCode.MISSING_FILE) for name in REQUIRED_FILES if name not in attachments)
    if "photo" in attachments and not given.get("photo_credit"):
        yield Problem("photo_credit", ProblemCode.NEEDS_CREDIT)
    if letters > MAX_LETTERS:
        yield Problem("letters", ProblemCode.TOO_MANY_LETTERS, MAX_LETTERS)


def page(problem: Problem, criteria: Sequence[str]) -> str:
    """The form's page on which this can be mended."""
    return page_of(problem.field, criteria)


def page_of(key: str, criteria: Sequence[str]) -> str:
    """The form's page of an answer, a group of rows or a paper."""
    if key in ROW_GROUPS:
        return ROW_GROUPS[key].step
    known = field(key, criteria)
    return known.step if known else "files"
