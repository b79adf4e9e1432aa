"""The ledger as the observer reads it.

GET /ledger?act=…&who=…&about=…&year=…&since=…&until=…&after=…    newest first, and whether the chain holds; as=csv, as=xlsx
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Flask, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from award_app import access, clock
from award_app.cycles import queries as cycle_queries
from award_app.domain.vocabulary import Action
from award_app.records import checking, listing, queries, words
from award_app.reports.lists.queries import Page
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
    asked = listing.asked(request.args, years.values())
    found = queries.visible_rows(person, asked.wanted)
    if asked.file:
        page = Page(found.lines, len(found.lines), len(found.lines))
        return as_file(asked.bar, page, listing.ledger_sheet(years), by=person, now=now)
    return render_template(
        "records/ledger.html",
        state=checking.state(person),
        asked=asked,
        rows=found,
        older=listing.written(found.older) if found.older else None,
        acts=sorted(((code, str(said)) for code, said in words.ACTS.items()), key=lambda one: one[1].casefold()),
        years=years,
        codes=queries.codes,
        words=words,
    )


def _navigation() -> Iterator[NavItem]:
    if signed_in_person() and access.may(viewer(), Action.SEE_LEDGER, now=clock.now()).allowed:
        yield NavItem(url_for("ledger.ledger"), _("Ledger"), request.endpoint == "ledger.ledger")


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    add_navigation(app, _navigation)
