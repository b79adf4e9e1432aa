"""The list of a year's missions: its filters, and what stands in its file."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from award_app.reports.lists.forms import Bar, Choice, bar
from award_app.reports.queries import MissionLine
from award_app.reports.sheets import Column, Kind, Sheet
from award_app.web import i18n


def missions_bar(args: Mapping[str, str]) -> Bar:
    stands = (
        ("silent", _("Silent: no file, no answer")),
        ("answered", _("No nominee this year")),
        ("drafts", _("Working on drafts")),
        ("handed_in", _("Handed in")),
        ("full", _("Quota used up")),
    )
    authority = (("missing", _("Nobody")), ("named", _("Somebody")))
    return bar(
        args,
        Choice("stands", _("Where it stands"), stands),
        Choice("authority", _("Who hands in"), authority),
        hint=_("In missions’ names and areas."),
    )


def missions_sheet() -> Sheet[MissionLine]:
    return Sheet(
        "missions",
        _("Missions"),
        (
            Column(_("Mission"), lambda line: i18n.mission_acronym(line.acronym)),
            Column(_("Full name"), lambda line: i18n.mission_fact(line.acronym, "name", line.name)),
            Column(_("Area"), lambda line: i18n.mission_fact(line.acronym, "area", line.area)),
            Column(_("Where it stands"), stands),
            Column(_("Quota"), lambda line: line.quota, Kind.NUMBER),
            Column(_("Handed in"), lambda line: line.handed_in, Kind.NUMBER),
            Column(_("Drafts"), lambda line: line.drafts, Kind.NUMBER),
            Column(_("Nominations close"), lambda line: line.closes_at, Kind.MOMENT),
            Column(_("Nominating authority"), lambda line: "; ".join(line.authorities)),
        ),
    )


def stands(line: MissionLine) -> str:
    if line.handed_in:
        return _("Handed in")
    if line.answered:
        return _("No nominee this year")
    return _("Silent, with drafts") if line.drafts else _("Silent")
