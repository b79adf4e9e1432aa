"""What machines read: one address per page, its languages, the feed, what the page is about."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from award_app.announcement import feed, queries
from award_app.web import i18n
from tests.web.test_i18n import unmarked
from tests.web.test_pages_public import INVENTED

ATOM = "{http://www.w3.org/2005/Atom}"
RELEASED = replace(
    INVENTED,
    invented=False,
    name="Amina <Example>",
    country="Ghana",
    country_code="GH",
    citations={"en": "For her desk \x0b& more.", "fr": "Pour son bureau."},
    released_at=datetime(2026, 3, 10, 12, tzinfo=UTC),
)


@pytest.fixture
def announced(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> list[queries.PublicLaureate]:
    assert visitor  # it comes first: with it nobody is announced
    found = [RELEASED]
    monkeypatch.setattr(queries, "released_laureates", lambda: found)
    return found


def read(visitor: FlaskClient, lang: str = "en") -> ElementTree.Element:
    answer = visitor.get(f"/{lang}/feed.xml")
    assert answer.mimetype == "application/atom+xml"
    return ElementTree.fromstring(answer.data)


def entry(visitor: FlaskClient, lang: str = "en") -> dict[str, str | None]:
    (found,) = read(visitor, lang).findall(f"{ATOM}entry")
    return {part.tag.removeprefix(ATOM): part.get("href", part.text) for part in found}


def test_a_feed_without_entries_is_whole_and_says_no_instant_of_its_own(visitor: FlaskClient) -> None:
    found = read(visitor)
    assert [part.tag.removeprefix(ATOM) for part in found] == ["title", "id", "updated", "author", "link", "link"]
    assert found.findtext(f"{ATOM}updated") == "2026-01-01T00:00:00Z"


@pytest.mark.usefixtures("announced")
def test_a_released_announcement_is_an_entry(visitor: FlaskClient) -> None:
    assert entry(visitor) == {
        "title": "Award of the demonstration 2025 · Amina <Example>",
        "id": "tag:localhost,2026:en/laureates/2025",
        "updated": "2026-03-10T12:00:00Z",
        "published": "2026-03-10T12:00:00Z",
        "link": "http://localhost:8000/en/laureates/2025",
        "summary": "For her desk & more.",
    }
    assert read(visitor).findtext(f"{ATOM}updated") == "2026-03-10T12:00:00Z"


def test_an_entry_keeps_its_id_and_moves_its_instant_when_it_is_released_again(
    visitor: FlaskClient, announced: list[queries.PublicLaureate]
) -> None:
    first = entry(visitor)
    announced[:] = [replace(RELEASED, name="Amina Corrected", released_at=datetime(2026, 3, 12, tzinfo=UTC))]
    again = entry(visitor)
    assert (again["id"], again["updated"]) == (first["id"], "2026-03-12T00:00:00Z")


def test_facts_that_ship_with_laurel_are_no_news() -> None:
    assert feed.updated([]) == feed.BEGAN


@pytest.mark.usefixtures("announced")
def test_somebody_invented_is_called_so_in_the_feed_and_told_to_no_search_engine(
    visitor: FlaskClient, announced: list[queries.PublicLaureate]
) -> None:
    real = visitor.get("/en/laureates/2025").text
    announced[:] = [replace(RELEASED, invented=True)]
    invented = visitor.get("/en/laureates/2025").text
    assert ("schema.org" in real, "noindex" in real) == (True, False)
    assert ("schema.org" in invented, "noindex" in invented) == (False, True)
    assert str(entry(visitor)["title"]).startswith("Invented, for demonstration · ")


def test_a_page_says_what_it_is_about(visitor: FlaskClient) -> None:
    page = visitor.get("/en/laureates/2020").text
    assert dict(re.findall(r'itemprop="(\w+)"[^>]*>([^<]+)<', page)) == {
        "award": "United Nations Woman Police Officer of the Year, 2020",
        "name": "United Nations Mission in South Sudan",
        "jobTitle": "Chief Inspector",
        "nationality": "Zambia",
    }
    assert '<h1 translate="no" itemprop="name">Doreen Malambo</h1>' in page


PAGES = ["", "laureates", "laureates/2020", "figures", "about"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_one_address_and_names_its_other_languages(visitor: FlaskClient, page: str) -> None:
    text = visitor.get(f"/en/{page}").text
    assert re.findall(r'rel="canonical" href="([^"]+)"', text) == [f"http://localhost:8000/en/{page}"]
    others = dict(re.findall(r'hreflang="([\w-]+)" href="(http[^"]+)"', text))
    assert others == {code: f"http://localhost:8000/{code}/{page}" for code in i18n.LANGUAGES} | {
        "x-default": f"http://localhost:8000/en/{page}"
    }
    assert 'type="application/atom+xml" href="/en/feed.xml"' in text


def test_a_search_is_not_a_page_of_its_own(visitor: FlaskClient) -> None:
    text = visitor.get("/en/laureates?name=devi").text
    assert ('href="http://localhost:8000/en/laureates"' in text, "noindex" in text) == (True, True)


@pytest.mark.parametrize("page", ["laureates?", "laureates?name=zz&", "figures?", "laureates/2024?"])
def test_every_word_can_be_translated(visitor: FlaskClient, page: str) -> None:
    left = set(unmarked(visitor.get(f"/en/{page}locale=en-XA").text))
    assert left - {"Laurel", "XA", "About", "April", "November", "September", "December", "UN"} <= {
        "English", "Français", "Zainab", "Mbalu", "Gbla", "zz",
    }  # fmt: skip


def test_a_text_that_is_not_in_the_language_of_the_page_says_so(
    visitor: FlaskClient, announced: list[queries.PublicLaureate]
) -> None:
    announced[:] = [replace(RELEASED, stories={"en": "She built it.", "fr": ""}, mission="UNMISS")]
    page = visitor.get("/fr/laureates/2025").text
    assert '<blockquote translate="no">Pour son bureau.</blockquote>' in page
    assert '<p translate="no" lang="en">She built it.</p>' in page
    assert "Ce texte est en anglais." in page
    assert "Mission des Nations Unies au Soudan du Sud" in page
    assert '<html lang="fr"' in page


def test_in_french_countries_and_areas_have_their_french_names(visitor: FlaskClient) -> None:
    page = visitor.get("/fr/laureates/2012").text
    assert ("Turquie" in page, "Libéria" in page) == (True, True)
    assert "Turkey" in visitor.get("/en/laureates/2012").text


SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HERS = {f"http://localhost:8000/{lang}/laureates/{RELEASED.year}" for lang in i18n.LANGUAGES}


def mapped(visitor: FlaskClient) -> set[str]:
    answer = visitor.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    return {str(loc.text) for loc in ElementTree.fromstring(answer.text).iter(f"{SITEMAP}loc")}


def test_the_sitemap_has_every_public_page_in_each_language_and_robots_say_where_it_is(
    visitor: FlaskClient, announced: list[queries.PublicLaureate]
) -> None:
    assert announced
    pages = ("", "laureates", "figures", "about", "terms-and-privacy", "laureates/2011")
    fixed = {f"http://localhost:8000/{lang}/{page}" for lang in i18n.LANGUAGES for page in pages}
    found = mapped(visitor)
    assert found >= HERS | fixed
    assert {visitor.get(address.removeprefix("http://localhost:8000")).status_code for address in found} == {200}
    assert "Sitemap: http://localhost:8000/sitemap.xml" in visitor.get("/robots.txt").text


def test_nobody_invented_stands_in_the_sitemap(visitor: FlaskClient, announced: list[queries.PublicLaureate]) -> None:
    announced[:] = [replace(RELEASED, invented=True)]
    assert mapped(visitor) & HERS == set()
