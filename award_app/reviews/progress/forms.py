"""Closing a round by hand, and telling that a member has been answered."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from award_app.reviews.rounds import REASON_CHARS
from award_app.web.forms import Form, stripped


class ClosingForm(Form):
    reasons = TextAreaField(
        _l("Why the round closes with fewer scores than the quorum"),
        filters=[stripped],
        validators=[
            Length(max=REASON_CHARS, message=_l("Please say it in at most %(most)s characters.", most=REASON_CHARS))
        ],
        description=_l("It stands in the record of the decision. Those who may see the decision can read it."),
        render_kw={"rows": 4},
    )


class AnsweredForm(Form):
    number = HiddenField()
