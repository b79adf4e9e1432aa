"""Asking for a new password, and choosing it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from award_app.accounts.fields import new_password
from award_app.web.forms import Form, stripped


class ForgottenForm(Form):
    email = StringField(
        _l("E-mail address"),
        [DataRequired(_l("Write your e-mail address.")), Length(max=254, message=_l("This address is too long."))],
        filters=[stripped],
        render_kw={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"},
    )


class ResetForm(Form):
    password = new_password(_l("New password"))
