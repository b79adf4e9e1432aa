"""T10: people who do the same thing at the same instant. What must hold afterwards is asked of the database."""

from __future__ import annotations

import random
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

from flask import Flask
from sqlalchemy import delete, func, select, update

from award_app import chance, clock
from award_app.accounts import addresses, passwords
from award_app.accounts import operations as accounts
from award_app.accounts.links import token
from award_app.accounts.models import Appointment, Person
from award_app.accounts.resetting import operations as resetting
from award_app.accounts.resetting.models import PasswordReset
from award_app.announcement import operations as announcing
from award_app.announcement.models import Announcement, Approval
from award_app.audit import LedgerEntry
from award_app.cycles.models import Cycle, CycleMission, Mission
from award_app.db import db, transaction
from award_app.domain.vocabulary import AppointmentRole, CriterionKind, NominationState, Phase
from award_app.nominations import queries as nominations
from award_app.nominations.models import Nomination
from award_app.notifications.models import Letter
from award_app.reviews import rounds
from award_app.reviews.models import Score, effective_scores
from tests import codes
from tests import factories as make
from tests.integrity.server import Answer, Browser, Post, at_once, running_web
from tests.selection import scene as scenes

CLIENTS, QUOTA = 20, 4
PASSWORD = "a horse, a staple and a laurel"
NAME = "Awa Bélanger"


@dataclass
class Course:
    """The served application and everybody who runs on it."""

    app: Flask
    port: int
    cycle: Cycle
    mission: Mission
    files: list[Nomination]
    announcement: Announcement
    nominator: Browser
    authorities: list[Browser]
    secretariat: list[Browser]


@dataclass
class Tally:
    rounds: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


@contextmanager
def course(folder: Path, database_url: str = "") -> Iterator[Course]:
    with running_web(folder, database_url) as (app, port):

        def enter(person: Person) -> Browser:
            email = person.email
            db.session.rollback()
            return Browser(port).sign_in(email, PASSWORD)

        mission = make.mission("RACE")
        cycle = make.cycle(Phase.OPEN, missions=(mission,), quota=QUOTA)
        nominator = make.nominator(cycle, mission)
        authorities = [make.authority(cycle, mission) for _ in range(4)]
        files = [_endorsed(cycle, mission, nominator) for _ in range(CLIENTS)]
        scene = scenes.computed(scenes.closed_round())
        scenes.decided(scene)
        announcement = _prepared(scene)
        with transaction():
            db.session.execute(update(Person).values(password_hash=passwords.hash_of(PASSWORD)))
            codes.enrol(db.session.scalars(select(Person)).all(), now=clock.now())
        yield Course(
            app,
            port,
            cycle,
            mission,
            files,
            announcement,
            enter(nominator),
            [enter(person) for person in authorities],
            [enter(person) for person in scene.secretariat],
        )


class Race(ABC):
    """One contest, repeated. `allowed` are the statuses its losers may get."""

    allowed = frozenset({302, 409})

    def __init__(self, on: Course) -> None:
        self.on = on

    @abstractmethod
    def posts(self, number: int) -> list[Post]:
        """Set everything back, and say what the clients send."""

    def beside(self) -> object:
        """What a worker or a command does here at the same instant; nothing, unless a race says so."""
        return None

    def says(self, answer: Answer) -> bool:
        """Whoever loses reads a page that says so."""
        return "<h1" in answer.body and "<p" in answer.body

    @abstractmethod
    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        """What does not hold after the round."""


class HandInTwice(Race):
    """One file, twenty times: from one form sent again and again, or from twenty tabs."""

    def posts(self, number: int) -> list[Post]:
        _take_back(self.on)
        self.file, self.mark = self.on.files[number % CLIENTS], _ledger_end()
        db.session.commit()
        keys = ["same"] * CLIENTS if number % 2 else [f"tab {n}" for n in range(CLIENTS)]
        path = f"/nominations/{self.file.ref}/hand-in"
        return [
            Post(self.on.authorities[0], path, {"once": f"{number} {key}"}) for key in keys
        ]  # all of one person: a key is hers

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        yield from _equal("files handed in", _submitted(self.on), 1)
        yield from _equal("rows in the ledger", _acts("hand_in", self.mark), 1)
        yield from _equal("letters", _letters("handed_in"), len(nominations.people_of(self.file)))
        done = [answer.location for answer in answers if answer.status == 302]
        yield from _equal("told that it is done", len(done), CLIENTS if number % 2 else 1)
        yield from _equal("addresses they were led to", len(set(done)), 1)


