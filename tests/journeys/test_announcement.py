"""From the decision to the public page, told under embargo, released by itself, taken back and released again corrected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask_migrate import upgrade
from playwright.sync_api import Browser

from award_app import clock, create_app
from award_app.accounts import passwords
from award_app.accounts.models import Person
from award_app.db import db
from tests import codes
from tests.announcement.scene import with_photo
from tests.conftest import settings
from tests.journeys import rig
from tests.journeys.people import Secretariat, Somebody
from tests.selection import scene as scenes
from tests.selection.scene import Scene
from tests.service import Service, running_service

pytestmark = [pytest.mark.browser, pytest.mark.processes]

YEAR = 2026
NAMES = ("Awa Marie-Thérèse Bélanger-Ouédraogo", "أمينة بنت عبد الرحمن الصالح", "Chandra Dlamini")
TEXTS = {
    "name": NAMES[0],
    "citation_en": "For a desk where women report without fear.",
    "citation_fr": "Pour un bureau où les femmes portent plainte sans crainte.",
    "story_en": "She opened a desk.\n\nReports rose from two to forty a month.",
    "story_fr": "Elle a ouvert un bureau.\n\nLes plaintes sont passées de deux à quarante par mois.",
    "result_en": "40 reports a month",
    "result_fr": "40 plaintes par mois",
    "credit": "A colleague",
    "alt_en": "She stands before her desk.",
    "alt_fr": "Elle se tient devant son bureau.",
    "video_url": "https://video.example/awa",
}


def test_an_announcement_from_the_decision_to_the_public_page(
    browser: Browser, decided_year: Service, complaints: rig.Complaints
) -> None:
    ingrid, tomas = (
        Secretariat(browser, decided_year.url, complaints, name, f"{name.lower()}@secretariat.test", scripts=scripts)
        for name, scripts in (("Ingrid", True), ("Tomas", False))
    )
    head = Somebody(browser, decided_year.url, complaints, "Henrik", "henrik@mission.test")
    public = Somebody(browser, decided_year.url, complaints, "", "")
    for person in (ingrid, tomas):
        person.sign_in()
    _write(ingrid)
    _tell(ingrid, head)
    public.go(f"/en/laureates/{YEAR}", status=404)
    _approve_by_keyboard(ingrid)
    tomas.approve_release(YEAR, NAMES[0])
    tomas.reads("Approved by two people. It releases itself")
    public.go(f"/en/laureates/{YEAR}", status=404)
    ingrid.move_clock(2)
    _everybody_reads(public)
    tomas.sign_in()
    _take_back(tomas, public)
    _release_again((tomas, ingrid), public)
    assert complaints.found == []


def _write(ingrid: Secretariat) -> None:
    release = (clock.now() + timedelta(days=12)).strftime("%Y-%m-%dT%H:%M")
    ingrid.go(f"/announcements/{YEAR}/edit")
    ingrid.write(**TEXTS, release_at=release)
    ingrid.tick("with_portrait")
    ingrid.picture("51-announcement-side-by-side", wide=True)
    ingrid.press("Save")
    ingrid.reads(
        "Under embargo. 0 of 2 people have approved this text.", "Time left: 2 weeks", "Les plaintes sont passées"
    )
    ingrid.picture("52-announcement-preview", wide=True)


def _tell(ingrid: Secretariat, head: Somebody) -> None:
    ingrid.press("Tell her mission", status=422)
    ingrid.reads("Check it first, then tick the box.")
    ingrid.tick("sure")
    ingrid.press("Tell her mission")
    ingrid.reads("Told under embargo:")
    said = head.letter("In confidence:")
    assert "laureate" not in said.casefold()
    head.sign_in()
    head.go("/nominations")
    head.follow(NAMES[0])
    head.follow("Read it")
    head.reads("Your nominee is the laureate", "Under embargo until:")
    head.picture("53-told-under-embargo", wide=True)


def _approve_by_keyboard(ingrid: Secretariat) -> None:
    """From the top of the page with the tabulator, the name typed, Enter."""
    ingrid.go(f"/announcements/{YEAR}")
    for _step in range(60):
        ingrid.page.keyboard.press("Tab")
        if ingrid.page.evaluate("document.activeElement.name") == "typed":
            break
    ingrid.page.keyboard.type("awa marie therese belanger ouedraogo")
    with ingrid.page.expect_navigation():
        ingrid.page.keyboard.press("Enter")
    ingrid.look()
    ingrid.reads("Your approval is recorded.", "1 of 2 people")


def _everybody_reads(public: Somebody) -> None:
    public.go("/en/laureates")
    public.write(name="belanger")
    public.press("Search")
    public.follow(NAMES[0])
    public.reads("For a desk where women report without fear.", "Photo: A colleague", "on video.example", NAMES[1])
    assert public.page.evaluate("document.querySelector('.portrait img').naturalWidth") > 100
    public.picture("60-laureate-with-portrait", wide=True)
    public.go(f"/fr/laureates/{YEAR}")
    public.reads("Pour un bureau où les femmes portent plainte sans crainte.")
    public.go("/en/figures")
    public.picture("61-figures", wide=True)
    assert NAMES[0] in public.context.request.get(f"{public.url}/en/feed.xml").text()


def _take_back(tomas: Secretariat, public: Somebody) -> None:
    tomas.go(f"/announcements/{YEAR}")
    tomas.reads("Released. Everybody can read it.")
    tomas.write(reason="Her name was spelt wrongly.")
    tomas.press("Take the announcement back")
    tomas.reads("Taken back. Nobody outside can read it.", "Her name was spelt wrongly.")
    tomas.picture("54-announcement-taken-back", wide=True)
    public.go(f"/en/laureates/{YEAR}", status=404)
    assert NAMES[0] not in public.context.request.get(f"{public.url}/en/feed.xml").text()


def _release_again(two: tuple[Secretariat, Secretariat], public: Somebody) -> None:
    two[1].sign_in()
    two[0].follow("Write it anew")
    two[0].write(name="Awa Bélanger", release_at=clock.now().strftime("%Y-%m-%dT%H:%M"))
    two[0].press("Save")
    for person in two:
        person.approve_release(YEAR, "Awa Bélanger")
    public.go(f"/en/laureates/{YEAR}")
    public.reads("Awa Bélanger")


@pytest.fixture
def decided_year(tmp_path: Path) -> Iterator[Service]:
    """A year whose decision is recorded, on the day after; its people can sign in."""
    var = tmp_path / "var"
    var.mkdir()
    app = create_app(settings(var))
    with app.app_context():
        upgrade()
        _people(scenes.closed_round(names=NAMES))
        db.session.remove()
        db.engine.dispose()
    with running_service(var, LAUREL_DEMO="1", SECRET_KEY=str(app.config["SECRET_KEY"])) as found:
        yield found


def _people(scene: Scene) -> None:
    scene.cycle.award_year = YEAR
    for mission, (acronym, zone) in zip(scene.missions, (("UNMISS", "Africa/Juba"), ("MINUSCA", "Africa/Bangui"), ("UNVMC", "America/Bogota")), strict=True):  # fmt: skip
        mission.acronym, mission.timezone = acronym, zone
    _may_sign_in(scene.secretariat[0], "Ingrid", "ingrid@secretariat.test")
    _may_sign_in(scene.secretariat[1], "Tomas", "tomas@secretariat.test")
    _may_sign_in(scene.authorities[0], "Henrik", "henrik@mission.test")
    scenes.computed(scene)
    scenes.decided(scene)
    with_photo(scene)


def _may_sign_in(person: Person, name: str, email: str) -> None:
    person.name, person.email = name, email
    person.password_hash = passwords.hash_of(f"{name} walks to the harbour")
    codes.enrol([person], now=clock.now())
