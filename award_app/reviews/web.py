"""What the pages of scoring share, and what the start page asks of members and of those who follow their work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from award_app import access
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Role, Seat
from award_app.reviews import queries
from award_app.web.tasks import Task

bp = Blueprint("reviews", __name__, url_prefix="/panel")

Page = str | Response | tuple[str | Response, int]


def panels(person: Person) -> list[Cycle]:
    """The opened cycles whose panel this person sits on, newest first."""
    seats = (a.cycle for a in access.appointments(person) if a.role is AppointmentRole.MEMBER)
    return sorted((c for c in seats if c and c.opened_at), key=lambda cycle: -cycle.award_year)


def panel_of_now(person: Person, now: datetime) -> Cycle | None:
    """The cycle in the navigation: the one in review, else the newest; nobody signed in sits on none."""
    if not person or not person.is_authenticated:
        return None
    mine = panels(person)
    in_review = (cycle for cycle in mine if cycle.screening_ends_at <= now and cycle.round_closed_at is None)
    return next(in_review, None) or next(iter(mine), None)


def tasks_of(person: Person, now: datetime) -> Iterator[Task]:
    for cycle in panels(person):
        yield from _of_member(person, cycle, now)
        yield from _of_decider(person, cycle, now)
    if Role.SECRETARIAT in access.service_roles(person):
        in_review = select(Cycle).where(
            Cycle.opened_at.is_not(None), Cycle.screening_ends_at <= now, Cycle.round_closed_at.is_(None)
        )
        yield from (_follow(cycle) for cycle in db.session.scalars(in_review.order_by(Cycle.award_year)))


def _of_decider(person: Person, cycle: Cycle, now: datetime) -> Iterator[Task]:
    """Scoring is over and the round is open: it waits for who may close it under the quorum."""
    seated = any(a.cycle_id == cycle.id and a.seat in (Seat.CHAIR, Seat.DEPUTY) for a in access.appointments(person))
    waits = seated and cycle.round_closed_at is None and now >= cycle.review_ends_at
    if waits and queries.under_quorum(cycle) and access.may(person, Action.CLOSE_ROUND, cycle, now=now).allowed:
        yield Task(
            _("The round waits for you"),
            _("The time for scoring is over, and some files have fewer scores than the quorum."),
            url_for("reviews.closing", year=cycle.award_year),
            _("See what is lacking"),
            count=1,
            year=cycle.award_year,
        )


def _of_member(person: Person, cycle: Cycle, now: datetime) -> Iterator[Task]:
    files = queries.own_list(person, cycle)
    if not files or cycle.archived_at:
        return
    finishing = access.may(person, Action.FINISH, cycle, now=now)
    left = queries.unfinished(files, len(cycle.criteria))
    if finishing.allowed:
        yield _scoring(cycle, len(left), queries.ballot(person, cycle))
    elif finishing.refusal is Refusal.TOO_EARLY:
        undeclared = sum(not (file.declared or file.recused or file.barred) for file in files)
        if undeclared:
            yield _declaring(cycle, undeclared)
    elif cycle.round_closed_at:
        yield _card(
            cycle, _("The scoring is closed"), _("You can still read the files and your own scores."), _("Read"), None
        )


def _scoring(cycle: Cycle, left: int, finished_at: datetime | None) -> Task:
    if left:
        sentence = ngettext(
            "%(num)s file is waiting for your scores.", "%(num)s files are waiting for your scores.", left
        )
        return _card(cycle, _("Score the nominations"), sentence, _("Go to the files"), left)
    if finished_at:
        return _card(cycle, _("Scoring"), _("You have finished. Thank you."), _("See your scores"), 0)
    sentence = _("You have scored every file. Please look once more and finish.")
    return _card(cycle, _("Finish scoring"), sentence, _("Go to the files"), 1)


def _declaring(cycle: Cycle, undeclared: int) -> Task:
    sentence = ngettext(
        "Say for %(num)s file whether you have a conflict of interest. You can read it then; scoring begins later.",
        "Say for %(num)s files whether you have a conflict of interest. You can read them then; scoring begins later.",
        undeclared,
    )
    return _card(cycle, _("Declare before you read"), sentence, _("Go to the files"), undeclared)


def _card(cycle: Cycle, title: str, sentence: str, link: str, count: int | None) -> Task:
    due = cycle.review_ends_at if count else None
    href = url_for("panel.files", year=cycle.award_year)
    return Task(title, sentence, href, link, due, count, year=cycle.award_year)


def _follow(cycle: Cycle) -> Task:
    return Task(
        _("The panel is scoring"),
        _("See who has finished, and how many reviews each file has."),
        url_for("reviews.progress", year=cycle.award_year),
        _("Follow the scoring"),
        cycle.review_ends_at,
        year=cycle.award_year,
    )