class BeginTwice(Race):
    """The form that begins a nomination, sent twenty times with one key."""

    def posts(self, number: int) -> list[Post]:
        self.before = _count(Nomination)
        db.session.commit()
        path = f"/nominations/begin/{self.on.cycle.award_year}/{self.on.mission.acronym}"
        db.session.commit()
        return [Post(self.on.nominator, path, {"once": f"begin {number}"})] * CLIENTS

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        yield from _equal("new files", _count(Nomination) - self.before, 1)
        yield from _equal("addresses they were led to", len({a.location for a in answers if a.status == 302}), 1)


class Quota(Race):
    """Twenty files of one mission, handed in by four authorities; four places."""

    def posts(self, number: int) -> list[Post]:
        _take_back(self.on)
        refs = [file.ref for file in self.on.files]
        db.session.commit()
        return [
            Post(self.on.authorities[n % 4], f"/nominations/{ref}/hand-in", {"once": f"quota {number} {n}"})
            for n, ref in enumerate(refs)
        ]

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        yield from _equal("files handed in", _submitted(self.on), QUOTA)
        yield from _equal("told that it is done", sum(a.status == 302 for a in answers), QUOTA)


class TwoReleases(Race):
    """Three people approve, each several times; every other round one person alone. Then four workers find it released."""

    allowed = frozenset({302, 403, 409})

    def posts(self, number: int) -> list[Post]:
        announcement = self.on.announcement
        with transaction():
            db.session.execute(delete(Approval))
            db.session.execute(delete(Letter))
            db.session.execute(update(Announcement).values(released_at=None))
        self.mark = _ledger_end()
        year, version = announcement.cycle.award_year, announcement.version
        db.session.commit()
        form = {"typed": NAME, "version": str(version)}
        people = self.on.secretariat if number % 2 else self.on.secretariat[:1]
        return [
            Post(people[n % len(people)], f"/announcements/{year}/approve", {**form, "once": f"approve {number} {n}"})
            for n in range(CLIENTS)
        ]

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        wanted = 2 if number % 2 else 1
        given = db.session.scalars(select(Approval).order_by(Approval.slot)).all()
        yield from _equal("slots", [approval.slot for approval in given], [1, 2][:wanted])
        yield from _equal("people who approved", len({approval.person_id for approval in given}), wanted)
        yield from _equal("told that it is done", sum(a.status == 302 for a in answers), wanted)
        db.session.rollback()
        released = wanted - 1
        yield from _equal("releases written down", sum(_together(self.on.app, _release, 4)), released)
        yield from _equal("rows in the ledger", _acts("release", self.mark), released)
        per_person = db.session.execute(select(Letter.template, Letter.person_id, Letter.ids)).all()
        yield from _equal("letters written twice", len(per_person) - len(set(map(repr, per_person))), 0)
        yield from _equal("letters of release", _letters("released"), 7 * released)  # three authorities, four members


class AcceptTwice(Race):
    """One link, twenty times: by somebody new, or by somebody who has an account."""

    allowed = frozenset({302, 409, 410})

    def posts(self, number: int) -> list[Post]:
        self.email = f"guest{number}@race.example"
        with transaction():
            if number % 2:
                make.person("Guest", email=self.email, password_hash=passwords.hash_of(PASSWORD))
            made = accounts.invite(self.email, "Guest", AppointmentRole.OBSERVER, by=None, now=clock.now())
        path = f"/invitation/{token(made)}"
        db.session.commit()
        browser = Browser(self.on.port).visit(path)
        form = {"current": PASSWORD} if number % 2 else {"name": "Guest", "password": PASSWORD}
        return [Post(browser, path, form)] * CLIENTS

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        people = db.session.scalars(select(Person.id).where(Person.email == self.email)).all()
        yield from _equal("people", len(people), 1)
        held = select(func.count()).select_from(Appointment).where(Appointment.person_id.in_(people))
        yield from _equal("appointments", db.session.scalar(held), 1)
        yield from _equal("let in", sum(a.status == 302 for a in answers), 1)


