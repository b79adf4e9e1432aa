"""What lies in the database opens nothing without the service's key, and nothing for another person."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, Final

import structlog
from flask import current_app

from award_app import chance
from award_app.accounts.factors import codes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_AUTHENTICATOR: Final = b"laurel authenticator v1"
_PAPER: Final = b"laurel recovery code v1"
log = structlog.get_logger()


def seal(secret: str, *, of: int) -> str:
    """AES-256-GCM, bound to the person's id."""
    nonce = chance.token_bytes(12)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, secret.encode(), _bound(of))).decode()


def unseal(sealed: str, *, of: int) -> str | None:
    """None where the key is another one than it was sealed with, or the row another person's."""
    from cryptography.exceptions import InvalidTag

    kept = base64.b64decode(sealed)
    try:
        return str(_cipher().decrypt(kept[:12], kept[12:], _bound(of)).decode())
    except InvalidTag:
        log.warning("an authenticator cannot be unsealed: was SECRET_KEY changed?", person_id=of)
        return None


def digest(paper_code: str, *, of: int) -> str:
    return hmac.new(_key(_PAPER), _bound(of) + codes.as_written(paper_code).encode(), hashlib.sha256).hexdigest()


def _bound(person_id: int) -> bytes:
    return f"person {person_id}\x00".encode()


def _cipher() -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(_key(_AUTHENTICATOR))


def _key(purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    secret = str(current_app.config["SECRET_KEY"]).encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)
