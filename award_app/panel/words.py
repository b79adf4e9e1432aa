"""The words for conflicts: on the card, on the form for stepping out, and in the secretariat's list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from award_app.domain.conflicts import Rule
from award_app.domain.vocabulary import ConflictKind
from award_app.nominations.models import Nomination
from award_app.web import i18n, moments

KINDS: Final[Mapping[ConflictKind, LazyString]] = {
    ConflictKind.SAME_COUNTRY: _l("Same country"),
    ConflictKind.SAME_SERVICE: _l("Same police service"),
    ConflictKind.MISSION: _l("Served in the mission within 24 months"),
    ConflictKind.SUPERVISOR: _l("Supervised the nominee within 36 months"),
    ConflictKind.WROTE: _l("Nominated, endorsed or wrote for the file"),
    ConflictKind.CLOSE_TIE: _l("Family or close tie"),
    ConflictKind.OTHER: _l("Another reason"),
}


_OUT: Final[Mapping[ConflictKind, LazyString]] = {
    ConflictKind.SAME_COUNTRY: _l("Yes, I step out: same country"),
    ConflictKind.SAME_SERVICE: _l("Yes, I step out: same police service"),
    ConflictKind.MISSION: _l("Yes, I step out: I served in the mission within 24 months"),
    ConflictKind.SUPERVISOR: _l("Yes, I step out: I supervised the nominee within 36 months"),
    ConflictKind.WROTE: _l("Yes, I step out: I nominated, endorsed or wrote for the file"),
    ConflictKind.CLOSE_TIE: _l("Yes, I step out: family or close tie"),
    ConflictKind.OTHER: _l("Yes, I step out: another reason"),
}


def kind_in_words(kind: ConflictKind) -> str:
    return str(KINDS[kind])


def stepping_out(kind: ConflictKind) -> str:
    """The same as an answer on the card, in the member's own mouth."""
    return str(_OUT[kind])


def finding_in_words(rule: Rule, nomination: Nomination) -> str:
    """What the rule saw, to the member it saw."""
    match rule:
        case Rule.SAME_COUNTRY:
            country = moments.country_name(nomination.nominee_country)
            return _("The nominee's contributing country is yours: %(country)s.", country=country)
        case Rule.SAME_SERVICE:
            return _("The nominee's home police service is yours: %(service)s.", service=nomination.nominee_service)
        case Rule.MISSION_24_MONTHS:
            mission = i18n.mission_acronym(nomination.mission.acronym)
            return _("You serve in %(mission)s, or you served there within the last 24 months.", mission=mission)
        case Rule.SUPERVISOR_36_MONTHS:
            return _("The file names you as a supervisor of the nominee within the last 36 months.")
        case Rule.NOMINATED_ENDORSED_OR_WROTE:
            return _("You nominated or endorsed the nominee, or you wrote for this file.")
