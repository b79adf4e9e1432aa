"""The default rubric: six criteria with a description for each level, in English and French. A cycle may change all of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class CriterionFact:
    """`kind` is "scale" (levels 1 to 5) or "concern" (1 concern, 2 pass). Texts per language."""

    code: str
    kind: str
    weight: int  # per cent
    titles: dict[str, str]
    levels: dict[str, dict[str, str]]


@lru_cache(maxsize=1)
def default_criteria() -> tuple[CriterionFact, ...]:
    return tuple(CriterionFact(**row) for row in _read("rubric.json")["criteria"])


def default_titles() -> dict[str, str]:
    return dict(_read("rubric.json")["titles"])


@lru_cache(maxsize=1)
def missions_in_french() -> dict[str, dict[str, str]]:
    """Acronym → name and area, as the United Nations write them in French."""
    return dict(_read("missions_fr.json"))


@lru_cache(maxsize=1)
def mission_zones() -> dict[str, str]:
    """Acronym → the time zone its headquarters keeps."""
    return dict(_read("mission_zones.json"))


def _read(name: str) -> Any:
    return json.loads((_HERE / name).read_text(encoding="utf-8"))
