"""Instants, days and countries in words, in the language and the time zone of the person who reads."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_date, format_datetime, get_timezone_location
from babel.numbers import format_decimal, format_percent
from flask_babel import gettext as _
from markupsafe import Markup

from award_app.web import i18n

_UTC: Final = ZoneInfo("UTC")
_NOWHERE: Final = frozenset({"UTC", "GMT", "Zulu", "Universal", "Etc/UTC", "Etc/GMT", "Etc/UCT", "Etc/Universal"})


@lru_cache(maxsize=512)
def _place(zone: str, locale: str) -> str:
    return str(get_timezone_location(zone, locale=locale, return_city=True))


@lru_cache(maxsize=8)
def _locale(code: str) -> Locale:
    return Locale.parse(code)


@lru_cache(maxsize=4096)
def _full_day(value: date, locale: str) -> str:
    return _first(format_date(value, "full", locale=_locale(locale)), value.day, locale)


@lru_cache(maxsize=4096)
def _long_day(value: date, locale: str) -> str:
    return _first(format_date(value, "long", locale=_locale(locale)), value.day, locale)


def _first(words: str, day: int, locale: str) -> str:
    """French counts the first of a month, and only the first: "1er mars". Babel's calendar does not."""
    return re.sub(r"\b1 ", "1er ", words, count=1) if day == 1 and locale.startswith("fr") else words


def _clock(moment: datetime) -> str:
    return moment.strftime("%H:%M")


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def moment_words(instant: datetime, zone: ZoneInfo | None = None) -> str:
    """`Sunday, 15 March 2026, 23:59 (Juba, UTC+2)`, in the viewer's zone unless another is given.

    The offset tells the two apart that a clock shows when it is put back."""
    zone = zone or i18n.zone()
    local = _aware(instant).astimezone(zone)
    told = {"day": _full_day(local.date(), i18n.babel_locale()), "clock": _clock(local), "offset": _offset(local)}
    if zone.key in _NOWHERE or zone.key.startswith("Etc/"):
        return _("%(day)s, %(clock)s %(offset)s", **told)
    return _("%(day)s, %(clock)s (%(place)s, %(offset)s)", **told, place=_place(zone.key, i18n.babel_locale()))


def in_zones(instant: datetime, *zones: str | ZoneInfo | None) -> list[str]:
    """The one way to say a deadline: the same instant in words for each zone once, and in UTC last.

    Pages and letters both say it so: reader's zone first, then the mission's. A zone this machine does not know is left
    out: what is said is still right."""
    known = [found for zone in zones if (found := known_zone(zone)) is not None and found.key not in _NOWHERE]
    return [moment_words(instant, zone) for zone in [*dict.fromkeys(known), _UTC]]


def known_zone(zone: str | ZoneInfo | None) -> ZoneInfo | None:
    if zone is None or isinstance(zone, ZoneInfo):
        return zone
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones, such as "Africa"
        return None


def zone_or_utc(name: str | None) -> ZoneInfo:
    return known_zone(name) or _UTC


def moment_html(instant: datetime | None, *zones: str | None) -> Markup:
    """The instant in the viewer's zone, in each of `zones` (names such as Africa/Juba), and in UTC."""
    if instant is None:
        return Markup('<span class="muted">{}</span>').format(_("not set"))
    first, *also = in_zones(instant, i18n.zone(), *zones)
    html = Markup('<time datetime="{}">{}</time>').format(_aware(instant).strftime("%Y-%m-%dT%H:%M:%SZ"), first)
    return html + Markup(' <span class="muted">· {}</span>').format(" · ".join(also)) if also else html


def stamp_html(instant: datetime) -> Markup:
    """When something was done, for lists: the day and the clock in the viewer's zone. A deadline is said in words, by
    moment_html: whoever misses it by an hour of another zone loses something; whoever reads when it was sent does not."""
    local = _aware(instant).astimezone(i18n.zone())
    told = {"day": _long_day(local.date(), i18n.babel_locale()), "clock": _clock(local), "offset": _offset(local)}
    return Markup('<time datetime="{}">{}</time>').format(
        _aware(instant).strftime("%Y-%m-%dT%H:%M:%SZ"), _("%(day)s, %(clock)s %(offset)s", **told)
    )


def _offset(moment: datetime) -> str:
    """`UTC`, `UTC+2`, `UTC+5:45`, `UTC−3`."""
    minutes = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"


def day(value: date | datetime | None) -> str:
    """`15 March 2026`. An instant is taken in the viewer's zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _aware(value).astimezone(i18n.zone()).date()
    return _long_day(value, i18n.babel_locale())


def partial_date(text: str) -> str:
    """A date at the precision known: `2019-11` reads "November 2019", `2025` stays "2025"; other words stay."""
    return _partial_date(text, i18n.babel_locale())


@lru_cache(maxsize=512)
def _partial_date(text: str, locale: str) -> str:
    parts = text.split("-")
    if not all(part.isdigit() for part in parts) or len(parts) == 1:
        return text
    moment = datetime(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) == 3 else 1, tzinfo=UTC)
    pattern = "d MMMM y" if len(parts) == 3 else "MMMM y"
    words = format_datetime(moment, pattern, locale=_locale(locale))
    return _first(words, moment.day, locale) if len(parts) == 3 else words


def number(value: float) -> str:
    return decimal(value, None)


def tenth(value: float) -> str:
    """Always with one decimal, as means are read: 4 reads "4.0"."""
    return decimal(value, "0.0")


def decimal(value: float, pattern: str | None) -> str:
    """By a pattern of Babel's. A page writes the same few means hundreds of times."""
    return _decimal(value, pattern, i18n.babel_locale())


@lru_cache(maxsize=4096)
def _decimal(value: float, pattern: str | None, locale: str) -> str:
    return format_decimal(value, pattern, locale=_locale(locale))


def share(percent: float) -> str:
    """A share given in per cent, with at most one decimal: 26.8 reads "26.8%"."""
    return _share(percent, i18n.babel_locale())


@lru_cache(maxsize=512)
def _share(percent: float, locale: str) -> str:
    return format_percent(round(percent / 100, 3), locale=_locale(locale), decimal_quantization=False)


def country_name(code: str | None) -> str:
    """The country's name in the reader's language; an unknown code stays as it is."""
    if not code:
        return ""
    return str(_locale(i18n.babel_locale()).territories.get(code.upper(), code))
