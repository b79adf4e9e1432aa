"""One letter as its page shows it: the text with its links masked, and whether it would leave now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from award_app.domain.vocabulary import END_STATES
from award_app.notifications import due, message
from award_app.notifications.masking import as_html, masked
from award_app.notifications.queries import Line

log = structlog.get_logger()


@dataclass(frozen=True)
class Read:
    """`problem`: why there is no text ("closed", "cannot_be_made"). `stopped`: the code why it would not leave now."""

    subject: str = ""
    body: str = ""
    calendar: bool = False
    language: str = ""
    problem: str = ""
    stopped: str = ""


def read(line: Line, now: datetime) -> Read:
    stopped = _stopped(line, now)
    if line.closed:
        return Read(problem="closed", stopped=stopped)
    try:
        text = message.read(line.letter)
    except Exception as error:  # whatever is wrong with the letter, its page still says whose it is and why
        log.warning("letter cannot be read", letter=line.letter.id, error=type(error).__name__)
        return Read(problem="cannot_be_made", stopped=stopped)
    language = text.language if text.language != "en-XA" else "en"
    return Read(masked(text.subject), as_html(text.body), text.calendar is not None, language, "", stopped)


def _stopped(line: Line, now: datetime) -> str:
    if line.letter.state in END_STATES:
        return ""
    try:
        ended = due.still_due(line.letter, now)
    except LookupError:
        return ""
    return ended.note if ended else ""
