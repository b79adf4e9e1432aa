"""A panel member's profile between its form and the operation: on her own page and on the secretariat's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from award_app.accounts import operations, queries
from award_app.accounts.models import Person
from award_app.web import i18n

SPARE = 2  # empty rows under those there are


def fill_profile(form: Any, person: Person | None = None) -> Any:
    """Fill in the lists to choose from, and what is kept of `person` where the form was not sent."""
    if person is not None:
        form.nationality.data, form.home_service.data = person.nationality or "", person.home_service
        rows = [{"mission": s.mission.acronym, "started": s.started, "ended": s.ended} for s in person.stints]
        form.stints.process(None, [*rows, *({} for _spare in range(SPARE))])
    form.offer(
        [(m.acronym, f"{i18n.mission_acronym(m.acronym)} · {m.area_in(i18n.language())}") for m in queries.missions()]
    )
    return form


def keep_profile(form: Any, person: Person, *, by: Person, now: datetime) -> None:
    missions = {m.acronym: m for m in queries.missions()}
    rows = [entry.form for entry in form.stints.entries if entry.form.is_filled]
    operations.describe(
        person,
        nationality=form.nationality.data or None,
        home_service=form.home_service.data,
        stints=[(missions[row.mission.data], row.started.data, row.ended.data) for row in rows],
        by=by,
        now=now,
    )
