"""Signs of life: keys that expire in the broker, set by worker and scheduler, read by /health and the supervisor.

They live on the broker's own clock, so the demonstration's movable clock does not touch them, and a broker that
restarts is told anew within seconds.
"""

from __future__ import annotations

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

WORKER, SCHEDULER = "worker", "scheduler"
EXPIRES = 15  # seconds; both mark themselves every one to five


def client(url: str, timeout: float = 1.0) -> Redis:
    """A client for a Celery broker URL: kombu writes redis+socket:// where redis-py writes unix://."""
    if url.startswith("redis+socket://"):
        url = "unix://" + url.removeprefix("redis+socket://")
    return Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=Retry(NoBackoff(), 0))


def mark(broker: Redis, part: str) -> bool:
    """Say that `part` lives. A broker that is away is no reason to stop: the next mark may reach it."""
    try:
        broker.set(f"laurel:alive:{part}", "1", ex=EXPIRES)
    except RedisError:
        return False
    return True


def seen(broker: Redis, part: str) -> bool:
    """Errors: RedisError when the broker does not answer."""
    return bool(broker.exists(f"laurel:alive:{part}"))


def forget(broker: Redis, part: str) -> None:
    """Take a sign of life back, because the part that gave it has ended."""
    try:
        broker.delete(f"laurel:alive:{part}")
    except RedisError:
        return
