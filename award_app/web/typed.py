"""What somebody had typed into a form that was refused as a whole, so that the page that says so can give it back."""

from __future__ import annotations

from typing import Final

from flask import request

SHORTEST: Final = 20  # characters; a choice, a number or a name is quickly typed again
_NEVER: Final = frozenset({"csrf_token", "once", "operation_id"})
_SECRET: Final = frozenset({"current", "code", "recovery", "credential"})


def texts() -> list[str]:
    """Only of a form of our own pages: a stranger's page must not put its words on ours.

    A body that was not read before stays unread: it may be what is wrong.
    """
    if request.method != "POST" or "form" not in request.__dict__ or not _is_ours():
        return []
    return [
        text.strip()
        for name, text in request.form.items(multi=True)
        if len(text.strip()) >= SHORTEST and not is_secret(name) and not name.startswith("seen")
    ]


def is_secret(name: str) -> bool:
    """Whether a field of this name is a password, a code or a token, which is never given back nor kept."""
    return name in _NEVER or name in _SECRET or "password" in name


def _is_ours() -> bool:
    """Every browser says with a POST which site it comes from."""
    return request.origin is not None and request.origin == request.host_url.rstrip("/")
