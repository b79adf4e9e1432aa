"""Second paths to what is guarded: each was open once, and stays closed."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g, request
from flask.testing import FlaskClient
from sqlalchemy import update

from award_app import access
from award_app import clock as the_clock
from award_app.accounts import operations as accounts
from award_app.accounts.models import Person
from award_app.announcement import queries as public
from award_app.announcement.embargo import queries as embargo
from award_app.db import db, transaction
from award_app.domain.vocabulary import (
    Action,
    AppointmentRole,
    AttachmentKind,
    Consent,
    NominationState,
    Refusal,
    Refused,
)
from award_app.nominations import operations, queries, screening
from award_app.nominations.models import Nomination
from award_app.web import arrival, proxies
from tests import factories as make
from tests.announcement.test_operations import approve, decided, prepare, released
from tests.conftest import Clock
from tests.nominations.conftest import Place, make_place, pdf
from tests.selection import scene as scenes
from tests.selection.test_operations import decide

pytestmark = [pytest.mark.usefixtures("app", "clock"), pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

As = Callable[[Person], FlaskClient]


# --- the release -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("consent", [Consent.REFUSED, Consent.NOT_TOLD])
def test_consent_taken_back_after_both_approvals_stops_the_release(clock: Clock, consent: Consent) -> None:
    """Two people approved for tomorrow; today the nominee says no. Tomorrow nothing is public."""
    scene = decided()
    announcement = prepare(scene, release_at=clock.now + timedelta(days=1))
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    with transaction():
        screening.declare_as_secretariat(
            scene.files[0], conflict=False, reason=None, by=scene.secretariat[0], now=clock.now
        )
        screening.record_consent(scene.files[0], consent, by=scene.secretariat[0], now=clock.now)
    clock.forward(days=2)
    assert (released(scene), public.released_laureates()) == (False, [])
    with transaction():
        screening.record_consent(scene.files[0], Consent.GIVEN, by=scene.secretariat[0], now=clock.now)
    assert (released(scene), [one.name for one in public.released_laureates()]) == (True, ["Awa Bélanger"])


def test_who_approves_sees_the_runners_up_that_the_release_will_name(as_: As) -> None:
    scene = decided()
    scene.files[1].consent = Consent.GIVEN
    prepare(scene)
    address = f"/announcements/{scene.cycle.award_year}"
    assert "Bintu Castellanos" in as_(scene.secretariat[0]).get(address).text
    with transaction():
        scene.files[1].consent = Consent.NOT_TOLD
    assert "Bintu Castellanos" not in as_(scene.secretariat[0]).get(address).text


# --- the decision ----------------------------------------------------------------------------------------------------


def test_a_file_withdrawn_while_the_chair_decides_is_not_named() -> None:
    """The chair's page has loaded the file; its mission's withdrawal is committed before hers takes the lock."""
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    awa = scene.files[0]
    assert awa.state is NominationState.ACCEPTED
    db.session.execute(
        update(Nomination)
        .where(Nomination.id == awa.id)
        .values(state=NominationState.WITHDRAWN, withdrawn_reason="She went home.")
        .execution_options(synchronize_session=False)
    )
    with pytest.raises(Refused) as refused:
        decide(scene)
    assert (refused.value.refusal, refused.value.problems) == (Refusal.INVALID, ("places",))


@pytest.mark.parametrize("who", ["nominator", "authority", "member", "secretariat with a conflict"])
def test_the_start_page_does_not_tell_outsiders_that_a_decision_is_recorded(as_: As, who: str) -> None:
    scene = scenes.computed(scenes.closed_round())
    scenes.conflict(scene.files[0], scene.secretariat[2])
    person = {
        "nominator": scene.files[1].nominator,
        "authority": scene.authorities[0],
        "member": scene.panel[3],
        "secretariat with a conflict": scene.secretariat[2],
    }[who]
    browser, insider = as_(person), as_(scene.chair)
    before, known_before = browser.get("/home").text, insider.get("/home").text
    scenes.decided(scene)
    assert browser.get("/home").text == before
    assert insider.get("/home").text != known_before


@pytest.mark.parametrize("page", ["/cycles", "/cycles/{year}"])
def test_a_secretariat_member_with_a_conflict_does_not_read_the_decision_off_the_phase(as_: As, page: str) -> None:
    scene = scenes.computed(scenes.closed_round())
    scenes.conflict(scene.files[0], scene.secretariat[2])
    out, within = as_(scene.secretariat[2]), as_(scene.secretariat[0])
    address = page.format(year=scene.cycle.award_year)
    before, known_before = out.get(address).text, within.get(address).text
    scenes.decided(scene)
    assert (out.get(address).text == before, within.get(address).text == known_before) == (True, False)


def test_how_many_members_are_out_of_a_file_stands_only_before_chair_and_secretariat(as_: As) -> None:
    """A declared conflict exists for its member, the chair and the secretariat. The result page counted them for all."""
    scene = scenes.closed_round()
    scenes.recuse(scene.files[2], scene.panel[3])
    scenes.decided(scenes.computed(scene))
    address = f"/results/{scene.cycle.award_year}"
    readers = {"chair": scene.chair, "secretariat": scene.secretariat[0], "observer": scene.observer,
               "present": scene.panel[2]}  # fmt: skip
    pages = {name: as_(person).get(address) for name, person in readers.items()}
    assert {name: (page.status_code, "Recusals" in page.text) for name, page in pages.items()} == {
        "chair": (200, True),
        "secretariat": (200, True),
        "observer": (200, False),
        "present": (200, False),
    }


# --- a file that came back -------------------------------------------------------------------------------------------


def returned(place: Place, now: Any, remarks: str = "Please say whom she trained.") -> Nomination:
    file = place.handed_in(now)
    with transaction():
        screening.declare_as_secretariat(file, conflict=False, reason=None, by=place.secretariat, now=now)
        screening.declare_as_secretariat(file, conflict=True, reason="We are cousins.", by=place.second, now=now)
        screening.send_back(file, remarks, None, by=place.secretariat, now=now)
    return file


def test_the_secretariat_reads_the_card_of_a_returned_file_as_it_was_handed_in(clock: Clock, as_: As) -> None:
    place = make_place()
    file = returned(place, clock.now)
    with transaction():
        place.save(file, clock.now, publish_name="Hidden Draft Name", country="KE")
    browser = as_(place.secretariat)
    pages = [browser.get(f"/screening/{place.cycle.award_year}").text, browser.get(f"/screening/files/{file.ref}").text]
    assert [("Nadia Okoro" in page, "Hidden Draft Name" in page) for page in pages] == [(True, False)] * 2
    assert "Hidden Draft Name" in as_(place.nominator).get(f"/nominations/{file.ref}").text
    with transaction():
        place.endorse(file, clock.now)
    with transaction():
        operations.hand_in(file, by=place.authority, now=clock.now)
    assert "Hidden Draft Name" in browser.get(f"/screening/{place.cycle.award_year}").text


def test_a_page_sent_by_somebody_else_is_not_answered_with_where_the_file_stands(clock: Clock, as_: As) -> None:
    """Remarks are about the text. The page of what could not be saved showed them to a secretariat member with a conflict."""
    place = make_place()
    file = returned(place, clock.now, remarks="The line about her brother must go.")
    answer = as_(place.second).post(f"/nominations/{file.ref}/edit/nominee", data={"family_name": "X"})
    assert (answer.status_code, "her brother" in answer.text) == (403, False)


def test_what_was_taken_off_while_a_hand_in_waited_is_no_part_of_what_was_handed_in(clock: Clock) -> None:
    """A request counts from its arrival. One held open while files change and are endorsed hands in what was endorsed."""
    place = make_place()
    with transaction():
        file = place.file(clock.now)
    arrived = clock.now
    clock.forward(minutes=5)
    with transaction():
        new = operations.attach(file, AttachmentKind.CV, "new.pdf", pdf(2), by=place.nominator, now=clock.now)
        place.endorse(file, clock.now)
    with transaction():
        operations.hand_in(file, by=place.authority, now=arrived)
    handed_in = {a.id for a in queries.attachments(file, handed_in=True)}
    assert handed_in == {a.id for a in queries.attachments(file)}
    assert new.id in handed_in


# --- two parts in one award ------------------------------------------------------------------------------------------


def test_an_observer_reads_no_file_in_which_she_has_a_conflict_from_another_part(clock: Clock) -> None:
    scene = scenes.closed_round()
    awa, bintu = scene.files[0], scene.files[1]
    member, secretary = scene.panel[3], scene.secretariat[2]
    scenes.recuse(awa, member)
    scenes.conflict(awa, secretary)
    for person in (member, secretary):
        make.appoint(person, AppointmentRole.OBSERVER)
        found = [access.may(person, Action.READ, file, now=clock.now).refusal for file in (awa, bintu)]
        assert found[0] is Refusal.CONFLICT
    assert access.may(member, Action.READ, bintu, now=clock.now).refusal is None


def test_an_observer_with_a_conflict_does_not_read_the_decision() -> None:
    scene = scenes.closed_round()
    scenes.conflict(scene.files[0], scene.secretariat[2])
    make.appoint(scene.secretariat[2], AppointmentRole.OBSERVER)
    make.appoint(scene.panel[3], AppointmentRole.OBSERVER)
    scenes.recuse(scene.files[0], scene.panel[3])
    scenes.decided(scenes.computed(scene))
    people = (scene.secretariat[2], scene.panel[3], scene.observer)
    found = [access.may(one, Action.SEE_DECISION, scene.cycle, now=scene.now).refusal for one in people]
    assert found == [Refusal.CONFLICT, Refusal.CONFLICT, None]


def test_a_secretariat_member_does_not_screen_a_file_she_had_a_hand_in(clock: Clock) -> None:
    """Conflict rule 5 is a bar, whatever she declares."""
    place = make_place()
    with transaction():
        make.appoint(place.nominator, AppointmentRole.SECRETARIAT)
    file = place.handed_in(clock.now)
    with transaction():
        screening.declare_as_secretariat(file, conflict=False, reason=None, by=place.nominator, now=clock.now)
    with pytest.raises(Refused) as refused, transaction():
        screening.accept(file, by=place.nominator, now=clock.now)
    assert refused.value.refusal is Refusal.CONFLICT


def test_nobody_gives_herself_another_part(clock: Clock) -> None:
    """A secretariat member with a conflict in a file made herself its nominating authority, and read it."""
    place = make_place()
    where: dict[str, Any] = {"cycle": place.cycle, "mission": place.mission, "by": place.second, "now": clock.now}
    for act in (
        lambda: accounts.appoint(place.second, AppointmentRole.AUTHORITY, **where),
        lambda: accounts.invite(place.second.email.upper(), "Me", AppointmentRole.AUTHORITY, **where),
    ):
        with pytest.raises(Refused) as refused, transaction():
            act()
        assert refused.value.refusal is Refusal.SAME_PERSON


# --- what a request says of itself -----------------------------------------------------------------------------------


def test_no_header_of_a_request_says_where_it_came_from() -> None:
    """gunicorn believes whoever connects from the same machine, unless told not to: a kept page then led every reader to
    the sign-in page of whoever had asked for it with a prefix of their own."""
    from award_app.run import gunicorn

    assert (gunicorn.forwarded_allow_ips, gunicorn.forwarder_headers) == ("", "")


def test_a_body_that_never_comes_holds_no_thread_for_ever() -> None:
    """Eight requests whose body was kept back stopped the whole service, without an account."""
    from award_app.run import gunicorn

    one, other = socket.socketpair()
    with one, other:
        gunicorn.pre_request(None, SimpleNamespace(unreader=SimpleNamespace(sock=one)))
        assert one.gettimeout() == gunicorn.LONGEST_SILENCE == 60


def test_a_page_under_another_prefix_is_kept_apart(app: Flask) -> None:
    app.config["KEEP_PAGES"] = True
    browser = app.test_client()
    strange = browser.get("/en/laureates", environ_overrides={"SCRIPT_NAME": "//evil.example"})
    assert ("//evil.example/sign-in" in strange.text, "evil" in browser.get("/en/laureates").text) == (True, False)
    app.extensions["kept_pages"].clear()


@pytest.mark.parametrize(
    ("trusted", "seen"),
    [
        # Nobody in front: what the header says is somebody's own word.
        (0, ("127.0.0.1", "http", "localhost")),
        # One proxy: it has put the last address there itself.
        (1, ("10.0.0.2", "https", "localhost")),
    ],
)
def test_as_many_proxies_are_believed_as_there_are(trusted: int, seen: tuple[str, str, str]) -> None:
    app = Flask(__name__)
    app.config["TRUST_PROXY"] = trusted
    proxies.init_app(app)
    app.add_url_rule("/", "seen", lambda: f"{request.remote_addr} {request.scheme} {request.host}")
    said = {"X-Forwarded-For": "10.0.0.1, 10.0.0.2", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    assert app.test_client().get("/", headers=said).text == " ".join(seen)


def test_an_approval_sent_again_for_another_version_is_not_called_recorded(as_: As) -> None:
    scene = decided()
    prepare(scene)
    browser, address = as_(scene.secretariat[0]), f"/announcements/{scene.cycle.award_year}"
    first = {"once": "one key", "version": "1", "typed": "Awa Bélanger"}
    assert browser.post(f"{address}/approve", data=first).status_code == 302
    announcement = prepare(scene, duty="Another")
    assert browser.post(f"{address}/approve", data=first | {"version": "2"}).status_code == 302
    assert len(embargo.approvals(announcement)) == 1


def test_forms_without_a_key_are_not_taken_for_one_another(clock: Clock, as_: As) -> None:
    """The second was answered "withdrawn", with the address of the first, and was not."""
    place = make_place()
    with transaction():
        files = [place.file(clock.now) for _ in range(2)]
    browser = as_(place.authority)
    for file in files:
        answer = browser.post(f"/nominations/{file.ref}/withdraw", data={"once": "", "reason": "She went home."})
        assert answer.location == f"/nominations/{file.ref}"
    db.session.expire_all()
    assert [file.state for file in files] == [NominationState.WITHDRAWN] * 2


# --- time ------------------------------------------------------------------------------------------------------------


def test_a_request_held_open_does_not_carry_its_arrival_past_half_an_hour(app: Flask, clock: Clock) -> None:
    """A slow line costs nobody the deadline; a body kept back for hours buys nobody one."""
    with app.test_request_context("/"):
        g.arrived = the_clock.untouched()
        came = clock.now
        clock.forward(minutes=30)
        assert arrival.arrived() == came
        late = clock.forward(seconds=1)
        assert arrival.arrived() == late


def test_the_overview_of_a_year_says_nothing_of_how_a_closed_file_stands(as_: As, clock: Clock) -> None:
    """One file a mission: its state in the count would be its state."""
    scene = scenes.closed_round()
    secretary = scene.secretariat[0]
    scenes.conflict(scene.files[0], secretary)
    pages = []
    for state in (NominationState.SUBMITTED, NominationState.ACCEPTED):
        scene.files[0].state = state
        db.session.commit()
        pages.append(as_(secretary).get(f"/cycles/{scene.cycle.award_year}").text)
    assert "closed to you: 1" in pages[0]
    assert pages[0].partition("Files by mission")[2] == pages[1].partition("Files by mission")[2]
