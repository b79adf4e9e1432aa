"""What a mission does with its files: begin, write, endorse, hand in, withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from award_app import access, audit, chance, outbox
from award_app.accounts.models import Person
from award_app.cycles import queries as cycle_queries
from award_app.cycles.models import Cycle, CycleMission, Mission
from award_app.db import db
from award_app.domain.completeness import Problem, ProblemCode
from award_app.domain.form import OFFICIAL
from award_app.domain.vocabulary import Action, AppointmentRole, Consent, Refusal, Refused, Role
from award_app.nominations import lifecycle, queries
from award_app.nominations.files import attach as attach
from award_app.nominations.files import remove_attachment as remove_attachment
from award_app.nominations.models import Answer, Endorsement, HandIn, Nomination

MOST_CHARS = 100_000  # of one answer: far beyond any limit of the form, so that a text too long is kept and shortened
REASON_CHARS = 2_000


def begin(cycle: Cycle, mission: Mission, *, by: Person, now: datetime) -> Nomination:
    """An empty file of this mission; an answer that it has no nominee is taken back. Raises `Refused`: NOT_YOURS for a mission the person does not write for, TOO_LATE
    where the time is over for this mission, whatever another of hers was given."""
    access.require(by, Action.CREATE, cycle, now=now)
    mine = any(
        a.role is AppointmentRole.NOMINATOR and (a.cycle_id, a.mission_id) == (cycle.id, mission.id)
        for a in access.appointments(by)
    )
    if not mine or queries.place(cycle.id, mission.id) is None:
        raise Refused(Refusal.NOT_YOURS)
    if now >= cycle_queries.deadline_of(cycle, mission):
        raise Refused(Refusal.TOO_LATE)
    nomination = Nomination(
        ref=chance.reference(),
        cycle=cycle,
        mission=mission,
        nominator_id=by.id,
        language=by.locale if by.locale in OFFICIAL else None,
        created_at=now,
        changed_at=now,
    )
    db.session.add(nomination)
    db.session.flush()
    take_back_answer(cycle.id, mission.id, by=by, now=now)
    audit.record("begin", nomination, by=by, at=now, cycle_id=cycle.id, mission=mission.id)
    return nomination


def take_back_answer(cycle_id: int, mission_id: int, *, by: Person, now: datetime) -> bool:
    """That the mission has no nominee this year; whether such an answer stood."""
    answer = queries.standing_answer(cycle_id, mission_id)
    if answer is not None:
        answer.taken_back_at = now
        db.session.flush()
        audit.record("take_back_answer", answer, by=by, at=now, cycle_id=cycle_id, mission=mission_id)
    return answer is not None


# --- answers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overlap:
    """Somebody changed the same answer since the author had seen it. Hers stands now; the other is in the history."""

    field: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Saved:
    """`revisions`: of each answer that was sent, the one that stands now; 0 where nothing was ever written."""

    changed: tuple[str, ...]
    overlaps: tuple[Overlap, ...]
    revisions: Mapping[str, int]


def save(
    nomination: Nomination,
    answers: Mapping[str, str],
    *,
    seen: Mapping[str, int],
    operation_id: str,
    language: str | None = None,
    by: Person,
    now: datetime,
) -> Saved:
    """Write what changed as new revisions. Incomplete and too long texts are welcome; unknown keys are not (INVALID).
    `language` is the one the file is written in, where the page asked for it: it is no answer, and voids nothing.

    `seen` names for each field the revision its author saw (0: none). What she left as she saw it is no change, so that
    a page opened long ago takes nothing back. The same operation id with the same text is written once.
    """
    lifecycle.hold(nomination, Action.EDIT, by=by, now=now)
    texts = _clean(nomination, answers)
    _say_language(nomination, language, by, now)
    writing = _Writing(nomination, operation_id, by, now)
    for field, text in texts.items():
        writing.put(field, text, seen.get(field, 0))
    if writing.changed:
        lifecycle.void_endorsement(nomination, by=by, now=now)
        if nomination.submitted_at is None:  # after the first hand-in the card is read outside the mission
            _keep_card(nomination)
        nomination.changed_at = now
        lifecycle.flush()
        audit.record("edit", nomination, by=by, at=now, cycle_id=nomination.cycle_id, fields=sorted(writing.changed))
    return Saved(tuple(writing.changed), tuple(writing.overlaps), {field: writing.revision(field) for field in texts})


def _say_language(nomination: Nomination, language: str | None, by: Person, now: datetime) -> None:
    if language is None or language == nomination.language:
        return
    if language not in OFFICIAL:
        raise Refused(Refusal.INVALID)
    nomination.language = language
    nomination.changed_at = now
    lifecycle.flush()
    audit.record("say_language", nomination, by=by, at=now, cycle_id=nomination.cycle_id, language=language)


def keep_late(nomination_id: int, answers: Mapping[str, str], *, by: Person, now: datetime) -> int:
    """What was typed when it was too late: revisions that only their author sees, in no digest. Returns how many.

    For the view, in a transaction of its own, after the refused work has rolled back. Only for a nominator of the
    mission, in whatever state the file is: a row by anybody else would bar that person from scoring it.
    """
    nomination = db.session.get_one(Nomination, nomination_id)
    lifecycle.hold(nomination, Action.SEE, by=by, now=now)
    if Role.NOMINATOR not in access.nomination_roles(by, nomination):
        raise Refused(Refusal.NOT_YOURS)
    texts = _clean(nomination, answers)
    now_current, last = queries.current(nomination), queries.last_revisions(nomination)
    late = {row.field: row.text for row in queries.late_answers(nomination, by)}
    kept = 0
    for field, text in texts.items():
        standing = now_current[field].text if field in now_current else ""
        if text not in ("", standing, late.get(field)):
            row = _revision(nomination, field, text, last.get(field, 0), chance.token(), by, now)
            row.late = True
            kept += 1
    db.session.flush()
    if kept:
        audit.record("keep_late", nomination, by=by, at=now, cycle_id=nomination.cycle_id, answers=kept)
    return kept


class _Writing:
    """One save at work on one file that is locked."""

    def __init__(self, nomination: Nomination, operation_id: str, by: Person, now: datetime) -> None:
        self.nomination, self.operation_id, self.by, self.now = nomination, operation_id, by, now
        self.current = queries.current(nomination)
        self.last = queries.last_revisions(nomination)
        self.done = self._done()
        self.changed: list[str] = []
        self.overlaps: list[Overlap] = []
        self._written: dict[str, int] = {}

    def revision(self, field: str) -> int:
        standing = self.current.get(field)
        return self._written.get(field, standing.revision if standing else 0)

    def put(self, field: str, text: str, seen: int) -> None:
        standing = self.current.get(field)
        have, revision = (standing.text, standing.revision) if standing else ("", 0)
        if text == have or self.done.get(field) == text:
            return
        if seen < revision:
            if text == self._text_seen(field, seen):
                return
            self.overlaps.append(Overlap(field, text, have))
        # A form sent again by the back button carries the same id with another text: that is a save of its own.
        id_ = f"{self.operation_id}.{self.last[field]}" if field in self.done else self.operation_id
        row = _revision(self.nomination, field, text, self.last.get(field, 0), id_, self.by, self.now)
        row.seen_revision = seen
        self._written[field] = row.revision
        self.changed.append(field)

    def _done(self) -> dict[str, str]:
        """What this very operation has written already, for it to be written once."""
        mine = select(Answer).where(
            Answer.nomination_id == self.nomination.id, Answer.operation_id == self.operation_id
        )
        return {row.field: row.text for row in db.session.scalars(mine)}

    def _text_seen(self, field: str, revision: int) -> str:
        here = (Answer.nomination_id == self.nomination.id, Answer.field == field, Answer.revision == revision)
        return db.session.scalar(select(Answer.text).where(*here, Answer.late.is_(False))) or ""


def _revision(
    nomination: Nomination, field: str, text: str, last: int, operation_id: str, by: Person, now: datetime
) -> Answer:
    row = Answer(
        nomination_id=nomination.id,
        field=field,
        revision=last + 1,
        seen_revision=last,
        operation_id=operation_id,
        text=text,
        by_id=by.id,
        at=now,
    )
    db.session.add(row)
    return row


def _clean(nomination: Nomination, answers: Mapping[str, str]) -> dict[str, str]:
    texts = {field: _readable(text) for field, text in answers.items()}
    too_long = [field for field, text in texts.items() if len(text) > MOST_CHARS]
    unknown = [field for field in texts if queries.field_of(nomination, field) is None]
    if too_long or unknown:
        found = tuple(Problem(field, ProblemCode.TOO_MANY_CHARS, MOST_CHARS) for field in too_long)
        raise Refused(Refusal.INVALID, problems=found)
    return texts


def _readable(text: str) -> str:
    """One kind of line end, nothing a database cannot keep, no white space around."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode().strip()


