"""The files before the panel, and how far each is: the list's filters, and what stands in its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from award_app.cycles.models import Cycle
from award_app.reports.lists import queries as lists
from award_app.reports.lists.forms import Bar, Choice, bar
from award_app.reports.lists.queries import Page
from award_app.reports.sheets import Column, Kind, Sheet
from award_app.reviews.queries import FileProgress


def files_bar(args: Mapping[str, str]) -> Bar:
    quorum = (("lacking", _("More reviews needed")), ("reached", _("Reached")))
    return bar(args, Choice("quorum", _("Quorum"), quorum), hint=_("In nominees’ names and missions."))


def files_page(asked: Bar, files: Sequence[FileProgress], cycle: Cycle) -> Page[FileProgress]:
    wanted, quorum = asked.wanted, asked.wanted.get("quorum")

    def fits(file: FileProgress) -> bool:
        reached = "reached" if file.reviews >= cycle.quorum else "lacking"
        return quorum in ("", reached) and lists.says(wanted.search, file.name, file.mission)

    return lists.narrowed(files, fits, wanted)


def files_sheet(cycle: Cycle) -> Sheet[FileProgress]:
    return Sheet(
        "progress",
        _("Full reviews"),
        (
            Column(_("Nominee"), lambda file: file.name),
            Column(_("Mission"), lambda file: file.mission),
            Column(_("Reviews"), lambda file: file.reviews, Kind.NUMBER),
            Column(_("More needed"), lambda file: max(cycle.quorum - file.reviews, 0), Kind.NUMBER),
            Column(_("Members who may not score it"), lambda file: file.out, Kind.NUMBER),
        ),
    )
