"""One's own devices and sessions.

GET  /account/devices              the sessions that run
POST /account/devices/end          ends one of them
POST /account/devices/end-others   ends all but this one
POST /account/here                 somebody is still typing: the idle time counts anew
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from award_app import access, clock
from award_app.accounts import sessions
from award_app.accounts.devices import operations, words
from award_app.accounts.views import Answer, bp
from award_app.db import transaction
from award_app.domain.vocabulary import Action
from award_app.web.forms import Form
from award_app.web.guard import guarded, viewer


@bp.get("/account/devices")
@guarded(Action.SEE_ACCOUNT)
def devices() -> Answer:
    now, person = clock.now(), viewer()
    access.require(person, Action.SEE_ACCOUNT, now=now)
    rows = sessions.running(person, now=now)
    return render_template("accounts/devices.html", rows=[_shown(row, now) for row in rows], form=Form(formdata=None))


@bp.post("/account/devices/end")
@guarded(Action.SEE_ACCOUNT)
def end_device() -> Answer:
    with transaction():
        ended = operations.end(viewer(), request.form.get("device", ""), now=clock.now())
    if ended:
        flash(_("The session has ended. Whoever uses that browser has to sign in again."))
    else:
        flash(_("This session had ended already."))
    return redirect(url_for(".devices"))


@bp.post("/account/devices/end-others")
@guarded(Action.SEE_ACCOUNT)
def end_other_devices() -> Answer:
    with transaction():
        ended = operations.end_others(viewer(), now=clock.now())
    flash(ngettext("%(num)s other session has ended.", "%(num)s other sessions have ended.", ended))
    return redirect(url_for(".devices"))


@bp.post("/account/here")
@guarded(Action.SEE_ACCOUNT)
def here() -> Answer:
    """The guard notes when she was last seen; there is nothing else to do and nothing to say."""
    access.require(viewer(), Action.SEE_ACCOUNT, now=clock.now())
    return Response(status=204, mimetype="text/plain")


def _shown(row: Any, now: Any) -> dict[str, Any]:
    mine = sessions.is_of(row, viewer().session_token)
    return {
        "ref": row.ref,
        "browser": words.browser(row.browser),
        "since": row.started_at,
        "seen": words.seen(row.seen_at, now),
        "this": mine,
    }
