"""Signing in, accepting an invitation, and one's own account."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, StopValidation, ValidationError

from award_app.accounts import zones
from award_app.accounts.fields import known_password, new_password
from award_app.domain.countries import COUNTRIES
from award_app.web import i18n
from award_app.web.forms import Form, stripped
from award_app.web.moments import country_name


class SignInForm(Form):
    email = StringField(
        _l("E-mail address"),
        [DataRequired(_l("Write your e-mail address.")), Length(max=254, message=_l("This address is too long."))],
        filters=[stripped],
        render_kw={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"},
    )
    password = known_password(_l("Password"))


class NewcomerForm(Form):
    name = StringField(
        _l("Your name"),
        [DataRequired(_l("Write your name.")), Length(max=120, message=_l("Write at most 120 characters."))],
        description=_l("As others in the award should see it."),
        filters=[stripped],
        render_kw={"autocomplete": "name"},
    )
    password = new_password(_l("Choose a password"))


class KnownForm(Form):
    current = known_password(description=_l("You have an account already. Give its password to accept."))


class AccountForm(Form):
    name = StringField(
        _l("Your name"),
        [DataRequired(_l("Write your name.")), Length(max=120, message=_l("Write at most 120 characters."))],
        filters=[stripped],
        render_kw={"autocomplete": "name"},
    )
    locale = SelectField(_l("Language of pages and letters"), validate_choice=True)
    timezone = StringField(
        _l("Time zone"),
        [DataRequired(_l("Write a city in your time zone."))],
        description=_l("Write a city, for example Juba or New York. Deadlines are shown in its time, and in UTC."),
        filters=[stripped],
        render_kw={"list": "zones", "autocomplete": "off", "spellcheck": "false"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.locale.choices = [SelectChoice(code, label) for code, label in i18n.LANGUAGES.items()]
        if not self.is_submitted():
            self.timezone.data = zones.shown(self.timezone.data or "UTC")

    def validate_timezone(self, field: StringField) -> None:
        zone = zones.find(field.data)
        if zone is None:
            raise ValidationError(_("Laurel does not know this city. Write the capital, or a large city near you."))
        field.data = zone


class AddressForm(Form):
    email = StringField(
        _l("New e-mail address"),
        [DataRequired(_l("Write the new e-mail address.")), Length(max=254, message=_l("This address is too long."))],
        filters=[stripped],
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )
    current = known_password()


class ConfirmForm(Form):
    current = known_password(description=_l("The password of your account stays the same."))


class PasswordForm(Form):
    current = known_password(_l("Your password now"))
    password = new_password(_l("New password"))


class _Begun(Optional):  # type: ignore[misc]  # wtforms carries no types
    """Empty is fine only while no mission is chosen."""

    def __call__(self, form: StintForm, field: DateField) -> None:
        if form.mission.data and not "".join(field.raw_data or []).strip():
            field.errors = []  # not what the empty text lacks as a date
            raise StopValidation(_l("Write when this time began."))
        super().__call__(form, field)


class StintForm(PlainForm):  # type: ignore[misc]  # wtforms carries no types
    mission = SelectField(_l("Mission"), [Optional()], validate_choice=True)
    started = DateField(_l("From"), [_Begun()])
    ended = DateField(_l("To"), [Optional()], description=_l("Leave this empty if you are still there."))

    @property
    def is_filled(self) -> bool:
        return bool(self.mission.data)


class ProfileForm(Form):
    """What conflict rules 1 to 3 need to know of a panel member."""

    nationality = SelectField(_l("Nationality"), [Optional()], validate_choice=True)
    home_service = StringField(
        _l("Home police service"),
        [Optional(), Length(max=200, message=_l("Write at most 200 characters."))],
        description=_l("The service you belong to, or last belonged to."),
        filters=[stripped],
    )
    stints = FieldList(FormField(StintForm), min_entries=1, max_entries=12)

    def offer(self, missions: list[tuple[str, str]]) -> None:
        """Fill the lists: countries by name, and `missions` as (acronym, label)."""
        countries = sorted(((country_name(code), code) for code in COUNTRIES), key=lambda pair: pair[0])
        self.nationality.choices = [SelectChoice("", _l("Not said")), *(SelectChoice(c, name) for name, c in countries)]
        choices = [SelectChoice("", _l("No mission")), *(SelectChoice(a, label) for a, label in missions)]
        for entry in self.stints.entries:
            entry.form.mission.choices = choices
