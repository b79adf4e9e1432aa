"""What is read of files: answers, attachments, and who may find which file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from award_app import access
from award_app.accounts.models import Appointment, Person
from award_app.cycles.models import Cycle, CycleMission, MissionAnswer
from award_app.db import Instant, db
from award_app.domain import completeness, form, ledger
from award_app.domain.vocabulary import (
    Action,
    AppointmentRole,
    AttachmentKind,
    CriterionKind,
    NominationState,
    Refusal,
    Refused,
    Role,
)
from award_app.nominations.models import (
    Answer,
    Attachment,
    Endorsement,
    HandIn,
    Nomination,
    Return,
    WithdrawalRequest,
)

MISSION_ROLES = (AppointmentRole.NOMINATOR, AppointmentRole.AUTHORITY)


def by_ref(ref: str, *, seen_by: Person, now: datetime, action: Action = Action.SEE) -> Nomination:
    """The file with this reference. Raises `Refused`: NOT_FOUND where the person may not know that it exists, the
    reason of `action` where she may not do that. What she may not know of is not loaded: it takes as long as nothing."""
    query = select(Nomination).where(Nomination.ref == ref, access.visible_nominations(seen_by)).options(*_card())
    nomination = db.session.scalars(query).one_or_none() if ref.isalnum() else None  # no NUL reaches the database
    if nomination is None:
        raise Refused(Refusal.NOT_FOUND)
    access.require(seen_by, action, nomination, now=now)
    return nomination


def attachment_by_ref(
    ref: str, *, of: str | None = None, seen_by: Person, now: datetime, action: Action = Action.READ
) -> Attachment:
    """A file this person may open: the mission its current ones, everybody else those handed in last; what was handed
    in before, its mission and the secretariat. Photos stay with these two. `of` names its nomination where the address
    does. Raises `Refused`."""
    query = select(Attachment).join(Attachment.nomination)
    query = query.where(Attachment.ref == ref, access.visible_nominations(seen_by))  # as in `by_ref`
    attachment = db.session.scalars(query).one_or_none() if ref.isalnum() else None
    if attachment is None or of not in (None, attachment.nomination.ref):
        raise Refused(Refusal.NOT_FOUND)
    nomination = attachment.nomination
    access.require(seen_by, action, nomination, now=now)
    roles = access.nomination_roles(seen_by, nomination)
    whole = of_the_mission(roles) or Role.SECRETARIAT_CLEAR in roles
    stands = attachment in attachments(nomination, handed_in=not of_the_mission(roles))
    if not stands and not (whole and action is Action.READ and _was_handed_in(attachment)):
        raise Refused(Refusal.NOT_FOUND)
    if attachment.kind is AttachmentKind.PHOTO and Action.SEE_PHOTO not in access.parts(roles, nomination):
        raise Refused(Refusal.NOT_FOUND)
    return attachment


def _was_handed_in(attachment: Attachment) -> bool:
    handed_in = select(HandIn.attachments).where(HandIn.nomination_id == attachment.nomination_id)
    return any(attachment.id in ids for ids in db.session.scalars(handed_in))


def of_the_mission(roles: frozenset[Role]) -> bool:
    return bool(roles & {Role.NOMINATOR, Role.AUTHORITY})


# --- answers ---------------------------------------------------------------------------------------------------------


def current(nomination: Nomination, *, up_to: int | None = None) -> dict[str, Answer]:
    """The newest revision of each answer that is not late, up to an answer's id if one is given."""
    here = [Answer.nomination_id == nomination.id, Answer.late.is_(False)]
    if up_to is not None:
        here.append(Answer.id <= up_to)
    newest = select(Answer.field, func.max(Answer.revision).label("revision")).where(*here).group_by(Answer.field)
    last = newest.subquery()
    same = and_(Answer.field == last.c.field, Answer.revision == last.c.revision)
    rows = db.session.scalars(select(Answer).join(last, same).where(*here))
    return {row.field: row for row in rows}


def answers(nomination: Nomination, *, handed_in: bool = False) -> dict[str, str]:
    """Field → text. `handed_in`: as it was when it was last handed in; nothing if it never was."""
    if handed_in and nomination.submitted_answer_id is None:
        return {}
    rows = current(nomination, up_to=nomination.submitted_answer_id if handed_in else None)
    return {field: row.text for field, row in rows.items() if row.text}


def card(nomination: Nomination) -> dict[str, str]:
    """The columns that lists and declaration cards read, from the answers as they stand now."""
    given = answers(nomination)
    full = f"{given.get('given_names', '')} {given.get('family_name', '')}".strip()
    return {
        "nominee_name": given.get("publish_name", full),
        "nominee_rank": given.get("rank_original", ""),
        "nominee_country": given.get("country", ""),
        "nominee_service": given.get("home_service", ""),
        "nominee_unit": given.get("unit", ""),
    }


