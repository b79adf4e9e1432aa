"""The ledger as a list: its filters, and what stands in its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from award_app.audit import LedgerEntry
from award_app.records.queries import codes
from award_app.reports.lists.forms import Bar, Choice, bar
from award_app.reports.sheets import Column, Kind, Sheet


def ledger_bar(args: Mapping[str, str], acts: Iterable[str], years: Iterable[int]) -> Bar:
    return bar(
        args,
        Choice("act", _("Act"), [(act, act) for act in acts]),
        Choice("year", _("Award year"), [(str(year), str(year)) for year in years]),
        hint=_("In acts and what they are about."),
    )


def ledger_sheet(years: Mapping[int, int]) -> Sheet[LedgerEntry]:
    return Sheet(
        "ledger",
        _("Ledger"),
        (
            Column(_("When"), lambda row: row.at, Kind.MOMENT),
            Column(_("Act"), lambda row: row.act),
            Column(_("By"), by),
            Column(_("About"), lambda row: row.subject),
            Column(_("Number"), lambda row: row.subject_id, Kind.NUMBER),
            Column(_("Award year"), lambda row: years.get(row.cycle_id or 0), Kind.NUMBER),
            Column(_("Codes"), lambda row: ", ".join(f"{name}={value}" for name, value in codes(row).items())),
        ),
    )


def by(row: LedgerEntry) -> str:
    return _("person %(number)s", number=row.actor_id) if row.actor_id else _("the service")
