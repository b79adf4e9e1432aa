"""The authority sends a file back to its nominator.

GET  POST /nominations/<ref>/send-back
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from award_app.accounts.keeping import offering
from award_app.domain.vocabulary import Action, Refusal, Refused
from award_app.errors import STATUS, sentence
from award_app.nominations import queries
from award_app.nominations.models import Nomination
from award_app.nominations.operations import REASON_CHARS
from award_app.nominations.remarks import operations
from award_app.nominations.remarks.forms import PREFIX, SendBackForm, typed
from award_app.nominations.web import bp as bp
from award_app.nominations.web import is_mission, read_by_mission, standing
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer
from award_app.web.once import once


@bp.get("/<ref>/send-back")
@guarded(Action.SEND_TO_NOMINATOR)
def send_back(ref: str) -> str:
    nomination = queries.by_ref(ref, seen_by=viewer(), now=arrived(), action=Action.SEND_TO_NOMINATOR)
    return _page(nomination, SendBackForm(), offering.boxes(PREFIX))


@bp.post("/<ref>/send-back")
@guarded(Action.SEND_TO_NOMINATOR)
def send_back_post(ref: str) -> Any:
    person, now, form = viewer(), arrived(), SendBackForm()
    nomination = queries.by_ref(ref, seen_by=person, now=now)
    on = typed(request.form)

    def work() -> str:
        operations.send_to_nominator(nomination, form.remarks.data or "", on=on, by=person, now=now)
        return url_for(".file", ref=ref)

    try:
        address = once(form.once.data, work, by=person, now=now)
    except Refused as refused:
        return _not_sent(ref, form, on, refused)
    flash(_("The file is with its nominator. She gets a letter."))
    return redirect(address)


def _not_sent(ref: str, form: SendBackForm, on: Mapping[str, str], refused: Refused) -> Any:
    """The page again, with what was typed; a remark that is too long says so beside itself."""
    person, now = viewer(), arrived()
    nomination = queries.by_ref(ref, seen_by=person, now=now)
    if not is_mission(person, nomination) or refused.refusal is Refusal.NOT_YOURS:
        raise refused
    again = SendBackForm(formdata=None, remarks=form.remarks.data)
    unfit = frozenset(str(key) for key in refused.problems)
    if refused.refusal is not Refusal.INVALID:
        return _page(nomination, again, on, reason=sentence(refused.refusal)), STATUS[refused.refusal]
    if not unfit:
        again.remarks.errors = [_("Say what should be changed, in at most %(n)s characters.", n=REASON_CHARS)]
    return _page(nomination, again, on, unfit_remarks=unfit), 422


def _page(nomination: Nomination, form: SendBackForm, noting: Mapping[str, str], **more: Any) -> str:
    return render_template(
        "nominations/send_back.html",
        at=standing(nomination, viewer(), arrived()),
        dossier=read_by_mission(nomination, viewer()),
        form=form,
        noting=noting,
        **more,
    )
