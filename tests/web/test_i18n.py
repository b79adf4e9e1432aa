"""Languages: what is translated, in which language, and what the pseudo-locale brings to light."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import gettext

from award_app.web import i18n

PAGES = ["/en/", "/en/laureates", "/en/laureates/2020", "/en/laureates/2024", "/en/about", "/nowhere"]
SAID_ALOUD = ("alt", "aria-label", "title", "placeholder", "data-label")


class Words(HTMLParser):
    """Collects what a person reads or hears on a page, but for elements marked translate="no", names and other data,
    and for those that say they are in a language of their own, such as the preview of a page in another one."""

    VOID = frozenset({"meta", "link", "img", "br", "hr", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in self.VOID:
            own_language = tag != "html" and "lang" in given
            self.open.append(given.get("translate") == "no" or own_language or tag in ("style", "script"))
        if not any(self.open):
            self.found.extend(text for name in SAID_ALOUD if (text := given.get(name)))

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.open):
            self.found.append(data)


def unmarked(page: str) -> list[str]:
    """The words on a page that no translation touched. Numbers, dates and addresses are data."""
    words = Words()
    words.feed(page)
    everything = "\n".join(words.found)
    untouched, before = everything, ""
    while untouched != before:  # one sentence may stand within another
        untouched, before = re.sub(r"⟦[^⟦⟧]*⟧", " ", untouched), untouched
    return re.findall(r"[^\W\d_]{2,}", re.sub(r"\S+@\S+", " ", untouched))


MONTHS = {"September", "December"}
# Data in <title> cannot be told from words there.
NAMES_IN_TITLE = {"/en/laureates/2020": {"Doreen", "Malambo"}, "/en/laureates/2024": {"Zainab", "Mbalu", "Gbla"}}


@pytest.mark.parametrize("address", PAGES)
def test_every_word_of_a_public_page_can_be_translated(visitor: FlaskClient, address: str) -> None:
    page = visitor.get(address + "?locale=en-XA").text
    assert set(unmarked(page)) - MONTHS == NAMES_IN_TITLE.get(address, set())


def test_the_walk_itself_sees_a_word_that_was_forgotten() -> None:
    page = '<p>⟦Ḧéļļö⟧ forgotten <b translate="no">Data</b><img alt="unseen"></p>'
    assert unmarked(page) == ["forgotten", "unseen"]


MARKED = [
    # Letters change, so that the eye finds what was not translated.
    ("Save", "⟦Şávé⟧"),
    # Placeholders stay, or the sentence could not be filled.
    ("At most %(limit)s words", "⟦Át möşt %(limit)s wördş⟧"),
    ("100%% of %(num)d", "⟦100%% öf %(num)d⟧"),
    # Markup stays markup.
    ("<b>Sent</b> &amp; gone", "⟦<b>Şéñt</b> &amp; ğöñé⟧"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "marked"), MARKED)
def test_the_pseudo_locale_marks_words_and_nothing_else(text: str, marked: str) -> None:
    assert i18n.mark(text) == marked


CHOSEN = [
    # The language in the address.
    ("/en/", {}, "en"),
    # The address wins over what the browser asks for.
    ("/en/", {"Accept-Language": "fr"}, "en"),
    ("/fr/", {}, "fr"),
    ("/fr/", {"Accept-Language": "en"}, "fr"),
    # Where the address names none, what the browser asks for, in its order.
    ("/nowhere", {"Accept-Language": "ru, fr;q=0.5"}, "fr"),
    ("/nowhere", {"Accept-Language": "fr-SN, en;q=0.5"}, "fr"),
    # A language there is not yet falls back to English.
    ("/nowhere", {"Accept-Language": "ru"}, "en"),
    ("/nowhere", {"Accept-Language": "%%%"}, "en"),
    # The pseudo-locale where it is switched on.
    ("/en/?locale=en-XA", {}, "en-XA"),
    # Any other wish in the query is ignored.
    ("/en/?locale=xx", {}, "en"),
]


@pytest.mark.parametrize(("address", "headers", "language"), CHOSEN)
def test_a_page_says_which_language_it_speaks(
    visitor: FlaskClient, address: str, headers: dict[str, str], language: str
) -> None:
    assert f'<html lang="{language}" dir="ltr">' in visitor.get(address, headers=headers).text


def test_the_pseudo_locale_is_not_offered_where_it_is_switched_off(
    public_app: Flask, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(public_app.config, "PSEUDO_LOCALE", False)
    assert "⟦" not in visitor.get("/en/?locale=en-XA").text


@pytest.mark.parametrize("address", ["/ru/", "/xx/laureates", "/EN/", "/FR/"])
def test_a_language_that_is_not_there_is_no_page(visitor: FlaskClient, address: str) -> None:
    assert visitor.get(address).status_code == 404


@pytest.mark.parametrize(
    ("asked", "language"), [("fr-BF, en;q=0.8", "fr"), ("en, fr;q=0.8", "en"), ("ar", "en"), ("", "en")]
)
def test_the_first_address_leads_to_the_language_that_the_browser_asks_for(
    visitor: FlaskClient, asked: str, language: str
) -> None:
    answer = visitor.get("/", headers={"Accept-Language": asked})
    assert (answer.status_code, answer.location) == (302, f"/{language}/")
    assert "Accept-Language" in answer.headers["Vary"]  # a cache between keeps the two apart


def test_a_letter_speaks_its_readers_language_and_the_page_goes_on_in_its_own(public_app: Flask) -> None:
    with public_app.test_request_context("/en/"):
        assert gettext("Sign out") == "Sign out"
        with i18n.speaking("en-XA"):
            assert gettext("Sign out") == "⟦Şïğñ öüt⟧"
        with i18n.speaking("fr"):
            assert gettext("Sign out") == "Se déconnecter"
        assert gettext("Sign out") == "Sign out"
