"""The outbox as the secretariat reads it: who gets what, why, and what became of it.

A letter is as secret as what it is about. Whoever has a conflict in a file neither sees nor counts its letters, nor any
letter about the outcome of its year; of drafts nobody here reads the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, not_, or_, select

from award_app import access
from award_app.accounts.models import AddressChange, Appointment, Invitation, Person
from award_app.announcement.models import Announcement, TakingBack, Telling
from award_app.audit import LedgerAnchor
from award_app.cycles.models import Cycle, Extension, Mission, MovedDate
from award_app.db import db
from award_app.domain.vocabulary import Action, AppointmentRole, Handled, LetterState, Refusal, Refused
from award_app.nominations.models import Nomination, Return, SentBack
from award_app.notifications.models import Handling, Letter
from award_app.reports.lists import queries as lists
from award_app.reports.lists.queries import Page, Wanted
from award_app.reviews.models import CannotFinish
from award_app.selection.models import OutcomeChange

# They tell of the outcome, or that there is one.
OF_THE_OUTCOME: Final = ("told", "outcome_changed", "released", "not_selected", "taken_back", "ledger_anchored")
# A reminder to somebody of the secretariat may speak of a file or of a release that waits for a second person.
REMINDER: Final = "reminder"
TROUBLE: Final = (LetterState.HELD, LetterState.UNCERTAIN, LetterState.REFUSED)


@dataclass(frozen=True)
class Line:
    """One letter with what names its reason. `draft`: it is about a file that was never handed in."""

    letter: Letter
    name: str
    email: str
    year: int | None
    mission: str
    ref: str
    nominee: str
    draft: bool
    person_ref: str
    closed: bool  # its text is not for this reader

    @property
    def address(self) -> str:
        return reference(self.letter)


def reference(letter: Letter) -> str:
    """The letter in an address of ours: random, so that a gap tells nobody of letters she may not see."""
    return letter.message_id.strip("<>").partition("@")[0]


def page(person: Person, wanted: Wanted) -> Page[Line]:
    """Newest first. Filters: `year`, `state` (or "trouble": what waits for a person), `kind`. A search looks at whom it
    goes to and at the mission."""
    fits = [lists.matching(wanted.search, _NAME, _EMAIL, Mission.acronym)]
    if wanted.get("year"):
        fits.append(Cycle.award_year == int(wanted.get("year")))
    if wanted.get("state"):
        fits.append(_in_trouble() if wanted.get("state") == "trouble" else Letter.state == wanted.get("state"))
    if wanted.get("kind"):
        fits.append(Letter.template == wanted.get("kind"))
    rows = _lines(person).order_by(Letter.created_at.desc(), Letter.message_id)
    return lists.page(rows, and_(*fits), wanted).turned(lambda row: _line(row, person))


def by_ref(ref: str, *, seen_by: Person, now: datetime, action: Action = Action.SEE_LETTERS) -> Line:
    """Raises `Refused`: NOT_FOUND for a letter this person may not know of, the reason of `action` otherwise."""
    access.require(seen_by, action, now=now)
    named = Letter.message_id == f"<{ref}@laurel.invalid>"
    rows = _lines(seen_by, _asked_ahead(_kept_from(seen_by))).where(named)
    row = db.session.execute(rows).one_or_none() if ref.isalnum() else None
    if row is None:
        raise Refused(Refusal.NOT_FOUND)
    return _line(row, seen_by)


def sees(person: Person, letter: Letter) -> bool:
    return db.session.execute(_lines(person).where(Letter.id == letter.id)).one_or_none() is not None


def troubles(person: Person) -> int:
    """How many letters wait for a person, of those she may see."""
    rows = _lines(person).where(_in_trouble())
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def kinds(person: Person) -> list[str]:
    """Those that occur among the letters she may see."""
    rows = _lines(person).with_only_columns(Letter.template, maintain_column_froms=True)
    return sorted(db.session.scalars(rows.distinct()))


def handlings(letter: Letter) -> Sequence[Handling]:
    return db.session.scalars(select(Handling).where(Handling.letter_id == letter.id).order_by(Handling.id)).all()


def original_of(letter: Letter) -> tuple[Letter, Handling] | None:
    """The letter this one is a copy of, and why it was sent again."""
    found = (
        select(Letter, Handling).join(Handling, Handling.letter_id == Letter.id).where(Handling.copy_id == letter.id)
    )
    row = db.session.execute(found).one_or_none()
    return (row[0], row[1]) if row else None


def _in_trouble() -> ColumnElement[bool]:
    """Held; or ended badly, and nobody has sent it again or left it at that."""
    settled = exists().where(Handling.letter_id == Letter.id, Handling.what.in_((Handled.SENT_AGAIN, Handled.SKIPPED)))
    return and_(Letter.state.in_(TROUBLE), not_(settled))


def _line(row: Any, person: Person) -> Line:
    letter, name, email, person_ref, year, mission, ref, nominee, draft, to_mission = row
    of_drafts = letter.template == REMINDER and to_mission and letter.person_id != person.id
    shown = ("", "") if draft else (ref or "", nominee or "")
    closed = bool(draft) or of_drafts
    return Line(letter, name or "", email or "", year, mission or "", *shown, bool(draft), person_ref or "", closed)


# --- what a letter is about ------------------------------------------------------------------------------------------


def _id(name: str) -> ColumnElement[int]:
    return cast("ColumnElement[int]", Letter.ids[f"{name}_id"].as_integer())


_NAME = func.coalesce(Person.name, Invitation.name)
# A new address gets its own letter, and the notice goes to the one that was.
_EMAIL = case(
    (Letter.template == "address_change", AddressChange.email),
    (Letter.template == "address_changed_notice", AddressChange.before),
    else_=func.coalesce(Person.email, Invitation.email),
)
_FILE = func.coalesce(
    _id("nomination"), Return.nomination_id, SentBack.nomination_id, Telling.nomination_id, OutcomeChange.nomination_id
)
_CYCLE = func.coalesce(
    *(_id("cycle"), Nomination.cycle_id, Appointment.cycle_id, Invitation.cycle_id, MovedDate.cycle_id),
    *(Extension.cycle_id, CannotFinish.cycle_id, Announcement.cycle_id),
    LedgerAnchor.cycle_id,
)
_MISSION = func.coalesce(Nomination.mission_id, Appointment.mission_id, Invitation.mission_id, Extension.mission_id)
_ABOUT = (
    Return,
    SentBack,
    Telling,
    OutcomeChange,
    Appointment,
    Invitation,
    MovedDate,
    Extension,
    CannotFinish,
    TakingBack,
    AddressChange,
    LedgerAnchor,
)


class _Kept(NamedTuple):
    """What somebody is kept from, as ids: files, their award years, and the years whose outcome is closed to her."""

    files: Select[int] | Sequence[int]
    years: Select[int] | Sequence[int]
    outcomes: Select[int] | Sequence[int]


def _kept_from(person: Person) -> _Kept:
    files = access.files_in_conflict(person)
    years = select(Nomination.cycle_id).where(Nomination.id.in_(files))
    return _Kept(files, years, access.cycles_kept_from(person))


def _asked_ahead(kept: _Kept) -> _Kept:
    """As lists. Within the statement the database asks only where there is a letter to ask about, and that takes time that
    tells."""
    return _Kept(*(db.session.scalars(ids).all() if isinstance(ids, Select) else ids for ids in kept))


def _lines(person: Person, kept: _Kept | None = None) -> Select[*tuple[Any, ...]]:
    """Every letter this person may know of, with what it is about: one statement, whatever the kinds."""
    draft = and_(Nomination.id.is_not(None), Nomination.submitted_at.is_(None))
    to_mission = (
        exists().where(Appointment.person_id == Letter.person_id, Appointment.mission_id.is_not(None)).correlate(Letter)
    )
    rows = select(
        *(Letter, _NAME, _EMAIL, Person.ref, Cycle.award_year, Mission.acronym),
        *(Nomination.ref, Nomination.nominee_name, case((draft, True), else_=False), to_mission),
    ).outerjoin(Person, Person.id == Letter.person_id)
    for about in _ABOUT:
        rows = rows.outerjoin(about, about.id == _id(about.__tablename__))
    return (
        rows.outerjoin(Announcement, Announcement.id == TakingBack.announcement_id)
        .outerjoin(Nomination, Nomination.id == _FILE)
        .outerjoin(Cycle, Cycle.id == _CYCLE)
        .outerjoin(Mission, Mission.id == _MISSION)
        .where(not_(_hidden_from(person, kept or _kept_from(person))))
    )


def _hidden_from(person: Person, kept: _Kept) -> ColumnElement[bool]:
    served = (
        exists()
        .where(Appointment.person_id == Letter.person_id, Appointment.role == AppointmentRole.SECRETARIAT)
        .correlate(Letter)
    )
    about_file = func.coalesce(Nomination.id.in_(kept.files), False)
    about_outcome = and_(Letter.template.in_(OF_THE_OUTCOME), func.coalesce(_CYCLE.in_(kept.outcomes), False))
    of_another = and_(Letter.template == REMINDER, Letter.person_id != person.id, served, _CYCLE.in_(kept.years))
    return or_(about_file, about_outcome, of_another)
