"""A form sent twice has one effect and gets the same answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from award_app import clock
from award_app.accounts.models import OnceKey, Person
from award_app.cycles.models import Mission
from award_app.db import db, transaction
from award_app.web.once import once
from tests import factories as make


def _make_a_mission() -> str:
    return f"/missions/{make.mission().id}"


def test_the_second_sending_gets_the_first_answer(app: Flask) -> None:
    with transaction():
        person = make.person()
    first = once("key", _make_a_mission, by=person, now=clock.now())
    second = once("key", _make_a_mission, by=person, now=clock.now())
    assert (second, _count()) == (first, 1)


def test_the_key_of_somebody_else_is_another_key(app: Flask) -> None:
    with transaction():
        one, other = make.person(), make.person()
    answers = {once("key", _make_a_mission, by=person, now=clock.now()) for person in (one, other)}
    assert (len(answers), _count()) == (2, 2)


def test_work_that_fails_leaves_the_key_free(app: Flask) -> None:
    with transaction():
        person = make.person()

    def fail() -> str:
        make.mission()
        raise RuntimeError("broke")

    with pytest.raises(RuntimeError, match="broke"):
        once("key", fail, by=person, now=clock.now())
    once("key", _make_a_mission, by=person, now=clock.now())
    assert _count() == 1


def test_twenty_at_once_have_one_effect(app: Flask) -> None:
    with transaction():
        person_id = make.person().id

    def send(_number: int) -> str:
        with app.test_request_context(method="POST"):  # a transaction that means to write from its beginning
            return once("key", _make_a_mission, by=db.session.get_one(Person, person_id), now=clock.now())

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(send, range(20)))
    assert (len(answers), _count(), db.session.scalar(select(func.count()).select_from(OnceKey))) == (1, 1, 1)


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(Mission)) or 0