def last_answer_id(nomination: Nomination) -> int | None:
    here = select(func.max(Answer.id)).where(Answer.nomination_id == nomination.id, Answer.late.is_(False))
    return db.session.scalar(here)


def last_revisions(nomination: Nomination) -> dict[str, int]:
    """The greatest revision of each answer, late ones counted."""
    rows = db.session.execute(
        select(Answer.field, func.max(Answer.revision))
        .where(Answer.nomination_id == nomination.id)
        .group_by(Answer.field)
    )
    return {row[0]: row[1] for row in rows}


def late_answers(nomination: Nomination, author: Person) -> list[Answer]:
    """What this person wrote when it was too late; nobody else is shown it. The newest of each field."""
    query = (
        select(Answer)
        .where(Answer.nomination_id == nomination.id, Answer.late, Answer.by_id == author.id)
        .order_by(Answer.id)
    )
    newest = {row.field: row for row in db.session.scalars(query)}
    return list(newest.values())


# --- attachments and what binds them to the answers ------------------------------------------------------------------


def attachments(nomination: Nomination, *, handed_in: bool = False) -> list[Attachment]:
    """Those that stand now, or those that stood when the file was last handed in."""
    asked = {"file": nomination.id, "then": nomination.submitted_at}
    nothing = handed_in and nomination.submitted_at is None
    return [] if nothing else list(db.session.scalars(attached(handed_in), asked))


@cache  # made once: making the question takes longer than its answer
def attached(handed_in: bool) -> Select[Attachment]:
    """The question behind `attachments`: of the `file`, `then` being when it was handed in."""
    mine = Attachment.nomination_id == bindparam("file", type_=Integer)
    here = select(Attachment).where(mine).order_by(Attachment.kind, Attachment.id)
    if not handed_in:
        return here.where(Attachment.removed_at.is_(None))
    then = bindparam("then", type_=Instant())
    return here.where(Attachment.at <= then, or_(Attachment.removed_at.is_(None), Attachment.removed_at > then))


def last_file_change(nomination: Nomination) -> datetime | None:
    """When a file was last attached or taken off."""
    here = Attachment.nomination_id == nomination.id
    moments = db.session.execute(select(func.max(Attachment.at), func.max(Attachment.removed_at)).where(here)).one()
    return max((moment for moment in moments if moment), default=None)


def file_digest(nomination: Nomination) -> str:
    """Binds an endorsement, and a hand-in, to every answer and every attached file."""
    files = sorted((a.kind.value, a.digest, a.author_email or "") for a in attachments(nomination))
    return ledger.digest({"answers": answers(nomination), "files": [list(file) for file in files]})


def criteria_codes(cycle: Cycle) -> tuple[str, ...]:
    """The criteria that the file answers: those that carry weight."""
    return tuple(c.code for c in cycle.criteria if c.kind is CriterionKind.SCALE)


def problems(nomination: Nomination) -> tuple[completeness.Problem, ...]:
    """What stands between this file and being handed in."""
    kinds = [a.kind for a in attachments(nomination)]
    cycle = nomination.cycle
    return completeness.problems(
        answers(nomination),
        criteria=criteria_codes(cycle),
        attachments={kind.value for kind in kinds},
        service_window=(cycle.service_from, cycle.service_to),
        letters=kinds.count(AttachmentKind.SUPPORTING_LETTER),
    )


def field_of(nomination: Nomination, key: str) -> form.Field | None:
    return form.field(key, criteria_codes(nomination.cycle))


def endorsement(nomination: Nomination) -> Endorsement | None:
    """The endorsement that stands."""
    here = select(Endorsement).where(Endorsement.nomination_id == nomination.id, Endorsement.voided_at.is_(None))
    return db.session.scalars(here.order_by(Endorsement.id.desc())).first()


def last_return(nomination: Nomination) -> Return | None:
    here = select(Return).where(Return.nomination_id == nomination.id).order_by(Return.id.desc())
    return db.session.scalars(here).first()


def returns_so_far(nomination: Nomination) -> int:
    return db.session.scalar(select(func.count(Return.id)).where(Return.nomination_id == nomination.id)) or 0


# --- a mission's files and its quota ---------------------------------------------------------------------------------


def counts_against_quota() -> ColumnElement[bool]:
    """Submitted, returned and accepted files; a returned one keeps its place while it is endorsed again."""
    held = (NominationState.SUBMITTED, NominationState.RETURNED, NominationState.ACCEPTED)
    endorsed_again = and_(Nomination.state == NominationState.ENDORSED, Nomination.return_deadline.is_not(None))
    return or_(Nomination.state.in_(held), endorsed_again)


