"""The list of people: its filters, and what stands in its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _

from award_app.accounts import words
from award_app.accounts.models import Person
from award_app.accounts.queries import NO_ROLE
from award_app.cycles.models import Cycle
from award_app.reports.lists.forms import Bar, Choice, bar
from award_app.reports.sheets import Column, Sheet


def people_bar(args: Mapping[str, str], cycles: Iterable[Cycle]) -> Bar:
    roles = [(role.value, str(name)) for role, name in words.ROLES.items()]
    years = [(str(cycle.award_year), str(cycle.award_year)) for cycle in cycles]
    accounts = [("open", _("Open")), ("closed", _("Closed"))]
    return bar(
        args,
        Choice("role", _("Role"), [*roles, (NO_ROLE, _("No appointment"))]),
        Choice("year", _("Award year"), years),
        Choice("account", _("Account"), accounts),
        hint=_("In names and e-mail addresses."),
    )


def people_sheet() -> Sheet[Person]:
    return Sheet(
        "people",
        _("People"),
        (
            Column(_("Name"), lambda person: person.name),
            Column(_("E-mail address"), lambda person: person.email),
            Column(_("Appointments"), _places),
            Column(_("Account"), lambda person: _("Open") if person.is_active else _("Closed")),
        ),
    )


def _places(person: Person) -> str:
    return "; ".join(words.place(held) for held in person.appointments if held.ended_at is None)
