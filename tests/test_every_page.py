"""Walks every page there is, as somebody who may open it: every word can be translated, every page says where one is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from zoneinfo import available_timezones

import pytest
from babel import Locale
from sqlalchemy import Enum, select, update

from award_app.accounts.models import Person
from award_app.db import db
from award_app.web.i18n import LANGUAGES
from tests.integrity.routes import guarded_routes, places
from tests.integrity.stage import Stage, staged
from tests.integrity.walk import cells
from tests.languages import english_left
from tests.web.test_i18n import unmarked

# Words that are data wherever they stand: units of time zones, kinds of files, the product's own name.
NAMES = {"Laurel", "UTC", "PDF", "JPEG", "PNG", "MB", "KB", "CV", "FPU", "IPO", "SPT", "XA", "en", "SHA"}


# No page: it shows a QR code, and only while somebody sets an authenticator up. tests/accounts/test_second.py reads it.
ONLY_A_PICTURE = {"accounts.authenticator_picture"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("pages")) as built:
        yield built


def test_every_word_of_every_page_can_be_translated(stage: Stage) -> None:
    data, missing, pages = _data(), {}, 0
    for actor, path in _one_visit_per_route_and_phase(stage):
        page = _page(stage, actor, f"{path}{'&' if '?' in path else '?'}locale=en-XA")
        if page is None:
            continue
        pages += 1
        left = _without(data, page)
        if left:
            missing[path] = left
    assert missing == {}
    assert pages > 80


def test_every_page_says_where_one_is(stage: Stage) -> None:
    nameless, seen = [], set()
    for actor, path in _one_visit_per_route_and_phase(stage):
        page = _page(stage, actor, path)
        if page is None:
            continue
        seen.add(path)
        headings = re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        if len(headings) != 1 or not headings[0].strip() or title is None or title[1].strip().startswith("·"):
            nameless.append(path)
    assert nameless == []
    assert len(seen) > 80


def test_a_french_reader_finds_no_english_on_any_page(stage: Stage, in_french: None) -> None:
    data, left, pages = "\n".join(_data()), {}, 0
    for actor, path in _one_visit_per_route_and_phase(stage):
        page = _page(stage, actor, path, {"Accept-Language": "fr"})
        if page is None:
            continue
        pages += 1
        if '<html lang="fr"' not in page or english_left(page, "fr", data):
            left[path] = english_left(page, "fr", data)
    assert left == {}
    assert pages > 80


@pytest.fixture
def in_french(stage: Stage) -> Iterator[None]:
    """Everybody reads French for a while."""
    with db.engine.begin() as connection:
        before = connection.execute(select(Person.id, Person.locale)).all()
        connection.execute(update(Person).values(locale="fr"))
    yield
    with db.engine.begin() as connection:
        for person_id, locale in before:
            connection.execute(update(Person).where(Person.id == person_id).values(locale=locale))


def _page(stage: Stage, actor: str, path: str, headers: dict[str, str] | None = None) -> str | None:
    """What a person would read there; None for a file, or where the way leads on."""
    with stage.send(actor, "GET", path, headers=headers or {}) as answer:
        if answer.status_code != 200 or not answer.content_type.startswith("text/html"):
            return None
        return str(answer.text)


def _one_visit_per_route_and_phase(stage: Stage) -> Iterator[tuple[str, str]]:
    """The first actor who may, for each GET route and each place its address can name."""
    visited = set()
    for cell in cells(stage):
        if cell.route.method == "GET" and cell.expected == "yes" and (cell.route.endpoint, cell.path) not in visited:
            visited.add((cell.route.endpoint, cell.path))
            yield cell.actor, cell.path
    there = {r.endpoint for r in guarded_routes(stage.app) if r.method == "GET" and places(r, stage.world)}
    assert there - {endpoint for endpoint, _path in visited} == ONLY_A_PICTURE


def _without(data: list[str], page: str) -> list[str]:
    """What is left of a page when marked words, moments and data are taken away."""
    page = html.unescape(re.sub(r"<(time|code)\b[^>]*>.*?</\1>", " ", page, flags=re.DOTALL))
    for text in data:
        if text in page:
            page = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", " ", page)
    return [word for word in unmarked(page) if word not in NAMES | _calendar()]


def _data() -> list[str]:
    """Every line of text in the database and every country name, longest first."""
    texts: set[str] = {*_country_names(), *LANGUAGES.values(), *available_timezones()}
    texts |= {zone.replace("_", " ") for zone in texts}
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                for column, value in zip(table.columns, row, strict=True):
                    if not isinstance(column.type, Enum):  # a code on a page would be a word forgotten
                        texts |= set(_leaves(value))
    lines = {html.unescape(line.strip()) for text in texts for line in text.splitlines()}
    return sorted({line for line in lines if re.search(r"[^\W\d_]{2,}", line)}, key=len, reverse=True)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)


@cache
def _country_names() -> frozenset[str]:
    return frozenset(Locale.parse("en_GB").territories.values())


@cache
def _calendar() -> frozenset[str]:
    names = Locale.parse("en_GB")
    spelled = [names.months["format"], names.days["format"]]
    return frozenset(word for kind in spelled for width in ("wide", "abbreviated") for word in kind[width].values())
