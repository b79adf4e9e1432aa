"""The base of every form: a token against forgery, and a key that makes a second sending harmless."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField

from award_app import chance

LONGEST_KEY = 100


def _short(key: Any) -> Any:
    """The key goes into an index: what no page of ours has made is cut to what fits."""
    return without_nul(key)[:LONGEST_KEY] if isinstance(key, str) else key


class Form(FlaskForm):  # type: ignore[misc]  # flask-wtf carries no types
    """`once` is filled with a fresh key when the page is shown."""

    once = HiddenField(default=chance.token, filters=[_short])


def without_nul(text: Any) -> Any:
    """A filter: PostgreSQL keeps no NUL, and nobody types one on purpose."""
    return text.replace("\x00", "") if isinstance(text, str) else text


def stripped(text: Any) -> Any:
    """A filter for single-line answers."""
    return without_nul(text).strip() if isinstance(text, str) else text
