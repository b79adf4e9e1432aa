"""Only under LAUREL_DEMO: the code that an authenticator shows now, said on the page that asks for it."""

from __future__ import annotations

from flask import Flask

from award_app import clock
from award_app.accounts.factors import codes, sealing
from award_app.accounts.factors.models import Authenticator


def shown(authenticator: Authenticator) -> str | None:
    """In two groups, as apps show it. The one of the next half minute is taken too: who comes twice gets that."""
    secret = sealing.unseal(authenticator.secret, of=authenticator.person_id)
    if secret is None:
        return None
    step = codes.step_at(clock.untouched())
    code = codes.digits(secret, step + 1 if authenticator.last_step == step else step)
    return f"{code[:3]} {code[3:]}"


def init_app(app: Flask) -> None:
    app.extensions["shown_code"] = shown
