"""What every answer tells the browser: nothing inline, nothing framed, nothing kept that is not public."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from flask import Flask, Response, request

# A page takes style, modules and pictures from this service, sends forms and the desk's own requests to it, and nothing
# else. What is not named here (fonts, media, frames, workers, manifests) falls under default-src.
OF_A_PAGE: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# A file, a feed or a picture: opened by itself it may do nothing at all.
OF_A_FILE: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
KEPT_BUT_ASKED: Final = "public, no-cache"  # a copy is given out only after asking whether it still stands
STRICT_TRANSPORT: Final = "max-age=63072000; includeSubDomains"


def secure_site(app: Flask) -> bool:
    """Whether people reach this service by https, whatever stands between them and this process."""
    return str(app.config.get("BASE_URL", "")).startswith("https://")


@cache
def of(*, page: bool, secure: bool) -> Mapping[str, str]:
    """The headers that guard an answer of this kind."""
    transport = {"Strict-Transport-Security": STRICT_TRANSPORT} if secure else {}
    return {**ALWAYS, "Content-Security-Policy": OF_A_PAGE if page else OF_A_FILE, **transport}


def _say_how_long_to_keep(response: Response) -> None:
    """Only a public page that was found may be kept; a pseudo-locale or an error never. No page says for how long: the
    time left would tell when something is released, and what is taken back must be gone at once."""
    if request.blueprint == "public" and response.status_code in (200, 302, 304) and not request.query_string:
        response.headers["Cache-Control"] = KEPT_BUT_ASKED
    else:
        response.headers["Cache-Control"] = "no-store"


def init_app(app: Flask) -> None:
    by_https = secure_site(app)

    def guard(response: Response) -> Response:
        page = response.mimetype in ("text/html", None)  # without a type there is nothing to be shown
        for name, value in of(page=page, secure=by_https or request.is_secure).items():
            response.headers.setdefault(name, value)
        _say_how_long_to_keep(response)
        return response

    app.after_request(guard)