class ResetTwice(Race):
    """One link to a new password, twenty times, with twenty passwords: one of them holds."""

    allowed = frozenset({302, 410})

    def posts(self, number: int) -> list[Post]:
        with transaction():
            self.person = make.person("Reset", email=f"reset{number}@race.example", password_hash="none")
            resetting.ask(self.person.email, now=clock.now())
            resetting.answer_all(now=clock.now())
        self.mark = _ledger_end()
        made = db.session.scalars(select(PasswordReset).where(PasswordReset.person_id == self.person.id)).one()
        path = f"/reset/{token(made)}"
        db.session.commit()
        browser = Browser(self.on.port).visit(path)
        return [Post(browser, path, {"password": f"{PASSWORD} {number} {n}"}) for n in range(CLIENTS)]

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        db.session.refresh(self.person)
        done = [n for n, answer in enumerate(answers) if answer.status == 302]
        yield from _equal("told that it is done", len(done), 1)
        yield from _equal("rows in the ledger", _acts("reset_password", self.mark), 1)
        hers = select(func.count()).select_from(Letter).where(Letter.template == "password_changed")
        yield from _equal("letters", db.session.scalar(hers.where(Letter.person_id == self.person.id)), 1)
        fits = [n for n in done if passwords.fits(f"{PASSWORD} {number} {n}", self.person.password_hash)]
        yield from _equal("the password that holds", fits, done)


class ConfirmAddressTwice(Race):
    """One link to a new address, twenty times."""

    allowed = frozenset({302, 410})

    def posts(self, number: int) -> list[Post]:
        self.email = f"moved{number}@race.example"
        with transaction():
            kept = passwords.hash_of(PASSWORD)
            self.person = make.person("Moves", email=f"moves{number}@race.example", password_hash=kept)
            change = addresses.ask(self.person, self.email, by=self.person, now=clock.now())
        self.mark = _ledger_end()
        path = f"/address/{token(change)}"
        db.session.commit()
        browser = Browser(self.on.port).visit(path)
        return [Post(browser, path, {"current": PASSWORD})] * CLIENTS

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        db.session.refresh(self.person)
        yield from _equal("address", self.person.email, self.email)
        yield from _equal("told that it is done", sum(answer.status == 302 for answer in answers), 1)
        yield from _equal("rows in the ledger", _acts("confirm_address_change", self.mark), 1)


def run(kind: type[Race], on: Course, rounds: int) -> Tally:
    chance.seed(None)  # a course outlives the test that seeds
    race, tally = kind(on), Tally()
    for number in range(rounds):
        posts = race.posts(number)
        answers = at_once(posts, lambda: _in_context(on.app, race.beside))
        db.session.rollback()
        tally.rounds += 1
        tally.answers.update(answer.status for answer in answers)
        wrong = [*_wrong_answers(race, answers), *race.violations(number, answers)]
        tally.violations += [f"{kind.__name__} round {number}: {what}" for what in wrong]
        db.session.rollback()
    return tally


def _in_context(app: Flask, work: Callable[[], object]) -> None:
    with app.app_context():
        try:
            work()
        finally:
            db.session.remove()


def _wrong_answers(race: Race, answers: Sequence[Answer]) -> Iterator[str]:
    for answer in answers:
        if answer.status not in race.allowed:
            yield f"answered {answer.status}"
        elif answer.status != 302 and not race.says(answer):
            yield f"answered {answer.status} without a sentence"


def _equal(what: str, found: object, wanted: object) -> Iterator[str]:
    if found != wanted:
        yield f"{what}: {found}, not {wanted}"


class EditAgainstHandIn(Race):
    """An endorsed file is edited and handed in: what is handed in is what was endorsed, to the letter. Every other round
    one edit stands against nineteen hand-ins, or it would always come first. An edit that did not see the last one is
    saved too, and its page (200) shows both."""

    allowed = frozenset({200, 302, 409})

    def posts(self, number: int) -> list[Post]:
        _take_back(self.on)
        file = self.file = self.on.files[number % CLIENTS]
        ref = file.ref
        db.session.commit()
        form = {"reason": f"Her desk goes on, told for the {number}. time."}
        edits = CLIENTS // 2 if number % 2 else 1
        self.edits = [True] * edits + [False] * (CLIENTS - edits)
        random.Random(number).shuffle(self.edits)
        return [
            Post(self.on.nominator, f"/nominations/{ref}/edit/case", {"once": f"edit {number} {n}", **form})
            if is_edit
            else Post(self.on.authorities[n % 4], f"/nominations/{ref}/hand-in", {"once": f"against {number} {n}"})
            for n, is_edit in enumerate(self.edits)
        ]

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        db.session.expire_all()
        file, done = self.file, [answer.status in (200, 302) for answer in answers]
        handed_in = sum(ok for ok, is_edit in zip(done, self.edits, strict=True) if not is_edit)
        if file.state is NominationState.SUBMITTED:
            yield from _equal("digest handed in", file.submitted_digest, file.endorsed_digest)
            yield from _equal("what the file reads now", nominations.file_digest(file), file.submitted_digest)
            yield from _equal("told that it is handed in", handed_in, 1)
        else:
            yield from _equal("state after an edit", file.state, NominationState.DRAFT)
            yield from _equal("told that it is handed in", handed_in, 0)
        yield from _equal("somebody won", any(done), True)


