"""What the secretariat may press on a letter's page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from award_app.web.forms import Form, stripped


class Press(Form):
    """A button and nothing else."""


def _why() -> TextAreaField:
    return TextAreaField(
        _l("Why?"),
        description=_l("Kept with the letter. The reader does not see it."),
        filters=[stripped],
        validators=[DataRequired(_l("Say why, in a few words.")), Length(max=500, message=_l("At most 500 signs."))],
    )


class Skip(Form):
    skip_reason = _why()


class Again(Form):
    again_reason = _why()
