"""The receipt of what was handed in.

GET /nominations/<ref>/receipt?number=…      one hand-in; without a number the last
GET /nominations/<ref>/receipt.pdf?number=…  the same to keep
"""

from __future__ import annotations

from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from award_app import access
from award_app.accounts.models import Person
from award_app.domain.vocabulary import Action
from award_app.nominations import dossier
from award_app.nominations import receipt as paper
from award_app.nominations.models import HandIn, Nomination
from award_app.nominations.receipts import queries
from award_app.nominations.web import bp as bp
from award_app.nominations.web import of_mission, standing
from award_app.web import i18n
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer


@bp.get("/<ref>/receipt")
@guarded(Action.READ)
def receipt(ref: str) -> str | Response:
    person, now = viewer(), arrived()
    nomination, found = _found(ref, person, now)
    if not found:
        return redirect(url_for(".file", ref=ref))
    number = _number(found)
    parts = access.parts(access.nomination_roles(person, nomination), nomination)
    return render_template(
        "nominations/receipt.html",
        at=standing(nomination, person, now),
        hand_in=found[number - 1],
        number=number,
        every=found,
        dossier=dossier.build(nomination, shows=parts, then=found[number - 1]),
    )


@bp.get("/<ref>/receipt.pdf")
@guarded(Action.READ)
def receipt_pdf(ref: str) -> Response:
    nomination, found = _found(ref, viewer(), arrived())
    if not found:
        return redirect(url_for(".file", ref=ref))
    number = _number(found)
    answer = Response(paper.pdf(found[number - 1], whole=True, zone=i18n.zone().key), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename=receipt-{nomination.ref}-{number}.pdf"
    return answer


def _found(ref: str, person: Person, now: datetime) -> tuple[Nomination, list[HandIn]]:
    nomination = of_mission(ref, person, now)
    return nomination, queries.hand_ins(nomination)


def _number(found: list[HandIn]) -> int:
    """Counted from 1."""
    asked = request.args.get("number", str(len(found)))
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:4]) <= len(found)):
        abort(404)
    return int(asked[:4])
