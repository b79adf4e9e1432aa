"""Words and tints for codes that many pages show. The rules speak in codes; only pages speak in words."""

from __future__ import annotations

from enum import Enum
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

# The tint is help for the eye only: "good", "wait", "stop", "quiet" or none.
_STATES: Final[dict[str, tuple[LazyString, str]]] = {
    "draft": (_l("Draft"), "quiet"),
    "endorsed": (_l("Endorsed"), "wait"),
    "submitted": (_l("Handed in"), "good"),
    "accepted": (_l("With the panel"), "good"),
    "returned": (_l("Returned for changes"), "wait"),
    "ineligible": (_l("Ineligible"), "stop"),
    "withdrawn": (_l("Withdrawn"), "quiet"),
    "preparing": (_l("Preparing"), "quiet"),
    "open": (_l("Open for nominations"), "good"),
    "screening": (_l("Screening"), "wait"),
    "review": (_l("Review"), "wait"),
    "result": (_l("Result"), "wait"),
    "decided": (_l("Decided"), "good"),
    "told": (_l("Told under embargo"), "wait"),
    "announced": (_l("Announced"), "good"),
    "archived": (_l("Archived"), "quiet"),
    "laureate": (_l("Laureate"), "good"),
    "runner_up": (_l("Runner-up"), "good"),
    "reserve": (_l("Reserve"), ""),
    "not_selected": (_l("Not selected"), "quiet"),
    "no_award": (_l("No award"), "quiet"),
    "waiting": (_l("Waiting"), "wait"),
    "held": (_l("Held: waits for a person"), "stop"),
    "sending": (_l("Sending"), "wait"),
    "sent": (_l("Sent"), "good"),
    "refused": (_l("Refused"), "stop"),
    "uncertain": (_l("Uncertain"), "wait"),
    "skipped": (_l("Skipped"), "quiet"),
    "cancelled": (_l("Cancelled"), "quiet"),
    "changed": (_l("Changed"), "wait"),
    "done": (_l("Done"), "good"),
    "missing": (_l("Missing"), "stop"),
    "recused": (_l("Recused"), "stop"),
    "invented": (_l("Invented, for demonstration"), "wait"),
}


def _code(state: object) -> str:
    value = state.value if isinstance(state, Enum) else state
    return str(value).lower().replace("-", "_").replace(" ", "_")


def state_words(state: object) -> str:
    """A state in words. A state without words is a mistake in this table: KeyError."""
    return str(_STATES[_code(state)][0])


def tag_kind(state: object) -> str:
    """The class a tag carries beside `tag`, with a leading space, or nothing."""
    tint = _STATES.get(_code(state), ("", ""))[1]
    return f" tag-{tint}" if tint else ""
