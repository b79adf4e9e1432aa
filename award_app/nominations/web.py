"""What the pages of a file share: its blueprint, who is looking, where the file stands in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from award_app import access, notes
from award_app.accounts.models import Person
from award_app.announcement import queries as announcements
from award_app.cycles import queries as cycle_queries
from award_app.domain import completeness
from award_app.domain.completeness import ProblemCode
from award_app.domain.form import ROW_GROUPS, row_place
from award_app.domain.policy import OPEN
from award_app.domain.vocabulary import (
    Action,
    AttachmentKind,
    NominationState,
    Refusal,
    Refused,
    Role,
    Timing,
    Window,
)
from award_app.nominations import dossier, labels, queries
from award_app.nominations.models import Attachment, Nomination, WithdrawalRequest
from award_app.nominations.remarks import queries as remarks
from award_app.nominations.remarks.queries import Occasion
from award_app.nominations.viewer.queries import Pages, with_pages
from award_app.web import i18n, moments

bp = Blueprint("nominations", __name__, url_prefix="/nominations")

MISSION_ACTIONS = (
    *(Action.EDIT, Action.TRANSLATE, Action.SEND_TO_NOMINATOR, Action.ENDORSE, Action.HAND_IN),
    *(Action.WITHDRAW, Action.REQUEST_WITHDRAWAL),
)


@dataclass(frozen=True)
class Standing:
    """Where a file stands, for a person of its mission: on every page of the file."""

    nomination: Nomination
    title: str
    sentence: str
    deadline: datetime | None  # until when the mission can still act; None when it cannot
    may: frozenset[Action]
    asked: tuple[tuple[str, Occasion], ...]  # what it came back with and still has to answer, and a word for who asks
    outcome: str  # laureate, runner_up, not_selected from the release on; told under embargo; empty before
    withdrawal_asked: WithdrawalRequest | None

    @property
    def remarks(self) -> Mapping[str, list[tuple[str, str]]]:
        """Per answer: who remarks, and what."""
        found: dict[str, list[tuple[str, str]]] = {}
        for sender, occasion in self.asked:
            for key, text in occasion.on.items():
                found.setdefault(key, []).append((sender, text))
        return found


def standing(nomination: Nomination, person: Person, now: datetime) -> Standing:
    here = access.standing(person, nomination, *MISSION_ACTIONS, now=now)
    allowed = frozenset(a for a in MISSION_ACTIONS if here.may(a).allowed)
    open_ = nomination.state in OPEN
    outcome = announcements.outcomes([nomination], now=now, seen_by=person).get(nomination.id, "")
    note_told([nomination], {nomination.id: outcome}, person, now)
    return Standing(
        nomination,
        _name(nomination) or _("Nominee without a name yet"),
        str(labels.OUTCOMES[outcome]) if outcome else _sentence(nomination, here.situation.timing[Window.ENTRY]),
        deadline(nomination) if open_ else None,
        allowed,
        tuple((_sender(occasion.sender), occasion) for occasion in remarks.standing(nomination)),
        outcome,
        queries.withdrawal_asked(nomination) if Action.REQUEST_WITHDRAWAL in allowed else None,
    )


def note_told(files: Iterable[Nomination], outcomes: Mapping[int, str], person: Person, now: datetime) -> None:
    """Who reads under embargo that a file is the laureate's stands in the ledger."""
    for file in files:
        if outcomes.get(file.id) == "told":
            notes.note("read_outcome", file, by=person, at=now, cycle_id=file.cycle_id)


def _sender(sender: remarks.From) -> str:
    asked = {
        remarks.From.SECRETARIAT: _("The secretariat asks:"),
        remarks.From.AUTHORITY: _("Your nominating authority asks:"),
    }
    return asked[sender]


def _name(nomination: Nomination) -> str:
    """As its mission writes it now; the card of a file that came back still says what was handed in."""
    if nomination.state in (NominationState.RETURNED, NominationState.ENDORSED):
        return queries.card(nomination)["nominee_name"]
    return nomination.nominee_name


def deadline(nomination: Nomination) -> datetime:
    """The mission's own close, or this file's return deadline where that is later."""
    closes_at = cycle_queries.deadline_of(nomination.cycle, nomination.mission)
    return max(nomination.return_deadline or closes_at, closes_at)


def _sentence(nomination: Nomination, entry: Timing) -> str:
    words = str(labels.STATES[nomination.state])
    if nomination.state in OPEN and entry is Timing.AFTER:
        return _("%(state)s The time for handing it in has passed.", state=words)
    return words


@dataclass(frozen=True)
class StepLine:
    step: str
    title: str
    done: bool
    notes: tuple[str, ...]


