"""The declaration card, and the form for stepping out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from award_app.domain.conflicts import Rule
from award_app.domain.vocabulary import ConflictKind
from award_app.nominations.models import Nomination
from award_app.panel import words
from award_app.panel.operations import REASON_CHARS
from award_app.web.forms import Form, stripped

NO_CONFLICT = "none"
SELF_DECLARED = (ConflictKind.CLOSE_TIE, ConflictKind.OTHER)
_WHY_NOT = "why_"
_SHORTER = _l("Please say it in at most %(most)s characters.", most=REASON_CHARS)


class AnswerField(RadioField):  # type: ignore[misc]  # wtforms carries no types
    """Its own words where nothing, or nothing that is offered, was chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = RadioField.__name__  # how the pages draw it

    def pre_validate(self, form: Any) -> None:
        if self.data not in {choice.value for choice in self.choices}:
            raise ValidationError(_("Please choose one of the answers."))


class RecuseForm(Form):
    kind = AnswerField(_l("Why do you step out?"))
    reason = TextAreaField(
        _l("Your reason"),
        filters=[stripped],
        validators=[Length(max=REASON_CHARS, message=_SHORTER)],
        description=_l("One or two sentences. The chair and the secretariat can read it, nobody else."),
        render_kw={"rows": 3},
    )

    def __init__(self) -> None:
        super().__init__()
        kinds = [kind for kind in ConflictKind if kind is not ConflictKind.WROTE]
        self.kind.choices = [SelectChoice(kind.value, words.kind_in_words(kind)) for kind in kinds]

    def validate_reason(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Please say in a sentence why you step out."))


class CardForm(Form):
    """`answer` is NO_CONFLICT or the kind of a recusal; a field for each rule that points at a conflict asks why not."""

    answer = AnswerField(_l("Do you have a conflict of interest in this file?"))
    reason = TextAreaField(
        _l("If you step out: your reason"),
        filters=[stripped],
        validators=[Length(max=REASON_CHARS, message=_SHORTER)],
        description=_l("One or two sentences. The chair and the secretariat can read it, nobody else."),
        render_kw={"rows": 3},
    )
    rules: Sequence[Rule] = ()

    @property
    def steps_out_as(self) -> ConflictKind | None:
        return None if self.answer.data == NO_CONFLICT else ConflictKind(self.answer.data)

    @property
    def why_not(self) -> list[tuple[Rule, Any]]:
        return [(rule, self[_WHY_NOT + rule.value]) for rule in self.rules]

    @property
    def reasons(self) -> Mapping[Rule, str]:
        return {rule: field.data for rule, field in self.why_not}

    def validate_reason(self, field: Any) -> None:
        out = self.answer.data in {choice.value for choice in self.answer.choices} - {NO_CONFLICT}
        if out and not field.data:
            raise ValidationError(_("Please say in a sentence why you step out."))


def card(nomination: Nomination, rules: Sequence[Rule]) -> CardForm:
    """A card for the rules that were found between this file and the member."""
    fields = {_WHY_NOT + rule.value: _why_not(words.finding_in_words(rule, nomination)) for rule in rules}
    form: CardForm = type("ThisCard", (CardForm,), {**fields, "rules": tuple(rules)})()
    out = [*(ConflictKind(rule.value) for rule in rules), *SELF_DECLARED]
    form.answer.choices = [
        SelectChoice(NO_CONFLICT, _("No, I have no conflict of interest")),
        *(SelectChoice(kind.value, words.stepping_out(kind)) for kind in out),
    ]
    return form


def _why_not(found: str) -> TextAreaField:
    return TextAreaField(
        found,
        filters=[stripped],
        validators=[_needed_without_conflict, Length(max=REASON_CHARS, message=_SHORTER)],
        description=_l("If this is no conflict of interest, say why."),
        render_kw={"rows": 2},
    )


def _needed_without_conflict(form: Any, field: Any) -> None:
    if form.answer.data == NO_CONFLICT and not field.data:
        raise ValidationError(_("Please say why this is no conflict of interest, or step out of the file."))
