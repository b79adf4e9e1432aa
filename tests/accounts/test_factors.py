"""Second factors: codes that count once, sealed secrets, passkeys that cannot be copied, and two people for a lost one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from award_app import audit, chance
from award_app.accounts import sessions
from award_app.accounts.factors import codes, halves, operations, passkeys, queries, sealing, showing
from award_app.accounts.factors.lost import operations as lost
from award_app.accounts.factors.models import Authenticator, FactorReset, HalfSignIn, Passkey
from award_app.accounts.models import Person
from award_app.accounts.problems import Problem
from award_app.db import db, transaction
from award_app.domain.vocabulary import Refused
from award_app.notifications.models import Letter
from tests import factories as make
from tests.accounts.softkey import SoftKey
from tests.codes import SECRET
from tests.conftest import Clock

pytestmark = pytest.mark.usefixtures("app")
STEP = 59_000_000


# --- codes -----------------------------------------------------------------------------------------------------------


# RFC 6238, appendix B, cut to six digits: the secret is "12345678901234567890".
@pytest.mark.parametrize(("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert codes.digits("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", codes.step_at(at)) == code


# Clocks go half a minute wrong; what is further away is another code.
@pytest.mark.parametrize(("away", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_of_the_step_before_or_after_opens_and_no_other(away: int, opens: bool, clock: Clock) -> None:
    person = enrolled(clock)
    with transaction():
        assert showing.spend_code(person, codes.digits(SECRET, STEP + away), step=STEP) is opens


def test_a_code_opens_once_and_none_before_it_opens_any_more(clock: Clock) -> None:
    person = enrolled(clock)
    with transaction():
        taken = [
            showing.spend_code(person, codes.digits(SECRET, s), step=STEP) for s in (STEP, STEP, STEP - 1, STEP + 1)
        ]
    assert taken == [True, False, False, True]


def test_a_code_may_have_spaces_and_must_have_six_right_digits(clock: Clock) -> None:
    person, code = enrolled(clock), codes.digits(SECRET, STEP)
    tried = ["", "1", code[:5], code + "0", "éééééé", f"{code[:3]} {code[3:]}"]
    with transaction():
        assert [showing.spend_code(person, given, step=STEP) for given in tried] == [False] * 5 + [True]


@pytest.mark.parametrize("what", ["code", "recovery code", "half sign-in"])
def test_of_two_at_once_one_comes_in(what: str, app: Flask, clock: Clock) -> None:
    person = enrolled(clock)
    with transaction():
        paper = paper_codes(person, clock)[0]
        half = halves.begin(person, now=clock.now)
    number = person.id
    tries = {
        "code": lambda: showing.spend_code(person_again(number), codes.digits(SECRET, STEP), step=STEP),
        "recovery code": lambda: showing.spend_paper_code(person_again(number), paper, now=clock.now),
        "half sign-in": lambda: halves.end(found_or_last(half), now=clock.now),
    }
    assert sorted(at_once(app, tries[what])) == [False, True]


def test_the_secret_lies_sealed_and_opens_for_its_person_and_key_alone(app: Flask, clock: Clock) -> None:
    person = enrolled(clock)
    kept = db.session.scalars(select(Authenticator.secret)).one()
    assert SECRET not in kept
    opened = [sealing.unseal(kept, of=person.id), sealing.unseal(kept, of=person.id + 1)]
    app.config["SECRET_KEY"] = "another key"
    assert [*opened, sealing.unseal(kept, of=person.id)] == [SECRET, None, None]
    with transaction():
        assert not showing.spend_code(person, codes.digits(SECRET, STEP), step=STEP)


def test_ten_recovery_codes_open_once_each_and_new_ones_end_the_old(clock: Clock) -> None:
    person = enrolled(clock)
    with transaction():
        first = paper_codes(person, clock)
        spent = [
            showing.spend_paper_code(person, code, now=clock.now) for code in (first[0], first[0], first[1].upper())
        ]
        left = queries.codes_left(person)
        second = paper_codes(person, clock)
        old = showing.spend_paper_code(person, first[2], now=clock.now)
        hers = showing.spend_paper_code(make.person(), second[0], now=clock.now)
    assert (len(set(first)), spent, left, old, hers) == (10, [True, False, True], 8, False, False)
    assert letters() == {"recovery_code_used": 2}


# --- a half sign-in --------------------------------------------------------------------------------------------------


def test_a_half_sign_in_ends_after_ten_minutes_or_five_wrong_codes(clock: Clock) -> None:
    person = enrolled(clock)
    with transaction():
        half = halves.begin(person, now=clock.now)
    assert found(half, clock).person_id == person.id
    with transaction():
        tried = [showing.code(found(half, clock), "000000", step=STEP, now=clock.now) for _try in range(5)]
    assert (tried, halves.by_token(half, now=clock.now)) == ([False] * 5, None)
    assert acts("second_factor_failed") == 5
    with transaction():
        again = halves.begin(person, now=clock.now)
    clock.forward(minutes=9, seconds=59)
    assert halves.by_token(again, now=clock.now) is not None
    clock.forward(seconds=1)
    assert halves.by_token(again, now=clock.now) is None


# The sixth is the right one: it comes too late, also in another window of the same half sign-in.
def test_after_five_wrong_codes_the_right_one_does_not_open(clock: Clock) -> None:
    person = enrolled(clock)
    with transaction():
        half = found(halves.begin(person, now=clock.now), clock)
        for _try in range(5):
            showing.code(half, "000000", step=STEP, now=clock.now)
        assert not showing.code(half, codes.digits(SECRET, STEP), step=STEP, now=clock.now)


def test_wrong_codes_of_somebody_elsewhere_end_only_his_own_half_sign_in(clock: Clock) -> None:
    person = enrolled(clock)
    with transaction():
        his, hers = halves.begin(person, now=clock.now), halves.begin(person, now=clock.now)
        for _try in range(5):
            showing.code(found_or_last(his), "000000", step=STEP, now=clock.now)
        assert showing.code(found(hers, clock), codes.digits(SECRET, STEP), step=STEP, now=clock.now)


def test_a_day_later_nothing_is_left_of_it(clock: Clock) -> None:
    person = enrolled(clock)
    with transaction():
        halves.begin(person, now=clock.now)
    clock.forward(hours=23)
    with transaction():
        halves.begin(person, now=clock.now)
        kept = halves.forget_old(now=clock.now)
        assert (kept, halves.forget_old(now=clock.forward(hours=2))) == (0, 1)


def test_a_closed_account_ends_it(clock: Clock) -> None:
    person = enrolled(clock)
    with transaction():
        half = halves.begin(person, now=clock.now)
        person.deactivated_at = clock.now
    assert halves.by_token(half, now=clock.now) is None


# --- passkeys --------------------------------------------------------------------------------------------------------


def test_a_passkey_is_made_and_shown(clock: Clock) -> None:
    person, key = with_passkey(clock)
    with transaction():
        assert try_passkey(person, key, clock)
    kept = db.session.scalars(select(Passkey)).one()
    assert (kept.sign_count, kept.used_at, kept.label) == (1, clock.now, "my phone")


# What it signed is asked for once: the same answer a second time opens nothing.
def test_the_answer_of_a_passkey_counts_once(clock: Clock) -> None:
    person, key = with_passkey(clock)
    with transaction():
        half = found(halves.begin(person, now=clock.now), clock)
        answer = key.show(passkeys.to_show(half.challenge or "", queries.passkeys(person)))
        halves.take_challenge(half)
        db.session.expire(half)
        assert not showing.passkey(half, answer, now=clock.now)


@pytest.mark.parametrize(
    "lie",
    [
        # a page of another address, whatever it looks like
        {"origin": "http://localhost:8001"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://laurel.example"},
        # a key that believes to be on another host
        {"host": "laurel.example"},
        # another key under the same name
        {"key": SoftKey().key},
        # a key of somebody else
        {"name": b"nobody knows me"},
        # a copy: its count has gone on elsewhere, and here it stands still or goes back
        {"count": 8},
        {"count": 7},
    ],
)
def test_a_passkey_that_lies_is_refused(lie: dict[str, object], clock: Clock) -> None:
    person, key = with_passkey(clock, count=9)
    for name, value in lie.items():
        setattr(key, name, value)
    with transaction():
        assert not try_passkey(person, key, clock)
    assert acts("second_factor_failed") == 1


@pytest.mark.parametrize("lie", [{"origin": "http://laurel.example"}, {"host": "laurel.example"}])
def test_a_new_passkey_from_another_page_is_refused(lie: dict[str, Any], clock: Clock) -> None:
    with transaction():
        person, challenge = make.person(), chance.token()
        answer = SoftKey(**lie).create(passkeys.to_create(person, challenge, ()))
        assert refusal(lambda: passkeys.made(person, answer, "x", challenge=challenge, now=clock.now)) == "invalid"


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "nothing", '{"id": 1}', '{"id":"x","rawId":"y","response":{}}']
)
def test_what_is_no_answer_at_all_is_refused(answer: str, clock: Clock) -> None:
    person, _key = with_passkey(clock)
    with transaction():
        assert passkeys.shown(queries.passkeys(person), answer, challenge=chance.token(), now=clock.now) is None
        assert refusal(lambda: passkeys.made(person, answer, "x", challenge="00", now=clock.now)) == "invalid"


# --- setting up, replacing, removing ---------------------------------------------------------------------------------


def test_the_first_factor_ends_every_other_session_and_renews_this_one(clock: Clock) -> None:
    with transaction():
        person = make.person()
        token, other = (sessions.start(person, now=clock.now) for _n in range(2))
    person = here(token, clock)
    with transaction():
        operations.begin_authenticator(person, now=clock.now)
    assert not queries.has_any(person)  # nothing holds before a code was shown
    with transaction():
        assert operations.confirm_authenticator(person, next_code(person), step=STEP, now=clock.now)
        fresh = operations.came_in_by_it(person, now=clock.now)
    assert [bool(sessions.resume(one, now=clock.now)) for one in (token, other, fresh)] == [False, False, True]
    assert here(fresh, clock).second_shown
    assert letters() == {"factor_added": 1}


def test_another_app_replaces_the_first_once_its_code_was_shown(clock: Clock) -> None:
    person = shown(enrolled(clock))
    with transaction():
        operations.begin_authenticator(person, now=clock.now)
        operations.begin_authenticator(person, now=clock.now)
        wrong = refusal(lambda: operations.confirm_authenticator(person, "000000", step=STEP, now=clock.now))
        assert showing.spend_code(person, codes.digits(SECRET, STEP), step=STEP)
        assert not operations.confirm_authenticator(person, next_code(person), step=STEP, now=clock.now)
    assert wrong == "invalid"
    assert db.session.scalars(select(Authenticator.removed_at.is_(None)).order_by(Authenticator.id)).all() == [
        False,
        False,
        True,
    ]
    assert letters() == {"factor_replaced": 1}


# Whoever has only the password changes nothing about the second factor.
@pytest.mark.parametrize("step", ["begin", "passkey", "codes", "remove"])
def test_a_session_that_has_not_shown_it_changes_nothing(step: str, clock: Clock) -> None:
    person = enrolled(clock)
    factor = queries.authenticator(person)
    assert factor is not None
    steps: dict[str, Callable[[], object]] = {
        "begin": lambda: operations.begin_authenticator(person, now=clock.now),
        "passkey": lambda: operations.ask_passkey(person, now=clock.now),
        "codes": lambda: operations.write_paper_codes(person, now=clock.now),
        "remove": lambda: operations.remove(person, factor, now=clock.now),
    }
    assert refusal(steps[step]) == "wrong_state"


def test_the_last_one_stays_with_whoever_needs_one(clock: Clock) -> None:
    person = shown(enrolled(clock, make.observer))
    factor = queries.authenticator(person)
    assert factor is not None
    with transaction(), pytest.raises(Refused) as refused:
        operations.remove(person, factor, now=clock.now)
    assert refused.value.problems == (Problem.LAST_FACTOR,)


def test_the_last_one_takes_the_recovery_codes_along(clock: Clock) -> None:
    person = shown(enrolled(clock, make.person))
    with transaction():
        paper_codes(person, clock)
        factor = queries.authenticator(person)
        assert factor is not None
        operations.remove(person, factor, now=clock.now)
    assert (queries.has_any(person), queries.codes_left(person), letters()) == (False, 0, {"factor_removed": 1})


# --- a lost one ------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(clock: Clock) -> list[Person]:
    with transaction():
        return [make.secretariat(), make.secretariat(), make.secretariat()]


def test_two_people_remove_a_lost_one_and_she_is_out_until_she_has_another(three: list[Person], clock: Clock) -> None:
    asker, confirmer, other = three
    person = enrolled(clock)
    with transaction():
        token = sessions.start(person, now=clock.now, second=True)
        half = halves.begin(person, now=clock.now)
        paper_codes(shown(person), clock)
        asked = lost.ask(person, "She called from her mission.", by=asker, now=clock.now)
        lost.confirm(asked, by=confirmer, now=clock.now)
    assert (queries.held(person).count, queries.codes_left(person)) == (0, 0)
    assert (sessions.resume(token, now=clock.now), halves.by_token(half, now=clock.now)) == (None, None)
    assert letters() == {"factor_reset_asked": 2, "factor_reset": 1}
    assert {letter.person_id for letter in db.session.scalars(select(Letter))} == {confirmer.id, other.id, person.id}
    assert [acts("ask_factor_reset"), acts("confirm_factor_reset")] == [1, 1]


def test_neither_for_oneself_nor_twice_by_one(three: list[Person], clock: Clock) -> None:
    asker, lost_it, _other = three
    with transaction():
        operations.enrol(lost_it, SECRET, now=clock.now)
        herself = refusal(lambda: lost.ask(lost_it, "I lost it.", by=lost_it, now=clock.now))
        asked = lost.ask(lost_it, "She called.", by=asker, now=clock.now)
        both = [refusal(lambda by=by: lost.confirm(asked, by=by, now=clock.now)) for by in (asker, lost_it)]  # type: ignore[misc]
    assert [herself, *both] == ["same_person"] * 3
    assert queries.has_any(lost_it)


def test_only_the_secretariat_asks_with_a_reason_for_somebody_who_has_one_once(
    three: list[Person], clock: Clock
) -> None:
    asker, person = three[0], enrolled(clock)
    with transaction():
        nobody, without = make.observer(), make.observer()
        tried = [
            refusal(lambda: lost.ask(person, "She called.", by=nobody, now=clock.now)),
            refusal(lambda: lost.ask(person, "  ", by=asker, now=clock.now)),
            refusal(lambda: lost.ask(without, "She called.", by=asker, now=clock.now)),
            refusal(lambda: lost.ask(person, "She called.", by=asker, now=clock.now)),
            refusal(lambda: lost.ask(person, "She called again.", by=asker, now=clock.now)),
        ]
    assert tried == ["not_found", "invalid", "invalid", None, "already_done"]


def test_what_was_taken_back_is_not_confirmed(three: list[Person], clock: Clock) -> None:
    asker, confirmer, _other = three
    person = enrolled(clock)
    with transaction():
        asked = lost.ask(person, "She called.", by=asker, now=clock.now)
        lost.cancel(asked, by=asker, now=clock.now)
        late = refusal(lambda: lost.confirm(asked, by=confirmer, now=clock.now))
        lost.ask(person, "She called again.", by=confirmer, now=clock.now)
    assert (late, queries.has_any(person)) == ("already_done", True)


# The database holds it too, whatever the code above it does.
@pytest.mark.parametrize("who", ["asker", "herself"])
def test_the_database_wants_two_people(who: str, three: list[Person], clock: Clock) -> None:
    person = enrolled(clock)
    with transaction():
        asked = lost.ask(person, "She called.", by=three[0], now=clock.now)
    wrong = three[0].id if who == "asker" else person.id
    change = update(FactorReset).values(confirmed_by_id=wrong, confirmed_at=clock.now)
    with pytest.raises(Exception, match="two_people"), transaction():
        db.session.execute(change.where(FactorReset.id == asked.id))


# ---------------------------------------------------------------------------------------------------------------------


def enrolled(clock: Clock, factory: Callable[[], Person] | None = None) -> Person:
    with transaction():
        person = (factory or make.observer)()
        operations.enrol(person, SECRET, now=clock.now)
    return person


def with_passkey(clock: Clock, count: int = 0) -> tuple[Person, SoftKey]:
    key = SoftKey(count=count)
    with transaction():
        person, challenge = make.observer(), chance.token()
        passkeys.made(
            person,
            key.create(passkeys.to_create(person, challenge, ())),
            "my phone",
            challenge=challenge,
            now=clock.now,
        )
    return person, key


def try_passkey(person: Person, key: SoftKey, clock: Clock) -> bool:
    half = found(halves.begin(person, now=clock.now), clock)
    return showing.passkey(
        half, key.show(passkeys.to_show(half.challenge or "", queries.passkeys(person))), now=clock.now
    )


def shown(person: Person) -> Person:
    person.second_shown = True
    return person


def here(token: str, clock: Clock) -> Person:
    running = sessions.resume(token, now=clock.now)
    assert running is not None
    return running.row.person


def paper_codes(person: Person, clock: Clock) -> list[str]:
    return operations.write_paper_codes(shown(person), now=clock.now)


def next_code(person: Person) -> str:
    begun = queries.authenticator(person, confirmed=False)
    assert begun is not None
    return codes.digits(sealing.unseal(begun.secret, of=person.id) or "", STEP)


def found(token: str, clock: Clock) -> HalfSignIn:
    half = halves.by_token(token, now=clock.now)
    assert half is not None
    return half


def found_or_last(token: str) -> HalfSignIn:
    """As a second window still has it in hand."""
    return db.session.scalars(select(HalfSignIn).where(HalfSignIn.token_digest == halves._digest(token))).one()


def person_again(number: int) -> Person:
    return db.session.get_one(Person, number)


def refusal(work: Callable[[], object]) -> str | None:
    try:
        work()
    except Refused as refused:
        return refused.refusal.value
    return None


def acts(act: str) -> int:
    return len(db.session.scalars(select(audit.LedgerEntry.seq).where(audit.LedgerEntry.act == act)).all())


def letters() -> dict[str, int]:
    templates = list(db.session.scalars(select(Letter.template)))
    return {template: templates.count(template) for template in dict.fromkeys(templates)}


def at_once(app: Flask, work: Callable[[], bool]) -> list[bool]:
    """Two people with the same thing in their hands, each on a connection of her own."""
    barrier = Barrier(2)

    def one() -> bool:
        with app.app_context(), leaving():
            barrier.wait(20)
            with transaction():
                return work()

    with ThreadPoolExecutor(2) as pool:
        return [job.result(30) for job in [pool.submit(one) for _n in range(2)]]


@contextmanager
def leaving() -> Iterator[None]:
    try:
        yield
    finally:
        db.session.remove()