def step_lines(nomination: Nomination, remarked: Iterable[str] = ()) -> list[StepLine]:
    """The form's pages with what is still wanting on each, and how many of the `remarked` answers stand there."""
    wanting = Counter(page_of(nomination, problem.field) for problem in queries.problems(nomination))
    noted = Counter(page_of(nomination, key) for key in remarked)
    return [
        StepLine(step, str(title), not wanting[step] and not noted[step], _notes(wanting[step], noted[step]))
        for step, title in labels.STEPS.items()
    ]


def _notes(wanting: int, noted: int) -> tuple[str, ...]:
    missing = ngettext("%(num)s thing is still missing", "%(num)s things are still missing", wanting)
    remarked = ngettext("%(num)s remark to answer", "%(num)s remarks to answer", noted)
    found = ((missing,) if wanting else ()) + ((remarked,) if noted else ())
    return found or (_("Complete"),)


def page_of(nomination: Nomination, key: str) -> str:
    """The form's page on which this answer or paper stands."""
    return completeness.page_of(key, queries.criteria_codes(nomination.cycle))


@dataclass(frozen=True)
class Wrong:
    """One thing that is missing or not as it should be; `step` and `anchor` say where it can be mended."""

    step: str
    title: str
    anchor: str
    key: str
    label: str
    sentence: str
    absent: bool


def all_wrong(nomination: Nomination) -> list[Wrong]:
    """In the order of the form."""
    return [_wrong(nomination, problem) for problem in queries.problems(nomination)]


def by_page(wrong: list[Wrong]) -> list[tuple[str, list[Wrong]]]:
    """Title of each page with what is wrong on it, in the order of the form."""
    pages: dict[str, list[Wrong]] = {}
    for one in wrong:
        pages.setdefault(one.title, []).append(one)
    return list(pages.items())


def _wrong(nomination: Nomination, problem: completeness.Problem) -> Wrong:
    step, key = page_of(nomination, problem.field), problem.field
    row = row_place(key)
    name = labels.short_label(key, nomination.cycle, i18n.language())
    return Wrong(
        step,
        str(labels.STEPS[step]),
        anchor(key),
        key,
        _("%(what)s: %(which)s", what=labels.row_title(*row), which=name) if row else name,
        labels.problem(problem),
        problem.code in (ProblemCode.MISSING, ProblemCode.MISSING_FILE, ProblemCode.NOT_TICKED),
    )


def anchor(key: str) -> str:
    """The id of the element on its page."""
    if key in ROW_GROUPS:
        return f"group-{key}"
    return AttachmentKind.SUPPORTING_LETTER.value if key == "letters" else key


def of_mission(ref: str, person: Person, now: datetime) -> Nomination:
    """The working pages of a file are its mission's; others read it elsewhere. Raises `Refused`."""
    nomination = queries.by_ref(ref, seen_by=person, now=now, action=Action.READ)
    if not is_mission(person, nomination):
        raise Refused(Refusal.NOT_FOUND)
    return nomination


def is_mission(person: Person, nomination: Nomination) -> bool:
    return queries.of_the_mission(access.nomination_roles(person, nomination))


def is_nominator(person: Person, nomination: Nomination) -> bool:
    return Role.NOMINATOR in access.nomination_roles(person, nomination)


def read_by_mission(nomination: Nomination, person: Person) -> dossier.Dossier:
    parts = access.parts(access.nomination_roles(person, nomination), nomination)
    return dossier.build(nomination, shows=parts, handed_in=False)


def clock_words(instant: datetime) -> str:
    """The time of day alone, in the viewer's zone."""
    return instant.astimezone(i18n.zone()).strftime("%H:%M")


def kind_words(kind: AttachmentKind) -> str:
    words = {AttachmentKind.SUPPORTING_LETTER: _("Supporting letter")}
    return words.get(kind) or str(labels.FILES[kind][0])


def tongue(code: str) -> str:
    """A language in words."""
    return labels.choice("working_language", code)


def file_size(size: int) -> str:
    if size < 1_000_000:
        return _("%(n)s kB", n=moments.number(max(round(size / 1000), 1)))
    return _("%(n)s MB", n=moments.number(round(size / 1_000_000, 1)))


def by_kind(nomination: Nomination) -> tuple[dict[AttachmentKind, list[Attachment]], dict[int, Pages]]:
    """The attachments as the form asks for them, and by their ids the pages as far as they are drawn."""
    files: dict[AttachmentKind, list[Attachment]] = {AttachmentKind(kind): [] for kind in labels.FILES}
    attached, pages = with_pages(nomination, handed_in=False)
    for attachment in attached:
        files[attachment.kind].append(attachment)
    return files, pages


def megabytes() -> int:
    return int(current_app.config["UPLOAD_MEGABYTES"])
