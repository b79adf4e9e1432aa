"""GET /.well-known/security.txt: whom to tell about a weakness (RFC 9116). Without SECURITY_CONTACT there is none."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, abort, current_app

from award_app import clock

bp = Blueprint("well_known", __name__, url_prefix="/.well-known")
HOLDS_FOR: Final = timedelta(days=180)  # the RFC advises less than a year; each answer counts anew


@bp.get("/security.txt")
def security() -> Response:
    contact = str(current_app.config["SECURITY_CONTACT"]).strip()
    if not contact:
        abort(404)
    expires = (clock.now() + HOLDS_FOR).replace(hour=0, minute=0, second=0)
    lines = (
        f"Contact: {_address(contact)}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, fr",
        f"Canonical: {str(current_app.config['BASE_URL']).rstrip('/')}/.well-known/security.txt",
    )
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")


def _address(contact: str) -> str:
    """The RFC wants an address of the web, of mail or of a telephone."""
    return contact if contact.startswith(("https://", "mailto:", "tel:")) else f"mailto:{contact}"
