"""The ledger as the observer reads it.

GET /ledger?act=…&year=…&page=…    rows newest first, and whether the chain holds
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from flask import Blueprint, Flask, render_template, request, url_for
from flask_babel import gettext as _

from award_app import access, audit, clock
from award_app.cycles import queries as cycle_queries
from award_app.domain.vocabulary import Action
from award_app.records import queries
from award_app.web.guard import guarded, viewer
from award_app.web.i18n import signed_in_person
from award_app.web.templating import NavItem, add_navigation

bp = Blueprint("ledger", __name__)
_LAST_PAGE: Final = 100_000


@bp.get("/ledger")
@guarded(Action.SEE_LEDGER)
def ledger() -> str:
    access.require(viewer(), Action.SEE_LEDGER, now=clock.now())
    act, page = request.args.get("act", ""), _number("page") or 1
    cycles = cycle_queries.every()
    year = _number("year")
    known = queries.acts(viewer())
    cycle = next((c for c in cycles if c.award_year == year), None)
    found = queries.visible_rows(viewer(), act=act if act in known else "", cycle=cycle, page=page)
    kept: dict[str, Any] = {"act": act or None, "year": year or None}
    return render_template(
        "records/ledger.html",
        verdict=audit.verify(),
        rows=found.rows,
        codes=queries.codes,
        acts=known,
        cycles=cycles,
        years={c.id: c.award_year for c in cycles},
        chosen_act=act,
        chosen_year=year,
        newer=(url_for(".ledger", page=page - 1, **kept), _("Newer rows")) if page > 1 else None,
        older=(url_for(".ledger", page=page + 1, **kept), _("Older rows")) if found.has_more else None,
    )


def _number(name: str) -> int:
    """0 for what is no number, or too long to be one."""
    text = request.args.get(name, "")
    return min(int(text), _LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _navigation() -> Iterator[NavItem]:
    if signed_in_person() and access.may(viewer(), Action.SEE_LEDGER, now=clock.now()).allowed:
        yield NavItem(url_for("ledger.ledger"), _("Ledger"), request.endpoint == "ledger.ledger")


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    add_navigation(app, _navigation)
