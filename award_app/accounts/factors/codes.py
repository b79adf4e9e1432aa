"""The six digits an authenticator shows for thirty seconds (RFC 6238), and codes on paper.

Codes follow the machine's clock, as the apps on people's phones do, and not the one the demonstration can move.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from typing import Final

from award_app import chance

SECONDS: Final = 30
DIGITS: Final = 6


def new_secret() -> str:
    """160 bits in base32, as apps take it."""
    return base64.b32encode(chance.token_bytes(20)).decode()


def step_at(instant: datetime) -> int:
    """Which stretch of thirty seconds an instant lies in, counted from 1970."""
    return int(instant.timestamp()) // SECONDS


def digits(secret: str, step: int) -> str:
    import pyotp  # here, because most processes never ask for a code

    return pyotp.HOTP(secret, digits=DIGITS).at(step)


def step_of(secret: str, given: str, *, step: int) -> int | None:
    """The step whose code was given: the present one, the one before or the one after. None for every other code."""
    code, found = "".join(given.split()).encode(), None
    for near in (step - 1, step, step + 1):  # all three, whichever it is
        if hmac.compare_digest(digits(secret, near).encode(), code):
            found = near
    return found


def for_apps(secret: str, account: str) -> str:
    """What the picture says: otpauth://…"""
    import pyotp

    return pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS).provisioning_uri(name=account, issuer_name="Laurel")


def in_groups(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def new_paper_code() -> str:
    """Ten letters and digits, about 49 bits: "abcde-fghjk"."""
    text = chance.reference()
    return f"{text[:5]}-{text[5:]}"


def as_written(paper_code: str) -> str:
    """However she typed it."""
    return "".join(sign for sign in paper_code.lower() if sign.isalnum())
