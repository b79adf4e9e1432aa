"""Instants, days and figures in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from award_app.web import i18n, moments

CLOSE = datetime(2026, 3, 15, 21, 59, tzinfo=UTC)


def test_an_instant_is_shown_in_the_viewers_zone_in_the_missions_and_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "zone", lambda: ZoneInfo("Africa/Juba"))
    assert moments.moment_html(CLOSE, "Asia/Kathmandu") == (
        '<time datetime="2026-03-15T21:59:00Z">Sunday, 15 March 2026, 23:59 (Juba time)</time>'
        ' <span class="muted">· 16 Mar, 03:44 in Kathmandu · 21:59 UTC</span>'
    )


def test_a_viewer_in_utc_sees_utc_once() -> None:
    assert moments.moment_html(CLOSE, "UTC", None) == (
        '<time datetime="2026-03-15T21:59:00Z">Sunday, 15 March 2026, 21:59 UTC</time>'
    )


def test_utc_names_its_day_where_it_differs_from_the_viewers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "zone", lambda: ZoneInfo("America/Bogota"))
    shown = moments.moment_html(datetime(2026, 3, 16, 3, 0, tzinfo=UTC))
    assert "Sunday, 15 March 2026, 22:00 (Bogota time)" in shown
    assert "· 16 Mar, 03:00 UTC" in shown


def test_an_instant_not_set_says_so() -> None:
    assert moments.moment_html(None) == '<span class="muted">not set</span>'


def test_an_instant_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="an instant needs a time zone"):
        moments.moment_html(datetime(2026, 3, 15))  # noqa: DTZ001  # the mistake itself


PRECISION = [
    # A day, a month, a year, and words.
    ("2025-12-31", "31 December 2025"),
    ("2019-11", "November 2019"),
    ("2028", "2028"),
    ("about 2018", "about 2018"),
    ("", ""),
]


@pytest.mark.parametrize(("known", "shown"), PRECISION)
def test_a_date_is_shown_at_the_precision_known(known: str, shown: str) -> None:
    assert moments.partial_date(known) == shown


def test_days_numbers_shares_and_countries_follow_the_language() -> None:
    assert moments.day(date(2026, 3, 5)) == "5 March 2026"
    assert moments.day(CLOSE) == "15 March 2026"
    assert moments.day(None) == ""
    assert moments.number(11000) == "11,000"
    assert (moments.share(26.8), moments.share(7)) == ("26.8%", "7%")
    assert (moments.country_name("gh"), moments.country_name("QQ"), moments.country_name(None)) == ("Ghana", "QQ", "")


@pytest.fixture(autouse=True)
def reading(public_app: Flask) -> Iterator[None]:
    with public_app.test_request_context("/en/"):
        yield
