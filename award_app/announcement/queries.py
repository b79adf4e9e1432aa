"""What the public may read about laureates: facts that ship with Laurel, and those whom Laurel's own cycles announced."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from award_app.reference import laureates as facts


@dataclass(frozen=True)
class PublicRunnerUp:
    name: str
    rank: str
    country: str
    mission: str


@dataclass(frozen=True)
class PublicLaureate:
    """One laureate as the public reads her. `invented` is true for every demonstration cycle."""

    year: int
    award_title: str
    name: str
    rank: str
    country: str
    mission: str
    mission_name: str
    mission_area: str
    source: Literal["source document", "public record", "announced here"]
    note: str = ""
    citation: str = ""
    invented: bool = False
    runners_up: tuple[PublicRunnerUp, ...] = ()


@dataclass(frozen=True)
class GroupFigures:
    """A row of the table of figures: value of about 2018, latest value, targets. None where nothing is known."""

    group: str
    then: facts.Figure | None
    latest: facts.Figure | None
    goals: dict[str, float]


def released_laureates() -> list[PublicLaureate]:
    """Laureates of Laurel's own cycles whose announcement is released, newest first."""
    return []


def laureates() -> tuple[list[PublicLaureate], list[PublicLaureate]]:
    """All laureates newest first: those of the record, and apart from them the invented ones of a demonstration."""
    released = released_laureates()
    announced = [laureate for laureate in released if not laureate.invented]
    here = {laureate.year for laureate in announced}
    known = [laureate for laureate in known_laureates() if laureate.year not in here]
    record = sorted([*announced, *known], key=lambda laureate: -laureate.year)
    return record, [laureate for laureate in released if laureate.invented]


def laureates_of(year: int) -> list[PublicLaureate]:
    record, invented = laureates()
    return [laureate for laureate in (*record, *invented) if laureate.year == year]


@lru_cache(maxsize=1)
def known_laureates() -> tuple[PublicLaureate, ...]:
    """The facts that ship with Laurel, newest first."""
    return tuple(_known(laureate) for laureate in facts.laureates())


def _known(laureate: facts.Laureate) -> PublicLaureate:
    runners_up = tuple(
        PublicRunnerUp(other.name, other.rank, other.country, other.mission)
        for other in facts.runners_up()
        if other.year == laureate.year
    )
    return PublicLaureate(
        year=laureate.year,
        award_title=laureate.award_title,
        name=laureate.name,
        rank=laureate.rank,
        country=laureate.country,
        mission=laureate.mission,
        mission_name=facts.missions()[laureate.mission].name,
        mission_area=laureate.mission_area,
        source=laureate.source,
        note=laureate.note,
        runners_up=runners_up,
    )


@lru_cache(maxsize=1)
def women_in_police() -> tuple[GroupFigures, ...]:
    """One row per group of police, in the order in which the groups first appear."""
    groups = dict.fromkeys(figure.group for figure in facts.figures())
    return tuple(_group(group) for group in groups)


def _group(group: str) -> GroupFigures:
    own = [figure for figure in facts.figures() if figure.group == group]
    values = [figure for figure in own if figure.measure == "value"]
    later = [figure for figure in values if figure.source == "public record"]
    return GroupFigures(
        group=group,
        then=next((figure for figure in values if figure.source == "source document"), None),
        latest=max(later, key=lambda figure: figure.date, default=None),
        goals={figure.date: figure.percent for figure in own if figure.measure == "target"},
    )
