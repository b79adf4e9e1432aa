"""What the pages of screening share: their blueprint, the page of one file, and how an act on it is carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from award_app import access
from award_app.accounts.keeping import offering
from award_app.accounts.models import Person
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.errors import STATUS, sentence
from award_app.nominations import changes, dossier, labels
from award_app.nominations import queries as files
from award_app.nominations.models import Nomination
from award_app.nominations.remarks import forms as remarking
from award_app.nominations.remarks import queries as remarks
from award_app.notifications.rehearsal import to_each
from award_app.screening import history, queries
from award_app.screening.forms import ConductForm, ConsentForm, ExtendForm, ProposeForm, ReturnForm
from award_app.web.arrival import arrived
from award_app.web.forms import Form
from award_app.web.guard import viewer
from award_app.web.once import once

bp = Blueprint("screening", __name__, url_prefix="/screening")

ACTIONS = (
    *(Action.ACCEPT, Action.RETURN, Action.PROPOSE_INELIGIBLE, Action.CONFIRM_INELIGIBLE),
    *(Action.RECORD_CONSENT, Action.CLEAR_CONDUCT, Action.EXTEND_FILE, Action.TRANSLATE),
)

_WRITING = ("ACCEPT", "RETURN", "CONFIRM_INELIGIBLE", "EXTEND_FILE")  # each writes to the same people


def screened(ref: str, person: Person, now: datetime) -> Nomination:
    """A file the secretariat may know of; these pages are nobody else's. Raises `Refused`."""
    nomination = files.by_ref(ref, seen_by=person, now=now)
    access.require(person, Action.LIST_SCREENING, now=now)
    return nomination


def page(nomination: Nomination, *, noted: Mapping[str, str] | None = None, **shown: Any) -> str:
    """The file with what can be done about it. `noted`: remarks on single answers as they were typed; `shown` replaces
    forms by those that were sent."""
    person, now = viewer(), arrived()
    until = nomination.cycle.screening_ends_at
    here = access.standing(person, nomination, *ACTIONS, now=now)
    may = {action.name: here.may(action).allowed for action in ACTIONS}
    parts = access.parts(here.situation.roles, nomination)
    beside = offering.boxes(remarking.PREFIX) if noted is None else noted
    return render_template(
        "screening/file.html",
        nomination=nomination,
        dossier=dossier.build(nomination, shows=parts),
        survivor=files.answers(nomination, handed_in=True).get("identifies_survivor") == "yes",
        may=may,
        proposer=queries.name_of(nomination.ineligible_by_id),
        own_proposal=nomination.ineligible_by_id == person.id,
        endorser=queries.name_of(_endorser(nomination)),
        changes=changes.since_the_last(nomination),
        standing=[(occasion, _named(nomination, occasion.on)) for occasion in _asked_of_mission(nomination)],
        noting=beside if beside or may["RETURN"] else None,
        history=history.of(nomination, shows=parts),
        labels=labels,
        default_deadline=until if until > now else None,
        planned=to_each(files.people_of(nomination)) if any(may[name] for name in _WRITING) else [],
        **{**_forms(nomination), **shown},
    )


def _asked_of_mission(nomination: Nomination) -> list[remarks.Occasion]:
    """The secretariat's own part: what an authority writes to her nominator is her mission's."""
    return [one for one in remarks.standing(nomination) if one.sender is remarks.From.SECRETARIAT]


def _named(nomination: Nomination, on: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(changes.name(nomination, key), text) for key, text in on.items()]


def _endorser(nomination: Nomination) -> int | None:
    given = files.endorsement(nomination)
    return given.by_id if given else None


def _forms(nomination: Nomination) -> dict[str, Any]:
    return {
        "return_form": ReturnForm(formdata=None, prefix="return-"),
        "extend_form": ExtendForm(formdata=None, prefix="extend-"),
        "propose_form": ProposeForm(formdata=None, prefix="propose-"),
        "consent_form": ConsentForm(formdata=None, prefix="consent-", consent=nomination.consent),
        "conduct_form": ConductForm(formdata=None, prefix="conduct-"),
        "reason": None,
        "unfit_remarks": frozenset(),
    }


Work = Callable[[Nomination], object]


def act(
    ref: str, action: Action, form: Form, work: Work, said: str, *, shown_as: str = "", fits: bool | None = None
) -> Any:
    """Carry one act out once, and show the file again; a refusal stands on top of it, what the form lacks beside its
    fields. `shown_as` names the form on the page; `fits`: what the view found, where it has looked at the form."""
    person, now = viewer(), arrived()
    nomination = screened(ref, person, now)
    typed = {shown_as: form} if shown_as else {}
    if not (form.validate() if fits is None else fits):
        return _unfit(nomination, action, typed)

    def done() -> str:
        work(nomination)
        return url_for("screening.file", ref=ref)

    try:
        address = once(form.once.data, done, by=person, now=now)
    except Refused as refused:
        return _refused(ref, refused, typed)
    flash(said)
    return redirect(address)


def _unfit(nomination: Nomination, action: Action, typed: dict[str, Any]) -> Any:
    """That the step is closed comes before what the form lacks."""
    refusal = access.may(viewer(), action, nomination, now=arrived()).refusal
    if refusal:
        return _refused(nomination.ref, Refused(refusal), typed)
    return page(nomination, noted=_noted(), **typed), 422


def _refused(ref: str, refused: Refused, typed: dict[str, Any]) -> Any:
    nomination = screened(ref, viewer(), arrived())
    if not access.may(viewer(), Action.READ, nomination, now=arrived()).allowed:
        raise refused
    status = 422 if refused.refusal is Refusal.INVALID and refused.problems else STATUS[refused.refusal]
    reason = sentence(refused.refusal)
    unfit = frozenset(str(key) for key in refused.problems)
    return page(nomination, noted=_noted(), reason=reason, unfit_remarks=unfit, **typed), status


def _noted() -> dict[str, str]:
    """What was typed beside single answers is never lost, whatever the answer is."""
    return remarking.typed(request.form)
