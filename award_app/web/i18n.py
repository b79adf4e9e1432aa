"""Which language and which time zone a page speaks, and the pseudo-locale that shows what was not translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, available_timezones

import flask_babel
from babel.support import NullTranslations
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, Domain
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.routing import BaseConverter

from award_app.reference.laureates import missions
from award_app.reference.rubric import missions_in_french

LANGUAGES: Final = {"en": "English", "fr": "Français"}
"""What pages can be read in: code in the address -> its own name. A language joins when its catalogue does."""

PSEUDO: Final = "en-XA"
_LOCALES: Final = {"en": "en_GB"}  # the interface is written in British English: dates and country names follow
_RIGHT_TO_LEFT: Final = frozenset({"ar"})
_ACCENTED: Final = str.maketrans("aceginosuyzACEGINOSUYZ", "áçéğïñöşüýžÁÇÉĞÏÑÖŞÜÝŽ")
_KEPT: Final = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]+>|&\w+;)")


def mark(text: str) -> str:
    """`text` as the pseudo-locale shows it. Placeholders, tags and entities stay as they are."""
    if not text:
        return text
    parts = _KEPT.split(text)
    return "⟦" + "".join(part if i % 2 else part.translate(_ACCENTED) for i, part in enumerate(parts)) + "⟧"


class PseudoTranslations(NullTranslations):
    """Answers every message with itself, marked."""

    def gettext(self, message: str) -> str:
        return mark(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return mark(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return mark(message)

    def npgettext(self, context: str, singular: str, plural: str, num: int) -> str:
        return mark(singular if num == 1 else plural)

    ugettext = gettext  # the names Flask-Babel asks by
    ungettext = ngettext
    upgettext = pgettext
    unpgettext = npgettext


class Messages(Domain):
    pseudo = PseudoTranslations()

    def get_translations(self) -> Any:
        """Found once for a request: a page asks dozens of times, and Flask-Babel goes a long way for each."""
        found = g.get("translations") if g else None
        if found is None:
            found = self._found()
            if g:
                g.translations = found
        return found

    def _found(self) -> Any:
        if language() == PSEUDO:
            return self.pseudo
        return super().get_translations()  # type: ignore[no-untyped-call]  # flask-babel is half typed


class Languages(Babel):
    @cached_property
    def domain_instance(self) -> Messages:
        return Messages(domain=self.domain)  # type: ignore[no-untyped-call]  # flask-babel is half typed


class LanguageConverter(BaseConverter):
    """`<language:lang>` in an address: only languages there are, so `/xx/` is no page."""

    regex = "[a-z]{2}"

    def to_python(self, value: str) -> str:
        if value not in LANGUAGES:
            from werkzeug.routing import ValidationError

            raise ValidationError
        return value


def on_public_page() -> bool:
    """Public pages name their language in the address, know nobody, and may be kept by caches."""
    return has_request_context() and request.blueprint == "public"


def signed_in_person() -> Any:
    """The person behind this request, or None. Never anybody on a public page: those may be cached.

    Nor on the page that says something broke (`g.nobody`): what broke may be what knows people.
    """
    if not has_request_context() or on_public_page() or g.get("nobody"):
        return None
    # Flask-Login keeps whom it has found here; the way through its proxy is long, and a page asks twenty times.
    person: Any = g.get("_login_user") or current_user._get_current_object()
    return person if person.is_authenticated else None


def language() -> str:
    """The code of the language in use: one of LANGUAGES, or the pseudo-locale."""
    code: str | None = g.get("language")
    if code is None:
        code = g.language = _choose()
    return code


def public_language() -> str:
    """The language in use as public addresses name it: they know no pseudo-locale."""
    return language() if language() in LANGUAGES else "en"


def _choose() -> str:
    if not has_request_context():
        return "en"
    if current_app.config.get("PSEUDO_LOCALE") and request.args.get("locale") == PSEUDO:
        return PSEUDO
    wanted = (request.view_args or {}).get("lang") or getattr(signed_in_person(), "locale", None)
    if wanted and _offered(str(wanted)):
        return str(wanted)
    asked = (code.split("-")[0].lower() for code, quality in request.accept_languages if quality)
    return next((code for code in asked if code in LANGUAGES), "en")


def _offered(code: str) -> bool:
    return code in LANGUAGES or (code == PSEUDO and bool(current_app.config.get("PSEUDO_LOCALE")))


def prefer(code: str) -> None:
    """For the rest of this request, speak to somebody who is not signed in as the letter did that brought her here."""
    if language() != PSEUDO and signed_in_person() is None and _offered(code):
        _switch(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak another language for a while, for a letter to somebody else. Codes not offered become English."""
    before = g.get("language")
    _switch(code if _offered(code) else "en")
    try:
        yield
    finally:
        _switch(before)


