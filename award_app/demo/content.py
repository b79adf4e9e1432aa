"""The invented people and files of the demonstration, read from reference/demo and dated relative to a day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import floor
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).parent.parent / "reference" / "demo"
_DAYS: Final = {"mission_start_days_ago": -1, "tour_end_days_ahead": 1, "from_days_ago": -1, "to_days_ago": -1}
_GOLDEN: Final = 0.6180339887498949

Data = dict[str, Any]


@cache
def read(name: str) -> Any:
    return json.loads((_HERE / f"{name}.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Entry:
    """One invented nomination. `number` is its place in its file, by which scores.json knows it."""

    number: int
    mission: str
    nominator: int
    screening: str  # accepted, returned (then accepted) or ineligible; ready and draft are not handed in
    answers: Mapping[str, str]
    letters: tuple[tuple[str, str], ...]  # name and address of their authors
    photo: bool
    remarks: str
    reason_code: str

    @property
    def complete(self) -> bool:
        return self.screening != "draft"


def entries(name: str, today: date) -> list[Entry]:
    return [_entry(number, data, today) for number, data in enumerate(read(f"nominations_{name}"))]


def _entry(number: int, data: Data, today: date) -> Entry:
    return Entry(
        number=number,
        mission=data["mission"],
        nominator=data["nominator"],
        screening=data["screening"],
        answers=dict(_dated(key, value, today) for key, value in data["answers"].items()),
        letters=tuple((letter["author_name"], letter["author_email"]) for letter in data["supporting_letters"]),
        photo=data["photo"],
        remarks=data.get("remarks", ""),
        reason_code=data.get("reason_code", ""),
    )


def _dated(key: str, value: Any, today: date) -> tuple[str, str]:
    last = key.rsplit(".", 1)[-1]
    if last not in _DAYS:
        return key, str(value)
    plain = key.removesuffix("_days_ago").removesuffix("_days_ahead")
    return plain, (today + timedelta(days=_DAYS[last] * value)).isoformat()


def wanted_value(year: str, nomination: int, member: int, email: str, criterion: int, code: str) -> int:
    """The score a member gives, by the recipe of scores.json: quality less severity, rounded with an even dither."""
    scores = read("scores")
    wanted: float = scores["quality"][f"nominations_{year}"][str(nomination)][code] - scores["severity"][email]
    dither = (_GOLDEN * (35 * nomination + 5 * member + criterion)) % 1
    return max(1, min(5, floor(wanted + dither)))


def comment(nomination: int, member: int, value: int) -> str:
    tone = "positive" if value >= 4 else "critical" if value <= 2 else "neutral"
    texts = read("scores")["comments"][tone]
    return str(texts[(7 * nomination + 3 * member) % len(texts)])
