"""The public pages: the award and its laureates."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from award_app.accounts import sessions
from award_app.announcement import queries
from tests.languages import english_left

INVENTED = queries.PublicLaureate(
    year=2025,
    award_title="Award of the demonstration",
    name="Amina Example",
    rank="Inspector",
    country="Ghana",
    mission="UNMISS",
    mission_name="United Nations Mission in South Sudan",
    mission_area="South Sudan",
    source="announced here",
    citation="For a desk where women could report.",
    invented=True,
)


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def names(page: str) -> list[str]:
    return re.findall(r'<h3><a [^>]*translate="no">([^<]+)</a>', page)


def test_the_front_door_leads_to_the_award_in_english(visitor: FlaskClient) -> None:
    response = visitor.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/en/")


FRENCH = [
    "",
    "laureates",
    "laureates/2012",
    "laureates/2020",
    "laureates/2024",
    "figures",
    "about",
    "terms-and-privacy",
]


@pytest.mark.parametrize("page", FRENCH)
def test_no_english_is_left_on_a_french_page(visitor: FlaskClient, page: str) -> None:
    shown = visitor.get(f"/fr/{page}")
    assert shown.status_code == 200
    assert english_left(shown.text, "fr") == []


def test_all_laureates_stand_in_order_newest_first(visitor: FlaskClient) -> None:
    assert names(visitor.get("/en/laureates").text) == [
        "Zainab Mbalu Gbla",
        "Renita Rismayanti",
        "Alizeta Kaboré Kinda",
        "Sangya Malla",
        "Doreen Malambo",
        "Seynabou Diouf",
        "Phyllis Ama Tebuah Osei",
        "Annah Chota",
        "Yvette Boni Zombre",
        "Raluca Domuta",
        "Shakti Devi",
        "Codou Camara",
        "Rezi Danismend",
        "Shahzadi Gulfam",
    ]


def test_each_laureate_says_where_the_fact_comes_from(visitor: FlaskClient) -> None:
    page = visitor.get("/en/laureates").text
    marks = re.findall(r'tag-quiet">([^<]+)<', page)
    assert marks == ["Public record"] * 7 + ["As in the source document"] * 7


YEARS = [
    # The award bore another name in each of three periods.
    (2012, ["International Female Police Peacekeeper Award, 2012", "Constable", "Turkey", "Liberia"]),
    (2019, ["United Nations Female Police Officer of the Year, 2019", "Major", "Senegal", "MONUSCO"]),
    (2023, ["United Nations Woman Police Officer of the Year, 2023", "First Sergeant", "Indonesia", "MINUSCA"]),
    # Abyei is an area, not a country.
    (2017, ["Area of the mission Abyei", "Assistant Inspector of Police", "Zimbabwe"]),
    # The only year with public runners-up.
    (2020, ["Runners-up", "Catherine Ugorji", "Chief Superintendent, Nigeria", "Rebecca Nnanga"]),
    # The year of the award is not the year of the ceremony.
    (2024, ["Handed over on 29 May 2025"]),
]


@pytest.mark.parametrize(("year", "facts"), YEARS)
def test_a_year_has_a_page_of_its_own(visitor: FlaskClient, year: int, facts: list[str]) -> None:
    page = plain(visitor.get(f"/en/laureates/{year}").text)
    assert [fact for fact in facts if fact not in page] == []


@pytest.mark.parametrize("year", ["2010", "2025", "0", "99999999999999999999", "-1", "abc"])
def test_a_year_without_a_laureate_is_no_page(visitor: FlaskClient, year: str) -> None:
    assert visitor.get(f"/en/laureates/{year}").status_code == 404


def test_no_flag_is_drawn_anywhere(visitor: FlaskClient) -> None:
    pages = [visitor.get(f"/en/laureates/{year}").text for year in range(2011, 2025)]
    assert [page for page in pages if re.search(r"[\U0001F1E6-\U0001F1FF]|flag", page)] == []


def test_figures_stand_at_the_precision_known(visitor: FlaskClient) -> None:
    page = plain(visitor.get("/en/").text)
    rows = re.search(r"Formed police units .*? Seconded contracted posts, headquarters", page)
    assert rows is not None
    assert re.sub(r"\s+", " ", rows.group()) == (
        "Formed police units 7% 15.6% September 2023 15% 20% "
        "Individual police officers 21% 31.8% September 2023 25% 30% "
        "All UN police 11% 21.7% 31 December 2025 "
        "Heads of police components 29% (4 of 14) 46.2% September 2023 "
        "Seconded contracted posts, headquarters"
    )


def test_every_page_says_that_this_is_no_united_nations_product(visitor: FlaskClient) -> None:
    sentence = "Laurel is not an official product of the United Nations."
    pages = ["/en/", "/en/laureates", "/en/laureates/2011", "/en/about", "/nowhere"]
    assert [page for page in pages if sentence not in visitor.get(page).text] == []


def test_an_invented_laureate_stands_apart_and_is_marked(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "released_laureates", lambda: [INVENTED])
    real, invented = visitor.get("/en/laureates").text.split("Invented laureates of this demonstration")
    assert "Amina Example" not in real
    assert names(invented) == ["Amina Example"]
    assert invented.count("Invented, for demonstration") == 1
    own = plain(visitor.get("/en/laureates/2025").text)
    assert "Invented, for demonstration. This person does not exist." in own
    assert "For a desk where women could report." in own
    # The start page shows real laureates only.
    assert "Amina Example" not in visitor.get("/en/").text


def test_a_laureate_announced_here_joins_the_list_and_the_start_page(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "released_laureates", lambda: [replace(INVENTED, invented=False)])
    assert names(visitor.get("/en/laureates").text)[0] == "Amina Example"
    assert names(visitor.get("/en/").text) == ["Amina Example", "Zainab Mbalu Gbla", "Renita Rismayanti"]


def test_a_year_without_an_award_says_so(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = replace(INVENTED, name="", rank="", country="", citation="", invented=False)
    monkeypatch.setattr(queries, "released_laureates", lambda: [nobody])
    own = visitor.get("/en/laureates/2025").text
    assert "<h1>No award</h1>" in own
    assert "Nobody received the award that year." in own
    assert "<dt>Rank</dt>" not in own
    assert "Nobody received the award that year." in visitor.get("/en/laureates").text
    assert names(visitor.get("/en/").text)[0] == "Zainab Mbalu Gbla"


def test_texts_are_shown_in_the_language_of_the_page(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    told = replace(
        INVENTED,
        country="GH",
        duty="Gender adviser",
        citations={"en": "For her desk.", "fr": "Pour son bureau."},
        stories={"en": "First she listened.\n\nThen she built."},
    )
    monkeypatch.setattr(queries, "released_laureates", lambda: [told])
    own = visitor.get("/en/laureates/2025").text
    assert '<blockquote translate="no">For her desk.</blockquote>' in own
    assert '<p translate="no">First she listened.</p>\n<p translate="no">Then she built.</p>' in own
    assert '<dd translate="no">Ghana</dd>' in own
    assert '<dd translate="no">Gender adviser</dd>' in own
    assert "Pour son bureau" not in own


def test_names_are_text_and_never_markup(visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = replace(INVENTED, name="<b>Amina</b>", citation="<script>alert(1)</script>")
    monkeypatch.setattr(queries, "released_laureates", lambda: [hostile])
    page = visitor.get("/en/laureates/2025").text
    assert "<b>Amina" not in page
    assert "<script" not in page


def test_a_public_page_asks_for_nobody_even_where_somebody_is_signed_in(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_args: object, **_more: object) -> None:
        raise AssertionError("a public page looked up who is there")

    anonymous = visitor.get("/en/laureates").text
    monkeypatch.setattr(sessions, "resume", asked)
    with visitor.session_transaction() as cookie:
        cookie["_user_id"] = "a session"
    assert visitor.get("/en/laureates").text == anonymous


def test_robots_may_read_public_pages_and_nothing_else(visitor: FlaskClient) -> None:
    allowed = "Allow: /en/\nAllow: /fr/\nAllow: /static/\n"
    assert visitor.get("/robots.txt").text == (
        f"User-agent: *\n{allowed}Disallow: /\nSitemap: http://localhost:8000/sitemap.xml\n"
    )
