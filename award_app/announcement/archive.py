"""Looking for laureates: by a part of the name, by year, country and mission. Accents and capitals do not matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from award_app.announcement.queries import PublicLaureate
from award_app.domain.names import fold

PER_PAGE = 20
ASKED = ("name", "year", "country", "mission")


@dataclass(frozen=True)
class Wanted:
    """What was asked for, as typed. Empty: everything."""

    name: str = ""
    year: str = ""
    country: str = ""  # ISO code, or the country as printed where there is none
    mission: str = ""  # acronym

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Wanted:
        return cls(**{part: given.get(part, "").strip()[:100] for part in ASKED})

    @property
    def anything(self) -> bool:
        return any((self.name, self.year, self.country, self.mission))

    def as_asked(self) -> dict[str, str]:
        return {part: value for part in ASKED if (value := getattr(self, part))}


@dataclass(frozen=True)
class Page:
    """One page of what was found: those of the record first, then the invented. `number` counts from 1."""

    rows: Sequence[PublicLaureate]
    total: int
    number: int
    pages: int

    @property
    def record(self) -> list[PublicLaureate]:
        return [one for one in self.rows if not one.invented]

    @property
    def invented(self) -> list[PublicLaureate]:
        return [one for one in self.rows if one.invented]


def search(everybody: Iterable[PublicLaureate], wanted: Wanted, page: str = "") -> Page:
    """A page that is none becomes the first, one beyond the end the last."""
    found = [one for one in everybody if _fits(one, wanted)]
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdecimal() and len(page) < 9 else 1
    return Page(found[(number - 1) * PER_PAGE : number * PER_PAGE], len(found), number, pages)


def place_of(one: PublicLaureate) -> str:
    """How a country is asked for."""
    return one.country_code or one.country


def _fits(one: PublicLaureate, wanted: Wanted) -> bool:
    """Every word of the name must begin a word of hers."""
    hers = fold(one.name).split()
    return (
        all(any(word.startswith(part) for word in hers) for part in fold(wanted.name).split())
        and (not wanted.name or bool(fold(wanted.name)))
        and wanted.year in ("", str(one.year))
        and wanted.country in ("", place_of(one))
        and wanted.mission in ("", one.mission)
    )
