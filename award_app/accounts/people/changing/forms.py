"""Addresses, seats and successors."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from award_app.accounts.models import Appointment
from award_app.web import i18n
from award_app.web.forms import Form, stripped


def _address(label: object) -> StringField:
    return StringField(
        label,
        [DataRequired(_l("Write the e-mail address.")), Length(max=254, message=_l("This address is too long."))],
        filters=[stripped],
        render_kw={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"},
    )


class MendForm(Form):
    email = _address(_l("Right e-mail address"))


class SuccessorForm(Form):
    stays = RadioField(
        _l("What happens"),
        [DataRequired(_l("Choose one of the two."))],
        choices=[
            SelectChoice("no", _l("Replace her: her appointment ends now.")),
            SelectChoice("yes", _l("A deputy beside her: both can endorse and hand in.")),
        ],
    )
    email = _address(_l("E-mail address of the other person"))
    name = StringField(
        _l("Name of the other person"),
        [DataRequired(_l("Write the name.")), Length(max=120, message=_l("Write at most 120 characters."))],
        description=_l("Whoever has an account keeps the name she has there."),
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    locale = SelectField(_l("Language of the letter"), validate_choice=True, default="en")

    def offer(self) -> None:
        self.locale.choices = [SelectChoice(code, label) for code, label in i18n.LANGUAGES.items()]


class SeatsForm(Form):
    chair = SelectField(_l("Chair"), [DataRequired(_l("Choose the chair."))], validate_choice=True)
    deputy = SelectField(_l("Deputy chair"), [Optional()], validate_choice=True)

    def offer(self, panel: Sequence[Appointment]) -> None:
        named = [SelectChoice(a.person.ref, a.person.name) for a in panel if a.person.is_active]
        self.chair.choices = [SelectChoice("", _l("Choose")), *named]
        self.deputy.choices = [SelectChoice("", _l("Nobody")), *named]
