"""The link of an invitation, and the shape of an address."""

from __future__ import annotations

import base64
import hashlib
import hmac

from flask import current_app
from sqlalchemy import select

from award_app.accounts.models import Invitation
from award_app.accounts.problems import Problem
from award_app.db import db
from award_app.domain.vocabulary import Refusal, Refused

_PURPOSE = b"laurel invitation v1\x00"


def token(invitation: Invitation) -> str:
    """What the link carries: the invitation's reference and 256 bits that only this service can derive from it."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    mac = hmac.new(key, _PURPOSE + invitation.nonce.encode(), hashlib.sha256).digest()
    return f"{invitation.ref}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def link(invitation: Invitation) -> str:
    """The whole address, for the letter and for the command line."""
    return f"{str(current_app.config['BASE_URL']).rstrip('/')}/invitation/{token(invitation)}"


def by_token(given: str) -> Invitation:
    """The invitation a link stands for, spent or not. Raises NOT_FOUND for what this service never made."""
    ref = given.partition(".")[0]
    if given.isascii() and ref.isalnum():
        found = db.session.scalars(select(Invitation).where(Invitation.ref == ref)).one_or_none()
        if found is not None and hmac.compare_digest(token(found), given):
            return found
    raise Refused(Refusal.NOT_FOUND)


def address(email: str) -> str:
    """In lower case. Only its shape is checked: whether it exists, the letter will show."""
    email = email.strip().lower()
    local, _at, host = email.rpartition("@")
    strange = any(c.isspace() or not c.isprintable() or c in '<>,;:"()[]\\' for c in email)
    if strange or not local or "@" in local or "." not in host or ".." in email or len(email) > 254:
        raise Refused(Refusal.INVALID, problems=(Problem.EMAIL_INVALID,))
    if not email.isascii() or any(part.startswith("-") or not part for part in host.split(".")):
        raise Refused(Refusal.INVALID, problems=(Problem.EMAIL_INVALID,))
    return email
