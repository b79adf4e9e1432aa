"""The rows of the ledger that a reader may see.

A row says that something happened, so it is as secret as the thing itself. Only what is named here is shown: an act that
somebody invents later stays hidden until it is written down below. Neither does a number tell: rows carry none here,
files go by their reference, and the next page begins at the moment where the last one ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from award_app import access
from award_app.accounts.models import Appointment, Person
from award_app.audit import LedgerEntry
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal
from award_app.nominations.models import Attachment, Nomination
from award_app.notes import REFUSED
from award_app.notifications.models import Letter
from award_app.reports.lists import queries as lists
from award_app.reports.lists.queries import MOST_IN_A_FILE, PAGE
from award_app.selection.models import Decision

# People, their doors, their appointments, and settings: known to every reader of the ledger.
OPEN: Final = frozenset(
    """
    sign_in sign_in_failed sign_out end_session second_factor_failed use_recovery_code write_recovery_codes
    add_authenticator replace_authenticator remove_authenticator add_passkey remove_passkey
    ask_factor_reset confirm_factor_reset cancel_factor_reset ask_reset reset_password
    invite accept_invitation cancel_invitation resend_invitation appoint end_appointment change_seat describe
    change_account change_password ask_address_change confirm_address_change cancel_address_change deactivate reactivate
    create_cycle copy_cycle send_call move_date extend edit_cycle set_criteria call_mission drop_mission open_cycle
    load_mission open_round close_round export remind prove restore
    """.split()  # noqa: SIM905 - a list of words is easier to read than a list of quotation marks
)
# About one file: shown once it is accepted. Declarations, recusals and late texts are missing here on purpose.
OF_A_FILE: Final = frozenset(
    """
    begin edit endorse void_endorsement hand_in return accept propose_ineligible record_consent withdraw
    """.split()  # noqa: SIM905
)
# Who took a paper away has declared no conflict in its file: that is missing here for the same reason.
OF_A_PAPER: Final = frozenset({"attach", "remove_file"})
# Shown once the decision of the award year is recorded.
AFTER_DECISION: Final = frozenset(
    {
        *("finish", "compute_result", "decide", "prepare_announcement", "approve_release", "release"),
        *("tell_mission", "take_back", "propose_shortlist", "confirm_shortlist"),
        *("read_result", "read_shortlist", "read_decision", "read_changes", "read_announcement", "read_so_far"),
    }
)
# About one file, and shown with the decision.
OF_A_FILE_AFTER_DECISION: Final = frozenset({"score", "read_outcome"})
LETTERS: Final = frozenset({"invitation", "round_open", "round_closed", "released"})
# A refusal with one of these reasons says nothing of a conflict, nor of what was still to be decided.
PLAIN: Final = frozenset(
    {
        *(Refusal.NOT_FOUND, Refusal.NOT_YOURS, Refusal.WRONG_STATE, Refusal.TOO_EARLY, Refusal.TOO_LATE),
        *(Refusal.CHANGED_MEANWHILE, Refusal.QUOTA_FULL, Refusal.INCOMPLETE),
    }
)
# Refusing one of these steps says whether she has declared.
_TELLING: Final = frozenset({Action.DECLARE, Action.RECUSE, Action.SCORE, Action.DECLARE_AS_SECRETARIAT})
# How many results there are says how many different sets of files people are kept from; how many rows somebody took along
# says how many files there are.
_WITHOUT_CODES: Final = frozenset({"compute_result", "export"})
# Codes that number or count nothing.
CODES: Final = frozenset(
    {
        *("role", "fields", "language", "kind", "consent", "reason", "deadline", "from", "to", "award_year", "codes"),
        *("changed", "quota", "version", "slot", "complete", "template", "action", "refusal"),
    }
)


@dataclass(frozen=True)
class Wanted:
    """What a reader asks for. `who` is looked for in the names of who acted and of whom it is about, `about` is the
    reference of a file, the days are counted in UTC and both belong to the period. `after` is where a page ended."""

    act: str = ""
    who: str = ""
    about: str = ""
    year: int | None = None
    since: date | None = None
    until: date | None = None
    after: Place | None = None
    whole: bool = False


@dataclass(frozen=True)
class Place:
    """Behind the first `count` rows of this moment; the order is by moment, the newest first."""

    at: datetime
    count: int


@dataclass(frozen=True)
class Line:
    """A row with what names it: who acted, whom it is about, the reference of the file it belongs to."""

    row: LedgerEntry
    by: str
    person: str
    file: str


@dataclass(frozen=True)
class Rows:
    """`older` is where the next page begins; None at the end."""

    lines: tuple[Line, ...]
    older: Place | None


def visible_rows(person: Person, wanted: Wanted) -> Rows:
    """Newest first, in one statement. Filters look at nothing that is not shown to this reader."""
    most = MOST_IN_A_FILE if wanted.whole else PAGE
    row, start = LedgerEntry, wanted.after
    rows = _lines().where(_visible(person), *_fitting(wanted)).order_by(row.at.desc(), row.seq.desc())
    if start:
        rows = rows.where(row.at <= start.at).offset(start.count)
    found = [Line(*values) for values in db.session.execute(rows.limit(most + 1))]
    more = len(found) > most and not wanted.whole
    return Rows(tuple(found[:most]), _place(found[:most], start) if more else None)


def _place(lines: list[Line], start: Place | None) -> Place:
    """Rows of one moment may stand on two pages, or fill several."""
    last = lines[-1].row.at
    here = sum(line.row.at == last for line in lines)
    return Place(last, here + (start.count if start and start.at == last else 0))


def codes(row: LedgerEntry) -> dict[str, str]:
    if row.act in _WITHOUT_CODES:
        return {}
    return {name: _said(value) for name, value in row.detail.items() if name in CODES}


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


_By, _About, _Held = aliased(Person), aliased(Person), aliased(Appointment)
_File, _Paper, _Whole = aliased(Nomination), aliased(Attachment), aliased(Nomination)


def _lines() -> Select[*tuple[Any, ...]]:
    row = LedgerEntry
    about = func.coalesce(_Held.person_id, case((row.subject == "person", row.subject_id)))
    return (
        select(row, func.coalesce(_By.name, ""), func.coalesce(_About.name, ""), _reference)
        .outerjoin(_By, _By.id == row.actor_id)
        .outerjoin(_Held, and_(row.subject == "appointment", _Held.id == row.subject_id))
        .outerjoin(_About, _About.id == about)
        .outerjoin(_File, and_(row.subject == "nomination", _File.id == row.subject_id))
        .outerjoin(_Paper, and_(row.subject == "attachment", _Paper.id == row.subject_id))
        .outerjoin(_Whole, _Whole.id == _Paper.nomination_id)
    )


_reference: Final[ColumnElement[str]] = func.coalesce(_File.ref, _Whole.ref, "")


def _fitting(wanted: Wanted) -> list[ColumnElement[bool]]:
    row = LedgerEntry
    fits: list[ColumnElement[bool]] = [lists.matching(wanted.who, _By.name, _About.name)]
    if wanted.act:
        fits.append(row.act == wanted.act)
    if wanted.about:
        fits.append(_reference == wanted.about)
    if wanted.year is not None:
        fits.append(row.cycle_id.in_(select(Cycle.id).where(Cycle.award_year == wanted.year)))
    if wanted.since:
        fits.append(row.at >= datetime.combine(wanted.since, time(), UTC))
    if wanted.until:
        end = datetime.combine(wanted.until, time(), UTC) + timedelta(days=1)
        fits.append(row.at < end)
    return fits


def _visible(person: Person) -> ColumnElement[bool]:
    files = select(Nomination.id).where(access.visible_nominations(person))
    decided = select(Decision.cycle_id).where(Decision.cycle_id.not_in(access.cycles_kept_from(person)))
    row = LedgerEntry
    about_file = and_(row.subject == "nomination", row.subject_id.in_(files))
    papers = select(Attachment.id).where(Attachment.nomination_id.in_(files))
    letters = select(Letter.id).where(Letter.template.in_(LETTERS))
    return or_(
        row.act.in_(OPEN),
        and_(about_file, row.act.in_(OF_A_FILE)),
        and_(row.subject == "attachment", row.act.in_(OF_A_PAPER), row.subject_id.in_(papers)),
        and_(row.subject == "letter", row.subject_id.in_(letters)),
        and_(about_file, row.act.in_(OF_A_FILE_AFTER_DECISION), row.cycle_id.in_(decided)),
        and_(row.act.in_(AFTER_DECISION), row.cycle_id.in_(decided)),
        and_(row.act == REFUSED, _visible_refusal(about_file, row.cycle_id.in_(decided))),
    )


def _visible_refusal(about_file: ColumnElement[bool], decided: ColumnElement[bool]) -> ColumnElement[bool]:
    """Of a step in the outcome once that is decided. That another observer was told "nothing there" about a file which is
    there would say that she has a conflict in it."""
    row = LedgerEntry
    step, reason = row.detail["action"].as_string(), row.detail["refusal"].as_string()
    of_outcome = step.in_([action.name.lower() for action in OUTCOME])
    observers = select(Appointment.person_id).where(Appointment.role == AppointmentRole.OBSERVER)
    of_a_file = and_(about_file, or_(reason != Refusal.NOT_FOUND.value, row.actor_id.not_in(observers)))
    return and_(
        reason.in_([one.value for one in PLAIN]),
        step.not_in([action.name.lower() for action in _TELLING]),
        or_(row.subject.in_(("person", "cycle")), of_a_file),
        or_(~of_outcome, decided),
    )


# Steps whose refusal speaks of the outcome.
OUTCOME: Final = access.OF_THE_OUTCOME | {
    *(Action.SEE_RESULT, Action.SEE_OUTCOME, Action.SEE_PROGRESS, Action.FINISH, Action.CLOSE_ROUND),
}