class ScoreAgainstClose(Race):
    """Four members score while the round closes: what the close counted is what counts ever after."""

    def __init__(self, on: Course) -> None:
        super().__init__(on)
        mission = make.mission()
        self.cycle = make.cycle(Phase.REVIEW, missions=(mission,))
        self.cycle.quorum = 1
        self.file = make.nomination(self.cycle, mission, make.nominator(self.cycle, mission), NominationState.ACCEPTED)
        members = [make.member(self.cycle, password_hash=passwords.hash_of(PASSWORD)) for _ in range(4)]
        for member in members:
            make.declaration(self.file, member)
        codes.enrol(members, now=clock.now())
        db.session.commit()
        emails = [member.email for member in members]
        db.session.rollback()
        self.members = [Browser(on.port).sign_in(email, PASSWORD) for email in emails]

    def posts(self, number: int) -> list[Post]:
        with transaction():
            db.session.execute(delete(Letter))
            self.cycle.round_closed_at, self.cycle.result_due = None, False
            self.cycle.review_ends_at = self.ends_at = clock.now() + timedelta(seconds=2)
        self.cycle_id = self.cycle.id
        self.counted: list[tuple[int, ...]] = []
        path = f"/panel/{self.cycle.award_year}/{self.file.ref}/scores"
        value = str(3 + number % 3)
        criteria = [(criterion.id, criterion.kind) for criterion in self.cycle.criteria]
        db.session.commit()

        def sheet(n: int) -> dict[str, str]:
            values = {f"value_{c}": value if kind is CriterionKind.SCALE else "2" for c, kind in criteria}
            texts = {f"comment_{c}": f"{number} {n}" for c, _kind in criteria}
            return {**values, **texts, "once": f"score {number} {n}"}

        _wait_until(self.ends_at - timedelta(seconds=0.5 * random.Random(number).random()))
        return [Post(self.members[n % 4], path, sheet(n)) for n in range(CLIENTS)]

    def beside(self) -> None:
        """The worker's part, without its minute of patience."""
        _wait_until(self.ends_at)
        with transaction():
            rounds.close_round(db.session.get_one(Cycle, self.cycle_id), now=clock.now())
            self.counted = _effective(self.cycle_id)

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        db.session.expire_all()
        yield from _equal("what counts", _effective(self.cycle.id), self.counted)
        after = (
            select(func.count())
            .select_from(Score)
            .where(Score.nomination_id == self.file.id, Score.late.is_(False), Score.at >= self.cycle.review_ends_at)
        )
        yield from _equal("scores in time that came late", db.session.scalar(after), 0)


def _wait_until(instant: datetime) -> None:
    """The service's clock counts whole seconds; this one does not."""
    time.sleep(max(0.0, instant.timestamp() - time.time()))


def _effective(cycle_id: int) -> list[tuple[int, ...]]:
    s = effective_scores.c
    found = select(s.person_id, s.criterion_id, s.revision, s.value).where(s.cycle_id == cycle_id)
    return sorted(tuple(row) for row in db.session.execute(found))


