"""Last year copied.

GET  /cycles/copy?of=<year>     the new year as it would be, and who could serve again; POST the same: creates it
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from award_app import access, clock
from award_app.accounts import words as people_words
from award_app.accounts.models import Appointment
from award_app.cycles import queries, words
from award_app.cycles.copying import operations as copying
from award_app.cycles.forms import CopyForm
from award_app.cycles.models import Cycle
from award_app.cycles.operations import Settings
from award_app.cycles.views import Answer, bp
from award_app.domain.vocabulary import Action, AppointmentRole, Refusal, Refused
from award_app.web import i18n
from award_app.web.guard import guarded, viewer
from award_app.web.once import once
from award_app.web.refusals import complain


@bp.get("/copy")
@guarded(Action.CREATE_CYCLE)
def copy() -> Answer:
    access.require(viewer(), Action.CREATE_CYCLE, now=clock.now())
    if not queries.every():
        return redirect(url_for(".new"))
    source = _source()
    wanted = copying.proposed(source, max(cycle.award_year for cycle in queries.every()) + 1)
    titles = {"title_en": wanted.titles.get("en"), "title_fr": wanted.titles.get("fr")}
    return _page(source, CopyForm(formdata=None, obj=wanted, data=titles))


@bp.post("/copy")
@guarded(Action.CREATE_CYCLE)
def make_copy() -> Answer:
    now, by = clock.now(), viewer()
    access.require(by, Action.CREATE_CYCLE, now=now)
    source, form = _source(), CopyForm()
    chosen = _offer(form, source)
    if not form.validate():
        return _page(source, form), 422

    def work() -> str:
        settings = Settings(**form.values, demonstration=source.demonstration)
        people = [chosen[number] for number in form.people.data]
        made = copying.copy(_source(), settings, people=people, by=by, now=now)
        return url_for(".overview", year=made.award_year)

    try:
        onward = once(form.once.data, work, by=by, now=now)
    except Refused as refused:
        status = complain(form, refused, people_words.PROBLEMS | words.PROBLEMS)
        return _page(_source(), form), status
    flash(_("The award year is created. Now check its dates, missions and people."))
    return redirect(onward)


def _source() -> Cycle:
    """The one that is named, else the newest. Raises NOT_FOUND."""
    named = request.args.get("of", "")
    year = int(named) if named.isdecimal() and len(named) <= 4 else 0
    newest = queries.every()[:1]
    if not named and newest:
        year = newest[0].award_year
    if not year:
        raise Refused(Refusal.NOT_FOUND)
    return queries.by_year(year, seen_by=viewer(), now=clock.now())


def _offer(form: CopyForm, source: Cycle) -> dict[str, Appointment]:
    """Those who serve in the older year, by the value of their boxes; not oneself, who may not appoint herself."""
    found = [row for row in queries.serving(source) if row.person_id != viewer().id]
    form.people.choices = [SelectChoice(str(row.id), _named(row)) for row in found]
    return {str(row.id): row for row in found}


def _named(row: Appointment) -> str:
    place = people_words.role(row)
    if row.mission is None:
        return _("%(name)s, %(role)s", name=row.person.name, role=place)
    return _(
        "%(name)s, %(role)s, %(mission)s",
        name=row.person.name,
        role=place,
        mission=i18n.mission_acronym(row.mission.acronym),
    )


def _page(source: Cycle, form: CopyForm) -> str:
    chosen = _offer(form, source)
    closes = form.closes_at.instant or source.closes_at
    kept, left = copying.missions_kept(source, closes.date())
    more: dict[str, Any] = {"kept": kept, "left": left, "groups": _groups(form, chosen)}
    return render_template("cycles/copy.html", form=form, source=source, weeks=copying.WEEKS.days // 7, **more)


def _groups(form: CopyForm, chosen: dict[str, Appointment]) -> Sequence[tuple[str, list[Any]]]:
    """The boxes, the panel's first."""
    panel: list[Any] = []
    missions: list[Any] = []
    for option in form.people:
        of_panel = chosen[option.data].role is AppointmentRole.MEMBER
        (panel if of_panel else missions).append(option)
    return [(_("The panel"), panel), (_("The missions"), missions)]
