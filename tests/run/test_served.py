"""The same code on PostgreSQL, Redis and a mail server: nothing embedded, nothing of the demonstration."""

from __future__ import annotations

from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.servers import fresh_database
from tests.service import Service, running_service
from tests.smtp import Sink

pytestmark = [pytest.mark.served, pytest.mark.processes]


def test_it_serves_with_everything_given(postgres_server: str, redis_url: str, sink: Sink, tmp_path: Path) -> None:
    with fresh_database(postgres_server) as database_url:
        given = {
            "DATABASE_URL": database_url.replace("postgresql+psycopg://", "postgresql://"),
            "REDIS_URL": redis_url,
            "SMTP_URL": sink.url,
            "SECRET_KEY": "s" * 40,
            "LEDGER_KEY": "l" * 40,
            "TRUSTED_HOSTS": "award.example",
        }
        with running_service(tmp_path / "var", 60, **given) as service:
            commands = " ".join(service.processes().values())
            assert [name for name in ("valkey", "award_app.run.sink") if name in commands] == []
            assert _status(service, "/health", "award.example") == 200
            assert _status(service, "/en/laureates", "award.example") == 200
            assert _status(service, "/en/laureates", "elsewhere.example") == 400
            assert _status(service, "/demo/mailbox", "award.example") == 404
            assert "accounts" not in service.printed


def _status(service: Service, path: str, host: str) -> int:
    line = HTTPConnection("127.0.0.1", service.port, timeout=10)
    try:
        line.request("GET", path, headers={"Host": host})
        return line.getresponse().status
    finally:
        line.close()
