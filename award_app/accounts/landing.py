"""Where to go after signing in: only to pages of this service."""

from __future__ import annotations

from urllib.parse import urlsplit


def local(path: str | None) -> str | None:
    """`path` where it names a page here, else None. Browsers read a backslash as a slash and skip control signs."""
    if not path or not path.startswith("/") or path.startswith("//") or len(path) > 500:
        return None
    if "\\" in path or any(ord(sign) < 33 or ord(sign) == 127 for sign in path):
        return None
    try:
        parts = urlsplit(path)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else path
