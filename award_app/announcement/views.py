"""The public pages.

GET  /                            to the award, in the language the browser asks for
GET  /<language>/                 the award: what it is, who can be nominated, how the year runs
GET  /<language>/laureates        all laureates, newest first; with ?name, ?year, ?country, ?mission those that fit
GET  /<language>/laureates/<year> one year
GET  /<language>/laureates/<year>/portrait.jpg  her portrait
GET  /<language>/figures          women in UN police: pictures and their tables
GET  /<language>/feed.xml         released announcements as an Atom feed
GET  /<language>/about            what Laurel is and is not
GET  /robots.txt
GET  /sitemap.xml                 every public page in each language, and each laureate of the record

They know nobody, touch no session, and read what is public from the edition of the moment (announcement/editions.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from award_app.announcement import archive, editions, feed, figures, queries, structured, video, words
from award_app.announcement import portrait as portraits
from award_app.announcement.queries import PublicLaureate
from award_app.web import i18n
from award_app.web.templating import NavItem, add_navigation

bp = Blueprint("public", __name__)


@bp.get("/")
def root() -> AnyResponse:
    answer = redirect(url_for(".award", lang=i18n.public_language()))
    answer.vary.add("Accept-Language")
    return answer


@bp.get("/<language:lang>/")
def award(lang: str) -> str:
    record = editions.current().record
    latest = [one for one in record if one.name][:3]  # without the years in which nobody received the award
    rows = [(words.group(row.group), row) for row in queries.women_in_police()]
    return render_template("public/award.html", lang=lang, latest=latest, figures=rows)


@bp.get("/<language:lang>/laureates")
def laureates(lang: str) -> str:
    everybody, wanted = editions.current().everybody, archive.Wanted.read(request.args)
    page = archive.search(everybody, wanted, request.args.get("page", ""))
    countries = sorted({(words.country(one), archive.place_of(one)) for one in everybody if one.name})
    missions = sorted({(words.acronym(one), one.mission) for one in everybody if one.mission})
    return render_template(
        "public/laureates.html", lang=lang, page=page, wanted=wanted, countries=countries, missions=missions
    )


@bp.get("/<language:lang>/laureates/<int:year>")
def laureate(lang: str, year: int) -> str:
    edition = editions.current()
    found = edition.of(year)
    if not found:
        abort(404)
    years = sorted({one.year for one in edition.everybody})
    place = years.index(year)
    before, after = years[place - 1] if place else None, years[place + 1] if place + 1 < len(years) else None
    return render_template("public/laureate.html", lang=lang, year=year, laureates=found, before=before, after=after)


@bp.get("/<language:lang>/laureates/<int:year>/portrait.jpg")
def portrait(lang: str, year: int) -> Response:  # noqa: ARG001 - the address names a language like every public one
    """From the release on, and as long as it stands: the edition knows of no other."""
    shown = [one.portrait for one in editions.current().of(year) if one.portrait]
    if not shown:
        abort(404)
    return Response(portraits.content(shown[0]), mimetype="image/jpeg")


@bp.get("/<language:lang>/figures")
def women(lang: str) -> str:
    return render_template("public/figures.html", lang=lang, panels=figures.panels(), chart=figures)


@bp.get("/<language:lang>/feed.xml")
def atom(lang: str) -> Response:
    announced = editions.current().announced
    base = str(current_app.config["BASE_URL"])
    title = _("Laurel: announcements of the award")
    text = render_template("public/feed.xml", lang=lang, announced=announced, base=base, feed=feed, title=title)
    return Response(feed.legal(text), mimetype="application/atom+xml")


@bp.get("/<language:lang>/about")
def about(lang: str) -> str:
    return render_template("public/about.html", lang=lang)


@bp.get("/robots.txt")
def robots() -> Response:
    allowed = "".join(f"Allow: /{code}/\n" for code in i18n.LANGUAGES)
    where = f"Sitemap: {structured.absolute('public.sitemap')}\n"
    return Response(f"User-agent: *\n{allowed}Allow: /static/\nDisallow: /\n{where}", mimetype="text/plain")


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """Of the record as it stands at this moment: a laureate is here from her release on, and nobody invented is."""
    fixed: list[tuple[str, dict[str, int]]] = [
        (endpoint, {}) for endpoint in ("award", "laureates", "women", "about", "terms")
    ]
    years = sorted({one.year for one in editions.current().record})
    pages = [*fixed, *(("laureate", {"year": year}) for year in years)]
    text = render_template("public/sitemap.xml", pages=pages, languages=i18n.LANGUAGES)
    return Response(text, mimetype="application/xml")


def _in_short(one: PublicLaureate, lang: str) -> str:
    """One sentence about a laureate, for those who show a link to her page: her citation, or what is known."""
    citation, _language = words.best(one.citations, lang)
    return citation or one.citation or structured.sentence(one)


def _navigation() -> Iterator[NavItem]:
    if i18n.signed_in_person():
        return
    lang = i18n.public_language()
    for endpoint, label, also in (
        ("public.award", _("The award"), ()),
        ("public.laureates", _("Laureates"), ("public.laureate",)),
        ("public.women", _("Figures"), ()),
        ("public.about", _("About Laurel"), ()),
    ):
        yield NavItem(url_for(endpoint, lang=lang), label, request.endpoint in (endpoint, *also))


@bp.app_context_processor
def _speak_about_laureates() -> dict[str, object]:
    """What the public templates call by name, on their own pages and where they are shown before the release."""
    if request.blueprint not in ("public", "announcements"):
        return {}
    return {"about_her": words, "in_short": _in_short, "absolute": structured.absolute, "video_host": video.host}


bp.record_once(lambda state: add_navigation(state.app, _navigation))
