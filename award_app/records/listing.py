"""The ledger as a list: what its address asks for, and what stands in its file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from flask_babel import gettext as _

from award_app.records import words
from award_app.records.queries import Line, Place, Wanted, codes
from award_app.reports.lists.forms import FORMATS, LONGEST_SEARCH, Bar
from award_app.reports.lists.queries import Wanted as Listed
from award_app.reports.sheets import Column, Kind, Sheet

_FILTERS: Final = ("act", "who", "about", "year", "since", "until")
_PLACE: Final = re.compile(r"(\d{8}T\d{6})(\d{6})\.(\d{1,5})")


@dataclass(frozen=True)
class Asked:
    """`kept` is what a link from this list carries: the filters as they stand. `file` is a format, or ""."""

    wanted: Wanted
    kept: Mapping[str, str]
    file: str

    @property
    def narrowed(self) -> bool:
        return bool(self.kept)

    @property
    def bar(self) -> Bar:
        return Bar((), "", Listed(whole=bool(self.file)), self.file)


def asked(args: Mapping[str, str], years: Collection[int]) -> Asked:
    """Whatever stands in the address: what no page of ours has made is left out."""
    said = {name: " ".join(args.get(name, "").replace("\0", "")[:LONGEST_SEARCH].split()) for name in _FILTERS}
    file = args.get("as", "") if args.get("as") in FORMATS else ""
    year = int(said["year"]) if said["year"] in {str(one) for one in years} else None
    wanted = Wanted(
        act=said["act"] if said["act"] in words.ACTS else "",
        who=said["who"],
        about=said["about"].lower(),
        year=year,
        since=_day(said["since"]),
        until=_day(said["until"]),
        after=None if file else _place(args.get("after", "")),
        whole=bool(file),
    )
    kept = {name: value for name in _FILTERS if (value := _written(getattr(wanted, name)))}
    return Asked(wanted, kept, file)


def _written(value: str | int | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _day(text: str) -> date | None:
    """A day that has a day after it."""
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return found if found and date(2000, 1, 1) <= found < date(9000, 1, 1) else None


def _place(text: str) -> Place | None:
    found = _PLACE.fullmatch(text) if text.isascii() else None
    try:
        at = datetime.strptime("".join(found.group(1, 2)), "%Y%m%dT%H%M%S%f") if found else None  # noqa: DTZ007 - UTC is said two lines on
    except ValueError:
        return None
    return Place(at.replace(tzinfo=UTC), int(found[3])) if found and at else None


def written(place: Place) -> str:
    """A place as it stands in an address: a moment that the reader has seen, and how many of its rows."""
    return f"{place.at.astimezone(UTC):%Y%m%dT%H%M%S%f}.{place.count}"


def ledger_sheet(years: Mapping[int, int]) -> Sheet[Line]:
    return Sheet(
        "ledger",
        _("Ledger"),
        (
            Column(_("When"), lambda line: line.row.at, Kind.MOMENT),
            Column(_("Act"), lambda line: words.act(line.row.act)),
            Column(_("Code"), lambda line: line.row.act),
            Column(_("By"), words.by),
            Column(_("About"), words.about),
            Column(_("Award year"), lambda line: years.get(line.row.cycle_id or 0), Kind.NUMBER),
            Column(_("Details"), lambda line: ", ".join(f"{key}={value}" for key, value in codes(line.row).items())),
        ),
    )
