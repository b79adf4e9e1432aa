from tests.servers import postgres_server, redis_server, redis_url, sink

__all__ = ["postgres_server", "redis_server", "redis_url", "sink"]
