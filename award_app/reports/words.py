"""What blocks the year, in words, each with the page where it is mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from award_app.reports.cockpit import Block, Blocked
from award_app.web import i18n

B = Block


@dataclass(frozen=True)
class Line:
    sentence: str
    href: str
    link: str


def line(blocked: Blocked, year: int) -> Line:
    endpoint, more, link = _MENDED[blocked.code]
    carried: dict[str, Any] = {name: value or year for name, value in more.items()}
    return Line(_SAID[blocked.code](blocked), url_for(endpoint, **carried), str(link))


# code → where it is mended, what that address carries (None: the year), and the words of the link
_YEAR: Final[dict[str, str | None]] = {"year": None}
_MENDED: Final[dict[Block, tuple[str, dict[str, str | None], LazyString]]] = {
    B.NOT_READY: ("cycles.ready", _YEAR, _l("See what is missing")),
    B.NO_AUTHORITY: ("reports.missions", _YEAR | {"authority": "missing"}, _l("Go to these missions")),
    B.SCREENING: ("screening.cycle", _YEAR | {"state": "submitted"}, _l("Go to the files")),
    B.SECOND_PERSON: ("screening.cycle", _YEAR | {"state": "submitted"}, _l("Go to the files")),
    B.SURVIVOR: ("screening.cycle", _YEAR | {"todo": "screen"}, _l("Go to the files")),
    B.ENDORSEMENT_VOID: ("screening.cycle", _YEAR | {"state": "returned"}, _l("Go to the files")),
    B.UNDECLARED: ("reviews.progress", _YEAR, _l("Follow the panel")),
    B.CANNOT_FINISH: ("reviews.progress", _YEAR, _l("Follow the panel")),
    B.QUORUM: ("reviews.progress", _YEAR, _l("Follow the panel")),
    B.ROUND_OVERDUE: ("reviews.progress", _YEAR, _l("Follow the panel")),
    B.RESULT_DUE: ("results.result", _YEAR, _l("Go to the result")),
    B.NO_SHORTLIST: ("results.result", _YEAR, _l("Go to the result")),
    B.SHORTLIST_UNCONFIRMED: ("shortlist.show", _YEAR, _l("Go to the shortlist")),
    B.NO_CONSENT: ("screening.cycle", _YEAR | {"state": "accepted"}, _l("Go to the files")),
    B.NO_CLEARANCE: ("screening.cycle", _YEAR | {"state": "accepted"}, _l("Go to the files")),
    B.NO_DECISION: ("shortlist.show", _YEAR, _l("Go to the shortlist")),
    B.CHANGE_UNCONFIRMED: ("changes.index", _YEAR, _l("Go to the changes")),
    B.WITHDRAWAL_ASKED: ("changes.index", _YEAR, _l("Go to the changes")),
    B.NO_ANNOUNCEMENT: ("announcements.show", _YEAR, _l("Go to the announcement")),
    B.UNAPPROVED: ("announcements.show", _YEAR, _l("Go to the announcement")),
    B.CONSENT_MISSING: ("announcements.show", _YEAR, _l("Go to the announcement")),
    B.TAKEN_BACK: ("announcements.show", _YEAR, _l("Go to the announcement")),
    B.LETTERS: ("letters.index", {}, _l("Go to the letters")),
}


def _listed(blocked: Blocked) -> str:
    return ", ".join(map(i18n.mission_acronym, blocked.names))


_SAID: Final[dict[Block, Callable[[Blocked], str]]] = {
    B.NOT_READY: lambda b: ngettext(
        "The year cannot be opened yet: %(num)s thing is missing.",
        "The year cannot be opened yet: %(num)s things are missing.",
        b.count,
    ),
    B.NO_AUTHORITY: lambda b: _(
        "Nobody can hand a file in for %(missions)s: there is no nominating authority.", missions=_listed(b)
    ),
    B.SCREENING: lambda b: ngettext("%(num)s file waits for screening.", "%(num)s files wait for screening.", b.count),
    B.SECOND_PERSON: lambda b: ngettext(
        "%(num)s file is proposed as ineligible. A second person must confirm or refuse.",
        "%(num)s files are proposed as ineligible. A second person must confirm or refuse.",
        b.count,
    ),
    B.SURVIVOR: lambda b: ngettext(
        "%(num)s file may identify a survivor. It cannot be accepted before it is reworded.",
        "%(num)s files may identify a survivor. They cannot be accepted before they are reworded.",
        b.count,
    ),
    B.ENDORSEMENT_VOID: lambda b: ngettext(
        "%(num)s returned file was changed after its endorsement. Its authority must endorse it again.",
        "%(num)s returned files were changed after their endorsement. Their authorities must endorse them again.",
        b.count,
    ),
    B.UNDECLARED: lambda b: _("Conflicts of interest are still to be declared: %(names)s.", names=_listed(b)),
    B.CANNOT_FINISH: lambda b: _("A message “I cannot finish” waits for your answer: %(names)s.", names=_listed(b)),
    B.QUORUM: lambda b: ngettext(
        "%(num)s file cannot reach its quorum: too few members may judge it.",
        "%(num)s files cannot reach their quorum: too few members may judge them.",
        b.count,
    ),
    B.ROUND_OVERDUE: lambda _b: _("The time for scoring has passed, and the round is not closed yet."),
    B.RESULT_DUE: lambda _b: _("The result is being computed."),
    B.NO_SHORTLIST: lambda _b: _("The chair has not proposed a shortlist yet."),
    B.SHORTLIST_UNCONFIRMED: lambda b: ngettext(
        "The shortlist is not confirmed. %(num)s nominee on it lacks a consent or a clearance.",
        "The shortlist is not confirmed. %(num)s nominees on it lack a consent or a clearance.",
        b.count,
    ),
    B.NO_CONSENT: lambda b: ngettext(
        "%(num)s accepted file lacks the nominee’s consent. It is needed before the shortlist is confirmed.",
        "%(num)s accepted files lack the nominee’s consent. It is needed before the shortlist is confirmed.",
        b.count,
    ),
    B.NO_CLEARANCE: lambda b: ngettext(
        "%(num)s accepted file lacks the conduct clearance. It is needed before the shortlist is confirmed.",
        "%(num)s accepted files lack the conduct clearance. It is needed before the shortlist is confirmed.",
        b.count,
    ),
    B.NO_DECISION: lambda _b: _("The shortlist is confirmed. The chair has not recorded the decision yet."),
    B.CHANGE_UNCONFIRMED: lambda b: ngettext(
        "%(num)s change of the outcome waits for the chair.",
        "%(num)s changes of the outcome wait for the chair.",
        b.count,
    ),
    B.WITHDRAWAL_ASKED: lambda b: ngettext(
        "A mission asks to withdraw %(num)s file.", "Missions ask to withdraw %(num)s files.", b.count
    ),
    B.NO_ANNOUNCEMENT: lambda _b: _("The decision is recorded. The announcement is not written yet."),
    B.UNAPPROVED: lambda b: ngettext(
        "The announcement lacks %(num)s approval.", "The announcement lacks %(num)s approvals.", b.count
    ),
    B.CONSENT_MISSING: lambda _b: _("The laureate’s consent is not recorded. Nothing is published without it."),
    B.TAKEN_BACK: lambda _b: _("The announcement was taken back. A new version needs two approvals."),
    B.LETTERS: lambda b: ngettext(
        "%(num)s letter was not delivered and waits for you.",
        "%(num)s letters were not delivered and wait for you.",
        b.count,
    ),
}
