"""Letters are rows written in the transaction of their cause; workers post them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from award_app import chance
from award_app.accounts.models import Person
from award_app.db import db
from award_app.notifications.models import Letter


def add(template: str, *, to: Person | None, cause: str, now: datetime, **ids: int) -> Letter:
    """Queue one letter. `cause` names what brought it about ("nomination 12 returned 3"): one cause, one letter a person.

    An invitation has no person yet: `to` is None and `ids` holds invitation_id.
    """
    return _write(template, to.id if to else None, ids, f"{template}:{cause}:{to.id if to else 'invited'}", now)


def again(letter: Letter, *, now: datetime) -> Letter:
    """A second sending on purpose: a letter of its own. Its cause is the first one, so there is one at most."""
    return _write(letter.template, letter.person_id, dict(letter.ids), f"{letter.once}:again", now)


def _write(template: str, person_id: int | None, ids: dict[str, int], once: str, now: datetime) -> Letter:
    letter = Letter(
        template=template,
        person_id=person_id,
        ids=ids,
        once=once,
        message_id=f"<{chance.token_bytes(16).hex()}@laurel.invalid>",
        created_at=now,
        next_at=now,
    )
    db.session.add(letter)
    noted = _noted.get()
    if noted is not None:
        noted.append(letter)
    return letter


_noted: ContextVar[list[Letter] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[list[Letter]]:
    """The letters written inside, in their order: for a rehearsal, which asks who would get one."""
    letters: list[Letter] = []
    token = _noted.set(letters)
    try:
        yield letters
    finally:
        _noted.reset(token)
