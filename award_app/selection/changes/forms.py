from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from award_app.domain.vocabulary import ChangeKind, IneligibleReason
from award_app.nominations.labels import INELIGIBLE
from award_app.nominations.models import Nomination
from award_app.web import i18n
from award_app.web.forms import Form, stripped

KINDS = {
    ChangeKind.DECLINED: _l("She declined"),
    ChangeKind.WITHDRAWN: _l("Her mission withdrew the file"),
    ChangeKind.DISQUALIFIED: _l("She is disqualified"),
}
PROBLEMS = {
    "reason": ("reason", _l("Write the reason.")),
    "ground": ("ground", _l("Choose the ground with a disqualification, and none otherwise.")),
    "file": ("file", _l("Choose a file that is with the panel.")),
}


class ChangeForm(Form):
    file = SelectField(_l("The file"), validators=[InputRequired(_l("Choose the file."))])
    kind = RadioField(_l("What happened"), validators=[InputRequired(_l("Say what happened."))])
    ground = SelectField(_l("Ground, for a disqualification"), validators=[Optional()])
    reason = TextAreaField(
        _l("Reason"),
        description=_l("What happened, who said so and when. Name no case and no survivor."),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the reason.")),
            Length(max=5_000, message=_l("Please keep the reason under 5,000 characters.")),
        ],
    )

    @property
    def given_ground(self) -> IneligibleReason | None:
        return IneligibleReason(self.ground.data) if self.ground.data else None


def change_form(files: list[Nomination]) -> ChangeForm:
    form = ChangeForm()
    named = [(file.ref, f"{file.nominee_name} ({i18n.mission_acronym(file.mission.acronym)})") for file in files]
    form.file.choices = [("", _("Choose")), *named]
    form.kind.choices = [(kind.value, words) for kind, words in KINDS.items()]
    form.ground.choices = [("", _("None")), *((reason.value, INELIGIBLE[reason]) for reason in IneligibleReason)]
    return form


class AnswerForm(Form):
    """A button: confirm, turn down, or take back."""
