"""Facts that ship with Laurel: laureates, runners-up, missions, figures. Read once from the files in data/.

Sources: "source document" is the project's source text (laureates 2011-2017, the fifteen missions and the figures of
about 2018); "public record" is what was published since. A date stands at the precision known: `2019-10` is a month.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, cast

DATA: Final = Path(__file__).parent / "data"

Source = Literal["source document", "public record"]


@dataclass(frozen=True)
class Laureate:
    year: int
    award_title: str
    name: str
    rank: str  # as printed
    country: str  # as printed that year
    country_code: str
    mission: str  # acronym, to be found in missions()
    mission_area: str  # an area, not always a country
    source: Source
    note: str


@dataclass(frozen=True)
class RunnerUp:
    year: int
    name: str
    rank: str
    country: str
    country_code: str
    mission: str
    source: Source


@dataclass(frozen=True)
class MissionFact:
    acronym: str
    name: str
    area: str
    country_code: str  # empty where the area is no country: Abyei, Kosovo, Western Sahara, a region
    kind: Literal["peacekeeping", "special political"]
    started: str
    ended: str  # empty: not known to have ended
    police_in_2018: bool
    police_end_2025: bool
    acronym_fr: str  # the acronym in French, which is often the same
    note: str


@dataclass(frozen=True)
class Figure:
    """A share of women among UN police, in per cent; `count` of `of` where the source gives them."""

    group: str
    measure: Literal["value", "target"]
    percent: float
    count: int | None
    of: int | None
    date: str
    source: Source


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _source(row: dict[str, str]) -> Source:
    if row["source"] not in ("source document", "public record"):
        raise ValueError(f"unknown source {row['source']!r}")
    return cast(Source, row["source"])


@lru_cache(maxsize=1)
def laureates() -> tuple[Laureate, ...]:
    """Newest first."""
    found = [
        Laureate(
            year=int(row["year"]),
            award_title=row["award_title"],
            name=row["name"],
            rank=row["rank"],
            country=row["country"],
            country_code=row["country_code"],
            mission=row["mission"],
            mission_area=row["mission_area"],
            source=_source(row),
            note=row["note"],
        )
        for row in _rows("laureates.csv")
    ]
    return tuple(sorted(found, key=lambda laureate: -laureate.year))


@lru_cache(maxsize=1)
def runners_up() -> tuple[RunnerUp, ...]:
    return tuple(
        RunnerUp(
            year=int(row["year"]),
            name=row["name"],
            rank=row["rank"],
            country=row["country"],
            country_code=row["country_code"],
            mission=row["mission"],
            source=_source(row),
        )
        for row in _rows("runners_up.csv")
    )


@lru_cache(maxsize=1)
def missions() -> dict[str, MissionFact]:
    """Acronym -> mission, in the order of the file."""
    return {row["acronym"]: _mission(row) for row in _rows("missions.csv")}


def _mission(row: dict[str, str]) -> MissionFact:
    if row["kind"] not in ("peacekeeping", "special political"):
        raise ValueError(f"unknown kind of mission {row['kind']!r}")
    return MissionFact(
        acronym=row["acronym"],
        name=row["name"],
        area=row["area"],
        country_code=row["country_code"],
        kind=cast(Literal["peacekeeping", "special political"], row["kind"]),
        started=row["started"],
        ended=row["ended"],
        police_in_2018=row["police_in_2018"] == "yes",
        police_end_2025=row["police_end_2025"] == "yes",
        acronym_fr=row["acronym_fr"] or row["acronym"],
        note=row["note"],
    )


@lru_cache(maxsize=1)
def figures() -> tuple[Figure, ...]:
    return tuple(
        Figure(
            group=row["group"],
            measure=cast(Literal["value", "target"], row["measure"]),
            percent=float(row["percent"]),
            count=int(row["count"]) if row["count"] else None,
            of=int(row["of"]) if row["of"] else None,
            date=row["date"],
            source=_source(row),
        )
        for row in _rows("women_in_un_police.csv")
    )
