"""Earlier versions of the answers on one page of the form, for the people of its mission.

GET /nominations/<ref>/versions/<step>
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from flask import abort, render_template

from award_app.domain.differences import Piece, compare
from award_app.domain.form import STEPS, Field, fields, row_counts
from award_app.domain.vocabulary import Action
from award_app.nominations import changes, dossier, labels, queries
from award_app.nominations.models import Nomination
from award_app.nominations.versions.queries import MOST, Version, of_answers
from award_app.nominations.web import bp as bp
from award_app.nominations.web import of_mission, standing
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer


@dataclass(frozen=True)
class Shown:
    """One version, as it differs from the one before."""

    by: str
    at: datetime
    late: bool
    stands: bool  # it is what the answer says now
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class History:
    """Of one answer, the newest first; `left_out` are older still."""

    key: str
    label: str
    versions: tuple[Shown, ...]
    left_out: int


@bp.get("/<ref>/versions/<step>")
@guarded(Action.READ)
def versions(ref: str, step: str) -> str:
    if step not in STEPS:
        abort(404)
    person, now = viewer(), arrived()
    nomination = of_mission(ref, person, now)
    asked = _asked(nomination, step)
    found = of_answers(nomination, (item.key for item in asked), seen_by=person)
    return render_template(
        "nominations/versions.html",
        at=standing(nomination, person, now),
        step=step,
        title=labels.STEPS[step],
        histories=[_history(nomination, item, found[item.key]) for item in asked if item.key in found],
    )


def _asked(nomination: Nomination, step: str) -> Sequence[Field]:
    """Every answer of the page that was ever given, rows that were emptied since included."""
    written = dict.fromkeys(queries.last_revisions(nomination), "x")
    return [item for item in fields(queries.criteria_codes(nomination.cycle), row_counts(written)) if item.step == step]


def _history(nomination: Nomination, item: Field, versions: list[Version]) -> History:
    before = Version("", "", versions[0].at, False)
    now = next((one for one in reversed(versions) if not one.late), None)
    shown = [
        Shown(
            one.by,
            one.at,
            one.late,
            one is now,
            compare(dossier.in_words(item, old.text), dossier.in_words(item, one.text)),
        )
        for old, one in pairwise([before, *versions])
    ]
    newest = tuple(reversed(shown[-MOST:]))
    return History(item.key, changes.name(nomination, item.key), newest, max(len(shown) - MOST, 0))
