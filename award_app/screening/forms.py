"""What the secretariat says about a file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from award_app.domain.vocabulary import Consent, IneligibleReason
from award_app.nominations import labels
from award_app.nominations.operations import REASON_CHARS
from award_app.web.forms import Form, Moment, stripped

_LENGTH = Length(max=REASON_CHARS, message=_l("At most %(max)d characters."))


class DeclareForm(Form):
    conflict = RadioField(
        _l("Do you have a conflict of interest in this file?"),
        description=_l(
            "For example: you know her well, you served with her or supervised her, or you helped to write the file."
        ),
        choices=[SelectChoice("no", _l("No, I have none")), SelectChoice("yes", _l("Yes, or it could look so"))],
        validators=[InputRequired(_l("Choose one of the answers."))],
    )
    reason = TextAreaField(
        _l("If yes: which?"),
        description=_l("One sentence, for the chair and the secretariat to read. The file then stays closed to you."),
        filters=[stripped],
        validators=[Optional(), _LENGTH],
    )

    def validate(self, extra_validators: object = None) -> bool:
        fine = bool(super().validate(extra_validators))
        if self.conflict.data == "yes" and not self.reason.data:
            self.reason.errors = [_l("Say in one sentence which conflict it is.")]
            return False
        return fine


class ReturnForm(Form):
    remarks = TextAreaField(
        _l("What must be changed?"),
        description=_l("The mission reads this word for word. Name the pages and what is missing on them."),
        filters=[stripped],
        validators=[InputRequired(_l("Say what must be changed.")), _LENGTH],
    )
    deadline = Moment(
        _l("Until when? (UTC)"),
        description=_l("If you leave this empty, it is the end of screening."),
        validators=[Optional()],
    )

    def validate(self, extra_validators: object = None) -> bool:
        fine = bool(super().validate(extra_validators))
        if self.deadline.process_errors and any(self.deadline.raw_data or ()):  # a browser sends an empty field too
            self.deadline.errors = [_l("Write a date and a time, for example 2026-05-31T17:00.")]
            return False
        return fine


class ProposeForm(Form):
    reason = RadioField(
        _l("Why can this file not take part?"),
        choices=[SelectChoice(reason.value, words) for reason, words in labels.INELIGIBLE.items()],
        validators=[InputRequired(_l("Choose one of the answers."))],
    )

    @property
    def chosen(self) -> IneligibleReason:
        return IneligibleReason(self.reason.data)


class ConsentForm(Form):
    consent = SelectField(
        _l("What does the nominee say?"),
        choices=[SelectChoice(c.value, labels.CONSENT[c]) for c in Consent],
        validators=[InputRequired(_l("Choose one of the answers."))],
    )

    @property
    def chosen(self) -> Consent:
        return Consent(self.consent.data)
