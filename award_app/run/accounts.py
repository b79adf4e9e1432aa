"""The demonstration's accounts as `flask demo` left them, for the person who has just started it."""

from __future__ import annotations

import json
from pathlib import Path

FILE = "demo-accounts.json"


def lines(var: Path) -> list[str]:
    """One aligned line per account: role, address, password. Empty where no demonstration was loaded."""
    path = var / FILE
    if not path.exists():
        return []
    rows = [(str(a["role"]), str(a["email"]), str(a["password"])) for a in json.loads(path.read_text())]
    role, email = (max((len(row[i]) for row in rows), default=0) for i in (0, 1))
    return [f"  {row[0]:<{role}}  {row[1]:<{email}}  {row[2]}" for row in rows]
