"""The share of women in UN police as pictures: one per group, years along the bottom, per cent upwards.

A mark is as wide as its date is precise: a day or a month is a dot, a year is a bar, "about 2018" an open bar over that
year. Values are filled, goals are outlined. The table beside each picture says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from award_app.reference import laureates as facts
from award_app.reference.laureates import Figure

WIDTH: Final = 360
HEIGHT: Final = 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 352.0, 12.0, 192.0
_FIRST, _LAST, _MOST = 2017.5, 2029.5, 50.0  # years and per cent at the edges
_DOT = 9.0  # the narrowest mark


@dataclass(frozen=True)
class Mark:
    """A figure with its place: `x` to `x + width` in the picture, `y` its height."""

    figure: Figure
    kind: Literal["value", "loose", "goal"]
    x: float
    width: float
    y: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Panel:
    group: str
    marks: tuple[Mark, ...]


def left() -> float:
    return _LEFT


def right() -> float:
    return _RIGHT


def ground() -> float:
    return _BOTTOM


@lru_cache(maxsize=1)
def panels() -> tuple[Panel, ...]:
    """In the order in which the groups first appear; marks from the earliest to the latest."""
    groups = dict.fromkeys(figure.group for figure in facts.figures())
    return tuple(_panel(group) for group in groups)


def years() -> tuple[tuple[float, int], ...]:
    return tuple((_along(year + 0.5), year) for year in range(2018, 2030, 2))


def levels() -> tuple[tuple[float, int], ...]:
    return tuple((_up(percent), percent) for percent in range(0, 51, 10))


def _panel(group: str) -> Panel:
    marks = [_mark(figure) for figure in facts.figures() if figure.group == group]
    return Panel(group, tuple(sorted(marks, key=lambda mark: (mark.x, mark.kind))))


def _mark(figure: Figure) -> Mark:
    start, end = span(figure.date)
    low, high = _along(start), _along(end)
    if high - low < _DOT:
        low, high = (low + high - _DOT) / 2, (low + high + _DOT) / 2
    kind: Literal["value", "loose", "goal"] = "goal" if figure.measure == "target" else "value"
    if figure.date.startswith("about"):
        kind = "loose"
    return Mark(figure, kind, round(low, 1), round(high - low, 1), _up(figure.percent))


def span(date: str) -> tuple[float, float]:
    """From when to when a date can mean, in years: "2019-11" is a month of 2019, "about 2018" all of 2018.

    Errors: ValueError for a date of another form.
    """
    year, *rest = (int(part) for part in date.removeprefix("about ").split("-"))
    if not rest:
        return float(year), year + 1.0
    begins = year + (rest[0] - 1) / 12
    if len(rest) == 1:
        return begins, begins + 1 / 12
    return begins + (rest[1] - 1) / 365, begins + rest[1] / 365


def _along(year: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * (year - _FIRST) / (_LAST - _FIRST), 1)


def _up(percent: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * percent / _MOST, 1)
