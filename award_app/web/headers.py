"""What every answer tells the browser: nothing inline, nothing framed, nothing kept that is not public."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, current_app, request

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
PUBLIC_SECONDS: Final = 120  # a release is seen by everybody within this time
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
    """Only a public page that was found may be kept; a pseudo-locale or an error never. The demonstration's clock jumps."""
    if request.blueprint == "public" and response.status_code in (200, 302, 304) and not request.query_string:
        seconds = 0 if current_app.config.get("LAUREL_DEMO") else PUBLIC_SECONDS
        response.headers["Cache-Control"] = f"public, max-age={seconds}"
    else:
        response.headers["Cache-Control"] = "no-store"


def init_app(app: Flask) -> None:
    app.after_request(_guard)
