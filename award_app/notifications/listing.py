"""The outbox as a list: its filters, and what stands in its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import pgettext

from award_app.domain.vocabulary import LetterState
from award_app.notifications import words
from award_app.notifications.queries import Line
from award_app.reports.lists.forms import Bar, Choice, bar
from award_app.reports.sheets import Column, Kind, Sheet
from award_app.web.words import state_words


def letters_bar(args: Mapping[str, str], kinds: Iterable[str], years: Iterable[int]) -> Bar:
    states = [("trouble", _("Waits for a person")), *((state.value, state_words(state)) for state in LetterState)]
    return bar(
        args,
        Choice("state", _("State"), states),
        Choice("kind", _("Kind"), sorted(((kind, words.kind(kind)) for kind in kinds), key=lambda pair: pair[1])),
        Choice("year", _("Award year"), [(str(year), str(year)) for year in years]),
        hint=_("In names, addresses and missions."),
    )


def letters_sheet() -> Sheet[Line]:
    return Sheet(
        "letters",
        _("Letters"),
        (
            Column(_("Written"), lambda line: line.letter.created_at, Kind.MOMENT),
            Column(_("Kind"), lambda line: words.kind(line.letter.template)),
            Column(pgettext("letter", "To"), lambda line: line.name),
            Column(_("E-mail address"), lambda line: line.email),
            Column(_("Why"), words.why),
            Column(_("Award year"), lambda line: line.year, Kind.NUMBER),
            Column(_("State"), lambda line: state_words(line.letter.state)),
            Column(_("Attempts"), lambda line: line.letter.attempts, Kind.NUMBER),
            Column(_("Answer"), lambda line: words.note(line.letter.note)),
            Column(_("Ended"), lambda line: line.letter.closed_at, Kind.MOMENT),
        ),
    )
