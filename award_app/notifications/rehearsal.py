"""What an act would send, before anything goes: the act is carried out, its letters are noted, everything is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from award_app import outbox
from award_app.accounts.models import Invitation, Person
from award_app.db import db, rehearsal
from award_app.notifications import words
from award_app.notifications.models import Letter


@dataclass(frozen=True)
class Planned:
    """A letter that would be written: its kind as a code and in words, and to whom."""

    template: str
    kind: str
    name: str
    email: str


def rehearse(work: Callable[[], object]) -> list[Planned]:
    """The letters that `work` would write, by kind and name. Nothing of it stays, on either database; what it would be
    refused for is raised. Call it before the page reads what it shows: rows that were read before are read again."""
    with rehearsal(), outbox.noting() as letters:
        work()
        db.session.flush()
        people = _people(letters)
        return sorted((_planned(letter, people) for letter in letters), key=lambda one: (one.kind, one.name, one.email))


def to_each(people: Iterable[Person]) -> list[Planned]:
    """For an act that writes one letter to each of these: a page that is opened often need not carry it out to say so."""
    return sorted(
        (Planned("", "", person.name, person.email) for person in people), key=lambda one: (one.name, one.email)
    )


def _people(letters: Sequence[Letter]) -> Mapping[int | None, tuple[str, str]]:
    """Name and address of each, in one statement: a call may go to a hundred."""
    wanted = {letter.person_id for letter in letters if letter.person_id is not None}
    rows = db.session.execute(select(Person.id, Person.name, Person.email).where(Person.id.in_(wanted)))
    return {row.id: (row.name, row.email) for row in rows}


def _planned(letter: Letter, people: Mapping[int | None, tuple[str, str]]) -> Planned:
    kind = str(words.KINDS[letter.template])
    if letter.person_id is not None:
        return Planned(letter.template, kind, *people[letter.person_id])
    invited = db.session.get_one(Invitation, letter.ids["invitation_id"])
    return Planned(letter.template, kind, invited.name, invited.email)
