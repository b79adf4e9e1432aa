"""How a password is kept where it is served: these tests hash cheaply, see tests/conftest.py."""

from __future__ import annotations

import subprocess
import sys

import config


def test_a_guess_costs_what_rfc_9106_asks_for() -> None:
    """Argon2id, version 1.3: 64 MiB, three passes, four lanes."""
    hashed = "from award_app.accounts import passwords; print(passwords.hash_of('a laurel by the harbour'))"
    printed = subprocess.run(
        [sys.executable, "-c", hashed], cwd=config.ROOT, capture_output=True, text=True, check=True
    )
    assert printed.stdout.rpartition("p=4$")[0] == "$argon2id$v=19$m=65536,t=3,"
