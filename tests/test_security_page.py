"""docs/security.md names for each requirement a check that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/security.md").read_text()
# The requirements of ASVS 5.0 that matter most here, by hand.
REQUIRED = re.findall(
    r"[\d.]+",
    """
1.2.1 1.2.4 1.2.10 1.3.1 1.3.6 1.3.7 1.3.11 2.2.2 2.2.3 2.3.1 2.3.2 2.3.3 2.3.4 2.3.5 2.4.1 3.2.1 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1
3.4.3 3.4.4 3.4.5 3.4.6 3.4.8 3.5.1 3.5.3 3.5.7 3.7.2 4.1.3 4.1.4 5.1.1 5.2.1 5.2.2 5.2.3 5.2.4 5.2.6 5.3.2 5.4.1 5.4.2 6.1.1 6.3.1
6.2.1 6.2.4 6.2.9 6.3.3 6.3.8 6.4.1 6.4.3 6.4.6 6.5.1 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.4.5 7.5.1 7.5.3 8.1.1 8.1.2 8.2.1
8.2.2 8.2.3 8.3.1 8.3.2 8.4.1 11.4.2 11.5.1 13.3.1 13.4.1 13.4.2 13.4.5 14.2.1 14.2.2 14.3.2 14.2.6 14.2.7 14.2.8 15.2.2 15.3.1
15.3.3 15.4.2 15.4.3 16.2.2 16.2.5 16.3.2 16.4.1 16.4.2 16.4.3 16.5.1 16.5.3
""",
)
ROWS = [line.split("|") for line in PAGE.splitlines() if re.match(r"\| \d+\.\d+\.\d+", line)]


def test_every_requirement_stands_there_once() -> None:
    assert sorted(id_ for row in ROWS for id_ in re.findall(r"\d+\.\d+\.\d+", row[1])) == sorted(REQUIRED)


def test_every_line_names_a_check_that_exists() -> None:
    missing, bare = [], []
    for row in ROWS:
        named = re.findall(r"(?:tests|docs)/[\w/]+\.(?:py|md)(?:::\w+)*", row[3])
        if not named and "this page" not in row[3]:
            bare.append(row[1].strip())
        missing += [name for name in named if not _exists(name)]
    assert (missing, bare) == ([], [])


def _exists(name: str) -> bool:
    path, *parts = name.split("::")
    if not (ROOT / path).is_file():
        return False
    found = (
        {node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if hasattr(node, "name")}
        if parts
        else set()
    )
    return set(parts) <= found