def _keep_card(nomination: Nomination) -> None:
    db.session.flush()
    for column, text in queries.card(nomination).items():
        setattr(nomination, column, text)


# --- the nominating authority ----------------------------------------------------------------------------------------


def endorse(
    nomination: Nomination,
    *,
    in_active_service: bool,
    no_serious_sanction: bool,
    none_pending: bool,
    read: str | None = None,
    by: Person,
    now: datetime,
) -> None:
    """Vouch for the file as it reads now; `read` is the digest of what was shown, if it was shown. Raises `Refused`:
    CHANGED_MEANWHILE if it reads otherwise now, INCOMPLETE with a `Problem` per missing attestation and missing thing."""
    lifecycle.hold(nomination, Action.ENDORSE, by=by, now=now)
    attested = {
        "in_active_service": in_active_service,
        "no_serious_sanction": no_serious_sanction,
        "none_pending": none_pending,
    }
    missing = tuple(Problem(name, ProblemCode.NOT_TICKED) for name, given in attested.items() if not given)
    digest = queries.file_digest(nomination)
    if read is not None and read != digest:
        raise Refused(Refusal.CHANGED_MEANWHILE)
    require_complete(nomination, missing)
    nomination.endorsed_digest = digest
    db.session.add(Endorsement(nomination_id=nomination.id, by_id=by.id, at=now, digest=digest, **attested))
    lifecycle.advance(nomination, Action.ENDORSE, by=by, now=now, digest=digest)


