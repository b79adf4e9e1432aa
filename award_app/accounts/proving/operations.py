"""Before a step that counts she shows anew who she is: by her password, or by a code of her authenticator."""

from __future__ import annotations

from datetime import datetime

from award_app import access, audit
from award_app.accounts import passwords, sessions
from award_app.accounts.factors import showing
from award_app.accounts.models import Person
from award_app.accounts.problems import Problem
from award_app.domain.vocabulary import Action, Refusal, Refused


def prove(person: Person, *, password: str, code: str, step: int, now: datetime) -> str:
    """Returns the new token of her session; the old one is worthless. `step` is where the machine's clock stands, for the
    code. Raises INVALID where what she shows is wrong."""
    access.require(person, Action.SEE_ACCOUNT, now=now)
    by_code = bool(code) and not password
    right = showing.spend_code(person, code, step=step) if by_code else passwords.fits(password, person.password_hash)
    if not right:
        raise Refused(Refusal.INVALID, problems=(Problem.CODE_WRONG if by_code else Problem.PASSWORD_WRONG,))
    audit.record("prove", person, by=person, at=now, kind="authenticator" if by_code else "password")
    return sessions.prove(person.session_token, now=now)
