"""What the secretariat may press on a letter's page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from award_app.web.forms import Form, stripped

DAYS_WRONG = _l("Write at most five numbers from 1 to 60, with commas between them, such as 7, 1.")


class Press(Form):
    """A button and nothing else."""


class Days(Form):
    days = StringField(
        _l("Days before a deadline"),
        description=_l(
            "At most five numbers from 1 to 60, with commas between them. On the last day Laurel always reminds."
        ),
        filters=[stripped],
        validators=[Optional(), Regexp(r"^\s*[0-9]{1,2}(\s*,\s*[0-9]{1,2})*\s*$", message=DAYS_WRONG)],
        render_kw={"class": "short", "inputmode": "numeric"},
    )

    @property
    def numbers(self) -> list[int]:
        return [int(part) for part in (self.days.data or "").split(",") if part.strip()]


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
