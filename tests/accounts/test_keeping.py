"""A form that came too late for its session: kept for the person it was, offered again in its fields, for nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from award_app.accounts import passwords
from award_app.accounts.keeping import operations
from award_app.accounts.keeping.models import KeptForm
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState, Phase
from award_app.nominations import queries as nominations
from award_app.nominations.models import SecretariatDeclaration
from tests import factories as make
from tests.conftest import Clock, application

PASSWORD = "three quiet herons"
TEXT = "She opened a desk to which women come on their own."


@pytest.fixture(params=["sqlite"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Pages ask nothing that differs between the databases. The token against forgery is checked, as in production."""
    for made in application(request):
        made.config["WTF_CSRF_ENABLED"] = True
        yield made


class Browser:
    """Fills in what a page shows and sends it, as a browser does."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.filled: dict[str, str] = {}

    def sign_in(self, email: str, onward: str = "/sign-in") -> Any:
        page = self.client.get(onward)
        return self.client.post(onward, data={**hidden(page.text), "email": email, "password": PASSWORD})

    def send(self, page: str, typed: dict[str, str], *, to: str = "", where: str = "") -> Any:
        html = self.client.get(page).text
        return self.post(page, {**hidden(html, where or to or page), **typed}, to=to)

    def post(self, page: str, data: dict[str, str], *, to: str = "") -> Any:
        heads = {"Referer": f"http://localhost{page}", "Origin": "http://localhost"}
        return self.client.post(to or page, data=data, headers=heads)


def test_an_answer_of_a_nomination_comes_back_after_signing_in(app: Flask, clock: Clock) -> None:
    person, page = nominator_at("case")
    late(clock, browser := at_page(app, person), page, {"reason": TEXT}, hours=5)
    answer = browser.post(page, browser.filled)
    assert (answer.status_code, "kept for you" in answer.text, TEXT in answer.text) == (403, True, False)
    onward = re.search(r'href="(/sign-in\?next=[^"]+)"', answer.text)
    assert onward is not None
    assert browser.sign_in(person.email, onward[1]).location == page
    again = browser.client.get(page).text
    assert (TEXT in area(again, "reason"), "Nothing of it has been sent yet" in again) == (True, True)
    file = nominations_file()
    assert nominations.answers(file).get("reason", "") != TEXT
    sent = browser.post(page, {**hidden(again, page), "reason": area(again, "reason").strip(), "go": "leave"})
    assert sent.status_code == 302
    assert (nominations.answers(nominations_file())["reason"], kept()) == (TEXT, [])
    assert "Nothing of it has been sent yet" not in browser.client.get(page).text


def test_rows_that_she_had_added_come_back_too(app: Flask, clock: Clock) -> None:
    person, page = nominator_at("case")
    typed = {"achievements.1.before": "A second one, typed late at night."}
    late(clock, browser := at_page(app, person), page, typed, hours=5)
    browser.post(page, browser.filled)
    browser.sign_in(person.email)
    assert "typed late at night" in browser.client.get(page).text


def test_scores_come_back_on_their_sheet(app: Flask, clock: Clock) -> None:
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.REVIEW, missions=(mission,))
        file = make.nomination(cycle, mission, make.nominator(cycle, mission), NominationState.ACCEPTED)
        member = make.nominator(cycle, make.mission("OTHR"), password_hash=passwords.hash_of(PASSWORD))
        seat = make.member(cycle)
        db.session.flush()
        for appointment in seat.appointments:
            appointment.person = member
        make.declaration(file, member)
        page, email = f"/panel/{cycle.award_year}/{file.ref}", member.email
        criterion = cycle.criteria[0].id
    clock.move_to(cycle.screening_ends_at + (cycle.review_ends_at - cycle.screening_ends_at) / 2)
    browser = signed_in(app, member)
    typed = {f"value_{criterion}": "4", f"comment_{criterion}": "Numbers and their source are given."}
    late(clock, browser, page, typed, hours=1, to=page + "/scores")
    assert "kept for you" in browser.post(page, browser.filled, to=page + "/scores").text
    token_for(app, browser, email)
    again = browser.client.get(page).text
    assert "Numbers and their source are given." in area(again, f"comment_{criterion}")
    assert re.search(rf'name="value_{criterion}" value="4" checked', again)


def test_the_reason_of_a_withdrawal_comes_back(app: Flask, clock: Clock) -> None:
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.OPEN, missions=(mission,))
        file = make.nomination(cycle, mission, make.nominator(cycle, mission), NominationState.SUBMITTED)
        person = make.authority(cycle, mission, password_hash=passwords.hash_of(PASSWORD))
        page = f"/nominations/{file.ref}/withdraw"
    late(clock, browser := at_page(app, person), page, {"reason": "She has gone home early."}, hours=5)
    browser.post(page, browser.filled)
    browser.sign_in(person.email)
    assert "She has gone home early." in area(browser.client.get(page).text, "reason")


def test_a_translation_comes_back_beside_its_original_and_into_its_own_language_only(app: Flask, clock: Clock) -> None:
    person, page = nominator_at("case")
    page = page.replace("/edit/", "/translate/")
    into = f"{page}?to=fr"
    late(clock, browser := at_page(app, person), into, {"to.reason": "Elle a ouvert un guichet."}, hours=5)
    browser.post(into, browser.filled)
    browser.sign_in(person.email)
    assert "Elle a ouvert" not in area(browser.client.get(f"{page}?to=es").text, "to.reason")
    again = browser.client.get(into).text
    assert area(again, "to.reason") == "Elle a ouvert un guichet."
    assert browser.post(into, {**hidden(again, into), "to.reason": area(again, "to.reason")}).status_code == 302
    assert (kept(), area(browser.client.get(into).text, "to.reason")) == ([], "Elle a ouvert un guichet.")


def test_remarks_on_single_answers_come_back_beside_them(app: Flask, clock: Clock) -> None:
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.OPEN, missions=(mission,))
        file = make.nomination(cycle, mission, make.nominator(cycle, mission), NominationState.DRAFT)
        person = make.authority(cycle, mission, password_hash=passwords.hash_of(PASSWORD))
        page = f"/nominations/{file.ref}/send-back"
    typed = {
        "remarks": "Please look at two answers.",
        "remark.reason": "One line, please.",
        "remark.unit": "Which one?",
    }
    late(clock, browser := at_page(app, person), page, typed, hours=5)
    browser.post(page, browser.filled)
    browser.sign_in(person.email)
    again = browser.client.get(page).text
    assert {name: area(again, name).strip() for name in typed} == typed


def test_what_the_secretariat_wrote_beside_answers_comes_back_too(app: Flask, clock: Clock) -> None:
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.SCREENING, missions=(mission,))
        file = make.nomination(cycle, mission, make.nominator(cycle, mission), NominationState.SUBMITTED)
        person = make.secretariat(password_hash=passwords.hash_of(PASSWORD))
        make.add(SecretariatDeclaration(nomination_id=file.id, person_id=person.id, conflict=False, at=clock.now))
        page = f"/screening/files/{file.ref}"
    typed = {"return-remarks": "One answer.", "remark.reason": "What is the source?", "remark.unit": "Spell it out."}
    browser = signed_in(app, person)
    late(clock, browser, page, typed, hours=1, to=f"{page}/return")
    browser.post(page, browser.filled, to=f"{page}/return")
    token_for(app, browser, person.email)
    again = browser.client.get(page).text
    assert {name: area(again, name).strip() for name in typed} == typed


def test_somebody_else_at_the_same_browser_sees_nothing_of_it(app: Flask, clock: Clock) -> None:
    person, page = nominator_at("case")
    with transaction():
        mate = make.nominator(
            nominations_file().cycle, nominations_file().mission, password_hash=passwords.hash_of(PASSWORD)
        )
    late(clock, browser := at_page(app, person), page, {"reason": TEXT}, hours=5)
    browser.post(page, browser.filled)
    browser.sign_in(mate.email)
    seen = [browser.client.get(one).text for one in (page, "/home")]
    assert [(TEXT in text, "too late for its session" in text, "typed" in text) for text in seen] == [(False,) * 3] * 2


def test_it_is_thrown_away_by_its_owner_only(app: Flask, clock: Clock) -> None:
    person, page = nominator_at("case")
    late(clock, browser := at_page(app, person), page, {"reason": TEXT}, hours=5)
    browser.post(page, browser.filled)
    number = str(kept()[0].id)
    with transaction():
        stranger = make.person(password_hash=passwords.hash_of(PASSWORD))
    other = signed_in(app, stranger)
    assert other.send("/account", {"kept": number}, to="/account/kept", where="/account").location == "/home"
    assert [str(one.id) for one in kept()] == [number]
    browser.sign_in(person.email)
    assert browser.send(page, {"kept": number}, to="/account/kept").location == page
    assert (kept(), TEXT in browser.client.get(page).text) == ([], False)


def test_the_start_page_says_that_something_waits(app: Flask, clock: Clock) -> None:
    person, page = nominator_at("case")
    late(clock, browser := at_page(app, person), page, {"reason": TEXT}, hours=5)
    browser.post(page, browser.filled)
    browser.sign_in(person.email)
    assert "Something you typed waits for you" in browser.client.get("/home").text


def test_nothing_is_kept_without_a_valid_token_against_forgery(app: Flask, clock: Clock) -> None:
    person, page = nominator_at("case")
    late(clock, browser := at_page(app, person), page, {"reason": TEXT}, hours=5)
    answers = [browser.post(page, {**browser.filled, "csrf_token": forged}) for forged in ("", "made up")]
    assert ([answer.status_code for answer in answers], kept()) == ([400, 400], [])


def test_after_signing_out_nothing_is_kept_from_the_old_cookie(app: Flask, clock: Clock) -> None:
    person, page = nominator_at("case")
    late(clock, browser := at_page(app, person), page, {"reason": TEXT}, minutes=1)
    cookie = browser.client.get_cookie("laurel")
    assert cookie is not None
    browser.client.post("/sign-out", data={"csrf_token": browser.filled["csrf_token"]})
    browser.client.set_cookie("laurel", cookie.value)
    answer = browser.post(page, browser.filled)
    assert (answer.status_code, TEXT in answer.text, kept()) == (403, True, [])  # given back to copy, to who typed it


def test_a_cookie_older_than_two_weeks_leaves_nothing(app: Flask, clock: Clock) -> None:
    person, page = nominator_at("case")
    late(clock, browser := at_page(app, person), page, {"reason": TEXT}, days=14)
    assert (browser.post(page, browser.filled).status_code, kept()) == (403, [])


def test_no_password_and_no_token_is_kept(app: Flask, clock: Clock) -> None:
    person, _page = nominator_at("case")
    typed = {"email": "new@laurel.example", "current": PASSWORD}
    late(clock, browser := at_page(app, person), "/account", typed, hours=5, to="/account/address")
    browser.post("/account", browser.filled, to="/account/address")
    assert [one.fields for one in kept()] == [[["email", "new@laurel.example"]]]


def test_what_a_person_keeps_has_an_end(app: Flask, clock: Clock) -> None:
    person, _page = nominator_at("case")
    with transaction():
        for number in range(operations.MOST + 5):
            operations.keep(person.id, [("a", str(number))], path="/home", action="/home", now=clock.now)
        assert operations.keep(person.id, [("a", "x" * 500_000)], path="/home", action="/home", now=clock.now) is None
    assert [one.fields[0][1] for one in kept()] == [str(n) for n in range(5, operations.MOST + 5)]
    clock.forward(days=30)
    with transaction():
        assert operations.purge(now=clock.now) == 0
    clock.forward(seconds=1)
    with transaction():
        assert operations.purge(now=clock.now) == operations.MOST


# --- what happens before ---------------------------------------------------------------------------------------------


def nominator_at(step: str) -> tuple[Person, str]:
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.OPEN, missions=(mission,))
        person = make.nominator(cycle, mission, password_hash=passwords.hash_of(PASSWORD))
        file = make.nomination(cycle, mission, person)
        return person, f"/nominations/{file.ref}/edit/{step}"


def at_page(app: Flask, person: Person) -> Browser:
    browser = Browser(app)
    assert browser.sign_in(person.email).status_code == 302
    return browser


def signed_in(app: Flask, person: Person) -> Browser:
    browser = Browser(app)
    token_for(app, browser, person.email)
    return browser


def token_for(app: Flask, browser: Browser, email: str) -> None:
    """As somebody who has shown a second factor too."""
    from award_app import clock as the_clock
    from award_app.accounts import sessions

    with transaction():
        person = db.session.scalars(select(Person).where(Person.email == email)).one()
        token = sessions.start(person, now=the_clock.now(), second=True)
    with browser.client.session_transaction() as cookie:
        cookie["_user_id"] = token


def late(clock: Clock, browser: Browser, page: str, typed: dict[str, str], *, to: str = "", **passed: float) -> None:
    """The page is open and filled in; then the time passes."""
    html = browser.client.get(page)
    assert html.status_code == 200, html.location
    browser.filled = {**hidden(html.text, to or page), **typed}
    clock.forward(**passed)


def hidden(html: str, action: str = "") -> dict[str, str]:
    """The hidden fields of the form that goes to `action`, or of the last one on the page."""
    forms = re.findall(r"<form\b([^>]*)>(.*?)</form>", html, re.DOTALL)
    wanted = [body for head, body in forms if f'action="{action}"' in head or ("action=" not in head and action)]
    body = (wanted or [forms[-1][1]])[-1]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", body):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = (value[1] if value else "").replace("&#34;", '"')
    return found


def area(html: str, name: str) -> str:
    found = re.search(rf'<textarea[^>]*name="{re.escape(name)}"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    return found[1] if found else ""


def nominations_file() -> Any:
    from award_app.nominations.models import Nomination

    return db.session.scalars(select(Nomination)).one()


def kept() -> list[KeptForm]:
    return list(db.session.scalars(select(KeptForm).order_by(KeptForm.id)))
