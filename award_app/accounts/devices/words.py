"""A session in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from award_app.accounts.devices.naming import BETWEEN


def browser(kept: str | None) -> str:
    """ "Firefox on Android"."""
    name, _between, system = (kept or "").partition(BETWEEN)
    if name and system:
        return _("%(browser)s on %(system)s", browser=name, system=system)
    return name or _("A browser that does not say its name")


def seen(at: datetime, now: datetime) -> str:
    minutes = int((now - at) / timedelta(minutes=1))
    if minutes < 2:
        return _("just now")
    if minutes < 60:
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", minutes)
    return ngettext("%(num)s hour ago", "%(num)s hours ago", minutes // 60)
