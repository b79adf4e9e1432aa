"""The nomination file as data: which answers there are, on which page, and what each may hold.

The keys are a contract with the stored answers. Rows of a group carry their number from 0: `earlier.0.mission`.
The words for labels, hints and problems stand in the pages.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from award_app.domain.countries import COUNTRIES

STEPS = ("nominee", "service", "contact", "case", "criteria", "files", "statements")

OFFICIAL = ("ar", "zh", "en", "fr", "ru", "es")  # the six languages a file may be written in

LINE_CHARS = 200
CHARS_PER_WORD = 20  # generous in every language; it only keeps a text without spaces from having no bound
YEARS_OF_SERVICE = 50


class Kind(StrEnum):
    LINE = "line"
    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    COUNTRY = "country"
    DATE = "date"
    INTEGER = "integer"
    CHOICE = "choice"
    YES_NO = "yes_no"
    STATEMENT = "statement"


@dataclass(frozen=True)
class Field:
    """One answer. `max_words` only for texts; `most` only for whole numbers, which go from 0 to it.

    In a row `required` means: once anything stands in the row.
    """

    key: str
    step: str
    kind: Kind
    required: bool = True
    max_words: int | None = None
    choices: tuple[str, ...] = ()
    max_chars: int = LINE_CHARS
    most: int | None = None


@dataclass(frozen=True)
class Rows:
    """A group of rows, at least `min` and at most `max`; the keys of its parts are without group and number."""

    group: str
    step: str
    min: int
    max: int
    parts: tuple[Field, ...]

    def row(self, number: int) -> tuple[Field, ...]:
        return tuple(replace(part, key=f"{self.group}.{number}.{part.key}") for part in self.parts)


def _line(step: str, *keys: str, required: bool = True) -> tuple[Field, ...]:
    return tuple(Field(key, step, Kind.LINE, required) for key in keys)


def _date(step: str, *keys: str, required: bool = True) -> tuple[Field, ...]:
    return tuple(Field(key, step, Kind.DATE, required, max_chars=10) for key in keys)


def _text(step: str, max_words: int, *keys: str) -> tuple[Field, ...]:
    return tuple(Field(key, step, Kind.TEXT, max_words=max_words, max_chars=max_words * CHARS_PER_WORD) for key in keys)


def _choice(step: str, key: str, *choices: str) -> Field:
    return Field(key, step, Kind.CHOICE, choices=choices)


_EARLIER = Rows(
    "earlier",
    "service",
    0,
    10,
    (*_line("service", "mission"), *_date("service", "from", "to"), *_line("service", "role")),
)
# Not in published award forms: without it the rule about a member who supervised the nominee has nothing to look at.
_SUPERVISORS = Rows(
    "supervisors",
    "service",
    0,
    4,
    (
        *_line("service", "name"),
        Field("email", "service", Kind.EMAIL, required=False),
        _choice("service", "level", "direct", "second"),
        *_date("service", "from"),
        *_date("service", "to", required=False),
    ),
)
_ACHIEVEMENTS = Rows(
    "achievements",
    "case",
    1,
    5,
    (
        *_text("case", 200, "before", "action", "result"),
        *_line("case", "dates", "place"),
        *_line("case", "number", "number_unit", "source", required=False),
    ),
)
ROW_GROUPS: Mapping[str, Rows] = {rows.group: rows for rows in (_EARLIER, _SUPERVISORS, _ACHIEVEMENTS)}

_ANSWER = "answer."
_ANSWERS = _text("criteria", 300, _ANSWER)[0]

_LAYOUT: tuple[Field | Rows, ...] = (
    *_line("nominee", "family_name", "given_names", "publish_name", "rank_original", "rank_english"),
    Field("country", "nominee", Kind.COUNTRY, choices=COUNTRIES),
    *_line("nominee", "home_service"),
    _choice("nominee", "kind", "IPO", "FPU", "SPT", "contracted"),
    *_line("service", "un_function", "unit", "duty_place"),
    *_date("service", "mission_start", "tour_end"),
    Field("years_of_service", "service", Kind.INTEGER, max_chars=3, most=YEARS_OF_SERVICE),
    *_text("service", 150, "career"),
    _EARLIER,
    _SUPERVISORS,
    Field("contact_email", "contact", Kind.EMAIL),
    Field("contact_phone", "contact", Kind.PHONE, max_chars=40),
    _choice("contact", "working_language", *OFFICIAL),
    *_text("case", 40, "reason"),
    _ACHIEVEMENTS,
    *_text("case", 120, "citation"),
    _ANSWERS,
    *_line("files", "photo_credit", required=False),
    Field("true_and_complete", "statements", Kind.STATEMENT, choices=("yes",)),
    Field("identifies_survivor", "statements", Kind.YES_NO, choices=("yes", "no")),
    _choice("statements", "consent", "given", "not_told", "refused"),
)
_SINGLE = {item.key: item for item in _LAYOUT if isinstance(item, Field) and item is not _ANSWERS}

# What a panel member never sees.
CONTACT_FIELDS = frozenset(
    {key for key, item in _SINGLE.items() if item.step == "contact"}
    | {f"supervisors.{number}.email" for number in range(_SUPERVISORS.max)}
)

_ROW_KEY = re.compile(r"([a-z]+)\.(0|[1-9][0-9]{0,3})\.([a-z_]+)", re.ASCII)


def fields(criteria: Sequence[str], rows: Mapping[str, int]) -> tuple[Field, ...]:
    """All fields in the order of the form. `criteria` are the codes of the cycle's weighted criteria; `rows` says how
    many rows each group shows, held between its least and its greatest number."""
    return tuple(_concrete(criteria, rows))


def _concrete(criteria: Sequence[str], rows: Mapping[str, int]) -> Iterator[Field]:
    for item in _LAYOUT:
        if isinstance(item, Rows):
            for number in range(min(max(rows.get(item.group, 0), item.min), item.max)):
                yield from item.row(number)
        elif item is _ANSWERS:
            yield from (replace(_ANSWERS, key=_ANSWER + code) for code in criteria)
        else:
            yield item


def field(key: str, criteria: Sequence[str]) -> Field | None:
    """The field with this concrete key; None when the form has no such field (a foreign key, a row too many)."""
    if key.startswith(_ANSWER):
        return replace(_ANSWERS, key=key) if key.removeprefix(_ANSWER) in criteria else None
    place = row_place(key)
    if place is None:
        return _SINGLE.get(key)
    group, number = place
    rows = ROW_GROUPS[group]
    return next((part for part in rows.row(number) if part.key == key), None) if number < rows.max else None


@lru_cache(maxsize=4096)  # a page of a file asks three times for each of its answers
def row_place(key: str) -> tuple[str, int] | None:
    """Group and number of a key within a row; None for any other key."""
    match = _ROW_KEY.fullmatch(key)
    return (match[1], int(match[2])) if match and match[1] in ROW_GROUPS else None


def filled_rows(answers: Mapping[str, str]) -> dict[str, set[int]]:
    """Per group the numbers of the rows in which anything stands. A row emptied by its author is no row."""
    filled: dict[str, set[int]] = {group: set() for group in ROW_GROUPS}
    for key, text in answers.items():
        place = row_place(key)
        if place is not None and text.strip():
            filled[place[0]].add(place[1])
    return filled


def row_counts(answers: Mapping[str, str]) -> dict[str, int]:
    """Per group how many rows to show: up to the last in which anything stands, and no fewer than its least number.
    It may exceed the greatest, which is for completeness to say."""
    filled = filled_rows(answers)
    return {group: max([rows.min, *(number + 1 for number in filled[group])]) for group, rows in ROW_GROUPS.items()}
