"""What every answer tells the browser: nothing inline, nothing framed, nothing kept that is not public."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

ALWAYS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
KEPT_BUT_ASKED: Final = "public, no-cache"  # a copy is given out only after asking whether it still stands
STRICT_TRANSPORT: Final = "max-age=63072000; includeSubDomains"


def _guard(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
    if request.endpoint != "static":
        _say_how_long_to_keep(response)
    return response


def _say_how_long_to_keep(response: Response) -> None:
    """Only a public page that was found may be kept; a pseudo-locale or an error never. No page says for how long: the
    time left would tell when something is released, and what is taken back must be gone at once."""
    if request.blueprint == "public" and response.status_code in (200, 302, 304) and not request.query_string:
        response.headers["Cache-Control"] = KEPT_BUT_ASKED
    else:
        response.headers["Cache-Control"] = "no-store"


def init_app(app: Flask) -> None:
    app.after_request(_guard)
