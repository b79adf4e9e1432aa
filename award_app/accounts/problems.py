"""Why an account, an invitation or an appointment is refused, as codes. The words stand in `accounts/words.py`."""

from __future__ import annotations

from enum import StrEnum


class Problem(StrEnum):
    PASSWORD_SHORT = "password_short"  # noqa: S105 - codes, not secrets
    PASSWORD_LONG = "password_long"  # noqa: S105 - likewise
    PASSWORD_COMMON = "password_common"  # noqa: S105 - likewise
    PASSWORD_YOURS = "password_yours"  # noqa: S105 - likewise
    PASSWORD_WRONG = "password_wrong"  # noqa: S105 - likewise
    NAME_MISSING = "name_missing"
    EMAIL_INVALID = "email_invalid"
    EMAIL_TAKEN = "email_taken"
    SCOPE = "scope"  # the role wants a cycle, a mission or a seat that was not given, or the other way round
    MISSION_NOT_CALLED = "mission_not_called"
    SECRETARIAT_AND_PANEL = "secretariat_and_panel"
    SEAT_TAKEN = "seat_taken"
    LAST_SECRETARIAT = "last_secretariat"
    DEACTIVATED = "deactivated"
    STINT_ORDER = "stint_order"
    UNKNOWN_COUNTRY = "unknown_country"
    NOT_ON_PANEL = "not_on_panel"
    BOTH_SEATS = "both_seats"
    SENT_LATELY = "sent_lately"
    SAME_AUTHORITY = "same_authority"
    ONESELF = "oneself"
    OWN_NAME = "own_name"  # or address: an invitation to oneself
    CODE_WRONG = "code_wrong"
    LAST_FACTOR = "last_factor"
    NO_FACTOR = "no_factor"
    REASON_MISSING = "reason_missing"
