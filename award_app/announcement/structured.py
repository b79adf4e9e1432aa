"""What machines read about a public page: its one address, its languages, and a sentence for a preview."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from award_app.announcement import words
from award_app.announcement.queries import PublicLaureate


def absolute(endpoint: str, **values: Any) -> str:
    """The address of a public page under BASE_URL, whatever host this request came by."""
    return str(current_app.config["BASE_URL"]).rstrip("/") + url_for(endpoint, **values)


def sentence(one: PublicLaureate) -> str:
    if not one.name:
        return _("Nobody received the award that year.")
    return _(
        "%(name)s of %(country)s received the award of %(year)s for her service in %(mission)s.",
        name=one.name,
        country=words.country(one),
        year=one.year,
        mission=words.acronym(one),
    )
