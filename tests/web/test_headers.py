"""What every answer tells the browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
FILE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
POLICIES = [
    ("/en/", PAGE),
    ("/nowhere", PAGE),
    # What is no page may do nothing at all, opened by itself.
    ("/robots.txt", FILE),
    ("/en/feed.xml", FILE),
    ("/health", FILE),
]


def stylesheet(visitor: FlaskClient) -> str:
    found = re.search(r'rel="stylesheet" href="([^"]+)"', visitor.get("/en/").text)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize("address", ["/", "/en/", "/en/laureates/2016", "/nowhere", "/robots.txt"])
def test_every_answer_carries_the_headers_that_guard_it(visitor: FlaskClient, address: str) -> None:
    headers = visitor.get(address).headers
    assert {name: headers[name] for name in EVERYWHERE} == EVERYWHERE


@pytest.mark.parametrize(("address", "policy"), POLICIES)
def test_a_page_may_load_what_is_ours_and_a_file_nothing(visitor: FlaskClient, address: str, policy: str) -> None:
    assert visitor.get(address).headers["Content-Security-Policy"] == policy


def test_a_static_file_carries_them_too(visitor: FlaskClient) -> None:
    with visitor.get(stylesheet(visitor)) as response:
        headers = response.headers
    assert {name: headers[name] for name in EVERYWHERE} == EVERYWHERE
    assert headers["Content-Security-Policy"] == FILE


CACHING = [
    # A public page may be kept, and is asked for again each time: a release, and taking it back, are seen at once.
    ("/en/", "public, no-cache"),
    ("/en/laureates/2011", "public, no-cache"),
    # What is not there is not remembered as absent: a laureate may be released at this address.
    ("/en/laureates/2010", "no-store"),
    ("/nowhere", "no-store"),
    # A page with a query is not kept.
    ("/en/?locale=en-XA", "no-store"),
    # What is not public is never kept.
    ("/health", "no-store"),
]


@pytest.mark.parametrize(("address", "caching"), CACHING)
def test_only_public_pages_may_be_kept(visitor: FlaskClient, address: str, caching: str) -> None:
    assert visitor.get(address).headers["Cache-Control"] == caching


def test_a_static_file_is_named_by_its_digest_and_kept_for_ever(visitor: FlaskClient) -> None:
    address = stylesheet(visitor)
    with visitor.get(address) as response:
        assert response.status_code == 200
    assert re.fullmatch(r"/static/laurel\.[0-9a-f]{12}\.css", address)
    assert response.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_the_stylesheet_travels_compressed_and_small(visitor: FlaskClient) -> None:
    with visitor.get(stylesheet(visitor), headers={"Accept-Encoding": "gzip, br"}) as response:
        assert response.headers["Content-Encoding"] == "br"
        assert len(response.data) <= 10_240


def test_the_stylesheet_travels_without_comments_and_says_the_same(visitor: FlaskClient) -> None:
    written = (Path(str(visitor.application.static_folder)) / "laurel.css").read_text()
    with visitor.get(stylesheet(visitor)) as response:
        served = response.get_data(as_text=True)
    assert ("/*" in written, "/*" in served) == (True, False)
    assert served.split() == re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL).split()


def test_the_browser_is_told_to_stay_on_https_only_where_https_is(visitor: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in visitor.get("/en/").headers
    secure = visitor.get("/en/", base_url="https://localhost")
    assert secure.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


@pytest.mark.parametrize("address", ["/en/", "/en/laureates", "/en/laureates/2020", "/en/about", "/nowhere"])
def test_no_page_has_code_or_style_of_its_own(visitor: FlaskClient, address: str) -> None:
    inline = re.findall(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=|javascript:", visitor.get(address).text)
    assert inline == []


def test_a_public_page_sets_no_cookie(visitor: FlaskClient) -> None:
    assert "Set-Cookie" not in visitor.get("/en/laureates").headers
