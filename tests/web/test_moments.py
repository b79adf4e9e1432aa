"""Instants, days and figures in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from award_app.web import i18n, moments

CLOSE = datetime(2026, 3, 15, 21, 59, tzinfo=UTC)


def test_an_instant_is_shown_in_the_viewers_zone_in_the_missions_and_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "zone", lambda: ZoneInfo("Africa/Juba"))
    assert moments.moment_html(CLOSE, "Asia/Kathmandu") == (
        '<time datetime="2026-03-15T21:59:00Z">Sunday, 15 March 2026, 23:59 (Juba, UTC+2)</time>'
        ' <span class="muted">· Monday, 16 March 2026, 03:44 (Kathmandu, UTC+5:45) · Sunday, 15 March 2026, 21:59 UTC</span>'
    )


def test_what_was_done_is_stamped_in_the_viewers_zone_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "zone", lambda: ZoneInfo("America/New_York"))
    stamp = moments.stamp_html(datetime(2026, 3, 1, 3, 5, tzinfo=UTC))
    assert stamp == '<time datetime="2026-03-01T03:05:00Z">28 February 2026, 22:05 UTC−5</time>'


def test_a_viewer_in_utc_sees_utc_once() -> None:
    assert moments.moment_html(CLOSE, "UTC", None) == (
        '<time datetime="2026-03-15T21:59:00Z">Sunday, 15 March 2026, 21:59 UTC</time>'
    )


# One instant in words, for zones at the ends of the world, at quarters of an hour, and where clocks are changed.
WORDS = [
    # Twelve hours behind and fourteen ahead: a day apart, on the same island of the calendar.
    ("2026-03-15T11:59", "Etc/GMT+12", "Saturday, 14 March 2026, 23:59 UTC−12"),
    ("2026-03-15T11:59", "Pacific/Kiritimati", "Monday, 16 March 2026, 01:59 (Kiritimati, UTC+14)"),
    ("2026-03-15T11:59", "Asia/Kathmandu", "Sunday, 15 March 2026, 17:44 (Kathmandu, UTC+5:45)"),
    ("2026-03-15T11:59", "America/St_Johns", "Sunday, 15 March 2026, 09:29 (St John’s, UTC−2:30)"),
    # The hour that does not exist: 02:00 in Oslo is 03:00.
    ("2026-03-29T00:59", "Europe/Oslo", "Sunday, 29 March 2026, 01:59 (Oslo, UTC+1)"),
    ("2026-03-29T01:00", "Europe/Oslo", "Sunday, 29 March 2026, 03:00 (Oslo, UTC+2)"),
    # The hour that comes twice: only the offset tells which.
    ("2026-10-25T00:30", "Europe/Oslo", "Sunday, 25 October 2026, 02:30 (Oslo, UTC+2)"),
    ("2026-10-25T01:30", "Europe/Oslo", "Sunday, 25 October 2026, 02:30 (Oslo, UTC+1)"),
    # The leap day and the end of a year.
    ("2028-02-28T23:00", "Africa/Juba", "Tuesday, 29 February 2028, 01:00 (Juba, UTC+2)"),
    ("2026-12-31T23:59", "Asia/Kabul", "Friday, 1 January 2027, 04:29 (Kabul, UTC+4:30)"),
    # A place that keeps UTC is still a place; UTC itself, by any of its names, is not.
    ("2026-12-31T23:59", "Africa/Accra", "Thursday, 31 December 2026, 23:59 (Accra, UTC)"),
    ("2026-12-31T23:59", "Etc/UTC", "Thursday, 31 December 2026, 23:59 UTC"),
]


@pytest.mark.parametrize(("instant", "zone", "words"), WORDS)
def test_an_instant_in_the_words_of_a_zone(instant: str, zone: str, words: str) -> None:
    assert moments.moment_words(datetime.fromisoformat(f"{instant}+00:00"), ZoneInfo(zone)) == words


# Zone names of the reader and the mission → the zones spoken. The same zone twice is said once; UTC is always last.
@pytest.mark.parametrize(
    ("zones", "spoken"),
    [
        ((), ["UTC"]),
        (("UTC", None), ["UTC"]),
        (("Africa/Juba", "Africa/Juba"), ["Juba, UTC+2", "UTC"]),
        (("Nowhere/Else", "Africa", "Africa/Juba"), ["Juba, UTC+2", "UTC"]),
        (("Asia/Kathmandu", "Etc/GMT"), ["Kathmandu, UTC+5:45", "UTC"]),
        (("Africa/Juba", "Africa/Khartoum"), ["Juba, UTC+2", "Khartoum, UTC+2", "UTC"]),
    ],
)
def test_zones_are_said_once(zones: tuple[str | None, ...], spoken: list[str]) -> None:
    said = moments.in_zones(CLOSE, *zones)
    assert [re.sub(r".*\((.*)\)$|.*(UTC)$", r"\1\2", line) for line in said] == spoken


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


FRENCH = [
    (lambda: moments.day(date(2026, 3, 15)), "15 mars 2026"),
    # The first of a month, and only the first, is counted.
    (lambda: moments.day(date(2026, 3, 1)), "1er mars 2026"),
    (lambda: moments.day(date(2026, 3, 11)), "11 mars 2026"),
    (lambda: moments.partial_date("2019-11"), "novembre 2019"),
    (lambda: moments.partial_date("2019-11-01"), "1er novembre 2019"),
    (
        lambda: moments.moment_words(datetime(2026, 5, 1, 9, 30, tzinfo=UTC), ZoneInfo("Africa/Juba")),
        "vendredi 1er mai 2026 à 11:30 (Juba, UTC+2)",
    ),
    (lambda: moments.number(1234.5), "1\u202f234,5"),
    (lambda: moments.tenth(4), "4,0"),
    (lambda: moments.tenth(4.25), "4,2"),
    (lambda: moments.share(26.8), "26,8\u00a0%"),
    (lambda: moments.share(20), "20\u00a0%"),
    (lambda: moments.country_name("CI"), "Côte d’Ivoire"),
]


@pytest.mark.parametrize(("said", "french"), FRENCH, ids=[french for _said, french in FRENCH])
def test_french_dates_and_numbers_are_written_as_french(said: Callable[[], str], french: str) -> None:
    with i18n.speaking("fr"):
        assert said() == french


@pytest.fixture(autouse=True)
def reading(public_app: Flask) -> Iterator[None]:
    with public_app.test_request_context("/en/"):
        yield