def places_taken(cycle_id: int, mission_id: int) -> int:
    here = (Nomination.cycle_id == cycle_id, Nomination.mission_id == mission_id, counts_against_quota())
    return db.session.scalar(select(func.count(Nomination.id)).where(*here)) or 0


def place(cycle_id: int, mission_id: int) -> CycleMission | None:
    here = (CycleMission.cycle_id == cycle_id, CycleMission.mission_id == mission_id)
    return db.session.scalars(select(CycleMission).where(*here)).one_or_none()


def standing_answer(cycle_id: int, mission_id: int) -> MissionAnswer | None:
    """That the mission has no nominee this year, while it stands."""
    here = (MissionAnswer.cycle_id == cycle_id, MissionAnswer.mission_id == mission_id)
    return db.session.scalars(select(MissionAnswer).where(*here, MissionAnswer.taken_back_at.is_(None))).one_or_none()


def files_of(called: CycleMission) -> list[Nomination]:
    here = (Nomination.cycle_id == called.cycle_id, Nomination.mission_id == called.mission_id)
    return list(db.session.scalars(select(Nomination).where(*here).order_by(Nomination.id)))


def withdrawal_asked(nomination: Nomination) -> WithdrawalRequest | None:
    here = WithdrawalRequest.nomination_id == nomination.id
    return db.session.scalars(select(WithdrawalRequest).where(here)).one_or_none()


@dataclass(frozen=True)
class MissionFiles:
    """What a nominator or authority sees of one mission in one cycle."""

    called: CycleMission
    roles: frozenset[AppointmentRole]
    files: tuple[Nomination, ...]
    taken: int

    @property
    def left(self) -> int:
        return max(self.called.quota - self.taken, 0)


def mission_files(person: Person) -> list[MissionFiles]:
    """One entry per mission and cycle this person writes or vouches for, the newest award year first."""
    mine: dict[tuple[int | None, int | None], set[AppointmentRole]] = {}
    for a in access.appointments(person):
        if a.role in MISSION_ROLES:
            mine.setdefault((a.cycle_id, a.mission_id), set()).add(a.role)
    if not mine:
        return []
    files: dict[tuple[int, int], list[tuple[Nomination, bool]]] = {}
    found = select(Nomination, counts_against_quota()).where(_of(Nomination, mine))
    for n, counts in db.session.execute(found.options(joinedload(Nomination.nominator)).order_by(Nomination.id)):
        files.setdefault((n.cycle_id, n.mission_id), []).append((n, bool(counts)))
    query = (
        select(CycleMission)
        .join(CycleMission.cycle)
        .where(_of(CycleMission, mine))
        .options(joinedload(CycleMission.cycle).joinedload(Cycle.criteria), joinedload(CycleMission.mission))
        .order_by(Cycle.award_year.desc(), CycleMission.id)
    )
    return [_entry(called, mine, files) for called in db.session.scalars(query).unique()]


def called(person: Person, year: int, mission: str) -> CycleMission:
    """One of the places this person writes or vouches for. Raises `Refused`: NOT_FOUND for any other."""
    for entry in mission_files(person):
        if (entry.called.cycle.award_year, entry.called.mission.acronym) == (year, mission):
            return entry.called
    raise Refused(Refusal.NOT_FOUND)


def _of(
    table: type[Nomination | CycleMission], mine: dict[tuple[int | None, int | None], set[AppointmentRole]]
) -> ColumnElement[bool]:
    return or_(*(and_(table.cycle_id == cycle, table.mission_id == mission) for cycle, mission in mine))


def _entry(
    called: CycleMission,
    mine: dict[tuple[int | None, int | None], set[AppointmentRole]],
    files: dict[tuple[int, int], list[tuple[Nomination, bool]]],
) -> MissionFiles:
    key = (called.cycle_id, called.mission_id)
    here = files.get(key, [])
    return MissionFiles(called, frozenset(mine[key]), tuple(n for n, _ in here), sum(counts for _, counts in here))


def people_of(nomination: Nomination) -> list[Person]:
    """Who gets its letters: its nominator while she is appointed, and every authority of its mission in its cycle."""
    here = (
        Appointment.cycle_id == nomination.cycle_id,
        Appointment.mission_id == nomination.mission_id,
        Appointment.ended_at.is_(None),
        Person.deactivated_at.is_(None),
        or_(
            Appointment.role == AppointmentRole.AUTHORITY,
            and_(Appointment.role == AppointmentRole.NOMINATOR, Person.id == nomination.nominator_id),
        ),
    )
    ids = select(Appointment.person_id).join(Person, Person.id == Appointment.person_id).where(*here)
    return list(db.session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)))


def _card() -> tuple[_AbstractLoad, ...]:
    return (joinedload(Nomination.cycle).selectinload(Cycle.criteria), joinedload(Nomination.mission))
