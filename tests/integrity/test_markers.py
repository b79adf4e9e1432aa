"""T4: nothing that is typed runs, is evaluated or breaks a page, in whatever it comes out again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from award_app.notifications import catalogue
from tests.integrity import browsing, markers
from tests.integrity.stage import Stage, staged
from tests.notifications import scene
from tests.servers import Sink


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with markers.typed_everywhere() as used, staged(tmp_path_factory.mktemp("markers"), LOG_LEVEL="CRITICAL") as built:
        assert set(used) == set(markers.PAYLOADS)
        yield built


def test_no_page_and_no_file_runs_or_breaks_on_what_was_typed(stage: Stage) -> None:
    report = markers.crawl(stage)
    print(f"{report.pages} pages, {report.files} files, {report.shown} payloads shown: {dict(report.kinds)}")
    assert report.deviations == []
    assert (report.pages > 80, report.files > 10, report.shown > 1000) == (True, True, True)
    assert {"application/pdf", "text/csv", "application/atom+xml"} <= set(report.kinds)


@pytest.mark.browser
def test_a_browser_runs_nothing_of_it(stage: Stage) -> None:
    wrong, looked_at = browsing.browse(stage, most=3)
    assert wrong == []
    assert looked_at > 15


# What our letters have, and nothing else.
HEADERS = {
    *("from", "to", "subject", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding"),
    *("auto-submitted", "content-language", "reply-to", "x-auto-response-suppress", "content-disposition"),
}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_no_letter_gets_a_header_or_a_reader_out_of_what_was_typed(post_box: Sink) -> None:
    with markers.typed_everywhere():
        written = [scene.written(template) for template in catalogue.CATALOGUE]
    for letter in written:
        scene.post(letter)
    assert len(post_box.messages) > 20
    for message in post_box.messages:
        text = "".join(part.get_content() for part in message.parsed.walk() if part.get_content_maintype() == "text")
        assert {name.lower() for name in message.parsed} - HEADERS == set()
        away = "elsewhere" in "".join(message.recipients)
        assert (len(message.recipients), away, markers.PRODUCT in text) == (1, False, False)


def test_the_judge_sees_what_runs(stage: Stage) -> None:
    report = markers.Report()
    for body in (
        f"<h1>{payload}</h1>"
        for payload in markers.PAYLOADS
        if "<" in payload and not payload.startswith(("%", "--", "]]"))
    ):
        markers.judge("planted", stage.app.response_class(body), report)
    assert len(set(report.deviations)) > 10
