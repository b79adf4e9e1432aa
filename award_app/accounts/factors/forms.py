"""Codes, labels and passwords on the pages about the second factor."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from award_app.accounts.fields import known_password
from award_app.web import i18n
from award_app.web.forms import Form, stripped, without_nul

_CODE = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "spellcheck": "false",
    "maxlength": "12",
    "dir": "ltr",
}
_PAPER = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "maxlength": "24", "dir": "ltr"}


class SecondForm(Form):
    """One of the two."""

    code = StringField(_l("Code from your authenticator app"), [Optional()], filters=[stripped], render_kw=_CODE)
    recovery = StringField(
        _l("Recovery code"),
        [Optional()],
        description=_l("One of the ten codes you printed or wrote down, for example abcde-fghjk. Each works once."),
        filters=[stripped],
        render_kw=_PAPER,
    )


class CredentialForm(Form):
    """What the browser made or showed, as JSON."""

    credential = HiddenField(filters=[without_nul])
    label = HiddenField(filters=[stripped])


class CodeForm(Form):
    code = StringField(
        _l("Code that the app shows now"),
        [DataRequired(_l("Type the six digits that the app shows."))],
        filters=[stripped],
        render_kw=_CODE,
    )


class ProofForm(Form):
    """The password again; whoever has just come in to set up her first factor is not asked."""

    current = known_password()

    def __init__(self, *args: Any, ask: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask:
            del self.current


class LabelForm(ProofForm):
    label = StringField(
        _l("What do you call this passkey?"),
        [
            DataRequired(_l("Write a name for it.")),
            Length(max=60, message=_l("Write at most 60 characters.")),
        ],
        description=_l("So that you know it again, for example: my phone, office computer, security key."),
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )


class LanguageForm(Form):
    locale = SelectField(_l("Language of pages and letters"), validate_choice=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.locale.choices = [SelectChoice(code, label) for code, label in i18n.LANGUAGES.items()]


class LostForm(Form):
    reason = TextAreaField(
        _l("How do you know that it is she who asks?"),
        [DataRequired(_l("Write how you know that it is she who asks."))],
        description=_l(
            "For example: you called her back at the number of her mission. Only the secretariat reads this."
        ),
        filters=[without_nul],
    )
