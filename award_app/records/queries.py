"""The rows of the ledger that a reader may see.

A row says that something happened, so it is as secret as the thing itself. Only what is named here is shown: an act that
somebody invents later stays hidden until it is written down below.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, String, and_, cast, or_, select

from award_app import access
from award_app.accounts.models import Person
from award_app.audit import LedgerEntry
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.nominations.models import Attachment, Nomination
from award_app.notifications.models import Letter
from award_app.reports.lists import queries as lists
from award_app.reports.lists.queries import Page, Wanted
from award_app.selection.models import Decision

# People, appointments and settings: known to every reader of the ledger.
_OPEN: Final = frozenset(
    """
    sign_in invite accept_invitation cancel_invitation appoint end_appointment describe change_account change_password
    ask_address_change confirm_address_change cancel_address_change resend_invitation change_seat
    deactivate reactivate create_cycle copy_cycle send_call move_date extend edit_cycle set_criteria call_mission drop_mission open_cycle load_mission
    open_round close_round export
    """.split()  # noqa: SIM905 - a list of words is easier to read than a list of quotation marks
)
# About one file: shown once it is accepted. Declarations, recusals and late texts are missing here on purpose.
_OF_A_FILE: Final = frozenset(
    """
    begin edit endorse void_endorsement hand_in return accept propose_ineligible record_consent withdraw
    """.split()  # noqa: SIM905
)
# Who took a paper away has declared no conflict in its file: that is missing here for the same reason.
_OF_A_PAPER: Final = frozenset({"attach", "remove_file"})
# Shown once the decision of the award year is recorded.
_AFTER_DECISION: Final = frozenset(
    {
        *("finish", "compute_result", "decide", "prepare_announcement", "approve_release", "release"),
        *("tell_mission", "take_back"),
    }
)
_LETTERS: Final = frozenset({"invitation", "round_open", "round_closed", "released"})
# How many results there are says how many different sets of files people are kept from; how many rows somebody took along
# says how many files there are.
_WITHOUT_CODES: Final = frozenset({"compute_result", "export"})


def visible_rows(person: Person, wanted: Wanted) -> Page[LedgerEntry]:
    """Newest first. Filters: `act`, `year`. A search looks at the act and at what it is about ("nomination 12"), never
    at codes: not all of them are shown."""
    row = LedgerEntry
    rows = select(row).where(_visible(person)).order_by(row.seq.desc())
    fits = [lists.matching(wanted.search, row.act, row.subject.concat(" ").concat(cast(row.subject_id, String)))]
    if wanted.get("act"):
        fits.append(row.act == wanted.get("act"))
    if wanted.get("year"):
        fits.append(row.cycle_id.in_(select(Cycle.id).where(Cycle.award_year == int(wanted.get("year")))))
    return lists.page(rows, and_(*fits), wanted).turned(lambda found: found[0])


def acts(person: Person) -> list[str]:
    """Those that occur among the rows she may see."""
    return sorted(db.session.scalars(select(LedgerEntry.act).where(_visible(person)).distinct()))


def codes(row: LedgerEntry) -> dict[str, object]:
    return {} if row.act in _WITHOUT_CODES else dict(row.detail)


def _visible(person: Person) -> ColumnElement[bool]:
    files = select(Nomination.id).where(access.visible_nominations(person))
    decided = select(Decision.cycle_id).where(Decision.cycle_id.not_in(access.cycles_kept_from(person)))
    row = LedgerEntry
    about_file = and_(row.subject == "nomination", row.subject_id.in_(files))
    papers = select(Attachment.id).where(Attachment.nomination_id.in_(files))
    letters = select(Letter.id).where(Letter.template.in_(_LETTERS))
    return or_(
        row.act.in_(_OPEN),
        and_(about_file, row.act.in_(_OF_A_FILE)),
        and_(row.subject == "attachment", row.act.in_(_OF_A_PAPER), row.subject_id.in_(papers)),
        and_(row.subject == "letter", row.subject_id.in_(letters)),
        and_(about_file, row.act == "score", row.cycle_id.in_(decided)),
        and_(row.act.in_(_AFTER_DECISION), row.cycle_id.in_(decided)),
    )
