"""The readiness page: each condition in words, with the place where it is mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from award_app.cycles.models import Cycle
from award_app.cycles.problems import Problem
from award_app.cycles.readiness import Condition, Facts
from award_app.web import i18n

P = Problem


@dataclass(frozen=True)
class Line:
    """`mark`: done, missing (the year is not opened without it) or advice (it is opened, but should have it)."""

    mark: str
    sentence: str
    href: str
    link: str


def lines(cycle: Cycle, conditions: tuple[Condition, ...], of: Facts) -> list[Line]:
    """Advice is shown where there is something to say; what must be is always shown."""
    shown = [one for one in conditions if one.blocks or not one.met]
    return [_line(cycle, one, of) for one in shown]


def _line(cycle: Cycle, one: Condition, of: Facts) -> Line:
    endpoint, link = _MENDED[one.code]
    year = cycle.award_year if endpoint.startswith("cycles.") else None  # other pages leave it away
    mark = "done" if one.met else "missing" if one.blocks else "advice"
    said = _MET[one.code](of) if one.met else _UNMET[one.code](of)
    return Line(mark, said, url_for(endpoint, year=year), str(link))


_SETTINGS = ("cycles.settings", _l("Change the settings"))
_CRITERIA = ("cycles.criteria", _l("Change the criteria"))
_MISSIONS = ("cycles.missions", _l("Choose the missions"))
_INVITE = ("accounts.people_invite", _l("Invite a person"))
_PEOPLE = ("accounts.people", _l("Go to the people"))

_MENDED: Final = {
    P.TITLE_FRENCH: _SETTINGS,
    P.WINDOW_OVER: _SETTINGS,
    P.WINDOW_OPEN: _SETTINGS,
    P.WEIGHTS: _CRITERIA,
    P.LEVEL_MISSING: _CRITERIA,
    P.LEVEL_FRENCH: _CRITERIA,
    P.NO_MISSION: _MISSIONS,
    P.MISSION_ENDS: _MISSIONS,
    P.NO_AUTHORITY: _INVITE,
    P.NO_NOMINATOR: _INVITE,
    P.SECRETARIAT_OF_TWO: _INVITE,
    P.NO_SPARE: _INVITE,
    P.NO_CHAIR: _INVITE,
    P.NO_DEPUTY: _INVITE,
    P.PANEL_SMALL: _INVITE,
    P.UNDESCRIBED: _PEOPLE,
}


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(map(i18n.mission_acronym, names))


_MET: Final[dict[Problem, Callable[[Facts], str]]] = {
    P.TITLE_FRENCH: lambda _of: _("The award has its title in English and in French."),
    P.WINDOW_OVER: lambda _of: _("The four dates follow each other, and nominations close in the future."),
    P.WEIGHTS: lambda _of: _("The weights add up to 100."),
    P.LEVEL_MISSING: lambda _of: _("Each value of each criterion has its description."),
    P.NO_MISSION: lambda of: ngettext("%(num)s mission is called.", "%(num)s missions are called.", of.missions),
    P.NO_AUTHORITY: lambda _of: _("Every mission has a nominating authority who accepted."),
    P.SECRETARIAT_OF_TWO: lambda of: ngettext(
        "The secretariat has %(num)s person.",
        "The secretariat has %(num)s people. Screening a file out and releasing the announcement need two of them.",
        of.secretariat,
    ),
    P.NO_CHAIR: lambda _of: _("The panel has a chair."),
    P.PANEL_SMALL: lambda of: ngettext(
        "The panel has %(num)s member, chair and deputy counted. The quorum of a file is %(quorum)s.",
        "The panel has %(num)s members, chair and deputy counted. The quorum of a file is %(quorum)s.",
        of.members,
        quorum=of.quorum,
    ),
}

_UNMET: Final[dict[Problem, Callable[[Facts], str]]] = {
    P.TITLE_FRENCH: lambda _of: _("The award has no title in French. Letters and public pages need it."),
    P.WINDOW_OVER: lambda _of: _("The time for nominations is over already. Move its dates."),
    P.WINDOW_OPEN: lambda _of: _(
        "The day on which nominations open has passed. They will open at the moment you open the year."
    ),
    P.WEIGHTS: lambda of: _("The weights add up to %(sum)s. They must add up to 100.", sum=of.weights),
    P.LEVEL_MISSING: lambda of: _(
        "A value has no description in English: %(codes)s.", codes=_listed(of.levels_missing)
    ),
    P.LEVEL_FRENCH: lambda of: _(
        "A value has no description in French: %(codes)s. Members who read French see the English one.",
        codes=_listed(of.levels_french),
    ),
    P.NO_MISSION: lambda _of: _("No mission is called yet."),
    P.MISSION_ENDS: lambda of: _(
        "These missions end before nominations close: %(missions)s.", missions=_listed(of.ending)
    ),
    P.NO_AUTHORITY: lambda of: _(
        "No nominating authority has accepted yet: %(missions)s. Nobody there could hand a file in.",
        missions=_listed(of.without_authority),
    ),
    P.NO_NOMINATOR: lambda of: _(
        "No nominator yet: %(missions)s. Nobody there could write a file.", missions=_listed(of.without_nominator)
    ),
    P.SECRETARIAT_OF_TWO: lambda _of: _(
        "The secretariat needs two people. Screening a file out and releasing the announcement are never done by one alone."
    ),
    P.NO_SPARE: lambda _of: _(
        "The secretariat has exactly two people. Where one has a conflict of interest in a file, that file cannot be "
        "screened out, and the announcement cannot be released. A third person would stand in."
    ),
    P.NO_CHAIR: lambda _of: _("The panel has no chair who accepted. Nobody could sign the decision."),
    P.NO_DEPUTY: lambda _of: _(
        "The panel has no deputy chair. Where the chair has a conflict of interest, nobody could sign the decision."
    ),
    P.PANEL_SMALL: lambda of: ngettext(
        "The panel has %(num)s member who accepted. It needs more than %(quorum)s, the scores a file should have: "
        "one conflict of interest would leave a file with too few.",
        "The panel has %(num)s members who accepted. It needs more than %(quorum)s, the scores a file should have: "
        "one conflict of interest would leave a file with too few.",
        of.members,
        quorum=of.quorum,
    ),
    P.UNDESCRIBED: lambda of: _(
        "Country or police service is not known of: %(names)s. Without them no conflict of interest can be found.",
        names=_listed(of.undescribed),
    ),
}
