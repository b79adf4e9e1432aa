"""Two people at the same moment: one effect, and the other hears why."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask

from award_app import clock as the_clock
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState, Refusal, Refused
from award_app.nominations import operations, screening
from award_app.nominations.models import Nomination
from tests import factories as make
from tests.conftest import Clock
from tests.nominations.conftest import make_place


def at_once(app: Flask, *acts: Callable[[], None]) -> list[Refusal | None]:
    """Run each in a thread and a session of its own; what each was told, None for yes."""
    start, told = threading.Barrier(len(acts)), [None] * len(acts)
    heard: list[Refusal | None] = list(told)

    def run(n: int, act: Callable[[], None]) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    act()
            except Refused as refused:
                heard[n] = refused.refusal
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(heard, key=str)


def _hand_in(file: int, head: int) -> Callable[[], None]:
    return lambda: operations.hand_in(
        db.session.get_one(Nomination, file), by=db.session.get_one(Person, head), now=the_clock.now()
    )


def test_one_file_is_handed_in_once(app: Flask, clock: Clock) -> None:
    place = make_place()
    file, head = place.endorsed(clock.now).id, place.authority.id
    db.session.rollback()
    assert at_once(app, *[_hand_in(file, head)] * 3) == [None, Refusal.WRONG_STATE, Refusal.WRONG_STATE]


def test_the_last_place_is_taken_once(app: Flask, clock: Clock) -> None:
    place = make_place(quota=1)
    files, head = [place.endorsed(clock.now).id for _ in range(3)], place.authority.id
    db.session.rollback()
    said = at_once(app, *[_hand_in(file, head) for file in files])
    assert said == [None, Refusal.QUOTA_FULL, Refusal.QUOTA_FULL]


def test_an_edit_and_a_hand_in_at_once_leave_a_file_that_is_what_was_endorsed(app: Flask, clock: Clock) -> None:
    place = make_place()
    file, head, writer = place.endorsed(clock.now).id, place.authority.id, place.nominator.id
    db.session.rollback()

    def edit() -> None:
        operations.save(
            db.session.get_one(Nomination, file),
            {"unit": "Another unit"},
            seen={"unit": 1},
            operation_id="race",
            by=db.session.get_one(Person, writer),
            now=the_clock.now(),
        )

    said = at_once(app, edit, _hand_in(file, head))
    assert said == [None, Refusal.WRONG_STATE]
    state = db.session.get_one(Nomination, file).state
    assert state in (NominationState.DRAFT, NominationState.SUBMITTED)


def test_two_decisions_on_one_file_are_one(app: Flask, clock: Clock) -> None:
    place = make_place()
    with transaction():
        made = make.nomination(place.cycle, place.mission, place.nominator, NominationState.SUBMITTED)
        for person in (place.secretariat, place.second):
            screening.declare_as_secretariat(made, conflict=False, reason=None, by=person, now=clock.now)
    file, one, two = made.id, place.secretariat.id, place.second.id
    db.session.rollback()
    decided = at_once(
        app,
        lambda: screening.accept(
            db.session.get_one(Nomination, file), by=db.session.get_one(Person, one), now=clock.now
        ),
        lambda: _return(file, two, clock),
    )
    assert decided == [None, Refusal.WRONG_STATE]


def _return(file: int, by: int, clock: Clock) -> None:
    screening.send_back(
        db.session.get_one(Nomination, file), "Shorter", None, by=db.session.get_one(Person, by), now=clock.now
    )
