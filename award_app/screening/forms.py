"""What the secretariat says about a file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from award_app.domain.vocabulary import Consent, IneligibleReason
from award_app.nominations import labels
from award_app.nominations.clearance import REFERENCE_CHARS
from award_app.nominations.operations import REASON_CHARS
from award_app.nominations.remarks.forms import PREFIX
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
    boxes = (PREFIX,)
    remarks = TextAreaField(
        _l("What must be changed?"),
        description=_l(
            "The mission reads this word for word. A remark on one answer can stand beside it: write it there."
        ),
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
        return _is_an_instant(self.deadline) and fine


class ExtendForm(Form):
    until = Moment(_l("Until when? (UTC)"), validators=[InputRequired(_l("Say until when."))])
    reason = TextAreaField(
        _l("Why does the mission get more time?"),
        description=_l("One sentence. It is kept with the file, and the mission reads it."),
        filters=[stripped],
        validators=[InputRequired(_l("Give a reason.")), _LENGTH],
    )

    def validate(self, extra_validators: object = None) -> bool:
        fine = bool(super().validate(extra_validators))
        return _is_an_instant(self.until) and fine


def _is_an_instant(field: Moment) -> bool:
    if field.process_errors and any(field.raw_data or ()):  # a browser sends an empty field too
        field.errors = [_l("Write a date and a time, for example 2026-05-31T17:00.")]
        return False
    return True


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


class ConductForm(Form):
    cleared = RadioField(
        _l("What did the conduct database answer?"),
        choices=[SelectChoice("yes", _l("Cleared")), SelectChoice("no", _l("Not cleared"))],
        validators=[InputRequired(_l("Choose one of the answers."))],
    )
    on = DateField(_l("On which day?"), validators=[InputRequired(_l("Write the day of the answer."))])
    reference = StringField(
        _l("Reference"),
        description=_l("The number of the answer, never the case itself."),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the reference of the answer.")),
            Length(max=REFERENCE_CHARS, message=_l("At most %(max)d characters.")),
        ],
    )

    def validate(self, extra_validators: object = None) -> bool:
        fine = bool(super().validate(extra_validators))
        if self.on.process_errors:
            self.on.errors = [_l("Write a date as year-month-day, for example 2026-05-31.")]
            return False
        return fine
