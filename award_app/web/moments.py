"""Instants, days and countries in words, in the language and the time zone of the person who reads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, get_timezone_location
from babel.numbers import format_decimal, format_percent
from flask_babel import gettext as _
from markupsafe import Markup

from award_app.web import i18n


@lru_cache(maxsize=512)
def _place(zone: str, locale: str) -> str:
    return str(get_timezone_location(zone, locale=locale, return_city=True))


@lru_cache(maxsize=8)
def _locale(code: str) -> Locale:
    return Locale.parse(code)


@lru_cache(maxsize=4096)
def _full_day(value: date, locale: str) -> str:
    return format_date(value, "full", locale=_locale(locale))


@lru_cache(maxsize=4096)
def _long_day(value: date, locale: str) -> str:
    return format_date(value, "long", locale=_locale(locale))


def _clock(moment: datetime) -> str:
    return moment.strftime("%H:%M")


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def moment_words(instant: datetime, zone: ZoneInfo | None = None) -> str:
    """`Sunday 15 March 2026, 17:00 (Juba time)`, in the viewer's zone unless another is given."""
    zone = zone or i18n.zone()
    local = _aware(instant).astimezone(zone)
    day = _full_day(local.date(), i18n.babel_locale())
    if zone.key == "UTC":
        return _("%(day)s, %(clock)s UTC", day=day, clock=_clock(local))
    return _(
        "%(day)s, %(clock)s (%(place)s time)", day=day, clock=_clock(local), place=_place(zone.key, i18n.babel_locale())
    )


def moment_html(instant: datetime | None, *zones: str | None) -> Markup:
    """The instant in the viewer's zone, in each of `zones` (names such as Africa/Juba), and in UTC."""
    if instant is None:
        return Markup('<span class="muted">{}</span>').format(_("not set"))
    utc, own = _aware(instant), i18n.zone()
    local = utc.astimezone(own)
    others = [ZoneInfo(name) for name in dict.fromkeys(zones) if name and name not in (own.key, "UTC")]
    also = [_in_place(utc.astimezone(zone), zone, local.date()) for zone in others]
    if own.key != "UTC":
        also.append(_utc(utc, local.date()))
    html = Markup('<time datetime="{}">{}</time>').format(
        utc.strftime("%Y-%m-%dT%H:%M:%SZ"), moment_words(instant, own)
    )
    return html + Markup(' <span class="muted">· {}</span>').format(" · ".join(also)) if also else html


def _in_place(moment: datetime, zone: ZoneInfo, shown: date) -> str:
    return _("%(clock)s in %(place)s", clock=_clock_or_day(moment, shown), place=_place(zone.key, i18n.babel_locale()))


def _utc(moment: datetime, shown: date) -> str:
    return _("%(clock)s UTC", clock=_clock_or_day(moment, shown))


def _clock_or_day(moment: datetime, shown: date) -> str:
    """The clock alone, or with its day where that differs from the day already shown."""
    if moment.date() == shown:
        return _clock(moment)
    return f"{format_skeleton('MMMd', moment, locale=_locale(i18n.babel_locale()))}, {_clock(moment)}"


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
    return format_datetime(moment, pattern, locale=_locale(locale))


def number(value: float) -> str:
    return format_decimal(value, locale=_locale(i18n.babel_locale()))


def share(percent: float) -> str:
    """A share given in per cent, with at most one decimal: 26.8 reads "26.8%"."""
    return _share(percent, i18n.babel_locale())


@lru_cache(maxsize=512)
def _share(percent: float, locale: str) -> str:
    return format_percent(percent / 100, "#,##0.#%", locale=_locale(locale))


def country_name(code: str | None) -> str:
    """The country's name in the reader's language; an unknown code stays as it is."""
    if not code:
        return ""
    return str(_locale(i18n.babel_locale()).territories.get(code.upper(), code))
