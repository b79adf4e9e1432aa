"""How often a door may be tried: by account and address together, with a high ceiling per address, whoever counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.middleware.proxy_fix import ProxyFix

from award_app.accounts import limits, links, operations, passwords
from award_app.accounts.limits import Door
from award_app.db import transaction
from award_app.domain.vocabulary import AppointmentRole
from tests import factories as make
from tests.conftest import Clock, application
from tests.servers import running_redis

A, B = "ada@laurel.example", "bob@laurel.example"
X, Y = "203.0.113.7", "198.51.100.9"
PASSWORD = "three quiet herons"
PER_ACCOUNT_AND_ADDRESS, PER_ADDRESS = 10, 300  # as the settings are when nobody changes them


@pytest.fixture(params=["sqlite"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    yield from application(request)


@pytest.fixture(params=["broker", "away"])
def counting(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    """The broker counts for all processes; where it is away, each process for itself."""
    app.extensions.pop("limits_broker", None)
    if request.param == "away":
        yield "away"
        return
    with running_redis() as url:
        app.config["REDIS_URL"] = url
        yield "broker"
    app.extensions.pop("limits_broker", None)


@pytest.mark.served
@pytest.mark.usefixtures("counting")
def test_500_wrong_attempts_lock_nobody_else_out(app: Flask, clock: Clock) -> None:
    refused = [limits.wait(A, X) > 0 for _attempt in range(500)]
    assert refused == [False] * PER_ACCOUNT_AND_ADDRESS + [True] * (500 - PER_ACCOUNT_AND_ADDRESS)
    assert (limits.wait(A, Y), limits.wait(B, X), limits.wait(B, Y)) == (0, 0, 0)
    assert 0 < limits.wait(A, X) <= limits.SECONDS


@pytest.mark.served
@pytest.mark.usefixtures("counting")
def test_one_address_has_a_ceiling_however_many_accounts_it_names(app: Flask, clock: Clock) -> None:
    tried = [limits.wait(f"person{n}@laurel.example", X) > 0 for n in range(PER_ADDRESS + 5)]
    assert tried == [False] * PER_ADDRESS + [True] * 5
    assert limits.wait(A, Y) == 0


@pytest.mark.served
@pytest.mark.usefixtures("counting")
def test_who_comes_in_counts_neither_for_herself_nor_for_her_mission(app: Flask, clock: Clock) -> None:
    for n in range(PER_ADDRESS + 50):
        person = f"person{n % 40}@laurel.example"
        assert limits.wait(person, X) == 0
        limits.forget(person, X)


@pytest.mark.usefixtures("counting")
@pytest.mark.served
def test_doors_are_counted_apart(app: Flask, clock: Clock) -> None:
    for _attempt in range(PER_ACCOUNT_AND_ADDRESS + 1):
        limits.wait(A, X, Door.RESET)
    assert (limits.wait(A, X, Door.RESET) > 0, limits.wait(A, X), limits.wait(A, X, Door.CODE)) == (True, 0, 0)


def test_after_a_quarter_of_an_hour_the_count_begins_anew(app: Flask, clock: Clock) -> None:
    for _attempt in range(PER_ACCOUNT_AND_ADDRESS):
        limits.wait(A, X)
    assert limits.wait(A, X) == limits.SECONDS
    clock.forward(minutes=14)
    assert limits.wait(A, X) == 60
    clock.forward(minutes=1)
    assert limits.wait(A, X) == 0


# Doors, and what is sent there.
DOORS = [
    ("/sign-in", {"email": A, "password": "wrong"}, {422}),
    ("/sign-in/forgotten", {"email": A}, {200}),
]


@pytest.mark.parametrize(("path", "form", "before"), DOORS)
def test_the_page_says_when_to_try_again(
    path: str, form: dict[str, str], before: set[int], app: Flask, client: FlaskClient, clock: Clock
) -> None:
    """With the broker away too."""
    answers = [client.post(path, data=form) for _attempt in range(PER_ACCOUNT_AND_ADDRESS + 1)]
    assert {answer.status_code for answer in answers[:-1]} == before
    assert (answers[-1].status_code, answers[-1].headers["Retry-After"]) == (429, "900")
    assert "Try again in 15 minutes." in answers[-1].text
    assert "Your account is not locked" in answers[-1].text


def test_the_link_of_an_invitation_is_no_way_round(app: Flask, client: FlaskClient, clock: Clock) -> None:
    """To guess the password of somebody who has an account, or to try passwords without end."""
    with transaction():
        make.person(email=A, password_hash=passwords.hash_of(PASSWORD))
        made = [operations.invite(e, "Guest", AppointmentRole.OBSERVER, by=None, now=clock.now) for e in (A, B)]
    forms = ({"current": "wrong"}, {"name": "Bob Berg", "password": "short"})
    for invitation, form in zip(made, forms, strict=True):
        answers = [
            client.post(f"/invitation/{links.token(invitation)}", data=form).status_code
            for _attempt in range(PER_ACCOUNT_AND_ADDRESS + 1)
        ]
        assert answers == [422] * PER_ACCOUNT_AND_ADDRESS + [429]


def test_the_right_password_from_elsewhere_opens_while_somebody_guesses(app: Flask, clock: Clock) -> None:
    with transaction():
        make.person(email=A, password_hash=passwords.hash_of(PASSWORD))
    guesser, owner = app.test_client(), app.test_client()
    for _attempt in range(20):
        guesser.post("/sign-in", data={"email": A, "password": "wrong"}, environ_base={"REMOTE_ADDR": X})
    right = {"email": A, "password": PASSWORD}
    assert owner.post("/sign-in", data=right, environ_base={"REMOTE_ADDR": Y}).location == "/home"
    assert guesser.post("/sign-in", data=right, environ_base={"REMOTE_ADDR": X}).status_code == 429


@pytest.mark.parametrize(
    ("proxies", "claimed", "blocked"),
    [
        # Nobody stands in front: whatever is claimed counts for nothing.
        (0, lambda n: f"10.0.0.{n}", True),
        # One proxy: what it adds counts, which is the last; what a client wrote before it does not.
        (1, lambda n: f"10.0.0.{n}, {X}", True),
        # What the proxy saw are different people.
        (1, lambda n: f"{X}, 10.0.0.{n}", False),
    ],
)
def test_a_claimed_address_counts_only_from_the_proxies_in_front(
    proxies: int,
    claimed: object,
    blocked: bool,
    app: Flask,
    client: FlaskClient,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if proxies:
        monkeypatch.setattr(app, "wsgi_app", ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies))
    answers = [
        client.post("/sign-in", data={"email": A, "password": "wrong"}, headers={"X-Forwarded-For": claimed(n)})  # type: ignore[operator]
        for n in range(PER_ACCOUNT_AND_ADDRESS + 1)
    ]
    assert (answers[-1].status_code == 429) is blocked
