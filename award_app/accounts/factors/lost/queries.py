"""What the secretariat sees of a person's second factor: whether there is one, and who asked that it be removed."""

from __future__ import annotations

from dataclasses import dataclass

from award_app.accounts.factors import queries
from award_app.accounts.factors.models import FactorReset
from award_app.accounts.models import Person
from award_app.db import db


@dataclass(frozen=True)
class LostPart:
    has_one: bool
    needed: bool
    asked: FactorReset | None
    asker: Person | None
    may_ask: bool
    may_confirm: bool

    @classmethod
    def of(cls, person: Person, reader: Person) -> LostPart:
        """For the page; who may in truth do it is asked again when she does."""
        asked, has_one = queries.open_reset(person), queries.has_any(person)
        asker = db.session.get(Person, asked.asked_by_id) if asked else None
        oneself = reader.id == person.id
        return cls(
            has_one=has_one,
            needed=queries.needs_one(person),
            asked=asked,
            asker=asker,
            may_ask=has_one and not oneself and asked is None,
            may_confirm=asked is not None and not oneself and reader.id != asked.asked_by_id,
        )
