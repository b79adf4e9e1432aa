"""Words about scoring: saved at, still to do, time left, what stood in another window."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from award_app.domain.scoring import FileState
from award_app.reviews.queries import Line
from award_app.web import i18n, moments

STATES: Final[Mapping[FileState, LazyString]] = {
    FileState.NOT_OPENED: _l("Not opened"),
    FileState.DRAFT: _l("Draft"),
    FileState.SCORED: _l("Scored"),
    FileState.RECUSED: _l("Recused"),
}
MARKS: Final[Mapping[FileState, str]] = {
    FileState.NOT_OPENED: "○",
    FileState.DRAFT: "◐",
    FileState.SCORED: "●",
    FileState.RECUSED: "⊘",
}
TAGS: Final[Mapping[FileState, str]] = {
    FileState.NOT_OPENED: "waiting",
    FileState.DRAFT: "draft",
    FileState.SCORED: "done",
    FileState.RECUSED: "recused",
}

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def time_left(until: datetime, now: datetime) -> str:
    """Whole days, on the last two days whole hours, in the last hour minutes; empty when there is none."""
    left = until - now
    if left <= timedelta():
        return ""
    if left >= 2 * DAY:
        return ngettext("%(num)s day left", "%(num)s days left", left // DAY)
    if left >= HOUR:
        return ngettext("%(num)s hour left", "%(num)s hours left", left // HOUR)
    return ngettext("%(num)s minute left", "%(num)s minutes left", max(left // timedelta(minutes=1), 1))


def clock(instant: datetime) -> str:
    """The time of day alone, in the viewer's zone."""
    return instant.astimezone(i18n.zone()).strftime("%H:%M")


def saved(at: datetime, now: datetime) -> str:
    """The time of day alone says too little on another day."""
    same_day = at.astimezone(i18n.zone()).date() == now.astimezone(i18n.zone()).date()
    return _("Saved %(time)s", time=clock(at) if same_day else moments.moment_words(at))


def elsewhere(line: Line) -> str:
    """What another window saved, to its author."""
    time = clock(line.at) if line.at else ""
    if line.value is None:
        return _("Another window saved at %(time)s, without a value: “%(comment)s”", time=time, comment=line.comment)
    value = _("%(value)s · %(level)s", value=line.value, level=line.criterion.level(line.value, i18n.language()))
    if not line.comment:
        return _("Another window saved at %(time)s: %(value)s", time=time, value=value)
    return _(
        "Another window saved at %(time)s: %(value)s. Comment: “%(comment)s”",
        time=time,
        value=value,
        comment=line.comment,
    )
