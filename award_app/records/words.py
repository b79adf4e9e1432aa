"""Words for what the ledger holds as codes: acts, and what they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from award_app.notes import REFUSED
from award_app.records.queries import Line

ACTS: Final[Mapping[str, LazyString]] = {
    # doors
    "sign_in": _l("Signed in"),
    "sign_in_failed": _l("Signing in failed"),
    "sign_out": _l("Signed out"),
    "end_session": _l("Ended a session"),
    "second_factor_failed": _l("Second step of signing in failed"),
    "use_recovery_code": _l("Used a recovery code"),
    "write_recovery_codes": _l("Made new recovery codes"),
    "add_authenticator": _l("Added an authenticator"),
    "replace_authenticator": _l("Replaced an authenticator"),
    "remove_authenticator": _l("Removed an authenticator"),
    "add_passkey": _l("Added a passkey"),
    "remove_passkey": _l("Removed a passkey"),
    "ask_factor_reset": _l("Asked to replace a lost second factor"),
    "confirm_factor_reset": _l("Confirmed replacing a lost second factor"),
    "cancel_factor_reset": _l("Stopped replacing a lost second factor"),
    "ask_reset": _l("Asked for a new password"),
    "reset_password": _l("Set a new password by a link"),
    "prove": _l("Proved again who she is"),
    "change_password": _l("Changed the password"),
    "change_account": _l("Changed the own account"),
    "ask_address_change": _l("Asked for a new address"),
    "confirm_address_change": _l("Confirmed a new address"),
    "cancel_address_change": _l("Cancelled a new address"),
    # people and rights
    "invite": _l("Invited somebody"),
    "resend_invitation": _l("Sent an invitation again"),
    "cancel_invitation": _l("Cancelled an invitation"),
    "accept_invitation": _l("Accepted an invitation"),
    "appoint": _l("Appointed somebody"),
    "change_seat": _l("Changed a seat on the panel"),
    "end_appointment": _l("Ended an appointment"),
    "describe": _l("Described a person’s service"),
    "deactivate": _l("Closed an account"),
    "reactivate": _l("Opened an account again"),
    # the award year
    "create_cycle": _l("Created an award year"),
    "copy_cycle": _l("Copied an award year"),
    "edit_cycle": _l("Changed an award year"),
    "set_criteria": _l("Set the criteria"),
    "load_mission": _l("Added a mission to the list"),
    "call_mission": _l("Called a mission"),
    "drop_mission": _l("Took a mission off the call"),
    "open_cycle": _l("Opened an award year"),
    "send_call": _l("Sent the call"),
    "move_date": _l("Moved a date"),
    "extend": _l("Gave a mission more time"),
    "open_round": _l("Scoring opened"),
    "close_round": _l("Scoring closed"),
    "export": _l("Took a list away as a file"),
    "remind": _l("Reminded those with open work"),
    "restore": _l("The service came back from a backup"),
    # files
    "begin": _l("Began a nomination"),
    "edit": _l("Edited a file"),
    "attach": _l("Attached a paper"),
    "remove_file": _l("Removed a paper"),
    "endorse": _l("Endorsed a file"),
    "void_endorsement": _l("An edit voided the endorsement"),
    "hand_in": _l("Handed a file in"),
    "return": _l("Returned a file"),
    "accept": _l("Accepted a file"),
    "propose_ineligible": _l("Proposed that a file is ineligible"),
    "record_consent": _l("Recorded the nominee’s consent"),
    "withdraw": _l("Withdrew a file"),
    # the outcome
    "score": _l("Scored a file"),
    "finish": _l("Finished scoring"),
    "compute_result": _l("The result was computed"),
    "propose_shortlist": _l("Proposed the shortlist"),
    "confirm_shortlist": _l("Confirmed the shortlist"),
    "decide": _l("Recorded the decision"),
    "prepare_announcement": _l("Wrote the announcement"),
    "approve_release": _l("Approved the release"),
    "tell_mission": _l("Told the laureate’s mission"),
    "release": _l("The announcement was released"),
    "take_back": _l("Took the announcement back"),
    # reading
    "read_so_far": _l("Read her own scores side by side"),
    "read_result": _l("Read the result"),
    "read_shortlist": _l("Read the shortlist"),
    "read_decision": _l("Read the decision"),
    "read_changes": _l("Read the changes of the outcome"),
    "read_announcement": _l("Read the announcement before its release"),
    "read_outcome": _l("Read under embargo that a file is the laureate’s"),
    # letters
    "letter_sent": _l("A letter was sent"),
    "letter_refused": _l("A letter was refused"),
    "letter_uncertain": _l("Nobody knows whether a letter arrived"),
    "letter_skipped": _l("A letter was no longer needed"),
    "letter_cancelled": _l("A letter was cancelled"),
    "letter_held_by_hand": _l("Held a letter"),
    "letter_released_by_hand": _l("Let a held letter go"),
    "letter_sent_again_by_hand": _l("Sent a letter again"),
    "letter_skipped_by_hand": _l("Skipped a letter"),
    # refusals
    REFUSED: _l("Was refused"),
}

_THINGS: Final[Mapping[str, LazyString]] = {
    "announcement": _l("the announcement"),
    "authenticator": _l("an authenticator"),
    "cycle": _l("the award year"),
    "decision": _l("the decision"),
    "extension": _l("a mission’s time"),
    "factor_reset": _l("a lost second factor"),
    "invitation": _l("an invitation"),
    "address_change": _l("an address"),
    "letter": _l("a letter"),
    "mission": _l("a mission"),
    "passkey": _l("a passkey"),
}


def act(code: str) -> str:
    """An act that has no words yet is never shown; another release may have left one behind."""
    return str(ACTS.get(code, code))


def by(line: Line) -> str:
    return line.by or _("the service")


def about(line: Line) -> str:
    """A person by name, a file by its reference, anything else by what it is: never by a number."""
    if line.person:
        return line.person
    if line.file:
        words = {"attachment": _("a paper of file %(ref)s", ref=line.file)}
        return words.get(line.row.subject, _("file %(ref)s", ref=line.file))
    return str(_THINGS.get(line.row.subject, ""))
