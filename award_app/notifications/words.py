"""Words for kinds of letters, for why each was written, and for what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

KINDS: Final[Mapping[str, LazyString]] = {
    "invitation": _l("Invitation"),
    "address_change": _l("New address to confirm"),
    "address_changed_notice": _l("Notice to the old address"),
    "appointed": _l("Appointment"),
    "seat_changed": _l("Change of seat"),
    "authority_deputised": _l("Another nominating authority"),
    "handed_over": _l("Drafts handed over"),
    "call": _l("Call for nominations"),
    "dates_moved": _l("Dates changed"),
    "extended": _l("More time for a mission"),
    "file_extended": _l("More time for a file"),
    "reminder": _l("Reminder"),
    "handed_in": _l("Receipt"),
    "returned": _l("File returned"),
    "draft_sent_back": _l("Draft sent back to its nominator"),
    "accepted": _l("File with the panel"),
    "ineligible": _l("File ineligible"),
    "withdrawn": _l("File withdrawn"),
    "round_open": _l("Scoring open"),
    "round_closed": _l("Scoring closed"),
    "cannot_finish": _l("A member cannot finish"),
    "outcome_changed": _l("Outcome changed"),
    "told": _l("News under embargo"),
    "released": _l("Announcement"),
    "taken_back": _l("Announcement taken back"),
    "not_selected": _l("Not selected"),
}
