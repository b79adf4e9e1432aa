"""The list of files to screen: its filters, its words, and what stands in its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from award_app.domain.vocabulary import NominationState
from award_app.nominations.models import Nomination
from award_app.reports.lists.forms import Bar, Choice, bar
from award_app.reports.sheets import Column, Kind, Sheet
from award_app.screening.queries import Line, ToDo
from award_app.web import i18n
from award_app.web.words import state_words

ASKS: Final = {
    ToDo.DECLARE: _l("Declare, then read"),
    ToDo.SCREEN: _l("Read and decide"),
    ToDo.CONFIRM: _l("Confirm or return"),
    ToDo.CONSENT: _l("Ask for the nominee’s consent"),
    ToDo.CLEARANCE: _l("Ask for the conduct clearance"),
    ToDo.NOTHING: _l("Nothing"),
}
S = NominationState
_STATES: Final = (S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.INELIGIBLE, S.WITHDRAWN)


def screening_bar(args: Mapping[str, str], missions: Iterable[str]) -> Bar:
    return bar(
        args,
        Choice("mission", _("Mission"), [(acronym, acronym) for acronym in missions]),
        Choice("state", _("State"), [(state.value, state_of(state)) for state in _STATES]),
        Choice("todo", _("For you to do"), [(asks.value or "nothing", str(words)) for asks, words in ASKS.items()]),
        hint=_("In nominees’ names and missions."),
    )


def screening_sheet() -> Sheet[Line]:
    return Sheet(
        "screening",
        _("Screening"),
        (
            Column(_("Nominee"), lambda line: line.nomination.nominee_name),
            Column(_("Mission"), lambda line: i18n.mission_acronym(line.nomination.mission.acronym)),
            Column(_("State"), lambda line: _("Conflict of interest") if line.closed else stands(line.nomination)),
            Column(_("Handed in"), lambda line: line.nomination.submitted_at, Kind.MOMENT),
            Column(_("Returned until"), lambda line: None if line.closed else _until(line.nomination), Kind.MOMENT),
            Column(_("For you to do"), lambda line: str(ASKS[line.to_do]) if line.to_do else ""),
        ),
    )


def _until(nomination: Nomination) -> datetime | None:
    return nomination.return_deadline if nomination.state is S.RETURNED else None


def stands(nomination: Nomination) -> str:
    if nomination.state is S.SUBMITTED and nomination.ineligible_by_id:
        return _("Proposed as ineligible")
    return state_of(nomination.state)


def state_of(state: NominationState) -> str:
    """To the secretariat an accepted file is just that."""
    return _("Accepted") if state is S.ACCEPTED else state_words(state)
