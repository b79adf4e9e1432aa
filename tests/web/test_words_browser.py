"""The word counter in the browser counts as the server does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from award_app.domain.words import count_words
from tests.journeys import rig

SCRIPT = Path(__file__).parents[2] / "award_app" / "static" / "laurel.js"
PAGE = """
<div class="error-summary" tabindex="-1">There is a problem</div>
<p class="words" id="reason-words" data-words-for="reason" data-limit="3" data-count="# of at most 3 words"></p>
<textarea id="reason">one two</textarea>
"""
TEXTS = [
    "",
    "one two  three",
    "a – b • c",
    "don't stop at 3.5%",
    "我爱北京 hello",
    "สวัสดีครับ ok",
    "かな カナ ﾃｽﾄ",
    "a\u200bb",
    " \n\t x",
    "café naïve \U00020000x",
    "👍 fine",
    "١٢٣ سلام",
]

pytestmark = pytest.mark.browser


def test_a_summary_of_errors_takes_the_focus(page: Page) -> None:
    page.wait_for_function("document.activeElement.className === 'error-summary'")  # the module runs when it is read


def test_browser_and_server_count_the_same(page: Page) -> None:
    counted = []
    for text in TEXTS:
        page.fill("#reason", text)
        counted.append(int(page.inner_text("#reason-words").split()[0]))
    assert counted == [count_words(text) for text in TEXTS]


def test_the_limit_is_said_in_words_and_not_by_colour_alone(page: Page) -> None:
    assert page.inner_text("#reason-words") == "2 of at most 3 words"
    page.fill("#reason", "one two three four")
    assert page.inner_text("#reason-words") == "4 of at most 3 words"
    assert page.get_attribute("#reason-words", "class") == "words over"


@pytest.fixture
def page() -> Iterator[Page]:
    with rig.chromium() as browser:
        opened = browser.new_page()
        opened.set_content(PAGE)
        opened.add_script_tag(content=SCRIPT.read_text("utf-8"), type="module")
        yield opened
        opened.close()
