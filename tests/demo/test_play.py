"""A whole year through the operations, on a database that is not there yet."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import fresh_database

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = {
    "nominations": 23,
    "screened_out": 2,
    "recusals": 10,
    "scores": 822,  # 21 files x 7 members less 10 recusals, on 6 criteria each
    "laureate": "Mehjabin Afroza Talukderani",
    "runners_up": ["Akosua Boatemaa-Frimpomaa", "Maëlys Lascombelle"],
    "letters": {"sent": 197},  # 20 of them the call, to the people of eight missions
    "ledger": "ok",
}


def flask(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environ},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.processes
def test_on_a_missing_file_and_again_on_what_it_left(tmp_path: Path) -> None:
    played = flask("demo", "--play", VAR_DIR=str(tmp_path / "var"))
    assert played.returncode == 0, played.stderr
    assert json.loads(played.stdout.splitlines()[-1]) == EXPECTED
    again = flask("demo", "--play", VAR_DIR=str(tmp_path / "var"))
    assert (again.returncode, again.stdout) == (2, "")
    assert "has content" in again.stderr


@pytest.mark.served
@pytest.mark.processes
def test_on_an_empty_postgresql_without_any_key(postgres_server: str, tmp_path: Path) -> None:
    with fresh_database(postgres_server) as url:
        played = flask("demo", "--play", VAR_DIR=str(tmp_path / "var"), DATABASE_URL=url)
    assert played.returncode == 0, played.stderr
    assert json.loads(played.stdout.splitlines()[-1]) == EXPECTED
