"""What the secretariat does with a file that was handed in.

POST /screening/files/<ref>/accept
POST /screening/files/<ref>/return    with remarks on single answers, remark.<key>
POST /screening/files/<ref>/extend    more time for a returned file
POST /screening/files/<ref>/propose · confirm    ineligible, by two people
POST /screening/files/<ref>/consent
POST /screening/files/<ref>/conduct
"""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from award_app.domain.vocabulary import Action
from award_app.nominations import clearance, screening
from award_app.nominations.forms import ActForm
from award_app.nominations.models import Nomination
from award_app.nominations.remarks import forms as remarking
from award_app.screening.forms import ConductForm, ConsentForm, ExtendForm, ProposeForm, ReturnForm
from award_app.screening.web import act, screened
from award_app.screening.web import bp as bp
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer


@bp.post("/files/<ref>/accept")
@guarded(Action.ACCEPT)
def accept(ref: str) -> Any:
    person, now = viewer(), arrived()
    said = _("The file is accepted. The panel can see it.")
    return act(ref, Action.ACCEPT, ActForm(), lambda n: screening.accept(n, by=person, now=now), said)


@bp.post("/files/<ref>/return")
@guarded(Action.RETURN)
def send_back(ref: str) -> Any:
    person, now, form = viewer(), arrived(), ReturnForm(prefix="return-")
    until, on = form.deadline.instant, remarking.typed(request.form)
    fits = form.validate() and screening.leaves_time(screened(ref, person, now), until, now)
    if not fits and not form.errors:
        form.deadline.errors = [_("The deadline must lie in the future, and before the review ends.")]

    def work(n: Nomination) -> None:
        screening.send_back(n, form.remarks.data, until, on=on, by=person, now=now)

    said = _("The file is returned to its mission.")
    return act(ref, Action.RETURN, form, work, said, shown_as="return_form", fits=fits)


@bp.post("/files/<ref>/extend")
@guarded(Action.EXTEND_FILE)
def extend(ref: str) -> Any:
    person, now, form = viewer(), arrived(), ExtendForm(prefix="extend-")
    nomination = screened(ref, person, now)
    until, had = form.until.instant, nomination.return_deadline
    more = bool(until and had and until > had and screening.leaves_time(nomination, until, now))
    fits = form.validate() and more
    if not fits and not form.errors:
        form.until.errors = [_("The new deadline must be later than the old one, and before the review ends.")]

    def work(n: Nomination) -> None:
        assert until is not None
        screening.extend(n, until, form.reason.data, by=person, now=now)

    said = _("The mission has more time. It gets a letter.")
    return act(ref, Action.EXTEND_FILE, form, work, said, shown_as="extend_form", fits=fits)


@bp.post("/files/<ref>/propose")
@guarded(Action.PROPOSE_INELIGIBLE)
def propose(ref: str) -> Any:
    person, now, form = viewer(), arrived(), ProposeForm(prefix="propose-")

    def work(n: Nomination) -> None:
        screening.propose_ineligible(n, form.chosen, by=person, now=now)

    said = _("Your proposal is noted. A second person must confirm it.")
    return act(ref, Action.PROPOSE_INELIGIBLE, form, work, said, shown_as="propose_form")


@bp.post("/files/<ref>/confirm")
@guarded(Action.CONFIRM_INELIGIBLE)
def confirm(ref: str) -> Any:
    person, now = viewer(), arrived()

    def work(n: Nomination) -> None:
        screening.confirm_ineligible(n, by=person, now=now)

    said = _("The file is ruled ineligible. Its mission gets a letter.")
    return act(ref, Action.CONFIRM_INELIGIBLE, ActForm(), work, said)


@bp.post("/files/<ref>/consent")
@guarded(Action.RECORD_CONSENT)
def consent(ref: str) -> Any:
    person, now, form = viewer(), arrived(), ConsentForm(prefix="consent-")

    def work(n: Nomination) -> None:
        screening.record_consent(n, form.chosen, by=person, now=now)

    said = _("What the nominee says is noted.")
    return act(ref, Action.RECORD_CONSENT, form, work, said, shown_as="consent_form")


@bp.post("/files/<ref>/conduct")
@guarded(Action.CLEAR_CONDUCT)
def conduct(ref: str) -> Any:
    person, now, form = viewer(), arrived(), ConductForm(prefix="conduct-")
    fits = form.validate()
    if fits and form.on.data > (now + clearance.EASTERNMOST).date():
        form.on.errors = [_("This day is still to come.")]
        fits = False

    def work(n: Nomination) -> None:
        clearance.clear_conduct(n, form.cleared.data == "yes", form.on.data, form.reference.data, by=person, now=now)

    said = _("What the conduct database says is noted.")
    return act(ref, Action.CLEAR_CONDUCT, form, work, said, shown_as="conduct_form", fits=fits)
