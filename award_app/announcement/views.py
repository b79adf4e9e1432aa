"""The public pages.

GET  /                            to the award, in English
GET  /<language>/                 the award: what it is, who can be nominated, how the year runs
GET  /<language>/laureates        all laureates, newest first
GET  /<language>/laureates/<year> one year
GET  /<language>/about            what Laurel is and is not
GET  /robots.txt

They know nobody, touch no session and run no query unless Laurel's own cycles have announced somebody.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from award_app.announcement import queries
from award_app.web import i18n
from award_app.web.templating import NavItem, add_navigation

bp = Blueprint("public", __name__)


@bp.get("/")
def root() -> AnyResponse:
    return redirect(url_for(".award", lang="en"))


@bp.get("/<language:lang>/")
def award(lang: str) -> str:
    record, _invented = queries.laureates()
    latest = [one for one in record if one.name][:3]  # without the years in which nobody received the award
    figures = [(_group_words(row.group), row) for row in queries.women_in_police()]
    return render_template("public/award.html", lang=lang, latest=latest, figures=figures)


@bp.get("/<language:lang>/laureates")
def laureates(lang: str) -> str:
    record, invented = queries.laureates()
    return render_template("public/laureates.html", lang=lang, record=record, invented=invented)


@bp.get("/<language:lang>/laureates/<int:year>")
def laureate(lang: str, year: int) -> str:
    found = queries.laureates_of(year)
    if not found:
        abort(404)
    years = sorted({one.year for group in queries.laureates() for one in group})
    place = years.index(year)
    before, after = years[place - 1] if place else None, years[place + 1] if place + 1 < len(years) else None
    return render_template("public/laureate.html", lang=lang, year=year, laureates=found, before=before, after=after)


@bp.get("/<language:lang>/about")
def about(lang: str) -> str:
    return render_template("public/about.html", lang=lang)


@bp.get("/robots.txt")
def robots() -> Response:
    allowed = "".join(f"Allow: /{code}/\n" for code in i18n.LANGUAGES)
    return Response(f"User-agent: *\n{allowed}Allow: /static/\nDisallow: /\n", mimetype="text/plain")


def _group_words(group: str) -> str:
    """The groups of the figures, in the reader's language. A group without words is a mistake here: KeyError."""
    return {
        "individual police officers": _("Individual police officers"),
        "formed police units": _("Formed police units"),
        "all police": _("All UN police"),
        "heads of police components": _("Heads of police components"),
        "seconded contracted posts headquarters": _("Seconded contracted posts, headquarters"),
        "seconded contracted posts field": _("Seconded contracted posts, field"),
        "seconded contracted posts field and headquarters": _("Seconded contracted posts, both together"),
    }[group]


def _navigation() -> Iterator[NavItem]:
    if i18n.signed_in_person():
        return
    lang = i18n.public_language()
    for endpoint, label, also in (
        ("public.award", _("The award"), ()),
        ("public.laureates", _("Laureates"), ("public.laureate",)),
        ("public.about", _("About Laurel"), ()),
    ):
        yield NavItem(url_for(endpoint, lang=lang), label, request.endpoint in (endpoint, *also))


bp.record_once(lambda state: add_navigation(state.app, _navigation))
