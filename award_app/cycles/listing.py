"""The list of award years: its filters, and what stands in its file."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from award_app.cycles.models import Cycle
from award_app.domain.vocabulary import Phase
from award_app.reports.lists.forms import Bar, Choice, bar
from award_app.reports.sheets import Column, Kind, Sheet
from award_app.web.words import state_words


def years_bar(args: Mapping[str, str]) -> Bar:
    stands = (
        ("preparing", _("In preparation")),
        ("running", _("Running")),
        ("announced", _("Announced")),
        ("archived", _("Archived")),
    )
    return bar(args, Choice("stands", _("Where it stands"), stands), hint=_("In years and titles."))


def years_sheet(phases: Mapping[int, Phase], language: str) -> Sheet[Cycle]:
    return Sheet(
        "award-years",
        _("Award years"),
        (
            Column(_("Year"), lambda cycle: cycle.award_year, Kind.NUMBER),
            Column(_("Title"), lambda cycle: cycle.title(language)),
            Column(_("Phase"), lambda cycle: state_words(phases[cycle.id])),
            Column(_("Nominations open"), lambda cycle: cycle.opens_at, Kind.MOMENT),
            Column(_("Nominations close"), lambda cycle: cycle.closes_at, Kind.MOMENT),
            Column(_("Screening ends"), lambda cycle: cycle.screening_ends_at, Kind.MOMENT),
            Column(_("Review ends"), lambda cycle: cycle.review_ends_at, Kind.MOMENT),
        ),
    )
