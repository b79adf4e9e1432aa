"""Asking for a new password, and choosing it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from award_app.web.forms import Form, stripped, without_nul


class ForgottenForm(Form):
    email = StringField(
        _l("E-mail address"),
        [DataRequired(_l("Write your e-mail address.")), Length(max=254, message=_l("This address is too long."))],
        filters=[stripped],
        render_kw={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"},
    )


class ResetForm(Form):
    password = PasswordField(
        _l("New password"),
        [DataRequired(_l("Choose a password."))],
        description=_l("At least 12 characters. A few words that only you put together are good."),
        filters=[without_nul],
        render_kw={"autocomplete": "new-password"},
    )
