"""Without DATABASE_URL the service comes up with the demonstration, once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.service import running_service

pytestmark = pytest.mark.processes


def test_it_loads_the_demonstration_and_prints_its_accounts_also_at_the_second_start(tmp_path: Path) -> None:
    var = tmp_path / "var"
    with running_service(var) as service:
        accounts = json.loads((var / "demo-accounts.json").read_text())
        printed = [[account["role"], account["email"], account["password"]] for account in accounts]
        assert [line for line in _table(service.printed) if line in printed] == printed
    with running_service(var) as service:
        assert json.loads((var / "demo-accounts.json").read_text()) == accounts
        assert [line for line in _table(service.printed) if line in printed] == printed


def _table(printed: str) -> list[list[str]]:
    """Columns are two spaces apart; a role may be two words."""
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in printed.splitlines()]
