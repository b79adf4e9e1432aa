"""The links of an invitation, of a new address and of a new password; and the shape of an address."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final, TypeVar

from flask import current_app
from sqlalchemy import select

from award_app.accounts.models import AddressChange, Invitation
from award_app.accounts.problems import Problem
from award_app.accounts.resetting.models import PasswordReset
from award_app.db import db
from award_app.domain.vocabulary import Refusal, Refused

# table → (what its tokens are for, so that none opens the other; where its link leads)
_PURPOSES: Final = {
    Invitation.__tablename__: (b"laurel invitation v1\x00", "invitation"),
    AddressChange.__tablename__: (b"laurel address v1\x00", "address"),
    PasswordReset.__tablename__: (b"laurel password v1\x00", "reset"),
}
Linked = TypeVar("Linked", Invitation, AddressChange, PasswordReset)


def token(of: Invitation | AddressChange | PasswordReset) -> str:
    """What the link carries: the row's reference and 256 bits that only this service can derive from it."""
    key, purpose = str(current_app.config["SECRET_KEY"]).encode(), _PURPOSES[of.__tablename__][0]
    mac = hmac.new(key, purpose + of.nonce.encode(), hashlib.sha256).digest()
    return f"{of.ref}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def link(of: Invitation | AddressChange | PasswordReset) -> str:
    """The whole address, for the letter and for the command line."""
    return f"{str(current_app.config['BASE_URL']).rstrip('/')}/{_PURPOSES[of.__tablename__][1]}/{token(of)}"


def by_token(given: str) -> Invitation:
    """The invitation a link stands for, spent or not. Raises NOT_FOUND for what this service never made."""
    return _by_token(Invitation, given)


def address_change(given: str) -> AddressChange:
    """The same for the link to a new address."""
    return _by_token(AddressChange, given)


def password_reset(given: str) -> PasswordReset:
    """And for the link to a new password."""
    return _by_token(PasswordReset, given)


def _by_token(kind: type[Linked], given: str) -> Linked:
    ref = given.partition(".")[0]
    if given.isascii() and ref.isalnum():
        found = db.session.scalars(select(kind).where(kind.ref == ref)).one_or_none()
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
