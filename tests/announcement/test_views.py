"""The pages before the release, and that nothing of them shows in public."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.announcement.embargo import operations as embargo
from award_app.announcement.embargo import queries
from award_app.announcement.models import Announcement
from award_app.db import db, transaction
from award_app.domain.vocabulary import Consent
from tests import factories as make
from tests.announcement.scene import SHOWN, leaves, with_photo
from tests.announcement.test_operations import approve, decided, prepare
from tests.conftest import Clock
from tests.counting import Statements
from tests.selection import scene as scenes
from tests.selection.scene import Scene

pytestmark = [pytest.mark.usefixtures("app", "clock"), pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

As = Callable[[Person], FlaskClient]
TEXTS = {
    "name": "Awa Bélanger",
    "rank": "Inspecteur",
    "country": "Senegal",
    "duty": "Adviser",
    "citation_en": "For her desk.",
    "citation_fr": "Pour son bureau.",
    "story_en": "Long.",
    "story_fr": "",
    "release_at": "2026-03-10T12:00",
}


def at(scene: Scene, rest: str = "") -> str:
    return f"/announcements/{scene.cycle.award_year}{rest}"


def test_the_form_begins_with_the_words_of_the_file(as_: As) -> None:
    scene = decided()
    page = as_(scene.secretariat[0]).get(at(scene, "/edit")).text
    for expected in (
        'value="Awa Bélanger"',
        'value="Senegal"',
        "For opening a door that stays open.",
        "2026-03-10T12:00",
    ):
        assert expected in page


def test_two_people_release_through_the_pages(as_: As) -> None:
    scene = decided()
    first, second = as_(scene.secretariat[0]), as_(scene.secretariat[1])
    saved = first.post(at(scene, "/edit"), data={**TEXTS, "once": "a"})
    assert (saved.status_code, saved.headers["Location"]) == (302, at(scene))
    for browser in (first, second):
        assert "Under embargo." in browser.get(at(scene)).text
        for _twice in range(2):  # sent twice: one effect, the same answer
            sent = browser.post(at(scene, "/approve"), data={"typed": "awa belanger", "version": "1", "once": "b"})
            assert (sent.status_code, sent.headers["Location"]) == (302, at(scene))
    assert "Released. Everybody can read it." in first.get(at(scene)).text
    public = first.application.test_client().get(f"/en/laureates/{scene.cycle.award_year}").text
    assert "Awa Bélanger" in public
    assert "Bintu Castellanos" in public
    assert "Chandra Dlamini" not in public


def test_public_pages_are_the_same_bytes_until_the_release(as_: As) -> None:
    scene = scenes.computed(scenes.closed_round())
    visitor = as_(scene.chair).application.test_client()

    def seen() -> list[bytes]:
        year = scene.cycle.award_year
        return [visitor.get(path).data for path in ("/en/", "/en/laureates", f"/en/laureates/{year}")]

    before = [seen()]
    scenes.decided(scene)
    before.append(seen())
    announcement = prepare(scene)
    before.append(seen())
    approve(scene, announcement, 0)
    before.append(seen())
    approve(scene, announcement, 1)
    assert before == [before[0]] * 4
    assert all(one != other for one, other in zip(seen(), before[0], strict=True))


def test_another_name_is_answered_with_a_sentence_and_what_was_typed(as_: As) -> None:
    scene = decided()
    prepare(scene)
    page = as_(scene.secretariat[0]).post(at(scene, "/approve"), data={"typed": "Awa Boulanger", "version": "1"})
    assert page.status_code == 409
    assert "The name you typed is not the name of the laureate." in page.text
    assert 'value="Awa Boulanger"' in page.text
    assert queries.approvers(prepared(scene)) == []


REFUSED = [
    # She read an older version.
    ({"typed": "Awa Bélanger", "version": "7"}, "Somebody changed this at the same moment."),
    # No version at all, or nonsense.
    ({"typed": "Awa Bélanger"}, "Somebody changed this at the same moment."),
    ({"typed": "Awa Bélanger", "version": "x"}, "Somebody changed this at the same moment."),
]


@pytest.mark.parametrize(("sent", "sentence"), REFUSED)
def test_who_did_not_read_what_stands_approves_nothing(as_: As, sent: dict[str, str], sentence: str) -> None:
    scene = decided()
    prepare(scene)
    page = as_(scene.secretariat[0]).post(at(scene, "/approve"), data=sent)
    assert (page.status_code, sentence in page.text) == (409, True)


def test_without_consent_the_page_says_so(as_: As) -> None:
    scene = decided()
    scene.files[0].consent = Consent.NOT_TOLD
    db.session.commit()
    prepare(scene)
    browser = as_(scene.secretariat[0])
    assert "Not told yet" in browser.get(at(scene)).text
    page = browser.post(at(scene, "/approve"), data={"typed": "Awa Bélanger", "version": "1"})
    assert (page.status_code, "recorded consent" in page.text) == (409, True)


def test_the_first_approver_is_not_asked_again(as_: As) -> None:
    scene = decided()
    approve(scene, prepare(scene), 0)
    browser = as_(scene.secretariat[0])
    assert "You have approved. A second person must approve too." in browser.get(at(scene)).text
    page = browser.post(at(scene, "/approve"), data={"typed": "Awa Bélanger", "version": "1"})
    assert (page.status_code, "This needs a second person." in page.text) == (403, True)


@pytest.mark.parametrize(("award", "asked"), [(True, "laureate’s name"), (False, "award year")])
def test_an_empty_box_is_told_what_to_type(as_: As, award: bool, asked: str) -> None:
    scene = decided(award=award)
    prepare(scene)
    page = as_(scene.secretariat[0]).post(at(scene, "/approve"), data={"typed": " ", "version": "1"})
    assert page.status_code == 422
    assert f"Type the {asked}." in page.text
    assert f"The {asked}</label>" in page.text
    assert "is not the name" not in page.text


def test_a_release_is_said_once(as_: As) -> None:
    scene = decided()
    announcement = prepare(scene)
    approve(scene, announcement, 0)
    browser = as_(scene.secretariat[1])
    browser.post(at(scene, "/approve"), data={"typed": "Awa Bélanger", "version": "1"})
    page = browser.get(at(scene)).text
    assert (page.count("Released"), "Your approval is recorded." in page) == (1, True)


def test_both_languages_stand_side_by_side_and_say_which_they_are(as_: As) -> None:
    scene = with_photo(decided())
    page = as_(scene.secretariat[0]).get(at(scene, "/edit")).text
    for kind in ("citation", "story", "result", "career"):
        for language in ("en", "fr"):
            assert re.search(rf'<textarea[^>]* lang="{language}"[^>]* name="{kind}_{language}"', page)
    for words in ("Citation in English", "Citation in French", "Credit of the photo", "Address of a video about her"):
        assert words in page


def test_what_is_saved_is_shown_as_the_public_will_read_it_in_both_languages(as_: As) -> None:
    scene = with_photo(decided())
    more = {
        "result_en": "40 reports a month", "video_url": "https://video.example/awa", "with_portrait": "y",
        "credit": "A colleague", "alt_en": "She stands.", "alt_fr": "Elle est debout.", "once": "a",
    }  # fmt: skip
    browser = as_(scene.secretariat[0])
    assert browser.post(at(scene, "/edit"), data={**TEXTS, **more}).status_code == 302
    page = browser.get(at(scene)).text
    english, french = page.split('<div class="card preview" lang="en" translate="no">')[1].split(
        '<div class="card preview" lang="fr" translate="no">'
    )
    assert ("Pour son bureau." in english, "Pour son bureau." in french) == (False, True)
    assert ('alt="She stands."' in english, 'alt="Elle est debout."' in french) == (True, True)
    assert ">Mission<" in english
    assert "video.example" in french
    picture = browser.get(at(scene, "/portrait.jpg"))
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert 'value="A colleague"' in browser.get(at(scene, "/edit")).text


def test_the_portrait_is_for_those_who_may_see_the_announcement(as_: As) -> None:
    scene = with_photo(decided())
    prepare(scene, shown=SHOWN)
    people = (scene.secretariat[0], scene.chair, scene.observer, scene.authorities[0])
    assert [as_(person).get(at(scene, "/portrait.jpg")).status_code for person in people] == [200, 403, 404, 404]


def test_the_release_is_said_in_the_zones_of_the_viewer_and_the_mission_and_in_utc_and_how_long_it_is_till_then(
    as_: As,
) -> None:
    scene = decided()
    scene.missions[0].timezone = "Africa/Juba"
    scene.secretariat[0].timezone = "America/New_York"
    prepare(scene, release_at=scene.now + timedelta(days=14))
    page = as_(scene.secretariat[0]).get(at(scene)).text
    for said in ("08:00 (New York, UTC−4)", "14:00 (Juba, UTC+2)", "12:00 UTC", "Time left: 2 weeks"):
        assert said in page


def test_her_mission_is_told_through_the_page_and_reads_it_there(as_: As, clock: Clock) -> None:
    scene = decided()
    prepare(scene, release_at=scene.now + timedelta(days=14))
    secretary, awa = as_(scene.secretariat[0]), scene.files[0]
    address = f"/nominations/{awa.ref}/outcome"
    people = (scene.authorities[0], awa.nominator, scene.authorities[1], scene.chair, scene.secretariat[1])
    assert [as_(person).get(address).status_code for person in people] == [404] * 5
    unsure = secretary.post(at(scene, "/tell"), data={"once": "a"})
    assert (unsure.status_code, "Check it first, then tick the box." in unsure.text) == (422, True)
    assert secretary.post(at(scene, "/tell"), data={"sure": "y", "once": "b"}).status_code == 302
    assert "Told under embargo:" in secretary.get(at(scene)).text
    authority = as_(scene.authorities[0])
    assert f'href="{address}"' in authority.get(f"/nominations/{awa.ref}").text
    page = authority.get(address).text
    assert ("Your nominee is the laureate" in page, "Under embargo until:" in page) == (True, True)
    assert [as_(person).get(address).status_code for person in people[1:]] == [404] * 4
    assert address not in as_(awa.nominator).get(f"/nominations/{awa.ref}").text
    with transaction():
        announcement = prepared(scene)
        embargo.take_back(announcement, "A mistake.", by=scene.secretariat[0], now=clock.now)
    assert "is being looked at again" in authority.get(address).text


def test_it_is_taken_back_through_the_page(as_: As) -> None:
    scene = decided()
    announcement = prepare(scene)
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    browser = as_(scene.secretariat[2])
    public = f"/en/laureates/{scene.cycle.award_year}"
    visitor = browser.application.test_client()
    assert visitor.get(public).status_code == 200
    empty = browser.post(at(scene, "/take-back"), data={"reason": "", "once": "a"})
    assert (empty.status_code, "Say why it is taken back." in empty.text) == (422, True)
    sent = browser.post(at(scene, "/take-back"), data={"reason": "A wrong name.", "once": "b"})
    assert (sent.status_code, visitor.get(public).status_code) == (302, 404)
    page = browser.get(at(scene)).text
    for said in (
        "Taken back. Nobody outside can read it.",
        "A wrong name.",
        "It was public at that time.",
        "Write it anew",
    ):
        assert said in page
    assert browser.get(at(scene, "/edit")).status_code == 200


def test_an_outcome_that_changed_is_said_and_the_fields_begin_anew(as_: As) -> None:
    scene = decided()
    approve(scene, prepare(scene), 0)
    leaves(scene, scene.files[0])
    browser = as_(scene.secretariat[0])
    assert "The outcome has changed since this was written." in browser.get(at(scene)).text
    assert 'value="Bintu Castellanos"' in browser.get(at(scene, "/edit")).text
    page = browser.post(at(scene, "/approve"), data={"typed": "Awa Bélanger", "version": "1"})
    assert (page.status_code, "Write it anew first." in page.text) == (409, True)


def test_the_pages_take_a_fixed_number_of_statements(as_: As, statements: Statements) -> None:
    scene = with_photo(decided())
    prepare(scene, shown=SHOWN)
    browser = as_(scene.secretariat[0])
    browser.get(at(scene))  # the first reading is written into the ledger
    counts = []
    for rest in ("", "/edit"):
        with statements.counted() as counted:
            browser.get(at(scene, rest))
        counts.append(counted.number)
    assert max(counts) <= 18


def test_what_is_missing_is_said_beside_its_field(as_: As) -> None:
    scene = decided()
    sent = {**TEXTS, "citation_fr": "", "name": " ", "once": "a"}
    page = as_(scene.secretariat[0]).post(at(scene, "/edit"), data=sent)
    assert page.status_code == 422
    assert 'id="citation_fr-error"' in page.text
    assert 'id="name-error"' in page.text
    assert "For her desk." in page.text


@pytest.mark.parametrize("instant", ["soon", "", "0001-01-01T00:00", "9999-12-31T23:59"])
def test_an_instant_that_is_none_is_asked_again(as_: As, instant: str) -> None:
    scene = decided()
    page = as_(scene.secretariat[0]).post(at(scene, "/edit"), data={**TEXTS, "release_at": instant, "once": "a"})
    assert (page.status_code, 'id="release_at-error"' in page.text) == (422, True)


def test_a_year_without_an_award_is_released_by_its_number(as_: As) -> None:
    scene = decided(award=False)
    first, second = as_(scene.secretariat[0]), as_(scene.secretariat[1])
    assert "No award" in first.get(at(scene, "/edit")).text
    texts = {key: value for key, value in TEXTS.items() if key not in ("name", "rank", "country", "duty")}
    assert first.post(at(scene, "/edit"), data={**texts, "once": "a"}).status_code == 302
    for browser in (first, second):
        sent = {"typed": str(scene.cycle.award_year), "version": "1"}
        assert browser.post(at(scene, "/approve"), data=sent).status_code == 302
    page = first.application.test_client().get(f"/en/laureates/{scene.cycle.award_year}")
    assert (page.status_code, "No award" in page.text) == (200, True)


def test_after_the_release_nothing_is_changed(as_: As, clock: Clock) -> None:
    scene = decided()
    announcement = prepare(scene, release_at=scene.now + timedelta(hours=1))
    approve(scene, announcement, 0)
    approve(scene, announcement, 1)
    browser = as_(scene.secretariat[2])
    assert browser.get(at(scene, "/edit")).status_code == 200
    clock.forward(hours=1)
    browser = as_(scene.secretariat[2])
    sent = {**TEXTS, "once": "a"}
    assert [browser.get(at(scene, "/edit")).status_code, browser.post(at(scene, "/edit"), data=sent).status_code] == [
        409,
        409,
    ]


def test_nobody_else_learns_anything_by_trying_to_approve(as_: As) -> None:
    scene = decided()
    for prepared_ in (False, True):
        if prepared_:
            prepare(scene)
        for person, status in ((scene.authorities[0], 404), (scene.chair, 403), (scene.observer, 404)):
            for typed in ("Awa Bélanger", "x" * 300):
                page = as_(person).post(at(scene, "/approve"), data={"typed": typed, "version": "1", "once": typed})
                assert (page.status_code, "Awa" in page.text) == (status, False)


def test_who_may_open_the_announcement(as_: As) -> None:
    scene = scenes.closed_round()
    scenes.conflict(scene.files[2], scene.secretariat[2])
    scenes.computed(scene)
    people = (*scene.secretariat[1:], scene.chair, scene.observer, scene.authorities[0], make.person())
    before = [as_(person).get(at(scene)).status_code for person in people]
    scenes.decided(scene)
    after = [as_(person).get(at(scene)).status_code for person in people]
    assert before == [409, 403, 403, 404, 404, 404]
    assert after == [200, 403, 403, 404, 404, 404]


def test_a_mission_reads_its_own_outcome_from_the_release_on(as_: As) -> None:
    scene = decided()
    announcement = prepare(scene)
    approve(scene, announcement, 0)

    def read() -> list[list[str]]:
        words = ("With the panel", "Laureate<", "Runner-up<", "Not selected<")
        pages = [
            as_(authority).get("/nominations").text + as_(authority).get(f"/nominations/{file.ref}").text
            for authority, file in zip(scene.authorities, scene.files, strict=True)
        ]
        return [[word for word in words if word in page] for page in pages]

    assert read() == [["With the panel"]] * 3
    approve(scene, announcement, 1)
    assert read() == [["Laureate<"], ["Runner-up<"], ["Not selected<"]]


def prepared(scene: Scene) -> Announcement:
    found = queries.announcement_of(scene.cycle)
    assert found is not None
    return found
