"""A whole award year, from the call to the announcement, through the operations the pages use; letters go through the
worker's task, in a process of its own, to an SMTP server started here."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO, Any

import click
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import current_app
from sqlalchemy import func, select

import config
from award_app import access, audit, chance, clock
from award_app.announcement.operations import release_due
from award_app.cycles import operations as cycles
from award_app.db import db, transaction
from award_app.demo.cast import Cast
from award_app.demo.load import close_and_compute
from award_app.demo.year import Timetable, Year
from award_app.domain.vocabulary import END_STATES, NominationState, Outcome
from award_app.nominations.models import Nomination
from award_app.notifications import delivery
from award_app.reviews import rounds
from award_app.reviews.models import effective_scores
from award_app.selection.models import Place

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

Post = Callable[[datetime], None]


def play() -> None:
    """Prints each step, and as its last line what came of the year as JSON."""
    start = clock.now()
    with _postman() as post:
        year = _prepare(start, post)
        _nominate(year, post)
        _review(year, post)
        _finish(year, post)
    click.echo(json.dumps(_summary(year)))


def _prepare(start: datetime, post: Post) -> Year:
    cast = Cast(password=lambda _email: chance.token())
    times = Timetable(
        start + 10 * DAY, start + 40 * DAY, start + 65 * DAY, start + 90 * DAY, (start + 67 * DAY).date(), (480, 100)
    )
    year = Year("this", start.year, times, cast)
    with _step("The secretariat is invited", start, post):
        cycles.load_missions(start)
        cast.invite_first(start)
    with _step("It invites the rest of the house", start + HOUR, post):
        cast.take_up(start + HOUR)
        cast.invite_house(start + HOUR)
    with _step("It prepares the cycle and invites missions and panel", start + 5 * DAY, post):
        cast.take_up(start + 2 * HOUR)
        year.prepare()
    with _step("Everybody follows the link; the cycle is opened", start + 6 * DAY, post):
        year.open()
    return year


def _nominate(year: Year, post: Post) -> None:
    with _step("Missions write and hand in their files", year.times.closes, post):
        for entry in year.entries():
            year.write(entry)
            year.hand_in(entry)
    with _step("The secretariat screens", year.times.closes + 4 * DAY, post):
        for entry in year.entries():
            year.screen(entry)
    with _step("A returned file comes back mended", year.times.screening_ends, post):
        for entry in year.entries("returned"):
            year.mend(entry)


def _review(year: Year, post: Post) -> None:
    begins = year.times.screening_ends
    with _step("The round opens", begins + HOUR, post):
        rounds.open_round(year.cycle, now=begins + HOUR)
    with _step("Members declare, read, score and finish", begins + 10 * DAY, post):
        for place, member in enumerate(year.cast.panel):
            year.review(member, begins + 2 * DAY + place * HOUR)
            year.finish(member, begins + 9 * DAY + place * HOUR)


def _finish(year: Year, post: Post) -> None:
    ends = year.times.review_ends + HOUR
    with _step("The round closes; the worker computes the result", ends, post):
        close_and_compute(year, ends)
    with _step(
        "The chair proposes the shortlist; clearance and consent come in; she confirms it", ends + 2 * DAY, post
    ):
        year.shortlist(ends + 2 * DAY)
    with _step("The chair records the decision", ends + 5 * DAY, post):
        laureate = year.decide(ends + 5 * DAY)
    with _step("Two people approve the announcement", ends + 15 * DAY, post):
        year.announce(laureate, ends + 14 * DAY)
    with _step("It is released", ends + 15 * DAY + HOUR, post):
        release_due(ends + 15 * DAY + HOUR)


@contextmanager
def _step(words: str, posted_at: datetime, post: Post) -> Iterator[None]:
    click.echo(f"{posted_at:%Y-%m-%d}  {words}")
    with transaction():
        yield
    post(posted_at)


def _summary(year: Year) -> dict[str, Any]:
    of_cycle = select(func.count()).select_from(Nomination).where(Nomination.cycle_id == year.cycle.id)
    counted = select(func.count()).select_from(effective_scores).where(effective_scores.c.cycle_id == year.cycle.id)
    letters = delivery.count_by_state()
    unended = set(letters) - {state.value for state in END_STATES}
    if unended:
        raise click.ClickException(f"letters are left in {', '.join(sorted(unended))}")
    verdict = audit.verify()
    return {
        "nominations": db.session.scalar(of_cycle),
        "screened_out": db.session.scalar(of_cycle.where(Nomination.state == NominationState.INELIGIBLE)),
        "recusals": sum(len(access.kept_from(member, year.cycle)) for member in year.cast.panel),
        "scores": db.session.scalar(counted),
        "laureate": _named(year, Outcome.LAUREATE)[0],
        "runners_up": _named(year, Outcome.RUNNER_UP),
        "letters": letters,
        "ledger": "ok" if verdict.ok else f"broken at {verdict.broken_at}",
    }


def _named(year: Year, outcome: Outcome) -> list[str]:
    named = select(Nomination.nominee_name).join(Place, Place.nomination_id == Nomination.id)
    named = named.where(Nomination.cycle_id == year.cycle.id, Place.outcome == outcome)
    return list(db.session.scalars(named.order_by(Place.position)))


class _Letterbox:
    """Takes every letter and keeps none."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return "250 OK"


@contextmanager
def _postman() -> Iterator[Post]:
    """An SMTP server of our own and the process that posts to it; `post(instant)` returns when nothing is due then."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(_Letterbox(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "award_app.demo.postman"],
            cwd=config.ROOT,
            env=config.handed_on(current_app.config, SMTP_URL=f"smtp://127.0.0.1:{port}"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield lambda instant: _ask(process, instant)
        finally:
            process.kill()
            process.wait()
    finally:
        server.stop()


def _ask(process: subprocess.Popen[str], instant: datetime) -> None:
    _writer(process.stdin).write(instant.isoformat() + "\n")
    _writer(process.stdin).flush()
    if _writer(process.stdout).readline().strip() != "done":
        raise click.ClickException("the process that posts letters has ended")


def _writer(stream: IO[str] | None) -> IO[str]:
    assert stream is not None  # both ends are pipes
    return stream
