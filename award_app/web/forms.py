"""The base of every form: a token against forgery, and a key that makes a second sending harmless."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask import has_request_context, request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto as FromRequest
from markupsafe import Markup, escape
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import DateTimeLocalField, FileField, HiddenField
from wtforms.i18n import messages_path
from wtforms.widgets import core as widgets

from award_app import chance
from award_app.accounts.keeping import offering
from award_app.web import i18n

LONGEST_KEY = 100


def _short(key: Any) -> Any:
    """The key goes into an index: what no page of ours has made is cut to what fits."""
    return without_nul(key)[:LONGEST_KEY] if isinstance(key, str) else key


class _Words:
    """WTForms' own sentences. Flask-WTF would read their catalogue anew for every request."""

    def gettext(self, message: str) -> str:
        return str(_catalogue(i18n.babel_locale()).ugettext(message))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(_catalogue(i18n.babel_locale()).ungettext(singular, plural, n))


@lru_cache(maxsize=16)
def _catalogue(locale: str) -> NullTranslations:
    return Translations.load(messages_path(), [locale], domain="wtforms")


def attributes(**given: Any) -> Markup:
    """What WTForms' own `html_params` writes, without making three safe strings of each attribute: a score sheet has a
    hundred."""
    found = []
    for name, value in sorted(given.items()):
        if value is not False:
            key = widgets.clean_key(name)
            found.append(key if value is True else f'{key}="{str(escape(value)).replace(_QUOTE, "&quot;")}"')
    return Markup(" ".join(found))  # noqa: S704 - names are ours, values are escaped


_QUOTE = '"'
widgets.html_params = attributes
widgets.Input.html_params = staticmethod(attributes)


class Form(FlaskForm):  # type: ignore[misc]  # flask-wtf carries no types
    """`once` is filled with a fresh key when the page is shown. `boxes`: how names begin of what its page makes beside its
    fields."""

    boxes: tuple[str, ...] = ()
    once = HiddenField(default=chance.token, filters=[_short])

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, form: Any) -> Any:
            return _Words()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Files for file fields and texts for the others: no field meets what it is not made for. A page that is only
            looked at shows what its reader had sent too late, if there is such a form."""
            if (formdata is None or formdata is FromRequest) and has_request_context() and request.method == "GET":
                return offering.into(form)
            if formdata is not FromRequest:
                return formdata
            for_files = {field.name for field in form if isinstance(field, FileField)}
            files = [pair for pair in request.files.items(multi=True) if pair[0] in for_files]
            texts = [pair for pair in request.form.items(multi=True) if pair[0] not in for_files]
            return CombinedMultiDict((MultiDict(files), MultiDict(texts))) if files or texts else None


class Moment(DateTimeLocalField):  # type: ignore[misc]  # wtforms carries no types
    """An instant, typed and shown in UTC."""

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **more)

    def process_data(self, value: datetime | None) -> None:
        super().process_data(value.astimezone(UTC).replace(tzinfo=None) if value else None)

    @property
    def instant(self) -> datetime | None:
        return self.data.replace(tzinfo=UTC) if self.data else None


def without_nul(text: Any) -> Any:
    """A filter: PostgreSQL keeps no NUL, and nobody types one on purpose."""
    return text.replace("\x00", "") if isinstance(text, str) else text


def stripped(text: Any) -> Any:
    """A filter for single-line answers."""
    return without_nul(text).strip() if isinstance(text, str) else text
