"""The ledger as the observer reads it.

GET /ledger?q=…&act=…&year=…&page=…    rows newest first, and whether the chain holds; as=csv, as=xlsx
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask_babel import gettext as _

from award_app import access, audit, clock
from award_app.cycles import queries as cycle_queries
from award_app.domain.vocabulary import Action
from award_app.records import listing, queries
from award_app.reports.lists.views import as_file
from award_app.web.guard import guarded, viewer
from award_app.web.i18n import signed_in_person
from award_app.web.templating import NavItem, add_navigation

bp = Blueprint("ledger", __name__)


@bp.get("/ledger")
@guarded(Action.SEE_LEDGER)
def ledger() -> str | Response:
    person, now = viewer(), clock.now()
    access.require(person, Action.SEE_LEDGER, now=now)
    years = {cycle.id: cycle.award_year for cycle in cycle_queries.every()}
    asked = listing.ledger_bar(request.args, queries.acts(person), years.values())
    page = queries.visible_rows(person, asked.wanted)
    if asked.file:
        return as_file(asked, page, listing.ledger_sheet(years), by=person, now=now)
    return render_template(
        "records/ledger.html", verdict=audit.verify(), bar=asked, page=page, codes=queries.codes, years=years
    )


def _navigation() -> Iterator[NavItem]:
    if signed_in_person() and access.may(viewer(), Action.SEE_LEDGER, now=clock.now()).allowed:
        yield NavItem(url_for("ledger.ledger"), _("Ledger"), request.endpoint == "ledger.ledger")


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    add_navigation(app, _navigation)
