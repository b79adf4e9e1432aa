"""The password again, or a code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import Optional

from award_app.web.forms import Form, stripped, without_nul


class ProveForm(Form):
    current = PasswordField(
        _l("Your password"),
        [Optional()],
        filters=[without_nul],
        render_kw={"autocomplete": "current-password"},
    )


class ProveByCodeForm(ProveForm):
    code = StringField(
        _l("Or a code of your authenticator"),
        [Optional()],
        description=_l("Six digits. One of the two is enough."),
        filters=[stripped],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "class": "short"},
    )
