"""Writing a translation beside the original. It is no part of the file: no digest, endorsement or hand-in holds it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from award_app import audit
from award_app.accounts.models import Person
from award_app.db import db
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.nominations import lifecycle
from award_app.nominations import queries as files
from award_app.nominations.models import Nomination, Translation
from award_app.nominations.translations import queries

CHARS_PER_CHAR = 3  # how much longer than the longest original a translation may be


def translate(
    nomination: Nomination,
    language: str,
    texts: Mapping[str, str],
    *,
    seen: Mapping[str, int],
    by: Person,
    now: datetime,
) -> tuple[str, ...]:
    """Write what changed as new revisions; an empty text takes a translation away. `seen` names for each answer the
    revision its author saw (0: none): what she left as she saw it is no change. Returns the keys that changed.

    Raises `Refused`: INVALID for the language of the original or one that is not official, for an answer without words,
    and with the keys of texts that are too long.
    """
    lifecycle.hold(nomination, Action.TRANSLATE, by=by, now=now)
    given = _fit(nomination, language, texts)
    standing = queries.into(nomination, language)
    changed = [key for key, text in given.items() if _is_new(nomination, language, key, text, seen, standing)]
    for key in changed:
        last = standing[key].revision if key in standing else 0
        row = Translation(nomination_id=nomination.id, field=key, language=language, revision=last + 1, text=given[key],
                          by_id=by.id, at=now)  # fmt: skip
        db.session.add(row)
    db.session.flush()
    if changed:
        act, cycle = "translate", nomination.cycle_id
        audit.record(act, nomination, by=by, at=now, cycle_id=cycle, language=language, fields=sorted(changed))
    return tuple(changed)


def _is_new(
    nomination: Nomination,
    language: str,
    key: str,
    text: str,
    seen: Mapping[str, int],
    standing: Mapping[str, queries.Translated],
) -> bool:
    now = standing.get(key)
    if text == (now.text if now else ""):
        return False
    if now is None or seen.get(key, 0) >= now.revision:
        return True
    here = (Translation.nomination_id == nomination.id, Translation.field == key, Translation.language == language)
    saw = db.session.scalar(select(Translation.text).where(*here, Translation.revision == seen.get(key, 0))) or ""
    return text != saw


def _fit(nomination: Nomination, language: str, texts: Mapping[str, str]) -> dict[str, str]:
    if language not in queries.targets(nomination):
        raise Refused(Refusal.INVALID)
    given = {key: text.replace("\r\n", "\n").replace("\x00", "").strip() for key, text in texts.items()}
    known = {key: files.field_of(nomination, key) for key in given}
    if not all(item and queries.has_words(item) for item in known.values()):
        raise Refused(Refusal.INVALID)
    too_long = tuple(key for key, item in known.items() if item and len(given[key]) > item.max_chars * CHARS_PER_CHAR)
    if too_long:
        raise Refused(Refusal.INVALID, problems=too_long)
    return given
