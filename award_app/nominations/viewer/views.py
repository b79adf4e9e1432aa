"""An attachment, read in the page.

GET /files/<ref>/pages            all its pages with their text
GET /files/<ref>/pages/<number>   one picture
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template

from award_app.domain.vocabulary import Action
from award_app.nominations import queries, storage
from award_app.nominations.viewer.queries import page_of, rendering_of
from award_app.nominations.web import kind_words
from award_app.web.arrival import arrived
from award_app.web.guard import guarded, viewer

bp = Blueprint("pages", __name__, url_prefix="/files")


@bp.get("/<ref>/pages")
@guarded(Action.READ)
def document(ref: str) -> str:
    attachment = queries.attachment_by_ref(ref, seen_by=viewer(), now=arrived())
    return render_template(
        "nominations/document.html",
        attachment=attachment,
        title=kind_words(attachment.kind),
        rendering=rendering_of(attachment),
    )


@bp.get("/<ref>/pages/<int(max=999):number>")
@guarded(Action.READ)
def picture(ref: str, number: int) -> Response:
    """Private, and kept by nobody: every answer here says no-store."""
    attachment = queries.attachment_by_ref(ref, seen_by=viewer(), now=arrived())
    page = page_of(attachment, number)
    path = storage.path_of(page.digest) if page else None
    if path is None or not path.is_file():
        abort(404)
    return Response(path.read_bytes(), content_type="image/webp")
