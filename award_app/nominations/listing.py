"""A mission's files as a list: its filters, and what stands in its file. Who sees which file was settled before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from award_app.domain.vocabulary import NominationState
from award_app.nominations.models import Nomination
from award_app.nominations.queries import MissionFiles
from award_app.reports.lists import queries as lists
from award_app.reports.lists.forms import Bar, Choice, bar
from award_app.reports.lists.queries import Page
from award_app.reports.sheets import Column, Kind, Sheet
from award_app.web.words import state_words


@dataclass(frozen=True)
class Row:
    """`stands` is the state, or the outcome where it may be told."""

    year: int
    mission: str
    file: Nomination
    stands: str


def rows(entries: Iterable[MissionFiles], outcomes: Mapping[int, str]) -> list[Row]:
    return [
        Row(at.called.cycle.award_year, at.called.mission.acronym, file, outcomes.get(file.id) or file.state.value)
        for at in entries
        for file in at.files
    ]


def files_bar(args: Mapping[str, str], found: Sequence[Row]) -> Bar:
    """Filters offer what occurs."""
    years = sorted({row.year for row in found}, reverse=True)
    missions, stands = sorted({row.mission for row in found}), sorted({row.stands for row in found})
    return bar(
        args,
        Choice("year", _("Award year"), [(str(year), str(year)) for year in years]),
        Choice("mission", _("Mission"), [(mission, mission) for mission in missions]),
        Choice("state", _("State"), [(one, state_words(one)) for one in stands]),
        hint=_("In names of nominees and nominators."),
    )


def files_page(asked: Bar, found: Sequence[Row]) -> Page[Row]:
    wanted = asked.wanted

    def fits(row: Row) -> bool:
        facts = {"year": str(row.year), "mission": row.mission, "state": row.stands}
        chosen = all(facts[name] == value for name, value in wanted.chosen.items())
        return chosen and lists.says(wanted.search, row.file.nominee_name, row.file.nominator.name)

    return lists.narrowed(found, fits, wanted)


def files_sheet() -> Sheet[Row]:
    return Sheet(
        "nominations",
        _("Nominations"),
        (
            Column(_("Award year"), lambda row: row.year, Kind.NUMBER),
            Column(_("Mission"), lambda row: row.mission),
            Column(_("Nominee"), lambda row: row.file.nominee_name),
            Column(_("State"), lambda row: state_words(row.stands)),
            Column(_("Returned until"), lambda row: _until(row.file), Kind.MOMENT),
            Column(_("Written by"), lambda row: row.file.nominator.name),
            Column(_("Last change"), lambda row: row.file.changed_at, Kind.MOMENT),
        ),
    )


def _until(file: Nomination) -> datetime | None:
    return file.return_deadline if file.state is NominationState.RETURNED else None
