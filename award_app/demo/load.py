"""Three award years with something to do for each kind of person: last year's finished, this year's in review, next
year's open with drafts."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select, update

from award_app import chance
from award_app.accounts.models import Invitation, Person
from award_app.cycles import operations as cycles
from award_app.db import db
from award_app.demo.cast import Cast
from award_app.demo.content import read
from award_app.demo.year import Timetable, Year
from award_app.domain.vocabulary import LetterState
from award_app.notifications.models import Letter
from award_app.reviews import rounds
from award_app.run.accounts import FILE as ACCOUNTS_FILE

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PASSWORD = "gentle-laurel-branch"  # noqa: S105 - printed on purpose; it exists only under LAUREL_DEMO
READER = 3  # the panel member whose account is printed: she has files left to score
LEFT_TO_SCORE = frozenset({1, 3, 9, 17})  # of this year's files, by number; none of them near the top


def is_empty() -> bool:
    """An invitation is content too: somebody has begun to set the service up."""
    return not any(db.session.scalar(select(kind.id).limit(1)) for kind in (Person, Invitation))


def load(now: datetime) -> None:
    """Everything in the caller's transaction: all of it or nothing."""
    demo = bool(current_app.config["LAUREL_DEMO"])
    cast = Cast(password=(lambda _email: PASSWORD) if demo else (lambda _email: chance.token()), with_codes=demo)
    cycles.load_missions(now - 430 * DAY)
    for invite in (cast.invite_first, cast.invite_house):
        invite(now - 429 * DAY)
        cast.take_up(now - 428 * DAY)
    last_year(cast, now)
    this_year(cast, now)
    next_year(cast, now)
    _keep_old_letters(now)
    if demo:
        _write_accounts(cast)


def last_year(cast: Cast, now: datetime) -> None:
    """Decided and announced. Its texts are dated to today, as scores.json expects."""
    times = Timetable(now - 420 * DAY, now - 380 * DAY, now - 345 * DAY, now - 320 * DAY, now.date(), (845, 465))
    year = Year("last", now.year - 1, times, cast)
    _nominate_and_screen(year)
    rounds.open_round(year.cycle, now=times.screening_ends)
    for place, member in enumerate(cast.panel):
        at = now - 330 * DAY + place * HOUR
        year.review(member, at)
        year.finish(member, at + 5 * DAY)
    close_and_compute(year, times.review_ends + 2 * HOUR)
    year.shortlist(now - 320 * DAY)
    laureate = year.decide(now - 315 * DAY)
    year.announce(laureate, now - 300 * DAY)
    _release(now - 299 * DAY)


def this_year(cast: Cast, now: datetime) -> None:
    """In review: most of the panel has finished, the printed member and the deputy have not."""
    times = Timetable(now - 75 * DAY, now - 40 * DAY, now - 12 * DAY, now + 9 * DAY, now.date(), (480, 100))
    year = Year("this", now.year, times, cast)
    _nominate_and_screen(year)
    rounds.open_round(year.cycle, now=times.screening_ends)
    for place, member in enumerate(cast.panel):
        at = now - 2 * DAY + place * HOUR
        busy = place == READER
        year.review(member, at, leave=LEFT_TO_SCORE if busy else ())
        if not busy and member is not cast.people[_deputy()]:
            year.finish(member, at + 20 * HOUR)


def next_year(cast: Cast, now: datetime) -> None:
    """Open for nominations, with drafts; one of them is complete and waits for its authority."""
    times = Timetable(now - 6 * DAY, now + 40 * DAY, now + 70 * DAY, now + 95 * DAY, now.date(), (300, -80))
    year = Year("next", now.year + 1, times, cast)
    year.prepare()
    year.open()
    for entry in year.entries():
        year.write(entry, now - 3 * DAY + entry.number * HOUR)


def close_and_compute(year: Year, now: datetime) -> None:
    """What the worker does when a round has ended."""
    from award_app.selection.computing import compute  # numbers: only here, never in the web process

    rounds.close_round(year.cycle, now=now)
    compute(year.cycle, now=now + timedelta(minutes=1))


def _nominate_and_screen(year: Year) -> None:
    year.prepare()
    year.open()
    for entry in year.entries():
        year.write(entry)
        year.hand_in(entry)
    for entry in year.entries():
        year.screen(entry)
    for entry in year.entries("returned"):
        year.mend(entry)


def _release(now: datetime) -> None:
    from award_app.announcement.operations import release_due

    release_due(now)


def _deputy() -> str:
    return next(str(data["email"]) for data in read("people")["panel"] if data.get("deputy"))


def _keep_old_letters(now: datetime) -> None:
    """The letters of the past are not posted today; they end as skipped, with the reason."""
    old = update(Letter).where(Letter.created_at < now - DAY, Letter.state == LetterState.WAITING)
    db.session.flush()
    db.session.execute(old.values(state=LetterState.SKIPPED, closed_at=Letter.created_at, note="demonstration"))


def _write_accounts(cast: Cast) -> None:
    mission = read("people")["missions"][2]["acronym"]
    shown: dict[str, Person] = {
        "secretariat": cast.secretariat[0],
        "secretariat, second person": cast.secretariat[1],
        f"nominator, {mission}": cast.nominator(mission, 0),
        f"nominating authority, {mission}": cast.authority(mission),
        "panel member": cast.panel[READER],
        "chair": cast.chair,
        "observer": cast.people[read("people")["observer"][0]["email"]],
    }
    rows = [{"role": role, "email": person.email, "password": PASSWORD} for role, person in shown.items()]
    path = Path(str(current_app.config["VAR_DIR"])) / ACCOUNTS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=1))
