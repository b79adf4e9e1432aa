"""GET /<language>/terms-and-privacy: what everybody agrees to who works here, and what is kept of whom, for how long.

It stands with the public pages: one reads it before one has an account.
"""

from __future__ import annotations

from flask import render_template

from award_app.announcement.views import bp as bp


@bp.get("/<language:lang>/terms-and-privacy")
def terms(lang: str) -> str:
    return render_template("public/terms.html", lang=lang)
