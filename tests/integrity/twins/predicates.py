"""What T3 asks for: each list, search and page whose answer depends on a condition that its reader must not know."""

from __future__ import annotations

from sqlalchemy import select

from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import NominationState
from award_app.nominations.models import Attachment, Nomination
from award_app.notifications.models import Letter
from award_app.notifications.queries import reference
from tests.integrity.twins.timing import Predicate

NOTHING = "zzzzzzzzzz"
WORD = "Zzyzx"  # in nobody's name


def predicates() -> list[Predicate]:
    """Of the world that stands in the database now, which is world A."""
    draft, handed, accepted = _file(2031, "draft"), _file(2032, "submitted"), _file(2033, "accepted")
    paper = db.session.scalars(select(Attachment.ref).where(Attachment.nomination_id == accepted.id)).first()
    told = db.session.scalars(select(Letter).where(Letter.template == "told")).first()
    assert told is not None
    return [
        Predicate("a draft, by the secretariat", "secretariat", f"/nominations/{draft.ref}", f"/nominations/{NOTHING}"),
        Predicate("a draft, by another mission", "nominator_other", f"/nominations/{draft.ref}", f"/nominations/{NOTHING}"),
        Predicate("a file, by the observer", "observer", f"/nominations/{handed.ref}", f"/nominations/{NOTHING}"),
        Predicate("a file, by another mission", "nominator_other", f"/nominations/{accepted.ref}", f"/nominations/{NOTHING}"),
        Predicate("a file at the desk", "member", f"/panel/2032/{handed.ref}", f"/panel/2032/{NOTHING}"),
        Predicate("a paper, by another mission", "nominator_other", f"/files/{paper}", f"/files/{NOTHING}"),
        Predicate("a file, by its screening", "secretariat", f"/screening/files/{draft.ref}", f"/screening/files/{NOTHING}"),
        Predicate("a letter", "secretariat_conflict", f"/letters/{reference(told)}", f"/letters/{'0' * 32}"),
        Predicate("a kind of letter", "secretariat_conflict", "/letters?kind=told", f"/letters?kind={WORD}"),
        Predicate("search in screening", "secretariat", "/screening/2031?q=Efua", f"/screening/2031?q={WORD}"),
        Predicate("search among laureates", "anonymous", "/en/laureates?year=2037", "/en/laureates?year=2033"),
        Predicate("search in the ledger", "observer", f"/ledger?about={handed.ref}", f"/ledger?about={NOTHING}"),
        Predicate("an act of the ledger", "observer", "/ledger?act=recuse", f"/ledger?act={WORD}"),
        Predicate("a year's result", "member_undeclared", "/results/2036", "/results/2035"),
        Predicate("a year's outcome", "nominator", "/results/2037", "/results/2035"),
        Predicate("a laureate", "anonymous", "/en/laureates/2037", "/en/laureates/2029"),
        Predicate("a file of another panel", "member_other_cycle", f"/panel/2033/{accepted.ref}", f"/panel/2033/{NOTHING}"),
    ]  # fmt: skip


def _file(year: int, state: str) -> Nomination:
    found = select(Nomination).join(Cycle).where(Cycle.award_year == year, Nomination.state == NominationState(state))
    first = db.session.scalars(found.order_by(Nomination.id)).first()
    assert first is not None
    return first