class MoveAgainstHandIn(Race):
    """The close is moved to the next second while sixteen files are being handed in, some of them after it."""

    allowed = frozenset({302, 409, 422})  # 422: when the move came to its turn, its moment had passed or a file was in

    def posts(self, number: int) -> list[Post]:
        _take_back(self.on)
        self.number = number
        with transaction():
            _set_close(self.on, timedelta(days=20), quota=CLIENTS)
        refs, year = [file.ref for file in self.on.files[:16]], self.on.cycle.award_year
        screening, review = self.on.cycle.screening_ends_at, self.on.cycle.review_ends_at
        db.session.commit()
        self.close = clock.now().replace(microsecond=0) + timedelta(seconds=4)
        typed = {"closes_at": self.close, "screening_ends_at": screening, "review_ends_at": review}
        form = {name: f"{at:%Y-%m-%dT%H:%M:%S}" for name, at in typed.items()}
        form |= {"reason": "A race.", "less_time": "y", "sure": "yes"}
        movers = [
            Post(self.on.secretariat[n % 3], f"/cycles/{year}/dates", {**form, "once": f"move {number} {n}"})
            for n in range(4)
        ]
        givers = [
            Post(self.on.authorities[n % 4], f"/nominations/{ref}/hand-in", {"once": f"give {number} {n}"})
            for n, ref in enumerate(refs)
        ]
        time.sleep(max(0.0, (self.close - clock.now()).total_seconds() - 0.5 * (number % 5 + 1)))
        return movers + givers

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        cycle = db.session.get_one(Cycle, self.on.cycle.id, populate_existing=True)
        late = (Nomination.cycle_id == cycle.id, Nomination.submitted_at >= cycle.closes_at)
        yield from _equal(
            "files handed in after the close that holds", db.session.query(Nomination).filter(*late).count(), 0
        )
        moves = sum(a.status == 302 for a in answers[:4])
        yield from _equal("moves told as done", moves <= 1, True)
        yield from _equal("the close that holds is the one told", cycle.closes_at == self.close, moves == 1)
        given = sum(a.status == 302 for a in answers[4:])
        yield from _equal("files handed in", _submitted(self.on), given)
        with transaction():
            _set_close(self.on, timedelta(days=20), quota=QUOTA)


RACES: tuple[type[Race], ...] = (
    MoveAgainstHandIn,
    *(HandInTwice, BeginTwice, Quota, TwoReleases, AcceptTwice, ResetTwice, ConfirmAddressTwice),
    *(EditAgainstHandIn, ScoreAgainstClose),
)


# --- the course ------------------------------------------------------------------------------------------------------


def _endorsed(cycle: Cycle, mission: Mission, by: Person) -> Nomination:
    """Complete, and vouched for as it reads."""
    file = make.nomination(cycle, mission, by, NominationState.DRAFT)
    db.session.refresh(file)
    assert nominations.problems(file) == ()
    file.endorsed_digest = nominations.file_digest(file)
    file.state = NominationState.ENDORSED
    db.session.flush()
    return file


def _prepared(scene: scenes.Scene) -> Announcement:
    with transaction():
        return announcing.prepare(
            scene.cycle,
            citations={"en": "For her desk.", "fr": "Pour son bureau."},
            stories={"en": "Long.", "fr": "Longue."},
            name=NAME,
            rank="Inspecteur",
            country="Senegal",
            duty="Adviser",
            release_at=clock.now() - timedelta(hours=1),
            by=scene.secretariat[0],
            now=clock.now(),
        )


def _take_back(on: Course) -> None:
    """Every file endorsed again, none handed in, no letter written."""
    empty = ("submitted_at", "submitted_digest", "submitted_answer_id", "consent", "consent_at")
    here = Nomination.id.in_([file.id for file in on.files])
    with transaction():
        for edited in db.session.scalars(select(Nomination).where(here, Nomination.endorsed_digest.is_(None))):
            edited.endorsed_digest = nominations.file_digest(edited)
        db.session.flush()
        db.session.execute(
            update(Nomination).where(here).values(state=NominationState.ENDORSED, **dict.fromkeys(empty))
        )
        db.session.execute(delete(Letter))
    db.session.expire_all()


def _set_close(on: Course, ahead: timedelta, *, quota: int) -> None:
    db.session.execute(update(Cycle).where(Cycle.id == on.cycle.id).values(closes_at=clock.now() + ahead))
    db.session.execute(update(CycleMission).where(CycleMission.cycle_id == on.cycle.id).values(quota=quota))


def _submitted(on: Course) -> int:
    here = (Nomination.cycle_id == on.cycle.id, Nomination.state == NominationState.SUBMITTED)
    return db.session.scalar(select(func.count()).select_from(Nomination).where(*here)) or 0


def _count(model: type[Nomination]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _letters(template: str) -> int:
    return db.session.scalar(select(func.count()).select_from(Letter).where(Letter.template == template)) or 0


def _ledger_end() -> int:
    return db.session.scalar(select(func.max(LedgerEntry.seq))) or 0


def _acts(act: str, after: int) -> int:
    new = select(func.count()).select_from(LedgerEntry).where(LedgerEntry.act == act, LedgerEntry.seq > after)
    return db.session.scalar(new) or 0


def _release() -> int:
    with transaction():
        return announcing.release_due(clock.now())


def _together(app: Flask, work: Callable[[], int], times: int) -> list[int]:
    barrier = Barrier(times)

    def one(_number: int) -> int:
        with app.app_context():
            barrier.wait(30)
            try:
                return work()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))
