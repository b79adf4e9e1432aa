"""Every word that can be translated is translated, by hand, and says what the English says.

A new message without its French fails here: `make translations` lists what waits for a translator.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import read_mo

from award_app.translations import catalogue
from award_app.web.i18n import LANGUAGES
from tests.languages import PLACEHOLDER, english_left, forms

ROOT = Path(__file__).resolve().parent.parent
HARD, NARROW = "\u00a0", "\u202f"


@pytest.fixture(scope="module")
def code() -> Catalog:
    return catalogue.extracted()


@pytest.fixture(scope="module")
def french() -> Catalog:
    return catalogue.kept("fr")


def messages(kept: Catalog) -> list[Message]:
    return [message for message in kept if message.id]


def test_each_language_that_is_offered_has_a_catalogue() -> None:
    assert ["en", *catalogue.languages()] == list(LANGUAGES)


def test_every_message_of_the_code_has_its_words_in_french(code: Catalog, french: Catalog) -> None:
    known = {(said.context, said.id) for said in messages(french) if all(forms(said.string) or [""])}
    assert [said.id for said in messages(code) if (said.context, said.id) not in known] == []


def test_the_catalogue_holds_nothing_that_the_code_no_longer_says(code: Catalog, french: Catalog) -> None:
    said = {(message.context, message.id) for message in messages(code)}
    assert [message.id for message in messages(french) if (message.context, message.id) not in said] == []
    assert list(french.obsolete) == []


def test_nothing_is_a_machine_s_guess(french: Catalog) -> None:
    assert [message.id for message in messages(french) if message.fuzzy] == []


def test_every_sentence_is_filled_with_the_same_things(french: Catalog) -> None:
    wrong = []
    for message in messages(french):
        wanted = {frozenset(PLACEHOLDER.findall(said)) for said in forms(message.id)}
        given = {frozenset(PLACEHOLDER.findall(said)) for said in forms(message.string)}
        if any(forms(message.string)) and not given <= wanted:
            wrong.append((message.id, message.string))
    assert wrong == []


def test_what_is_counted_has_a_singular_and_a_plural(french: Catalog) -> None:
    counted = [message for message in messages(french) if not isinstance(message.id, str)]
    assert [message.id for message in counted if len(forms(message.string)) != french.num_plurals] == []
    assert french.num_plurals == 2
    assert french.plural_expr == "(n > 1)"  # nought and one are singular in French


def test_white_space_at_the_edges_is_kept(french: Catalog) -> None:
    def edges(said: str) -> tuple[bool, bool]:
        return said[:1].isspace(), said[-1:].isspace()

    assert [
        message.id
        for message in messages(french)
        if {*map(edges, forms(message.id))} != {*map(edges, forms(message.string))}
    ] == []


TYPOGRAPHY = [
    # The apostrophe is the printer's.
    (r"'", "a straight apostrophe"),
    # High signs stand after a narrow space that does not break.
    (rf"[^{NARROW}\s][;!?»](?!\w)", "no narrow space before a high sign"),
    (rf"[^{NARROW}]»", "no narrow space before »"),
    (rf"«[^{NARROW}]", "no narrow space after «"),
    (rf"[ {HARD}][:;!?%]", "a wide space before a high sign"),
    (r"\w:(?![\d/\w])", "no space before a colon"),
    # Guillemets, not English quotes; no double spaces; an ellipsis is one sign.
    (r'[“”"]', "English quotes"),
    (r"\S  +\S", "two spaces"),
    (r"\.\.\.", "three full stops"),
]
# A name may begin with a vowel: "de" and "que" would have to be elided before it. Numbers and addresses do not.
ELIDED = re.compile(
    r"\b(de|que|le|la|ne|se|jusque) %\((name|mission|award|role|author|member|nominee|appointed|place)\)"
)


@pytest.mark.parametrize(("mistake", "name"), TYPOGRAPHY, ids=[name for _mistake, name in TYPOGRAPHY])
def test_french_is_set_as_french(french: Catalog, mistake: str, name: str) -> None:
    assert [said for said in _as_read(french) if re.search(mistake, said)] == []


def test_no_word_that_would_be_elided_stands_before_a_name(french: Catalog) -> None:
    assert [said for m in messages(french) for said in forms(m.string) if ELIDED.search(said)] == []


def _as_read(kept: Catalog) -> list[str]:
    """Every sentence as it stands on a page, with something in the place of each placeholder."""
    said = [said for message in messages(kept) for said in forms(message.string)]
    return [re.sub(r"%\(\w+\)[sd]", "x", one).replace("%%", "%") for one in said]


def test_the_compiled_catalogue_is_the_one_that_can_be_read() -> None:
    for language in catalogue.languages():
        with (catalogue.HERE / language / "LC_MESSAGES/messages.mo").open("rb") as stream:
            compiled = read_mo(stream)
        assert _answers(compiled) == _answers(catalogue.kept(language))


def _answers(kept: Catalog) -> dict[tuple[str | None, tuple[str, ...]], tuple[str, ...]]:
    said = {(_text(m.context), forms(m.id)): forms(m.string) for m in messages(kept)}
    return {asked: answer for asked, answer in said.items() if any(answer) and answer != asked[1]}


def _text(context: str | bytes | None) -> str | None:
    return context.decode() if isinstance(context, bytes) else context  # as Babel reads it from a compiled one


def test_a_catalogue_changes_only_where_a_message_does() -> None:
    text = (catalogue.HERE / "fr/LC_MESSAGES/messages.po").read_text()
    assert re.findall(r"-Date:|Translator:|Generated|^#: .*:\d", text, re.MULTILINE) == []


def test_messages_are_asked_for_by_names_that_the_extraction_knows() -> None:
    """Another alias would hide its messages from every test of this file."""
    known = {"gettext as _", "lazy_gettext as _l", "ngettext", "lazy_ngettext", "pgettext", "lazy_pgettext"}
    found = {
        name.strip()
        for path in ROOT.glob("award_app/**/*.py")
        for names in re.findall(r"^from flask_babel import (.+)$", path.read_text(), re.MULTILINE)
        for name in names.strip("()").split(",")
        if "gettext" in name
    }
    assert found <= known


_OWN = '<b translate="no">Open the award year</b><p lang="en">Announced here</p>'


def test_the_search_for_english_sees_a_word_that_was_left() -> None:
    page = "<p>Commencer</p><button>Begin a nomination</button>" + _OWN
    assert english_left(page, "fr") == ["Begin a nomination"]
    assert english_left("<p>Ouvrir l’édition</p>", "fr") == []
