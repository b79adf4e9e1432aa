"""The password again, or a code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Optional

from award_app.accounts.fields import known_password
from award_app.web.forms import Form, stripped


class ProveForm(Form):
    current = known_password(optional=True)


class ProveByCodeForm(ProveForm):
    code = StringField(
        _l("Or a code of your authenticator"),
        [Optional()],
        description=_l("Six digits. One of the two is enough."),
        filters=[stripped],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "class": "short"},
    )
