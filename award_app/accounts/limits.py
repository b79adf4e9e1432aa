"""How often a door may be tried: few times per account and address, many per address.

A whole mission may share one satellite address, so the ceiling per address is high; and because an account is counted
together with the address, nobody elsewhere can lock its owner out. What is refused for one account is not counted
against the address: nobody locks her neighbours out by trying that account again and again.

Counted in the broker, which all processes share. When the broker is away each process counts for itself, and says so:
guesses are slowed down less, but never not at all.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock
from typing import Final

import structlog
from flask import current_app
from redis import Redis, RedisError

from award_app import clock
from award_app.run import alive

SECONDS: Final = 15 * 60
MOST_KEYS: Final = 100_000  # of one process's own count
log = structlog.get_logger()


class Door(StrEnum):
    """What is tried. Each is counted for itself per account; all of them together per address."""

    PASSWORD = "password"  # noqa: S105 - a door, not a password
    CODE = "code"
    RESET = "reset"
    INVITATION = "invitation"


def wait(account: str, address: str, door: Door = Door.PASSWORD) -> int:
    """Count this attempt; 0: go on. Else it is one too many, and this is after how many seconds to try again."""
    settings = current_app.config
    limits = (
        (_pair(account, address, door), int(settings["ATTEMPTS"])),
        (_key(address), int(settings["ATTEMPTS_PER_ADDRESS"])),
    )
    for key, ceiling in limits:
        count, seconds = _count(key)
        if count > ceiling:
            return seconds
    return 0


def forget(account: str, address: str, door: Door = Door.PASSWORD) -> None:
    """It was right: mistyping before does not count any more, nor does this attempt count against the address."""
    pair, whole = _pair(account, address, door), _key(address)
    _memory().forget(pair, whole)
    try:
        with _broker().pipeline() as line:
            line.delete(pair)
            line.decr(whole)
            line.expire(whole, SECONDS, nx=True)
            line.execute()
    except RedisError:
        return


def _count(key: str) -> tuple[int, int]:
    """How often, this time included, and when the count begins anew, in seconds."""
    try:
        with _broker().pipeline() as line:
            line.incr(key)
            line.expire(key, SECONDS, nx=True)
            line.ttl(key)
            count, _set, seconds = line.execute()
        return int(count), max(int(seconds), 1)
    except RedisError as error:
        log.warning("attempts are counted by each process for itself: the broker is away", error=type(error).__name__)
        return _memory().count(key, clock.untouched())


class Memory:
    """One process's own count."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, datetime]] = {}
        self._lock = Lock()

    def count(self, key: str, now: datetime) -> tuple[int, int]:
        with self._lock:
            if len(self._counts) >= MOST_KEYS:
                self._counts = {k: kept for k, kept in self._counts.items() if kept[1] > now}
            count, until = self._counts.get(key, (0, now))
            if until <= now:
                count, until = 0, now + timedelta(seconds=SECONDS)
            self._counts[key] = (count + 1, until)
        return count + 1, max(int((until - now).total_seconds()), 1)

    def forget(self, pair: str, whole: str) -> None:
        with self._lock:
            self._counts.pop(pair, None)
            if whole in self._counts:
                count, until = self._counts[whole]
                self._counts[whole] = (max(count - 1, 0), until)


def _pair(account: str, address: str, door: Door) -> str:
    return _key(f"{door}\x00{account.strip().lower()}\x00{address}")


def _key(text: str) -> str:
    """The broker holds no addresses of people."""
    return f"laurel:attempts:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:32]}"


def _memory() -> Memory:
    kept: Memory = current_app.extensions.setdefault("limits_memory", Memory())
    return kept


def _broker() -> Redis:
    kept: Redis | None = current_app.extensions.get("limits_broker")
    if kept is None:
        kept = current_app.extensions["limits_broker"] = alive.client(current_app.config["REDIS_URL"], 0.5)
    return kept
