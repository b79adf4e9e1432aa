"""How often a password may be tried: few times per account and address, many per address.

A whole mission may share one satellite address, so the ceiling per address is high; and because an account is counted
together with the address, nobody elsewhere can lock its owner out. Counted in the broker, which all processes share.
When the broker is away signing in still works: the count is for slowing guesses down, not what keeps people out.
"""

from __future__ import annotations

import hashlib
from typing import Final

import structlog
from flask import current_app
from redis import Redis, RedisError

from award_app.run import alive

PER_ACCOUNT_AND_ADDRESS: Final = 10
PER_ADDRESS: Final = 300
SECONDS: Final = 15 * 60
log = structlog.get_logger()


def too_many(account: str, address: str) -> bool:
    """Count this attempt, and say whether it is one too many."""
    limits = {_pair(account, address): PER_ACCOUNT_AND_ADDRESS, _key(address): PER_ADDRESS}
    try:
        with _broker().pipeline() as line:
            for key in limits:
                line.incr(key)
                line.expire(key, SECONDS, nx=True)
            counts = [int(answer) for answer in line.execute()[::2]]
    except RedisError as error:
        log.warning("sign-in is not limited: the broker is away", error=type(error).__name__)
        return False
    return any(count > most for count, most in zip(counts, limits.values(), strict=True))


def forget(account: str, address: str) -> None:
    """The right password was given: mistyping before does not count any more. A broker that is away counts nothing."""
    try:
        _broker().delete(_pair(account, address))
    except RedisError:
        return


def _pair(account: str, address: str) -> str:
    return _key(f"{account.strip().lower()}\x00{address}")


def _key(text: str) -> str:
    """The broker holds no addresses of people."""
    return f"laurel:attempts:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:32]}"


def _broker() -> Redis:
    kept: Redis | None = current_app.extensions.get("limits_broker")
    if kept is None:
        kept = current_app.extensions["limits_broker"] = alive.client(current_app.config["REDIS_URL"], 0.5)
    return kept
