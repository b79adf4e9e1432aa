"""The form's pages, made from the fields of `domain/form.py`; and the small forms around them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from award_app.cycles.models import Cycle
from award_app.domain.completeness import day
from award_app.domain.countries import COUNTRIES
from award_app.domain.form import OFFICIAL, ROW_GROUPS, Field, Kind, fields
from award_app.nominations import labels
from award_app.web import i18n, moments
from award_app.web.forms import Form, stripped, without_nul

LONGEST_BOX = 8  # rows of the largest text box
WORDS_PER_ROW = 15


class SeenField(HiddenField):  # type: ignore[misc]  # wtforms carries no types
    """Which revision of each answer the page shows: {key: revision}. Anything else read from a browser is nothing."""

    def seen(self) -> dict[str, int]:
        try:
            read = json.loads(self.data or "{}")
        except (ValueError, RecursionError):
            return {}
        pairs = read.items() if isinstance(read, dict) else ()
        return {str(key): n for key, n in pairs if type(n) is int and 0 <= n < 2**31}


class StepForm(Form):
    """The base of a page of answers; `made_of` are its fields by key."""

    seen = SeenField()
    made_of: Mapping[str, Field] = {}

    def answers(self, sent: Iterable[str]) -> dict[str, str]:
        """What was sent, as texts. A box left unticked sends nothing; a text that was not sent is not an empty text."""
        names = set(sent)
        return {key: _text(self[key].data) for key, item in self.made_of.items() if key in names or _is_pick(item)}

    def mark(self, wrong: Mapping[str, str]) -> None:
        """Stand each sentence beside its field."""
        for key, sentence in wrong.items():
            if key in self.made_of:
                self[key].errors = [*self[key].errors, sentence]


def step_fields(step: str, rows: Mapping[str, int], codes: tuple[str, ...]) -> list[Field]:
    return [item for item in fields(codes, rows) if item.step == step]


def rows_sent(names: Iterable[str]) -> dict[str, int]:
    """How many rows of each group a page was sent with."""
    found = dict.fromkeys(ROW_GROUPS, 0)
    for name in names:
        group, dot, rest = name.partition(".")
        number = rest.partition(".")[0]
        if dot and group in found and number.isascii() and number.isdigit() and len(number) < 3:
            found[group] = max(found[group], int(number) + 1)
    return found


def step_form(
    cycle: Cycle,
    made_of: list[Field],
    answers: Mapping[str, str],
    seen: Mapping[str, int],
    *,
    language: str = "",
    sent: Any = None,
) -> StepForm:
    """The form of one page, filled with `answers`, or with what was `sent`. `language`: the page asks for the one the file
    is written in, and this is what it was said to be."""
    made: dict[str, Any] = {item.key: _input(item, answers.get(item.key, ""), cycle) for item in made_of}
    if language:
        made["language"] = _language_field()
    kind = type("PageForm", (StepForm,), {**made, "made_of": {item.key: item for item in made_of}})
    data = {item.key: answers.get(item.key, "") == "yes" if item.kind is Kind.STATEMENT else answers.get(item.key, "")
            for item in made_of}  # fmt: skip
    keys = {item.key for item in made_of}
    shown = json.dumps({key: n for key, n in seen.items() if key in keys}, separators=(",", ":"))
    form: StepForm = kind(formdata=sent, data={**data, "seen": shown, "language": language})
    return form


def _input(item: Field, value: str, cycle: Cycle) -> Any:
    label = labels.label(item.key, cycle, i18n.language())
    more: dict[str, Any] = {"description": labels.hint(item.key), "validators": [] if item.required else [Optional()]}
    keep: dict[str, Any] = {"filters": [without_nul], **more}
    match item.kind:
        case Kind.TEXT:
            rows = min(max((item.max_words or 0) // WORDS_PER_ROW, 2), LONGEST_BOX)
            return TextAreaField(label, render_kw={"data-words": item.max_words, "rows": rows}, **keep)
        case Kind.COUNTRY:
            return SelectField(label, choices=_countries(value), validate_choice=False, **more)
        case Kind.CHOICE | Kind.YES_NO:
            choices = [SelectChoice(c, labels.choice(item.key, c)) for c in item.choices]
            return RadioField(label, choices=choices, validate_choice=False, **more)
        case Kind.STATEMENT:
            return BooleanField(label, **more)
        case _:
            return StringField(label, widget=_widget(item.kind, value), render_kw=_line(item), **keep)


def _language_field() -> SelectField:
    return SelectField(
        _l("In which language do you write this file?"),
        description=_l("The panel scores it in this language. You can add a translation beside it later."),
        choices=[SelectChoice(code, labels.choice("working_language", code)) for code in OFFICIAL],
        validate_choice=False,
    )


def _widget(kind: Kind, value: str) -> widgets.Input:
    """A date that is none would vanish in a date field: such a one is shown as text."""
    types = {Kind.EMAIL: "email", Kind.PHONE: "tel"}
    if kind is Kind.DATE:
        return widgets.TextInput("date" if not value or day(value) else "text")
    return widgets.TextInput(types.get(kind, "text"))


def _line(item: Field) -> dict[str, Any]:
    """`autocomplete` off: the browser knows the nominator's own name and address, not the nominee's."""
    base: dict[str, Any] = {"autocomplete": "off"}
    return {**base, "inputmode": "numeric", "class": "short"} if item.kind is Kind.INTEGER else base


def _countries(value: str) -> list[SelectChoice]:
    named = sorted((moments.country_name(code), code) for code in COUNTRIES)
    kept = [SelectChoice(value, value)] if value and value not in COUNTRIES else []
    return [SelectChoice("", _("Choose a country")), *kept, *(SelectChoice(code, name) for name, code in named)]


def _is_pick(item: Field) -> bool:
    return item.kind in (Kind.CHOICE, Kind.YES_NO, Kind.STATEMENT)


def _text(data: object) -> str:
    if data is True:
        return "yes"
    return data if isinstance(data, str) else ""


class ActForm(Form):
    """A form of one button."""


class UploadForm(Form):
    file = FileField(_l("File"))
    author_name = StringField(_l("Name of the author"), filters=[stripped])
    author_email = StringField(
        _l("E-mail address of the author"), filters=[stripped], widget=widgets.TextInput("email")
    )


class EndorseForm(Form):
    """`read` is the digest of the file as the page shows it: what was not read is not endorsed."""

    read = HiddenField()
    in_active_service = BooleanField(labels.ATTESTATIONS["in_active_service"])
    no_serious_sanction = BooleanField(labels.ATTESTATIONS["no_serious_sanction"])
    none_pending = BooleanField(labels.ATTESTATIONS["none_pending"])
    send = SubmitField(_l("Endorse this file"))


class WithdrawForm(Form):
    reason = TextAreaField(
        _l("Why does your mission withdraw this file?"),
        description=_l("One or two sentences. The secretariat reads them. A file cannot be brought back."),
        filters=[stripped],
    )


class TranslateForm(Form):
    seen = SeenField()


class AskWithdrawalForm(Form):
    reason = TextAreaField(
        _l("Why should this file be withdrawn?"),
        description=_l("One or two sentences. The secretariat reads them. You can ask once."),
        filters=[stripped],
    )


class AnswerForm(Form):
    reason = TextAreaField(
        _l("Why is there no nominee?"),
        description=_l("One or two sentences, for the secretariat to read."),
        filters=[stripped],
        validators=[Optional()],
    )
