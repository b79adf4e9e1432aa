"""After signing in one comes to a page of this service, whatever the address says."""

from __future__ import annotations

import pytest

from award_app.accounts.landing import local


@pytest.mark.parametrize("path", ["/home", "/cycles/2026?x=1#y", "/people/abc"])
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert local(path) == path


@pytest.mark.parametrize(
    "path",
    [
        # nothing, and what is no path
        None,
        "",
        "home",
        # another host, in every spelling browsers accept
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:/evil.example",
        "javascript:alert(1)",
        # control signs that browsers leave out
        "/\t/evil.example",
        "/\n/evil.example",
        "\x00/home",
        " /home",
        "/" + "a" * 600,
    ],
)
def test_everything_else_leads_to_the_start_page(path: str | None) -> None:
    assert local(path) is None
