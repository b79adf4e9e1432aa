"""The pages of the result and of the decision."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from award_app import clock
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.selection import operations, queries
from tests import factories as make
from tests.conftest import Clock
from tests.selection import scene as scenes
from tests.selection.scene import Scene

pytestmark = [pytest.mark.usefixtures("app", "clock"), pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

As = Callable[[Person], FlaskClient]


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def at(scene: Scene, rest: str = "") -> str:
    return f"/results/{scene.cycle.award_year}{rest}"


def test_the_page_begins_with_a_sentence_and_says_that_neither_order_is_the_result(as_: As) -> None:
    scene = scenes.computed(scenes.closed_round())
    page = plain(as_(scene.chair).get(at(scene)).text)
    assert "By weighted mean: Awa Bélanger 4.25." in page
    assert "Both orders agree on the first place. Nobody stands at another position in the second order." in page
    assert "Neither order is the result: the chair decides with both in view." in page
    assert "Awa Bélanger MISSION" in page
    assert "From the most generous to the most severe member lie" in page


def test_the_two_orders_stand_beside_each_other_where_they_differ(as_: As) -> None:
    names = ("Awa", "Bintu", "Chandra", "Daya")
    scene = scenes.closed_round(((4, 4, 3, 3), (4, 3, 3, 3), (2, 1, 1, 1)), names=names)
    scenes.recuse(scene.files[1], scene.panel[2])
    scenes.computed(scene)
    page = plain(as_(scene.chair).get(at(scene)).text)
    assert "By weighted mean: Bintu 3.50." in page
    assert "By adjusted mean, with the severity of members taken out: Awa" in page
    assert "The two orders differ on the first place. 2 nominees stand at another position" in page


def test_of_many_who_share_the_first_place_three_are_named(as_: As) -> None:
    names = ("Ada", "Bea", "Cleo", "Dina", "Elsa", "Fay")
    scene = scenes.computed(scenes.closed_round(((4,) * 6,) * 4, names=names))
    lead = plain(as_(scene.chair).get(at(scene)).text).partition("Both orders agree")[0]
    assert "By weighted mean: Ada , Bea , Cleo and 3 more 4.00." in lead
    assert [name in lead for name in names[3:]] == [False] * 3


def test_who_was_severe_is_named_to_chair_deputy_and_secretariat_and_to_nobody_else(as_: As) -> None:
    scene = scenes.computed(scenes.closed_round())
    scenes.decided(scene)
    named = {
        person.id: "Points lower than the average" in as_(person).get(at(scene)).text
        for person in (scene.chair, scene.deputy, scene.secretariat[0], scene.panel[2], scene.observer)
    }
    assert list(named.values()) == [True, True, True, False, False]


WHO: list[tuple[str, Callable[[Scene], Person], int, int, int]] = [
    # who; before the close, after it, after the decision
    ("chair", lambda s: s.chair, 409, 200, 200),
    ("deputy", lambda s: s.deputy, 409, 200, 200),
    ("secretariat", lambda s: s.secretariat[0], 409, 200, 200),
    ("member present", lambda s: s.panel[2], 404, 404, 200),
    ("another member", lambda s: s.panel[3], 404, 404, 404),
    ("observer", lambda s: s.observer, 404, 404, 200),
    ("authority", lambda s: s.authorities[0], 404, 404, 404),
    ("somebody else", lambda s: make.person(), 404, 404, 404),
]


@pytest.mark.parametrize(("who", "find", "before", "after", "decided"), WHO, ids=[row[0] for row in WHO])
def test_who_reads_the_result_and_from_when(
    as_: As, who: str, find: Callable[[Scene], Person], before: int, after: int, decided: int
) -> None:
    scene = scenes.computed(scenes.closed_round())
    person = find(scene)
    found = []
    scene.cycle.round_closed_at, closed = None, scene.cycle.round_closed_at
    db.session.commit()
    found.append(as_(person).get(at(scene)).status_code)
    scene.cycle.round_closed_at = closed
    db.session.commit()
    found.append(as_(person).get(at(scene)).status_code)
    scenes.decided(scene)
    found.append(as_(person).get(at(scene)).status_code)
    assert found == [before, after, decided]


def test_who_was_present_and_is_out_of_a_file_that_is_not_named_reads_the_decision_but_not_the_shortlist(
    as_: As,
) -> None:
    """The shortlist and what left the outcome may name her file; the decision, as those present heard it, does not."""
    scene = scenes.closed_round()
    awa, bintu, chandra = scene.files
    scenes.recuse(chandra, scene.panel[2])
    scenes.computed(scene)
    scenes.shortlisted(scene)
    with transaction():
        operations.decide(
            scene.cycle, laureate=awa, runners_up=[bintu], reserve=[], reasons="They agree.",
            present=[scene.panel[2], scene.panel[3]], by=scene.chair, now=clock.now(),
        )  # fmt: skip
    pages = ("", "/decision", "/shortlist", "/changes")
    out, free = ([as_(person).get(at(scene) + page) for page in pages] for person in (scene.panel[2], scene.panel[3]))
    assert [page.status_code for page in free] == [200, 200, 200, 200]
    assert [page.status_code for page in out] == [200, 200, 404, 404]
    assert [chandra.nominee_name in page.text for page in out] == [False] * 4
    assert [word in out[1].text for word in ("/shortlist", "/changes")] == [False, False]


def test_before_the_close_the_page_says_when_there_will_be_a_result(as_: As) -> None:
    scene = scenes.closed_round()
    scene.cycle.round_closed_at = None
    db.session.commit()
    page = as_(scene.chair).get(at(scene))
    assert page.status_code == 409
    assert scene.cycle.review_ends_at.strftime("%Y-%m-%dT%H:%M:%SZ") in page.text


def test_while_it_is_computed_the_page_says_so(as_: As) -> None:
    scene = scenes.closed_round()
    page = as_(scene.chair).get(at(scene))
    assert (page.status_code, "The result is being computed." in page.text) == (200, True)


def test_a_kept_file_is_nowhere_on_the_page_of_whoever_is_out_of_it(as_: As) -> None:
    """Two worlds, in which only the kept file differs: its name, its reference, its scores. The pages are the same bytes."""
    scene = scenes.closed_round()
    kept = scene.files[0]
    scenes.recuse(kept, scene.deputy)
    scenes.computed(scene)
    browser, chairs = as_(scene.deputy), as_(scene.chair)
    one, chairs_one = browser.get(at(scene)).data, chairs.get(at(scene)).data
    kept.nominee_name, kept.nominee_rank = "Zora Zimmermann", "Colonel"
    for criterion in scene.cycle.criteria:
        for member in (scene.chair, *scene.panel[2:]):
            make.score(kept, member, criterion, 1, revision=2)
    db.session.commit()
    scenes.computed(scene)
    other, chairs_other = browser.get(at(scene)).data, chairs.get(at(scene)).data
    assert one == other
    assert chairs_one != chairs_other
    assert b"Belanger" not in one
    assert kept.ref.encode() not in one
    assert re.findall(r'<span class="num">(\d+)\.</span>', one.decode()) == ["1", "2"]


def form(scene: Scene, **changes: object) -> dict[str, object]:
    awa, bintu, chandra = scene.files
    return {
        "once": "key-1",
        "laureate": awa.ref,
        "runner_up_1": bintu.ref,
        "runner_up_2": "",
        f"reserve_{chandra.ref}": "1",
        "reasons": "The panel agrees.",
        "present": [scene.panel[2].ref],
        **changes,
    }


def test_the_decision_is_checked_then_recorded_then_read(as_: As) -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    browser = as_(scene.chair)
    early = browser.get(at(scene, "/decision"))
    assert (early.status_code, at(scene, "/decision/record") in early.text) == (409, True)
    assert browser.get(at(scene, "/decision/record")).status_code == 200
    checked = browser.post(at(scene, "/decision/check"), data=form(scene))
    assert checked.status_code == 200
    assert "You are about to record this decision" in checked.text
    assert queries.decision_of(scene.cycle) is None
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', checked.text))
    answer = browser.post(at(scene, "/decision/record"), data={**sent, "once": "key-1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, at(scene, "/decision"))
    page = plain(browser.get(at(scene, "/decision")).text)
    year = scene.cycle.award_year
    assert f"{year} The decision Laureate Awa Bélanger" in page
    assert "Runner-up Bintu Castellanos" in page
    assert "Reserve Chandra Dlamini" in page
    assert "Members present Member 0, Member 2" in page


def test_sent_twice_it_is_recorded_once_with_the_same_answer(as_: As) -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    browser = as_(scene.chair)
    answers = [browser.post(at(scene, "/decision/record"), data=form(scene)) for _ in range(2)]
    assert [(a.status_code, a.headers["Location"]) for a in answers] == [(302, at(scene, "/decision"))] * 2


def test_a_second_decision_comes_too_late(as_: As) -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    scenes.decided(scene)
    answer = as_(scene.chair).post(at(scene, "/decision/record"), data=form(scene))
    assert answer.status_code == 409


def test_going_back_keeps_what_was_chosen(as_: As) -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    page = as_(scene.chair).post(at(scene, "/decision/check"), data=form(scene, change="1")).text
    assert "The panel agrees." in page
    assert f'<option selected value="{scene.files[0].ref}">' in page


BAD: list[tuple[dict[str, object], int, str]] = [
    # Nothing chosen: every error beside its field.
    ({"laureate": "", "reasons": " "}, 422, "Choose the laureate, or “No award”."),
    # One nominee twice.
    ({"runner_up_1": "AWA"}, 422, "Each nominee can have one place only."),
    # No award with somebody beside it.
    ({"laureate": "no-award"}, 422, "With “No award” nobody else can be named."),
    # A reference that is none of this cycle's.
    ({"laureate": "nonsense"}, 422, "Not a valid choice"),
    # A reserve number that is no number.
    ({"reserve_CHANDRA": "x"}, 422, "Not a valid integer value"),
]


@pytest.mark.parametrize(("changes", "status", "sentence"), BAD)
def test_a_decision_that_cannot_be_recorded_comes_back_with_what_was_typed(
    as_: As, changes: dict[str, object], status: int, sentence: str
) -> None:
    scene = scenes.shortlisted(scenes.computed(scenes.closed_round()))
    known = {"AWA": scene.files[0].ref, "reserve_CHANDRA": f"reserve_{scene.files[2].ref}"}
    sent = {known.get(key, key): known.get(str(value), value) for key, value in changes.items()}
    for address in ("/decision/check", "/decision/record"):
        page = as_(scene.chair).post(at(scene, address), data=form(scene, **sent))
        assert (page.status_code, sentence in page.text) == (status, True)
        assert queries.decision_of(scene.cycle) is None


def test_a_member_out_of_a_named_file_cannot_be_listed_as_present(as_: As) -> None:
    scene = scenes.closed_round()
    scenes.recuse(scene.files[0], scene.panel[2])
    scenes.shortlisted(scenes.computed(scene))
    page = as_(scene.chair).post(at(scene, "/decision/check"), data=form(scene))
    assert page.status_code == 403
    assert "Member 2 is out of a file that you name." in page.text
    assert "The panel agrees." in page.text


def test_the_form_is_the_deciders_alone(as_: As) -> None:
    scene = scenes.closed_round()
    scenes.recuse(scene.files[2], scene.chair)
    scenes.shortlisted(scenes.computed(scene))
    people = (scene.chair, scene.deputy, scene.panel[2], scene.secretariat[0], scene.observer, scene.authorities[0])
    shown = [as_(person).get(at(scene, "/decision/record")).status_code for person in people]
    assert shown == [403, 200, 403, 403, 403, 403]


def test_the_start_page_asks_the_chair_for_the_decision(as_: As, clock: Clock) -> None:
    from award_app.web.tasks import tasks

    scene = scenes.computed(scenes.closed_round())
    app = as_(scene.chair).application
    year = scene.cycle.award_year
    with app.test_request_context():
        first = [[task.title for task in tasks(p, clock.now)] for p in (scene.chair, scene.deputy, scene.observer)]
        scenes.shortlisted(scene)
        before = [[task.title for task in tasks(p, clock.now)] for p in (scene.chair, scene.deputy, scene.observer)]
        scenes.decided(scene)
        after = [
            [task.title for task in tasks(p, clock.now)] for p in (scene.chair, scene.observer, scene.secretariat[0])
        ]
    wanted = [f"Record the decision of {year}", f"Result of {year}"]
    shortlist = f"Shortlist of {year}"
    assert [[t for t in titles if str(year) in t] for titles in first] == [[shortlist], [wanted[1]], []]
    assert [[t for t in titles if str(year) in t] for titles in before] == [[wanted[0]], [wanted[1]], []]
    assert [set(titles) >= {wanted[1]} for titles in after] == [True, True, True]
    assert f"Announcement of {year}" in after[2]
