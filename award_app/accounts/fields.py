"""The two password fields: the one she has, and the one she chooses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import PasswordField
from wtforms.validators import DataRequired, Optional

from award_app.web.forms import without_nul

YOURS = _l("Your password")


def known_password(
    label: LazyString = YOURS, *, description: LazyString | str = "", optional: bool = False
) -> PasswordField:
    """As a password keeper fills it in."""
    return PasswordField(
        label,
        [Optional() if optional else DataRequired(_l("Write your password."))],
        description=description,
        filters=[without_nul],
        render_kw={"autocomplete": "current-password"},
    )


def new_password(label: LazyString) -> PasswordField:
    return PasswordField(
        label,
        [DataRequired(_l("Choose a password."))],
        description=_l("At least 12 characters. A few words that only you put together are good."),
        filters=[without_nul],
        render_kw={"autocomplete": "new-password"},
    )
