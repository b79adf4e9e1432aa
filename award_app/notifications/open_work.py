"""What a cycle still waits for from whom, by when: the only ground for a reminder.

Sentences name no nominee and no member: the secretariat may read a reminder that went to somebody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import ngettext

from award_app.accounts.models import Appointment, Person
from award_app.cycles.models import Cycle, Mission
from award_app.domain.vocabulary import AppointmentRole, NominationState
from award_app.notifications import deadlines, open_rows
from award_app.notifications.open_rows import FileRow, Rows

S = NominationState
OPEN = frozenset({S.DRAFT, S.ENDORSED, S.RETURNED})


class Kind(StrEnum):
    WRITE = "write"
    MEND = "mend"
    ENDORSE = "endorse"
    HAND_IN = "hand_in"
    SCORE = "score"
    SCREEN = "screen"
    CONFIRM = "confirm"
    APPROVE = "approve"


@dataclass(frozen=True)
class Item:
    """One thing that is open for one person. `file` where it has a deadline of its own."""

    kind: Kind
    count: int
    at: datetime
    cycle: Cycle
    mission: Mission | None = None
    file: FileRow | None = None

    @property
    def path(self) -> str:
        if self.kind in (Kind.SCREEN, Kind.CONFIRM):
            return f"/screening/{self.cycle.award_year}"
        if self.kind is Kind.APPROVE:
            return f"/announcements/{self.cycle.award_year}"
        return f"/panel/{self.cycle.award_year}" if self.kind is Kind.SCORE else "/nominations"

    def sentence(self) -> str:
        """Call it while speaking the reader's language."""
        return _sentence(self.kind, self.count)

    def deadline(self) -> deadlines.Deadline:
        if self.kind is Kind.SCORE:
            return deadlines.scoring(self.cycle)
        if self.kind in (Kind.SCREEN, Kind.CONFIRM):
            return deadlines.screening(self.cycle)
        if self.kind is Kind.APPROVE:
            return deadlines.release(self.cycle, self.at)
        if self.file is not None:
            return deadlines.of_returned(self.cycle, self.mission, self.file.ref, self.at)
        return deadlines.nominating(self.cycle, self.mission)


def _sentence(kind: Kind, n: int) -> str:
    words = {
        Kind.WRITE: ngettext("%(num)s draft of yours is not finished.", "%(num)s drafts of yours are not finished.", n),
        Kind.MEND: ngettext(
            "%(num)s file came back to you and waits for changes.",
            "%(num)s files came back to you and wait for changes.",
            n,
        ),
        Kind.ENDORSE: ngettext(
            "%(num)s file of your mission is not endorsed.", "%(num)s files of your mission are not endorsed.", n
        ),
        Kind.HAND_IN: ngettext(
            "%(num)s file of your mission is endorsed, but not handed in.",
            "%(num)s files of your mission are endorsed, but not handed in.",
            n,
        ),
        Kind.SCORE: ngettext("You have not finished scoring.", "You have not finished scoring.", n),
        Kind.SCREEN: ngettext("%(num)s file waits for screening.", "%(num)s files wait for screening.", n),
        Kind.CONFIRM: ngettext(
            "%(num)s file waits for a second person to confirm that it is ineligible.",
            "%(num)s files wait for a second person to confirm that they are ineligible.",
            n,
        ),
        Kind.APPROVE: ngettext(
            "The announcement waits for its second approval.", "The announcement waits for its second approval.", n
        ),
    }
    return words[kind]


def of(person: Person, cycle: Cycle, now: datetime) -> list[Item]:
    return every(cycle, now).get(person.id, [])


def every(cycle: Cycle, now: datetime) -> Mapping[int, list[Item]]:
    """Person id → what is open for her at `now`, the nearest deadline first. Seven statements, whatever the rows."""
    rows = open_rows.read(cycle)
    found: dict[int, list[Item]] = defaultdict(list)
    if cycle.opened_at is None:
        return found
    for appointment in rows.appointments:
        found[appointment.person_id] += [item for item in _of(appointment, cycle, rows, now) if item.at > now]
    return {who: sorted(items, key=lambda item: item.at) for who, items in found.items() if items}


def _of(a: Appointment, cycle: Cycle, rows: Rows, now: datetime) -> Iterator[Item]:
    if a.role in (AppointmentRole.NOMINATOR, AppointmentRole.AUTHORITY):
        yield from _of_mission(a, cycle, rows, now)
    elif a.role is AppointmentRole.MEMBER and cycle.round_closed_at is None and now >= cycle.screening_ends_at:
        if a.person_id not in rows.finished:
            yield Item(Kind.SCORE, 1, cycle.review_ends_at, cycle)
    elif a.role is AppointmentRole.SECRETARIAT:
        yield from _of_secretariat(a, cycle, rows)


def _of_mission(a: Appointment, cycle: Cycle, rows: Rows, now: datetime) -> Iterator[Item]:
    """Files that came back are told one by one: each has its own deadline."""
    nominator = a.role is AppointmentRole.NOMINATOR
    window = max(cycle.closes_at, rows.extended.get(a.mission_id or 0, cycle.closes_at))
    mine = [
        f
        for f in rows.files
        if f.mission_id == a.mission_id and f.state in OPEN and (not nominator or f.nominator_id == a.person_id)
    ]
    together: dict[Kind, int] = defaultdict(int)
    for file in mine:
        kind = _asked(file, nominator)
        if kind is not None and file.return_deadline is not None and file.return_deadline > window:
            yield Item(kind, 1, file.return_deadline, cycle, a.mission, file)
        elif kind is not None and (file.return_deadline is not None or a.mission_id not in rows.silent):
            together[kind] += 1
    if now >= cycle.opens_at:
        yield from (Item(kind, count, window, cycle, a.mission) for kind, count in together.items())


def _asked(file: FileRow, nominator: bool) -> Kind | None:
    """Of an endorsed file nothing is asked of its nominator."""
    if nominator:
        return {S.DRAFT: Kind.WRITE, S.RETURNED: Kind.MEND}.get(file.state)
    return Kind.HAND_IN if file.state is S.ENDORSED else Kind.ENDORSE


def _of_secretariat(a: Appointment, cycle: Cycle, rows: Rows) -> Iterator[Item]:
    mine = [f for f in rows.files if f.state is S.SUBMITTED and (f.id, a.person_id) not in rows.conflicts]
    waiting = sum(f.ineligible_by_id is None for f in mine)
    second = sum(f.ineligible_by_id not in (None, a.person_id) for f in mine)
    if waiting:
        yield Item(Kind.SCREEN, waiting, cycle.screening_ends_at, cycle)
    if second:
        yield Item(Kind.CONFIRM, second, cycle.screening_ends_at, cycle)
    release = rows.release
    if release is not None and a.person_id != release.approved_by_id and a.person_id not in rows.kept_from:
        yield Item(Kind.APPROVE, 1, release.at, cycle)
