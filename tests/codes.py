"""Codes of authenticators whose secret a test knows, for people who have to show one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from time import sleep
from typing import Final

from flask.testing import FlaskClient

from award_app.accounts.factors import codes, queries
from award_app.accounts.factors import operations as factors
from award_app.accounts.models import Person

SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_shown: dict[str, int] = {}


def code_for(secret: str = SECRET, at: datetime | None = None, *, later: int = 0) -> str:
    """What the app shows at this instant, or so many steps later."""
    return codes.digits(secret, codes.step_at(at or datetime.now(UTC)) + later)


def fresh_code(account: str, secret: str = SECRET) -> str:
    """One that this process has not shown for this account: three in a row are taken at once, then it waits.

    The known secret is that of many accounts; a secret of one's own stays hers under another address too.
    """
    whose = account if secret == SECRET else secret
    step = _shown[whose] = max(codes.step_at(datetime.now(UTC)) - 1, _shown.get(whose, 0) + 1)
    while step > codes.step_at(datetime.now(UTC)) + 1:
        sleep(0.2)
    return codes.digits(secret, step)


def set_up(browser: FlaskClient) -> str:
    """As a newcomer who needs one does it on the pages. Returns the secret."""
    browser.post("/account/second/authenticator")
    page = browser.get("/account/second/authenticator").text
    secret = "".join(re.findall(r'<code dir="ltr">([A-Z2-7 ]+)</code>', page)).replace(" ", "")
    browser.post("/account/second/authenticator/confirm", data={"code": code_for(secret)})
    return secret


def enrol(people: Iterable[Person], *, now: datetime) -> None:
    """Everybody who needs a second factor gets an authenticator with the known secret. In the caller's transaction."""
    for person in people:
        if queries.needs_one(person) and not queries.has_any(person):
            factors.enrol(person, SECRET, now=now)
