from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from award_app.nominations.models import Nomination
from award_app.web import i18n
from award_app.web.forms import Form, stripped

PROBLEMS = {
    "reasons": ("reasons", _l("Write the reasons for the shortlist.")),
    "files": ("files", _l("Only files with scores that are still with the panel can be chosen. Please look again.")),
}


class ShortlistForm(Form):
    files = SelectMultipleField(
        _l("Files kept for the final round"),
        description=_l("In the order of the result. With none chosen the decision can only be “No award”."),
        validators=[Optional()],
    )
    reasons = TextAreaField(
        _l("Reasons"),
        description=_l("Why these files and no others. The observer will read it after the decision."),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the reasons for the shortlist.")),
            Length(max=10_000, message=_l("Please keep the reasons under 10,000 characters.")),
        ],
    )

    def chosen(self, files: list[Nomination]) -> list[Nomination]:
        return [file for file in files if file.ref in (self.files.data or ())]


def shortlist_form(files: list[Nomination]) -> ShortlistForm:
    form = ShortlistForm()
    form.files.choices = [
        (file.ref, f"{file.nominee_name} ({i18n.mission_acronym(file.mission.acronym)})") for file in files
    ]
    return form


class ConfirmForm(Form):
    """The version that the chair read."""

    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