def require_complete(nomination: Nomination, also: tuple[Problem, ...] = ()) -> None:
    found = also + queries.problems(nomination)
    if found:
        raise Refused(Refusal.INCOMPLETE, problems=found)


def hand_in(nomination: Nomination, *, by: Person, now: datetime) -> None:
    """From here on the mission can read the file but no longer change it. `now` is when the request arrived.

    Raises `Refused`: CHANGED_MEANWHILE when the file is not what was endorsed, QUOTA_FULL. Locks in one order: the
    cycle (shared), the mission's place, the file.
    """
    access.require(by, Action.HAND_IN, nomination, now=now)
    cycle_queries.shared(nomination.cycle_id)
    called = locked_place(nomination.cycle_id, nomination.mission_id)
    lifecycle.hold(nomination, Action.HAND_IN, by=by, now=now)
    digest = queries.file_digest(nomination)
    if digest != nomination.endorsed_digest:
        raise Refused(Refusal.CHANGED_MEANWHILE)
    require_complete(nomination)
    # A file that was returned has kept its place.
    taken = queries.places_taken(nomination.cycle_id, nomination.mission_id)
    if nomination.return_deadline is None and taken >= called.quota:
        raise Refused(Refusal.QUOTA_FULL)
    _seal(nomination, digest, by, now)
    take_back_answer(nomination.cycle_id, nomination.mission_id, by=by, now=now)
    lifecycle.advance(nomination, Action.HAND_IN, by=by, now=now, digest=digest)
    tell(
        nomination, "handed_in", f"handed in {queries.returns_so_far(nomination) + 1}", now, nomination_id=nomination.id
    )


def locked_place(cycle_id: int, mission_id: int) -> CycleMission:
    here = (CycleMission.cycle_id == cycle_id, CycleMission.mission_id == mission_id)
    query = select(CycleMission).where(*here).with_for_update().execution_options(populate_existing=True)
    called = db.session.scalars(query).one_or_none()
    if called is None:
        raise Refused(Refusal.QUOTA_FULL)
    return called


def _seal(nomination: Nomination, digest: str, by: Person, now: datetime) -> None:
    """Everything is read before anything is set: the database takes the columns together or not at all."""
    # The files are told by this instant, and a request that was long on its way arrived before what it hands in.
    at = max(now, queries.last_file_change(nomination) or now)
    last, consent = queries.last_answer_id(nomination), queries.answers(nomination)["consent"]
    # What the secretariat was told since counts for more than an answer that nobody touched.
    asked_again = consent != queries.answers(nomination, handed_in=True).get("consent")
    nomination.submitted_at, nomination.submitted_digest, nomination.submitted_answer_id = at, digest, last
    if asked_again or nomination.consent is None:
        nomination.consent, nomination.consent_at = Consent(consent), now
    files = [a.id for a in queries.attachments(nomination)]
    db.session.add(
        HandIn(nomination_id=nomination.id, digest=digest, answer_id=last, attachments=files, by_id=by.id, at=at)
    )
    _keep_card(nomination)


def tell(nomination: Nomination, template: str, cause: str, now: datetime, **ids: int) -> None:
    """A letter to the file's nominator and to every authority of its mission."""
    for person in queries.people_of(nomination):
        outbox.add(template, to=person, cause=f"nomination {nomination.id} {cause}", now=now, **ids)


def withdraw(nomination: Nomination, reason: str, *, by: Person, now: datetime) -> None:
    """Take the file out, from any state but ineligible. Raises `Refused`: INVALID without a reason."""
    access.require(by, Action.WITHDRAW, nomination, now=now)
    cycle_queries.shared(nomination.cycle_id)  # a decision that is being recorded may name it
    lifecycle.hold(nomination, Action.WITHDRAW, by=by, now=now)
    nomination.withdrawn_reason = given_reason(reason)
    lifecycle.advance(nomination, Action.WITHDRAW, by=by, now=now)


def given_reason(text: str) -> str:
    """Raises `Refused`: INVALID for an empty or an endless one."""
    reason = _readable(text)
    if not 0 < len(reason) <= REASON_CHARS:
        raise Refused(Refusal.INVALID)
    return reason
