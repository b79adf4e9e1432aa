"""Who is reminded of what, when, and never twice in 24 hours."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.cycles.models import Cycle, Extension, Mission, MissionAnswer
from award_app.db import db, transaction
from award_app.domain.vocabulary import IneligibleReason, LetterState, NominationState, Phase
from award_app.nominations.models import Nomination, SecretariatDeclaration
from award_app.notifications import open_work, reminders
from award_app.notifications.models import Letter, Reminder
from award_app.notifications.open_work import Kind
from award_app.notifications.rehearsal import rehearse
from award_app.reviews.models import Ballot
from award_app.web.moments import zone_or_utc
from tests import factories
from tests.conftest import Clock
from tests.counting import Statements
from tests.notifications import scene
from tests.servers import Sink
from workers import reminders as worker

S = NominationState


def _work(cycle: Cycle, clock: Clock) -> dict[str, list[tuple[Kind, int]]]:
    found = open_work.every(cycle, clock.now)
    names = {person.id: person.name for person in db.session.query(Person)}
    return {names[who]: [(item.kind, item.count) for item in items] for who, items in found.items()}


@pytest.fixture
def year(app: Flask, clock: Clock) -> tuple[Cycle, Mission]:
    """Open for nominations, with a nominator and an authority."""
    mission = factories.mission()
    cycle = factories.cycle(Phase.OPEN, missions=(mission,))
    factories.authority(cycle, mission, name="Amara")
    return cycle, mission


# State of the nominator's one file → what is open for her, and for the authority of her mission.
MISSIONS = [
    (S.DRAFT, [(Kind.WRITE, 1)], [(Kind.ENDORSE, 1)]),
    (S.ENDORSED, [], [(Kind.HAND_IN, 1)]),
    (S.RETURNED, [(Kind.MEND, 1)], [(Kind.ENDORSE, 1)]),
    (S.SUBMITTED, [], []),
    (S.ACCEPTED, [], []),
    (S.INELIGIBLE, [], []),
    (S.WITHDRAWN, [], []),
]


@pytest.mark.parametrize(("state", "nominator", "authority"), MISSIONS)
def test_missions_are_asked_for_what_is_not_handed_in(
    year: tuple[Cycle, Mission], clock: Clock, state: S, nominator: list[object], authority: list[object]
) -> None:
    cycle, mission = year
    factories.nomination(cycle, mission, factories.nominator(cycle, mission, name="Nora"), state)
    factories.nominator(cycle, mission, name="Idle")
    factories.authority(cycle, factories.mission(), name="Elsewhere")
    work = _work(cycle, clock)
    assert (work.get("Nora", []), work.get("Amara", [])) == (nominator, authority)
    assert not {"Idle", "Elsewhere"} & set(work)


def test_a_mission_that_answered_no_nominee_is_left_alone(year: tuple[Cycle, Mission], clock: Clock) -> None:
    cycle, mission = year
    by = factories.nominator(cycle, mission)
    factories.nomination(cycle, mission, by)
    factories.add(MissionAnswer(cycle_id=cycle.id, mission_id=mission.id, reason="", by_id=by.id, at=clock.now))
    assert _work(cycle, clock) == {}


def test_the_deadline_is_the_one_that_holds(year: tuple[Cycle, Mission], clock: Clock) -> None:
    cycle, mission = year
    by = factories.nominator(cycle, mission, name="Nora")
    draft = factories.nomination(cycle, mission, by)
    back = factories.nomination(cycle, mission, by, S.RETURNED)

    def deadlines() -> list[tuple[Kind, object]]:
        return [(item.kind, item.at) for item in open_work.of(by, cycle, clock.now)]

    own = back.return_deadline
    assert deadlines() == [(Kind.WRITE, cycle.closes_at), (Kind.MEND, own)]
    until = cycle.closes_at + timedelta(days=3)
    factories.add(
        Extension(cycle_id=cycle.id, mission_id=mission.id, until=until, reason="Floods.", by_id=by.id, at=clock.now)
    )
    assert deadlines() == [(Kind.WRITE, until), (Kind.MEND, own)]
    for item in open_work.of(by, cycle, clock.now):
        assert item.deadline().at == item.at
    clock.move_to(until)
    assert deadlines() == [(Kind.MEND, own)]
    assert draft.state is S.DRAFT


def test_the_panel_is_asked_while_it_scores(app: Flask, clock: Clock) -> None:
    cycle = factories.cycle(Phase.REVIEW)
    factories.member(cycle, name="Kari")
    done = factories.member(cycle, name="Done")
    factories.add(Ballot(cycle_id=cycle.id, person_id=done.id, finished_at=clock.now))
    assert _work(cycle, clock) == {"Kari": [(Kind.SCORE, 1)]}
    clock.move_to(cycle.review_ends_at)
    assert _work(cycle, clock) == {}


def test_screening_waits_for_who_may_do_it(year: tuple[Cycle, Mission], clock: Clock) -> None:
    cycle, mission = year
    rita, sam = factories.secretariat(name="Rita"), factories.secretariat(name="Sam")
    by = factories.nominator(cycle, mission)
    first, second, _third = (factories.nomination(cycle, mission, by, S.SUBMITTED) for _ in range(3))
    assert _work(cycle, clock) == {"Rita": [(Kind.SCREEN, 3)], "Sam": [(Kind.SCREEN, 3)]}
    _conflict(rita, first, clock)
    second.ineligible_reason, second.ineligible_by_id = IneligibleReason.NOT_POLICE, rita.id
    db.session.flush()
    assert _work(cycle, clock) == {"Rita": [(Kind.SCREEN, 1)], "Sam": [(Kind.SCREEN, 2), (Kind.CONFIRM, 1)]}
    assert sam.is_active


# A release that one person approved waits for another; whoever has a conflict in the year does not hear of it.
def test_a_release_waits_for_its_second_person(app: Flask, clock: Clock) -> None:
    made = scene.year(S.ACCEPTED, Phase.RESULT)
    announcement = scene.announce(made.cycle, made.file)
    announcement.release_at = clock.now + timedelta(days=7)
    first, second = announcement.approvals
    db.session.delete(second)
    kept_out, waiting = factories.secretariat(name="Kept out"), factories.secretariat(name="Waiting")
    _conflict(kept_out, made.file, clock)
    names = {p.id: p.name for p in db.session.query(Person)}
    assert set(_work(made.cycle, clock)) == {"Waiting", names[second.person_id]}
    assert _work(made.cycle, clock)["Waiting"] == [(Kind.APPROVE, 1)]
    assert waiting.id != first.person_id


def test_it_asks_the_same_few_questions_whatever_the_rows(
    year: tuple[Cycle, Mission], clock: Clock, statements: Statements
) -> None:
    cycle, mission = year
    counts = []
    for more in (1, 30):
        for _ in range(more):
            factories.nomination(cycle, mission, factories.nominator(cycle, mission))
        db.session.flush()
        cycle_ = db.session.get_one(Cycle, cycle.id)
        with statements.counted() as counted:
            open_work.every(cycle_, clock.now)
        counts.append(counted.number)
    assert counts[0] == counts[1] <= 8, counted.texts


def test_everybody_is_reminded_by_her_own_clock_once_a_day(app: Flask, clock: Clock, post_box: Sink) -> None:
    with transaction():
        mission = factories.mission()
        cycle = factories.cycle(Phase.OPEN, missions=(mission,))
        for name, zone in (("Juba", "Africa/Juba"), ("Bogota", "America/Bogota")):
            by = factories.nominator(cycle, mission, name=name, timezone=zone)
            factories.nomination(cycle, mission, by)
    closes = cycle.closes_at.replace(hour=23)
    with transaction():
        cycle.closes_at = closes
    told: list[tuple[str, int, int]] = []
    clock.move_to(closes - timedelta(days=9))
    seen = 0
    while clock.now < closes:
        worker.remind_due()
        db.session.rollback()
        letters = db.session.query(Letter).order_by(Letter.id).all()
        for letter in letters[seen:]:
            assert letter.person is not None
            local = clock.now.astimezone(zone_or_utc(letter.person.timezone))
            told.append((letter.person.name, (closes.date() - local.date()).days, local.hour))
        seen = len(letters)
        clock.forward(minutes=30)
    # In Juba the deadline falls into the night: its last day is the one that people in Bogota have too.
    for name in ("Juba", "Bogota"):
        assert [(left, hour) for who, left, hour in told if who == name] == [(7, 8), (1, 8), (0, 8)]


def test_never_two_within_24_hours_whoever_asks(app: Flask, clock: Clock) -> None:
    cycle, by = _one_draft()
    first = clock.move_to(cycle.closes_at.replace(hour=9) - timedelta(days=1))
    with transaction():
        assert reminders.remind_now(cycle, by=by, now=clock.now) == 2
    for hours in (1, 5, 23):
        clock.move_to(first + timedelta(hours=hours))
        worker.remind_due()
        with transaction():
            assert reminders.remind_now(cycle, by=by, now=clock.now) == 0
    clock.move_to(first + timedelta(hours=24))
    with transaction():
        assert reminders.remind_now(cycle, by=by, now=clock.now) == 2
    assert db.session.query(Letter).count() == 4


def test_two_workers_at_once_write_one_letter_a_person(app: Flask, clock: Clock) -> None:
    cycle, _by = _one_draft()
    clock.move_to(cycle.closes_at.replace(hour=9) - timedelta(days=1))
    gate = threading.Barrier(4)

    def run() -> None:
        with app.app_context():
            gate.wait()
            worker.remind_due()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()
    assert (db.session.query(Letter).count(), db.session.query(Reminder).count()) == (2, 2)


# One that could not leave for a day must not leave beside the next one.
def test_a_reminder_that_was_late_is_not_followed_at_once(app: Flask, clock: Clock, post_box: Sink) -> None:
    cycle, by = _one_draft()
    clock.move_to(cycle.closes_at.replace(hour=9) - timedelta(days=3))
    late: dict[str, int] = {}
    fresh: dict[str, int] = {}
    for kept in (late, fresh):
        with transaction():
            reminders.remind_now(cycle, by=by, now=clock.now)
        written = [letter for letter in db.session.query(Letter) if letter.id not in late.values()]
        kept.update({letter.person.email: letter.id for letter in written if letter.person})
        clock.forward(hours=24)
    person = next(iter(late))
    # The newer one waits: the older one is not sent any more.
    assert scene.post(late[person]).state is LetterState.SKIPPED
    assert scene.post(fresh[person]).state is LetterState.SENT
    other = next(email for email in late if email != person)
    # The older one has just left: the newer one is not sent beside it.
    with transaction():
        letter = db.session.get_one(Letter, late[other])
        letter.state, letter.closed_at = LetterState.SENT, clock.now - timedelta(hours=1)
    assert scene.post(fresh[other]).state is LetterState.SKIPPED
    assert len(post_box.messages) == 1


def test_work_done_meanwhile_stops_the_reminder(app: Flask, clock: Clock, post_box: Sink) -> None:
    cycle, by = _one_draft()
    with transaction():
        reminders.remind_now(cycle, by=by, now=clock.now)
        file = db.session.query(Nomination).one()
        file.withdrawn_reason, file.state = "She went home.", S.WITHDRAWN
    for letter in db.session.query(Letter).all():
        assert scene.post(letter.id).note == "overtaken"
    assert post_box.messages == []


def test_by_hand_the_page_says_first_whom_it_writes_to(
    app: Flask, clock: Clock, as_: Callable[[Person], FlaskClient]
) -> None:
    cycle, by = _one_draft()
    browser, path = as_(by), f"/letters/remind/{cycle.award_year}"
    page = browser.get(path).text
    assert "This sends 2 letters." in page
    assert "2 people have something open." in page
    assert "Nora &lt;" in page
    assert browser.post(path, data={"once": "k"}).status_code == 302
    assert browser.post(path, data={"once": "k"}).status_code == 302
    assert db.session.query(Letter).count() == 2
    page = browser.get(path).text
    assert "This sends no letter." in page
    assert "2 people had a reminder in the last 24 hours and get none now." in page


def test_by_hand_the_secretariat_is_left_out(app: Flask, clock: Clock) -> None:
    with transaction():
        mission = factories.mission()
        cycle = factories.cycle(Phase.OPEN, missions=(mission,))
        by = factories.secretariat()
        factories.nomination(cycle, mission, factories.nominator(cycle, mission), S.SUBMITTED)
    assert rehearse(lambda: reminders.remind_now(cycle, by=by, now=clock.now)) == []


def test_what_is_open_is_said_with_its_deadline_and_its_page(app: Flask, clock: Clock, post_box: Sink) -> None:
    cycle, by = _one_draft()
    with transaction():
        reminders.remind_now(cycle, by=by, now=clock.now)
    for letter in db.session.query(Letter).order_by(Letter.id).all():
        scene.post(letter.id)
    texts = [str(m.parsed.get_body(("plain",)).get_content()) for m in post_box.messages]  # type: ignore[union-attr]
    assert ["1 file of your mission is not endorsed." in text for text in texts] == [True, False]
    assert ["1 draft of yours is not finished." in text for text in texts] == [False, True]
    assert all("Nadia" not in text for text in texts)


def _one_draft() -> tuple[Cycle, Person]:
    """A mission with one draft, its authority and its nominator; and somebody of the secretariat."""
    with transaction():
        mission = factories.mission()
        cycle = factories.cycle(Phase.OPEN, missions=(mission,))
        factories.authority(cycle, mission, name="Amara")
        factories.nomination(cycle, mission, factories.nominator(cycle, mission, name="Nora"))
        by = factories.secretariat(name="Rita")
    return cycle, by


def _conflict(person: Person, file: Nomination, clock: Clock) -> None:
    factories.add(
        SecretariatDeclaration(
            nomination_id=file.id, person_id=person.id, conflict=True, reason="A cousin.", at=clock.now
        )
    )


# What is typed → what is kept; None: it is refused and asked again.
DAYS = [
    ("7, 1", [7, 1]),
    ("1,7,7", [7, 1]),
    ("", []),
    ("60", [60]),
    ("61", None),
    ("0", None),
    ("1,2,3,4,5,6", None),
    ("-1", None),
    ("a week", None),
    ("٧", None),
]


@pytest.mark.parametrize(("typed", "kept"), DAYS)
def test_a_cycle_keeps_its_own_days(
    app: Flask, clock: Clock, as_: Callable[[Person], FlaskClient], typed: str, kept: list[int] | None
) -> None:
    cycle, by = _one_draft()
    browser, path = as_(by), f"/letters/remind/{cycle.award_year}"
    assert 'value="7, 1"' in browser.get(path).text
    answer = browser.post(f"{path}/days", data={"days": typed})
    db.session.expire_all()
    assert (answer.status_code, cycle.reminder_days) == ((302, kept) if kept is not None else (422, None))
    if kept is None:
        assert 'id="days-error"' in answer.text
