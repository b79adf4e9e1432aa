"""A kept form is offered again on its page, in its fields: read by the base of every form, while the page is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, has_request_context, request
from werkzeug.datastructures import MultiDict

from award_app.accounts.keeping import queries
from award_app.accounts.keeping.models import KeptForm

BUTTONS = frozenset(
    {"go", "then", "send", "sure", "change", "active", "device", "kept"}
)  # and what a page fills in itself
_NOT_TYPED = {"HiddenField", "SeenField", "CSRFTokenField", "PasswordField", "FileField", "SubmitField"}


@dataclass(frozen=True)
class Note:
    """What the page says about it. `texts`: for copying, where the page has no form any more that it fits into."""

    number: int
    at: datetime
    texts: tuple[str, ...]


def here() -> KeptForm | None:
    """The form that waits for this page's reader. It is asked for only where the session says that something waits."""
    person_id = g.get("keeps") if has_request_context() and request.method == "GET" else None
    if person_id is None:
        return None
    if "kept_here" not in g:
        g.kept_here = queries.newest(person_id, request.path)
    kept: KeptForm | None = g.kept_here
    return kept


def names() -> list[str]:
    """Of the fields that wait: a page makes rows for them."""
    kept = here()
    return [name for name, _value in kept.fields] if kept else []


def into(form: Any) -> MultiDict[str, str] | None:
    """What this form held, where it is the one: most of what was typed has its place in it."""
    kept = here()
    if kept is None:
        return None
    typed = {name for name, value in _typed(kept)}
    places = {field.name for field in form if field.type not in _NOT_TYPED}
    lists = tuple(f"{field.name}-" for field in form if field.type == "FieldList") + form.boxes
    fitting = {name for name in typed if name in places or (lists and name.startswith(lists))}
    if not fitting or len(fitting) * 2 <= len(typed):
        return None
    g.kept_shown = True
    return MultiDict((name, value) for name, value in kept.fields)


def boxes(prefix: str) -> dict[str, str]:
    """What was typed into boxes that a page makes by itself, beside its form: their names without `prefix`, and texts."""
    kept = here()
    sent = kept.fields if kept else ()
    found = {name.removeprefix(prefix): text for name, text in sent if name.startswith(prefix) and text.strip()}
    if found:
        g.kept_shown = True
    return found


def mark(name: str) -> str:
    """What the page had said of itself in a hidden field when that form was filled in; "" where nothing waits."""
    kept = here()
    return next((value for of, value in kept.fields if of == name), "") if kept else ""


def note() -> Note | None:
    """For the page's head; nothing on a page for which nothing waits."""
    kept = here()
    if kept is None:
        return None
    shown = g.get("kept_shown", False)
    texts = () if shown else tuple(value.strip() for _name, value in _typed(kept) if value.strip())
    return Note(kept.id, kept.at, texts)


def _typed(kept: KeptForm) -> Iterator[tuple[str, str]]:
    """Without buttons and what the page itself wrote into the form."""
    for name, value in kept.fields:
        if name not in BUTTONS and not name.startswith("seen") and name not in {"read", "version"}:
            yield name, value
