"""Words of the public pages for what stands in the facts: groups of police, areas, titles of the award, notes.

The facts are in English, as they were printed. A fact without words here stays as it is, and the page says its language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from award_app.announcement.queries import PublicLaureate, PublicRunnerUp
from award_app.reference import laureates as facts
from award_app.reference.rubric import missions_in_french
from award_app.web import i18n
from award_app.web.moments import country_name

_GROUPS: Final = {
    "individual police officers": _l("Individual police officers"),
    "formed police units": _l("Formed police units"),
    "all police": _l("All UN police"),
    "heads of police components": _l("Heads of police components"),
    "seconded contracted posts headquarters": _l("Seconded contracted posts, headquarters"),
    "seconded contracted posts field": _l("Seconded contracted posts, field"),
    "seconded contracted posts field and headquarters": _l("Seconded contracted posts, both together"),
}
_TITLES: Final = {
    "International Female Police Peacekeeper Award": _l("International Female Police Peacekeeper Award"),
    "United Nations Female Police Officer of the Year": _l("United Nations Female Police Officer of the Year"),
    "United Nations Woman Police Officer of the Year": _l("United Nations Woman Police Officer of the Year"),
}
_AREAS: Final = {
    "Western Sahara": _l("Western Sahara"),
    "Abyei": _l("Abyei"),
    "Kosovo": _l("Kosovo"),
    "West Africa and the Sahel": _l("West Africa and the Sahel"),
    "Hudaydah, Yemen": _l("Hudaydah, Yemen"),
    "Darfur, Sudan": _l("Darfur, Sudan"),
}
_NOTES: Final = {
    "country name as printed that year": _l("Country name as printed that year"),
    "printed elsewhere as Chief Superintendent": _l("Printed elsewhere as Chief Superintendent"),
    "handed over on 29 May 2025; printed elsewhere as Chief Inspector": _l(
        "Handed over on 29 May 2025; printed elsewhere as Chief Inspector"
    ),
}
_SOURCES: Final = {"source document": _l("Source document"), "public record": _l("Public record")}
_DATES: Final = {"about 2018": _l("About 2018")}


def group(name: str) -> str:
    """A group without words is a mistake here: KeyError."""
    return str(_GROUPS[name])


def source(name: str) -> str:
    return str(_SOURCES[name])


def loose_date(text: str) -> str:
    """A date that is only told roughly; others stand as they are."""
    return str(_DATES.get(text, text))


def note(text: str) -> str:
    return str(_NOTES.get(text, text))


def award_title(one: PublicLaureate) -> str:
    """In the reader's language: the cycle's own words, or ours for the titles on record."""
    own = one.titles.get(i18n.language())
    return own if own and i18n.language() != "en" else _words(_TITLES, one.award_title)


def country(one: PublicLaureate | PublicRunnerUp) -> str:
    """English: as printed or published. Other languages: by its code."""
    if i18n.public_language() == "en" or not one.country_code:
        return country_name(one.country)
    return country_name(one.country_code)


def acronym(one: PublicLaureate | PublicRunnerUp) -> str:
    return one.mission_fr if i18n.language() == "fr" and one.mission_fr else one.mission


def mission_name(one: PublicLaureate) -> tuple[str, str]:
    """Its full name and the language it is in: in French where the facts have it."""
    known = missions_in_french().get(one.mission, {}) if i18n.language() == "fr" else {}
    return (known["name"], "fr") if known.get("name") else (one.mission_name, "en")


def area(name: str) -> str:
    """A country by its code in other languages; an area that is none by our own words."""
    code = _area_codes().get(name)
    if code and i18n.public_language() != "en":
        return country_name(code)
    return _words(_AREAS, name)


def best(texts: Mapping[str, str], lang: str) -> tuple[str, str]:
    """A text and its language: the reader's, else English, else whatever there is; empty where there is none."""
    for code in (lang, "en", *texts):
        if (texts.get(code) or "").strip():
            return str(texts[code]), code
    return "", lang


def in_language(code: str) -> str:
    """What a reader is told about a text that is not in the language of the page."""
    known = {"en": _("This text is in English."), "fr": _("This text is in French.")}
    return known.get(code, _("This text is in another language."))


def _words(known: Mapping[str, LazyString], text: str) -> str:
    return str(known[text]) if text in known else text


def _area_codes() -> dict[str, str]:
    return {mission.area: mission.country_code for mission in facts.missions().values()}
