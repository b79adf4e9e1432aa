"""A new address is asked, confirmed from the new address with the password, and holds from then on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from award_app import access
from award_app.accounts import addresses, links, passwords
from award_app.accounts.models import AddressChange, Person
from award_app.accounts.problems import Problem
from award_app.db import db
from award_app.domain.vocabulary import AttachmentKind, Refusal, Refused, Role
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Clock

pytestmark = pytest.mark.usefixtures("app")
PASSWORD = "three quiet herons"


def refused(work: Callable[[], object]) -> tuple[Refusal, tuple[object, ...]]:
    with pytest.raises(Refused) as caught:
        work()
    return caught.value.refusal, caught.value.problems


def somebody() -> Person:
    return make.person(email="old@laurel.example", password_hash=passwords.hash_of(PASSWORD))


def test_nothing_changes_before_it_is_confirmed_and_both_addresses_hear_of_it(clock: Clock) -> None:
    person = somebody()
    change = addresses.ask(person, " New@Laurel.Example", by=make.secretariat(), now=clock.now)
    db.session.flush()
    assert (person.email, change.email, change.before) == (
        "old@laurel.example",
        "new@laurel.example",
        "old@laurel.example",
    )
    letters = db.session.query(Letter).order_by(Letter.id).all()
    assert [(one.template, one.ids) for one in letters] == [
        ("address_change", {"address_change_id": change.id}),
        ("address_changed_notice", {"address_change_id": change.id}),
    ]
    addresses.confirm(change, password=PASSWORD, now=clock.now)
    assert (person.email, change.confirmed_at) == ("new@laurel.example", clock.now)
    assert refused(lambda: addresses.confirm(change, password=PASSWORD, now=clock.now))[0] is Refusal.SPENT


def test_the_link_alone_takes_no_account(clock: Clock) -> None:
    person = somebody()
    change = addresses.ask(person, "new@laurel.example", by=person, now=clock.now)
    wrong = refused(lambda: addresses.confirm(change, password="guessed", now=clock.now))
    assert (wrong, person.email) == ((Refusal.INVALID, (Problem.PASSWORD_WRONG,)), "old@laurel.example")


def test_asking_again_replaces_the_earlier_link_and_an_old_one_expires(clock: Clock) -> None:
    person = somebody()
    first = addresses.ask(person, "one@laurel.example", by=person, now=clock.now)
    second = addresses.ask(person, "two@laurel.example", by=person, now=clock.now)
    db.session.refresh(first)
    assert refused(lambda: addresses.confirm(first, password=PASSWORD, now=clock.now))[0] is Refusal.SPENT
    late = second.expires_at
    assert refused(lambda: addresses.confirm(second, password=PASSWORD, now=late))[0] is Refusal.SPENT
    assert addresses.open_changes(person, clock.now) == [second]
    addresses.cancel(second, by=person, now=clock.now)
    assert addresses.open_changes(person, clock.now) == []
    assert refused(lambda: addresses.cancel(second, by=person, now=clock.now))[0] is Refusal.SPENT


def test_an_address_belongs_to_one_person_whenever_she_took_it(clock: Clock) -> None:
    person, admin = somebody(), make.secretariat()
    other = make.person(email="taken@laurel.example")
    asked = refused(lambda: addresses.ask(person, other.email, by=admin, now=clock.now))
    assert asked == (Refusal.INVALID, (Problem.EMAIL_TAKEN,))
    # she herself is not told who has an account; the link in the new address would find out
    change = addresses.ask(person, other.email, by=person, now=clock.now)
    confirmed = refused(lambda: addresses.confirm(change, password=PASSWORD, now=clock.now))
    assert confirmed == (Refusal.INVALID, (Problem.EMAIL_TAKEN,))
    same = refused(lambda: addresses.ask(person, person.email, by=person, now=clock.now))
    assert same[0] is Refusal.ALREADY_DONE


def test_nobody_but_herself_and_the_secretariat_asks_or_cancels(clock: Clock) -> None:
    person, stranger = somebody(), make.observer()
    change = addresses.ask(person, "new@laurel.example", by=person, now=clock.now)
    for work in (
        lambda: addresses.ask(person, "x@laurel.example", by=stranger, now=clock.now),
        lambda: addresses.cancel(change, by=stranger, now=clock.now),
    ):
        assert refused(work)[0] is Refusal.NOT_FOUND


def test_one_link_never_opens_what_another_is_for(clock: Clock) -> None:
    person = somebody()
    change = addresses.ask(person, "new@laurel.example", by=person, now=clock.now + timedelta(minutes=1))
    assert links.address_change(links.token(change)) is change
    assert refused(lambda: links.by_token(links.token(change)))[0] is Refusal.NOT_FOUND
    assert db.session.query(AddressChange).count() == 1


def test_a_new_address_lifts_no_bar(clock: Clock) -> None:
    """Rule 5: who wrote a letter for a file does not score it, under whatever address she is known since."""
    mission = make.mission()
    cycle = make.cycle(missions=(mission,))
    person = make.member(cycle, email="old@laurel.example", password_hash=passwords.hash_of(PASSWORD))
    file = make.nomination(cycle, mission, make.nominator(cycle, mission))
    letter = {"author_name": "Old", "author_email": person.email}
    make.attachment(file, AttachmentKind.SUPPORTING_LETTER, make.nominator(cycle, mission), **letter)
    assert access.member_role(person, file) is Role.MEMBER_RECUSED
    change = addresses.ask(person, "new@laurel.example", by=person, now=clock.now)
    addresses.confirm(change, password=PASSWORD, now=clock.now)
    assert access.member_role(person, file) is Role.MEMBER_RECUSED
