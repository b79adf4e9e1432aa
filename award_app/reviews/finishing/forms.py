"""To the secretariat: I cannot finish."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from award_app.reviews.finishing.operations import REASON_CHARS
from award_app.web.forms import Form, stripped


class CannotFinishForm(Form):
    reason = TextAreaField(
        _l("What keeps you from finishing?"),
        filters=[stripped],
        validators=[
            DataRequired(_l("Please say in a sentence what keeps you from finishing.")),
            Length(max=REASON_CHARS, message=_l("Please say it in at most %(most)s characters.", most=REASON_CHARS)),
        ],
        description=_l("One or two sentences. Only the secretariat reads them."),
        render_kw={"rows": 4},
    )
