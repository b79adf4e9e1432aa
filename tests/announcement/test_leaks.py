"""Until the release nothing public differs: two worlds, in which only the outcome is another one, answer byte for byte the
same, and the same as before the decision. From the release on, and after taking back, every process knows within a second."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from award_app import chance, create_app
from award_app.accounts.models import Person
from award_app.announcement.embargo import operations as embargo
from award_app.announcement.embargo import queries as standing
from award_app.db import db, transaction
from award_app.selection import operations as selection
from tests import factories as make
from tests.announcement.scene import EVERYTHING, released, with_photo
from tests.announcement.test_operations import approve, prepare
from tests.conftest import START, Client, Clock, settings
from tests.selection import scene as scenes
from tests.selection.scene import NAMES, Scene

pytestmark = [pytest.mark.usefixtures("app", "clock"), pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

Seen = dict[str, tuple[int, bytes, list[tuple[str, str]]]]
YEAR = 2026


def addresses() -> Iterator[str]:
    for lang in ("en", "fr"):
        yield from (f"/{lang}/", f"/{lang}/laureates", f"/{lang}/figures", f"/{lang}/feed.xml", f"/{lang}/about")
        for year in (2024, YEAR, 2027):
            yield from (f"/{lang}/laureates/{year}", f"/{lang}/laureates/{year}/portrait.jpg")
        yield from (f"/{lang}/laureates?name={name.split()[0]}" for name in NAMES)
        yield from (f"/{lang}/laureates?year={YEAR}", f"/{lang}/laureates?page=2", f"/{lang}/laureates?country=SN")
    yield from (
        "/robots.txt",
        "/sitemap.xml",
        f"/announcements/{YEAR}",
        f"/announcements/{YEAR}/portrait.jpg",
        "/nowhere",
    )


def seen(app: Flask) -> Seen:
    visitor = app.test_client()
    answers: Seen = {}
    for address in addresses():
        for accepted in ("", "br"):
            with visitor.get(address, headers={"Accept-Encoding": accepted}) as answer:
                headers = sorted(header for header in answer.headers if header[0] != "Date")
                answers[f"{address} {accepted}"] = (answer.status_code, answer.data, headers)
    return answers


def closed() -> Scene:
    scene = scenes.closed_round()
    scene.cycle.award_year = YEAR
    for file in scene.files:
        with_photo(scene, file)
    return scenes.computed(scene)


def decide(scene: Scene, place: int) -> None:
    """The file at this place is the laureate, the next one a runner-up."""
    order = [*scene.files[place:], *scene.files[:place]]
    scenes.shortlisted(scene)
    with transaction():
        selection.decide(
            scene.cycle, laureate=order[0], runners_up=order[1:2], reserve=order[2:], reasons="The panel agrees.",
            present=[scene.panel[2]], by=scene.chair, now=scene.now,
        )  # fmt: skip
    laureate = order[0].nominee_name
    announcement = prepare(scene, name=laureate, release_at=scene.now + timedelta(days=1), **EVERYTHING)
    approve(scene, announcement, 0, laureate)
    approve(scene, announcement, 1, laureate)
    with transaction():
        embargo.tell(announcement, by=scene.secretariat[0], now=scene.now)


@pytest.mark.parametrize("keeps", [False, True])
def test_two_outcomes_look_the_same_until_the_release_and_the_same_as_none(
    app: Flask, clock: Clock, anew: Callable[[], None], keeps: bool
) -> None:
    app.config["KEEP_PAGES"] = keeps
    none, worlds, public = {}, [], []
    for place in (0, 2):
        anew()
        clock.move_to(START)
        scene = closed()
        none = seen(app)
        decide(scene, place)
        clock.forward(hours=1)
        worlds.append(seen(app))
        clock.move_to(START + timedelta(days=1, seconds=-1))
        worlds.append(seen(app))
        clock.forward(seconds=1)
        public.append(seen(app))
    assert [_differences(none, world) for world in worlds] == [[]] * 4
    changed = {address.split()[0] for address in _differences(public[0], none)}
    assert {f"/en/laureates/{YEAR}", "/fr/feed.xml", f"/en/laureates/{YEAR}/portrait.jpg", "/fr/"} <= changed
    assert _differences(public[0], public[1]) != []


def test_no_mission_learns_from_its_own_pages_but_the_authority_who_was_told(
    app: Flask, clock: Clock, anew: Callable[[], None], as_: Callable[[Person], FlaskClient]
) -> None:
    """Everybody of the missions reads the same in both worlds until the release, but for the two who were told."""
    worlds = []
    for place in (0, 2):
        anew()
        clock.move_to(START)
        scene = closed()
        decide(scene, place)
        clock.forward(hours=1)
        people = [*(file.nominator for file in scene.files), *scene.authorities]
        worlds.append([_read(as_(person), scene, place % 3) for place, person in enumerate(people)])
    same = [one == other for one, other in zip(*worlds, strict=True)]
    assert same == [True, True, True, False, True, False]


def _read(browser: FlaskClient, scene: Scene, place: int) -> list[str]:
    """What stands on her pages, without what is different on every visit."""
    ref = scene.files[place].ref
    pages = ("/home", "/nominations", f"/nominations/{ref}", f"/nominations/{ref}/outcome", f"/announcements/{YEAR}")
    return [re.sub(r'(name="(?:csrf_token|once)"[^>]*) value="[^"]*"', r"\1", browser.get(at).text) for at in pages]


def test_what_was_taken_back_leaves_every_page_as_it_was_before_the_release(app: Flask, clock: Clock) -> None:
    app.config["KEEP_PAGES"] = True
    before = seen(app)
    scene = released()
    announcement = standing.announcement_of(scene.cycle)
    assert announcement is not None
    year = scene.cycle.award_year
    assert [app.test_client().get(at).status_code for at in _hers(year)] == [200, 200]
    with transaction():
        embargo.take_back(announcement, "A wrong name.", by=scene.secretariat[0], now=clock.now)
    assert [app.test_client().get(at).status_code for at in _hers(year)] == [404, 404]
    assert _differences(before, seen(app)) == []


def test_every_process_knows_of_a_taking_back_within_a_second(app: Flask, clock: Clock, other: Flask) -> None:
    """Two processes on one database, each with pages of its own."""
    app.config["KEEP_PAGES"] = True
    scene = released()
    announcement = standing.announcement_of(scene.cycle)
    assert announcement is not None
    hers, _portrait = _hers(scene.cycle.award_year)
    both: list[FlaskClient] = [app.test_client(), other.test_client()]
    assert [visitor.get(hers).status_code for visitor in both] == [200, 200]
    with transaction():
        embargo.take_back(announcement, "A wrong name.", by=scene.secretariat[0], now=clock.now)
    assert both[0].get(hers).status_code == 404
    clock.forward(seconds=1)
    assert both[1].get(hers).status_code == 404


def test_a_portrait_may_be_kept_only_by_asking_each_time(app: Flask) -> None:
    scene = released()
    _page, address = _hers(scene.cycle.award_year)
    answer = app.test_client().get(address)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/jpeg", "public, no-cache")
    assert len(answer.data) <= 40 * 1024


def _hers(year: int) -> tuple[str, str]:
    return f"/en/laureates/{year}", f"/en/laureates/{year}/portrait.jpg"


def _differences(one: Seen, other: Seen) -> list[str]:
    return [address for address in one if one[address] != other[address]]


@pytest.fixture
def anew(app: Flask, sqlite_app: tuple[Flask, Path], monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """An empty database again, and the same chances."""

    def start() -> None:
        db.session.remove()
        db.engine.dispose()
        folder = sqlite_app[1]
        for left in folder.glob("laurel.sqlite*"):
            left.unlink()
        shutil.copy(folder / "template.sqlite", folder / "laurel.sqlite")
        app.extensions["kept_pages"].clear()
        app.extensions.pop("public_edition", None)
        chance.seed(1)
        monkeypatch.setattr(make, "_numbers", itertools.count(1))

    return start


@pytest.fixture
def other(sqlite_app: tuple[Flask, Path]) -> Iterator[Flask]:
    values: dict[str, Any] = settings(sqlite_app[1])
    made = create_app({**values, "KEEP_PAGES": True})
    made.test_client_class = Client
    yield made
    with made.app_context():
        db.engine.dispose()
