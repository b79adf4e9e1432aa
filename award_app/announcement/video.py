"""A link to a video about the laureate: shown as a link with its host named, never embedded."""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST = 500


def host(url: str) -> str:
    """The host in ASCII, so that none can pass for another; empty for what is no plain https address."""
    if len(url) > LONGEST or any(sign.isspace() or not sign.isprintable() for sign in url):
        return ""
    try:
        parts = urlsplit(url)
        name = (parts.hostname or "").encode("idna").decode("ascii")
        fits = parts.scheme == "https" and "." in name and not parts.username and parts.port in (None, 443)
    except (ValueError, UnicodeError):
        return ""
    return name if fits and "\\" not in url and "@" not in parts.netloc else ""
