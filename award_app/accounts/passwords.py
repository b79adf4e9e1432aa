"""What a password must be, and how it is kept: Argon2id with the library's parameters (RFC 9106, 64 MiB)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from award_app.accounts.problems import Problem
from award_app.domain.names import squeeze
from award_app.domain.vocabulary import Refusal, Refused

SHORTEST, LONGEST = 12, 128

# Long enough for the rule above and still among the first that anybody would try. Compared without case and signs.
_WORDS = """
123456789012 1234567890123 12345678901234 1234567890123456 012345678910 111111111111 000000000000 121212121212
123123123123 987654321098 qwertyuiop12 qwertyuiop123 qwertyuiopasdf qwertyuiopasdfghjkl qwerty123456 qwerty1234567
1q2w3e4r5t6y 1qaz2wsx3edc asdfghjkl123 zxcvbnm12345 password1234 password12345 password123456 passwordpassword
mypassword123 motdepasse12 motdepasse123 motdepasse1234 letmeinplease letmein12345 welcome12345 welcome123456
iloveyou1234 changeme1234 changeme12345 administrator administrator1 adminadmin123 unitednations unitednations1
nationsunies peacekeeping peacekeeper1 peacekeeping1 correcthorsebatterystaple abcdefghijkl abcdefghijklm
abcd12345678 abc123456789 abcdefgh1234 laurellaurel laurelpassword aaaaaaaaaaaa
"""
_COMMON = frozenset(_WORDS.split())
_hasher = PasswordHasher()


def problems(password: str, *, name: str, email: str) -> tuple[Problem, ...]:
    """Length, the common ones and her own name or address; no rules of composition."""
    if len(password) < SHORTEST:
        return (Problem.PASSWORD_SHORT,)
    if len(password) > LONGEST:
        return (Problem.PASSWORD_LONG,)
    plain = squeeze(password)
    if plain in _COMMON or len(set(password)) < 4:
        return (Problem.PASSWORD_COMMON,)
    hers = {squeeze(name), squeeze(email), squeeze(email.split("@")[0])}
    return (Problem.PASSWORD_YOURS,) if plain in hers or password.casefold() == email.casefold() else ()


def accept(password: str, name: str, email: str) -> str:
    """The hash to keep. Raises INVALID with the problem."""
    found = problems(password, name=name, email=email)
    if found:
        raise Refused(Refusal.INVALID, problems=found)
    return hash_of(password)


def hash_of(password: str) -> str:
    return _hasher.hash(_same_on_every_keyboard(password))


def fits(password: str, kept: str | None) -> bool:
    """The same work whether there is a hash or not, so that time says nothing about who has an account."""
    try:
        return (
            _hasher.verify(kept or _of_nobody(), _same_on_every_keyboard(password[: LONGEST + 1])) and kept is not None
        )
    except (Argon2Error, InvalidHashError):
        return False


def _same_on_every_keyboard(password: str) -> str:
    """One accented letter can be typed as one sign or as two."""
    return unicodedata.normalize("NFKC", password)


@lru_cache(maxsize=1)
def _of_nobody() -> str:
    return _hasher.hash("a password that nobody has")
