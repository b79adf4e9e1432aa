"""The rows of a result in words: each figure is put into words once, though picture and table both say it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask_babel import gettext as _

from award_app.selection.queries import Placed
from award_app.web import i18n, moments


class Shown(NamedTuple):
    """`mean`, `adjusted`, `low`, `high`: `Placed`'s figures with two decimals; empty without scores, as `picture`, the
    sentence that stands for the picture, and `reach`, from the lowest to the highest."""

    nominee: str
    mission: str
    position: int | None
    weighted_mean: float | None
    adjusted_position: int | None
    adjusted_mean: float | None
    scores: int
    recusals: int
    concerns: int
    lowest: float | None
    highest: float | None
    mean: str
    adjusted: str
    reach: str
    picture: str


def shown(rows: Iterable[Placed]) -> list[Shown]:
    reach = _("%(low)s to %(high)s").replace(" ", "\u00a0")
    picture = _("From %(low)s to %(high)s, weighted mean %(mean)s, adjusted mean %(adjusted)s")
    return [_shown(row, reach, picture) for row in rows]


def _shown(row: Placed, reach: str, picture: str) -> Shown:
    mean, adjusted, low, high = map(two, (row.weighted_mean, row.adjusted_mean, row.lowest, row.highest))
    said = {"low": low, "high": high, "mean": mean, "adjusted": adjusted}
    words = (reach % said, picture % said) if row.position else ("", "")
    return Shown(row.nominee, i18n.mission_acronym(row.mission), *row[2:], mean, adjusted, *words)


def two(value: float | None, *, signed: bool = False) -> str:
    """Two decimals; with a sign where more or less is the point."""
    if value is None:
        return ""
    value = round(value, 2) + 0.0  # no minus before a zero
    return moments.decimal(value, "+0.00;−0.00" if signed else "0.00")
