"""Words for kinds of letters, for why each was written, and for what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from award_app.domain.vocabulary import Handled
from award_app.notifications.queries import Line
from award_app.web import i18n

KINDS: Final[Mapping[str, LazyString]] = {
    "invitation": _l("Invitation"),
    "address_change": _l("New address to confirm"),
    "address_changed_notice": _l("Notice to the old address"),
    "password_reset": _l("Link to a new password"),
    "password_changed": _l("Notice of a new password"),
    "factor_added": _l("Notice of a new second factor"),
    "factor_replaced": _l("Notice of a replaced second factor"),
    "factor_removed": _l("Notice of a removed second factor"),
    "recovery_code_used": _l("Notice of a used recovery code"),
    "factor_reset": _l("Second factor removed by the secretariat"),
    "factor_reset_asked": _l("Lost second factor to confirm"),
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
    "round_waits": _l("Scoring waits"),
    "cannot_finish": _l("A member cannot finish"),
    "outcome_changed": _l("Outcome changed"),
    "told": _l("News under embargo"),
    "released": _l("Announcement"),
    "taken_back": _l("Announcement taken back"),
    "not_selected": _l("Not selected"),
    "ledger_anchored": _l("Seal of the ledger"),
}

# Why each was written. `nominee` is empty for a draft, which is then not named.
_WHY: Final[Mapping[str, LazyString]] = {
    "invitation": _l("%(name)s was invited."),
    "address_change": _l("A new address for the account was asked for."),
    "address_changed_notice": _l("A new address for the account was asked for."),
    "password_reset": _l("A new password was asked for at this address."),
    "password_changed": _l("The password of the account was changed."),
    "factor_added": _l("A second factor was added to the account."),
    "factor_replaced": _l("A second factor of the account was replaced."),
    "factor_removed": _l("A second factor of the account was removed."),
    "recovery_code_used": _l("Somebody signed in with a recovery code of the account."),
    "factor_reset": _l("Two people of the secretariat removed a lost second factor."),
    "factor_reset_asked": _l("Somebody in the secretariat asked that a lost second factor be removed."),
    "appointed": _l("%(name)s was appointed."),
    "seat_changed": _l("The seat on the panel changed."),
    "authority_deputised": _l("%(mission)s has another nominating authority."),
    "handed_over": _l("Drafts of %(mission)s were handed to another nominator."),
    "call": _l("%(mission)s was called to nominate."),
    "dates_moved": _l("Dates of the award year were moved."),
    "extended": _l("%(mission)s was given more time."),
    "file_extended": _l("The file of %(nominee)s (%(mission)s) was given more time."),
    "reminder": _l("Something is still open for %(name)s."),
    "handed_in": _l("The file of %(nominee)s (%(mission)s) was handed in."),
    "returned": _l("The file of %(nominee)s (%(mission)s) was returned."),
    "draft_sent_back": _l("The file of %(nominee)s (%(mission)s) was sent back to its nominator."),
    "accepted": _l("The file of %(nominee)s (%(mission)s) was accepted."),
    "ineligible": _l("The file of %(nominee)s (%(mission)s) was found ineligible."),
    "withdrawn": _l("The file of %(nominee)s (%(mission)s) was withdrawn."),
    "round_open": _l("Scoring began."),
    "round_closed": _l("Scoring was closed."),
    "round_waits": _l("The time for scoring is over, and a file has fewer scores than the quorum."),
    "cannot_finish": _l("A panel member cannot finish scoring."),
    "outcome_changed": _l("A file left the outcome."),
    "told": _l("The mission of the laureate was told under embargo."),
    "released": _l("The announcement was released."),
    "taken_back": _l("The announcement was taken back."),
    "not_selected": _l("The announcement was released; the file of %(nominee)s (%(mission)s) was not selected."),
    "ledger_anchored": _l("The ledger’s last seal was stored outside the service."),
}
_OF_A_DRAFT: Final = _l("Something happened to a draft of %(mission)s.")


def kind(template: str) -> str:
    """A kind of another release of Laurel has no words any more: its code stands for it."""
    return str(KINDS.get(template, template))


def why(line: Line) -> str:
    sentence = _OF_A_DRAFT if line.draft else _WHY.get(line.letter.template)
    if sentence is None:
        return ""
    return str(sentence) % {"name": line.name, "mission": i18n.mission_acronym(line.mission), "nominee": line.nominee}


def page_of(line: Line) -> str:
    """Where the reason can be seen, for the secretariat; nothing where there is no such page for this reader."""
    if line.ref and not line.draft:
        return f"/screening/files/{line.ref}"
    of_year = {"released": "announcements", "taken_back": "announcements", "outcome_changed": "results"}
    of_year |= dict.fromkeys(("call", "dates_moved", "extended", "reminder", "round_open", "round_closed"), "cycles")
    of_year |= {"cannot_finish": "panel", "round_waits": "panel"}
    prefix = of_year.get(line.letter.template)
    if prefix and line.year:
        return f"/{prefix}/{line.year}" + ("/progress" if prefix == "panel" else "")
    return f"/people/{line.person_ref}" if line.person_ref else ""


# The last answer of the mail server, or why the letter did not leave. Codes as `delivery` and `due` write them.
_NOTES: Final[Mapping[str, LazyString]] = {
    "line dropped after data": _l("The line broke after the letter had left. Nobody knows whether it arrived."),
    "worker lost": _l("The sending process stopped in the middle. Nobody knows whether the letter arrived."),
    "no connection": _l("The mail server could not be reached."),
    "database": _l("The database did not answer."),
    "no such address": _l("This is no e-mail address."),
    "unknown template": _l("This release of Laurel does not know this kind of letter."),
    "deactivated": _l("The reader’s account is closed."),
    "appointment_ended": _l("The reader no longer has the part in the award that the letter is for."),
    "overtaken": _l("Overtaken: what the letter says no longer holds, or is done."),
    "may_not_know": _l("The reader may not know what the letter says."),
    "not_released": _l("The announcement is not released."),
    "honoured": _l("The file is among those honoured."),
    "invitation_accepted": _l("The invitation was accepted."),
    "invitation_cancelled": _l("The invitation was cancelled."),
    "invitation_expired": _l("The invitation has expired."),
    "address_confirmed": _l("The new address was confirmed."),
    "address_cancelled": _l("The new address was cancelled."),
    "address_expired": _l("The link for the new address has expired."),
    "reset_cancelled": _l("A newer link, or a change of the account, replaced this one."),
    "reset_spent": _l("The link was used."),
    "reset_expired": _l("The link has expired."),
    "skipped_by_hand": _l("Skipped by a person."),
    "demonstration": _l("Not sent: it belongs to the past of the demonstration."),
}


def note(code: str | None) -> str:
    if not code:
        return ""
    if code in _NOTES:
        return str(_NOTES[code])
    if code.startswith("smtp "):
        return _smtp(code.removeprefix("smtp "))
    return _("The letter could not be written (%(code)s).", code=code)


def _smtp(code: str) -> str:
    if code.startswith("2"):
        return _("The mail server took it (%(code)s).", code=code)
    if code.startswith("4"):
        return _("The mail server asked to try later (%(code)s).", code=code)
    return _("The mail server refused it (%(code)s).", code=code)


HANDLED: Final[Mapping[Handled, LazyString]] = {
    Handled.HELD: _l("Held"),
    Handled.RELEASED: _l("Released"),
    Handled.SENT_AGAIN: _l("Sent again"),
    Handled.SKIPPED: _l("Skipped"),
}
