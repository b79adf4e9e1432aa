"""How letters name things: the award, a mission, a place in the award, an address of ours. In the language being spoken."""

from __future__ import annotations

from typing import Final

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from award_app.cycles.models import Cycle, Mission
from award_app.domain.vocabulary import AppointmentRole, Seat
from award_app.web import i18n

_ROLES: Final = {
    AppointmentRole.SECRETARIAT: _l("a member of the secretariat"),
    AppointmentRole.OBSERVER: _l("an observer"),
    AppointmentRole.NOMINATOR: _l("a nominator"),
    AppointmentRole.AUTHORITY: _l("a nominating authority"),
    AppointmentRole.MEMBER: _l("a panel member"),
}
_SEATS: Final = {Seat.CHAIR: _l("the chair of the panel"), Seat.DEPUTY: _l("the deputy chair of the panel")}


def place(role: AppointmentRole, seat: Seat | None) -> str:
    return str((_SEATS.get(seat) if seat else None) or _ROLES[role])


def award(cycle: Cycle | None) -> str:
    """Title and year, as in "International Female Police Peacekeeper Award 2026"."""
    if cycle is None:
        return ""
    return _("%(title)s %(year)s", title=cycle.title(i18n.language()), year=str(cycle.award_year))


def mission(named: Mission | None) -> str:
    """Name and acronym; nothing where there is none."""
    if named is None:
        return ""
    return f"{(named.name_fr if _french() else None) or named.name} ({acronym(named)})"


def acronym(named: Mission) -> str:
    return (named.acronym_fr if _french() else None) or named.acronym


def _french() -> bool:
    return i18n.language().startswith("fr")


def address(path: str) -> str:
    return setting("BASE_URL").rstrip("/") + path


def setting(name: str) -> str:
    return str(current_app.config[name])
