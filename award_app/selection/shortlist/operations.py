"""The shortlist: proposed with reasons, confirmed once every file on it has its clearance and its nominee's consent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from award_app import access, audit
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Action, Consent, Refusal, Refused
from award_app.nominations.models import Nomination
from award_app.selection.models import Finalist, Shortlist
from award_app.selection.queries import stored
from award_app.selection.shortlist import queries


def propose(cycle: Cycle, files: Sequence[Nomination], reasons: str, *, by: Person, now: datetime) -> Shortlist:
    """A new version; the last one counts no more, confirmed or not. No files: nobody is kept, which leads to no award.

    Raises Refused: UNFINISHED while the result is being computed; INVALID with what is wrong (reasons, files).
    """
    db.session.flush()  # what the caller changed is not to be read away
    db.session.refresh(cycle, with_for_update=True)
    access.require(by, Action.PROPOSE_SHORTLIST, cycle, now=now)
    if cycle.result_due or stored(cycle, "") is None:
        raise Refused(Refusal.UNFINISHED)
    possible = queries.candidates(cycle)
    chosen = {file.id for file in files}
    wrong = {"reasons": not reasons.strip(), "files": not chosen <= {file.id for file in possible}}
    problems = tuple(code for code, is_wrong in wrong.items() if is_wrong)
    if problems:
        raise Refused(Refusal.INVALID, problems=problems)
    last = queries.shortlist_of(cycle)
    shortlist = Shortlist(
        cycle_id=cycle.id, version=last.version + 1 if last else 1, reasons=reasons.strip(), by_id=by.id, at=now
    )
    kept = [file.id for file in possible if file.id in chosen]
    shortlist.finalists = [Finalist(nomination_id=file) for file in kept]
    db.session.add(shortlist)
    db.session.flush()
    audit.record(
        "propose_shortlist", shortlist, by=by, at=now, cycle_id=cycle.id, version=shortlist.version, files=kept
    )
    return shortlist


def confirm(shortlist: Shortlist, cycle: Cycle, *, by: Person, now: datetime) -> None:
    """From here on the decision can be recorded, among these files only.

    Raises Refused: CHANGED_MEANWHILE where there is a newer version, ALREADY_DONE, NO_CONSENT and NO_CLEARANCE with the
    ids of the files.
    """
    db.session.flush()
    db.session.refresh(cycle, with_for_update=True)
    access.require(by, Action.CONFIRM_SHORTLIST, cycle, now=now)
    newest = queries.shortlist_of(cycle)
    if newest is None or newest.id != shortlist.id:
        raise Refused(Refusal.CHANGED_MEANWHILE)
    if shortlist.confirmed_at is not None:
        raise Refused(Refusal.ALREADY_DONE)
    for finalist in shortlist.finalists:  # what was read before the lock may have changed
        db.session.refresh(finalist.nomination, ["state", "consent"])
    rows = [row for row in queries.standing(cycle, shortlist) if not row.left]
    _require(Refusal.NO_CLEARANCE, [row.file.id for row in rows if row.cleared is not True])
    _require(Refusal.NO_CONSENT, [row.file.id for row in rows if row.consent is not Consent.GIVEN])
    shortlist.confirmed_by_id, shortlist.confirmed_at = by.id, now
    db.session.flush()
    audit.record("confirm_shortlist", shortlist, by=by, at=now, cycle_id=cycle.id, version=shortlist.version)


def _require(refusal: Refusal, missing: Sequence[int]) -> None:
    if missing:
        raise Refused(refusal, problems=tuple(missing))