def _switch(code: str | None) -> None:
    """Speak `code` from now on; None: choose anew. What the one context spoke must not linger with Flask-Babel."""
    g.language = code
    g.translations = g.zone = g.said = None
    flask_babel.refresh()


def mission_acronym(acronym: str) -> str:
    """A mission's acronym as the reader's language writes it: UNMISS is MINUSS in French."""
    fact = missions().get(acronym) if language() == "fr" else None
    return fact.acronym_fr or acronym if fact else acronym


def mission_fact(acronym: str, what: Literal["name", "area"], english: str) -> str:
    """A mission's name or area in the reader's language; English where another is not known."""
    return missions_in_french().get(acronym, {}).get(what, english) if language() == "fr" else english


def direction() -> str:
    return "rtl" if language() in _RIGHT_TO_LEFT else "ltr"


def babel_locale() -> str:
    """The name Babel knows the language by."""
    return _locale_of(language())


@cache  # a page of results asks four hundred times
def _locale_of(code: str) -> str:
    return _LOCALES.get(code.split("-")[0], code)


def zone() -> ZoneInfo:
    """The viewer's time zone: the person's own, else UTC."""
    found: ZoneInfo | None = g.get("zone")
    if found is None:
        name = getattr(signed_in_person(), "timezone", None) or "UTC"
        found = g.zone = ZoneInfo(name if name in _zones() else "UTC")
    return found


def _zones() -> frozenset[str]:
    if "time_zones" not in current_app.extensions:
        current_app.extensions["time_zones"] = frozenset(available_timezones())
    zones: frozenset[str] = current_app.extensions["time_zones"]
    return zones


def _forget() -> None:
    """A test may hold one application context over several requests; what the last one spoke is not for the next."""
    _switch(None)


def _catalogue() -> Any:
    """The catalogue of this request, found once: a page asks for it dozens of times."""
    found = g.get("translations")
    if found is None:
        found = g.translations = flask_babel.get_translations()
    return found


@pass_eval_context
def _in_template(evaluation: EvalContext, message: str, /, **values: Any) -> str:
    """What Jinja's own `_` does, without asking the template's context three times for each of a hundred words."""
    said = _catalogue().gettext(message)
    words: str = Markup(said) if evaluation.autoescape else said  # noqa: S704 - from our catalogues, as Jinja does
    return words % values


_SAID: Final[dict[str, dict[str, Markup]]] = {}  # by language: only what stands in templates, so it does not grow


def said(message: str) -> Markup:
    """What `{{ _(message) }}` writes where no values go with it."""
    known: dict[str, Markup] | None = g.get("said")
    if known is None:
        known = g.said = _SAID.setdefault(language(), {})
    found = known.get(message)
    if found is None:
        found = known[message] = Markup(_catalogue().gettext(message)) % {}  # noqa: S704 - from our catalogues
    return found


def init_app(app: Flask) -> None:
    app.url_map.converters["language"] = LanguageConverter
    babel: Any = Languages()  # type: ignore[no-untyped-call]  # flask-babel is half typed
    babel.init_app(app, default_locale="en_GB", locale_selector=babel_locale, timezone_selector=lambda: zone().key)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # comes with the extension Babel adds
        gettext=lambda s: _catalogue().gettext(s),
        ngettext=lambda s, p, n: _catalogue().ngettext(s, p, n),
        pgettext=lambda c, s: _catalogue().pgettext(c, s),
        npgettext=lambda c, s, p, n: _catalogue().npgettext(c, s, p, n),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _in_template
    app.jinja_env.filters["mission_acronym"] = mission_acronym
    app.jinja_env.globals["mission_fact"] = mission_fact
    app.before_request(_forget)
