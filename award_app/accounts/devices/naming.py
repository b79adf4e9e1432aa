"""A browser as its owner would call it. What it says of itself is only looked at, never kept."""

from __future__ import annotations

from typing import Final

# The first that is found in what the browser says: the later ones are named by nearly all of them.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
BETWEEN: Final = " / "


def browser(says: str) -> str:
    """ "Firefox / Android"; one of the two where the other is not known; empty where neither is."""
    found = (_first(_BROWSERS, says), _first(_SYSTEMS, says))
    return BETWEEN.join(one for one in found if one)


def _first(known: tuple[tuple[str, str], ...], says: str) -> str:
    return next((name for sign, name in known if sign in says), "")
