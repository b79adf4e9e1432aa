"""A browser as its owner would call it."""

from __future__ import annotations

import pytest

from award_app.accounts.devices import naming

SAYS = [
    ("Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0", "Firefox / Android"),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5"
        " Mobile/15E148 Safari/604.1",
        "Safari / iPhone",
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0"
        " Safari/537.36 Edg/129.0",
        "Edge / Windows",
    ),
    (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0"
        " Mobile Safari/537.36",
        "Samsung Internet / Android",
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Safari/537.36",
        "Chrome / Linux",
    ),
    # A tool names no system, a stranger nothing we know: what it says of itself is never repeated.
    ("curl/8.5.0", ""),
    ("<script>alert(1)</script>", ""),
    ("", ""),
]


@pytest.mark.parametrize(("says", "name"), SAYS)
def test_a_browser_is_named_as_people_name_it(says: str, name: str) -> None:
    assert naming.browser(says) == name
