"""A mission's places as a row of boxes, filled where a file was handed in. The words beside it say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_STEP: Final = 18
_BOX: Final = 14
_MOST: Final = 12  # more are words alone


@dataclass(frozen=True)
class Box:
    x: int
    filled: bool


@dataclass(frozen=True)
class Picture:
    """Sizes in the units of the SVG; `height` is that of a box and its edge."""

    width: int
    height: int
    size: int
    boxes: tuple[Box, ...]


def draw(handed_in: int, quota: int) -> Picture | None:
    """None where there are too many places to count at a glance."""
    places = max(handed_in, quota)
    if places > _MOST:
        return None
    boxes = tuple(Box(1 + place * _STEP, place < handed_in) for place in range(places))
    return Picture(places * _STEP, _BOX + 2, _BOX, boxes)
