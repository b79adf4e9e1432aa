"""The only source of references, tokens and salts. Tests and the demonstration seed it; production uses `secrets`."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from contextvars import ContextVar

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is misread over a telephone
_bytes: ContextVar[Callable[[int], bytes] | None] = ContextVar("chance", default=None)


def token_bytes(n: int) -> bytes:
    seeded = _bytes.get()
    return seeded(n) if seeded else secrets.token_bytes(n)


def token() -> str:
    """256 bits as hexadecimal text: for sessions, links and operation ids."""
    return token_bytes(32).hex()


def reference() -> str:
    """Ten letters and digits (about 49 bits) naming a file in an address. It is a name, not a secret."""
    return "".join(_ALPHABET[b % len(_ALPHABET)] for b in token_bytes(10))


def seed(value: int | None) -> None:
    """From here on (in this context) everything is repeatable; None returns to `secrets`."""
    _bytes.set(random.Random(value).randbytes if value is not None else None)  # noqa: S311 - seeding is for tests
