"""The score sheet: a value and a comment for each criterion of the cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from award_app.cycles.models import Criterion
from award_app.domain.vocabulary import RAISED, CriterionKind
from award_app.reviews.operations import COMMENT_CHARS
from award_app.reviews.queries import Line
from award_app.web import i18n
from award_app.web.forms import Form, stripped, without_nul


class ValueField(RadioField):  # type: ignore[misc]  # wtforms carries no types
    """Nothing chosen is no mistake: a sheet may be saved in parts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = RadioField.__name__  # how the pages draw it

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {choice.value for choice in self.choices}:
            raise ValidationError(_("Please choose one of the values that are offered."))


class SheetForm(Form):
    """Its fields are made for the criteria of a cycle: `value_<id>`, `comment_<id>`, and `seen_<id>` for the mark of what
    its author had before her. What was not sent at all is not looked at: a sheet may come in parts."""

    criteria: Sequence[Criterion] = ()

    @property
    def lines(self) -> list[tuple[Criterion, Any, Any]]:
        return [(c, self[f"value_{c.id}"], self[f"comment_{c.id}"]) for c in self.criteria]

    @property
    def values(self) -> Mapping[int, tuple[int, str]]:
        """What was chosen among the values there are; a criterion without one is left out."""
        offered = {c.id: {str(v) for v in c.values} for c in self.criteria}
        return {
            c.id: (int(value.data), comment.data or "")
            for c, value, comment in self.lines
            if any(value.raw_data or ()) and value.data in offered[c.id]
        }

    @property
    def comments(self) -> Mapping[int, str]:
        """Those that were sent without a value, empty ones too: a value that is not sent reads as it was saved last."""
        return {
            c.id: comment.data or ""
            for c, value, comment in self.lines
            if comment.raw_data and not any(value.raw_data or ())
        }

    @property
    def seen(self) -> Mapping[int, str]:
        """The marks that were sent."""
        sent = {c.id: self[f"seen_{c.id}"] for c in self.criteria}
        return {c: field.data for c, field in sent.items() if field.raw_data and field.data}

    def validate(self, extra_validators: object = None) -> bool:
        fits = bool(super().validate(extra_validators))
        for criterion, value, comment in self.lines:
            unexplained = value.data == str(RAISED) and not comment.data
            if unexplained and criterion.kind is CriterionKind.CONCERN and not value.errors:
                comment.errors = [_("Please say in a comment what the concern is, and where in the file it stands.")]
            fits = fits and not (value.errors or comment.errors)
        return fits

    def face(self, line: Line, sentence: str) -> None:
        """Show beside what was typed what another window saved meanwhile; the next save has seen both."""
        self[f"comment_{line.criterion.id}"].errors = [sentence]
        self[f"seen_{line.criterion.id}"].data = line.mark


def sheet(lines: Sequence[Line]) -> SheetForm:
    """The sheet as it was saved last, or as it was sent."""
    locale = i18n.language()
    saved: dict[str, str | None] = {}
    for criterion, value, comment, _at, mark in lines:
        saved[f"value_{criterion.id}"] = str(value) if value else None
        saved[f"comment_{criterion.id}"] = comment
        saved[f"seen_{criterion.id}"] = mark
    form = _form_of(locale, tuple(_asked(line.criterion, locale) for line in lines))(data=saved)
    form.criteria = tuple(line.criterion for line in lines)
    return form


class _Asked(NamedTuple):
    """What a sheet says of one criterion in one language."""

    id: int
    title: str
    weight: int
    levels: tuple[tuple[str, str], ...]  # a value and the meaning it has; conduct speaks in words alone


def _asked(criterion: Criterion, locale: str) -> _Asked:
    numbered = criterion.kind is CriterionKind.SCALE
    levels = ((str(v), criterion.level(v, locale)) for v in criterion.values)
    said = tuple((value, f"{value} · {words}" if numbered else words) for value, words in levels)
    return _Asked(criterion.id, criterion.title(locale), criterion.weight, said)


@lru_cache(maxsize=64)  # a class of forms is dear to make, and one serves everybody who scores by these criteria
def _form_of(_locale: str, asked: tuple[_Asked, ...]) -> type[SheetForm]:
    fields: dict[str, object] = {}
    for one in asked:
        title, choices = _title(one), [SelectChoice(*level) for level in one.levels]
        fields[f"value_{one.id}"] = ValueField(title, choices=choices)
        fields[f"comment_{one.id}"] = TextAreaField(
            _("Comment on: %(criterion)s", criterion=one.title),
            filters=[stripped],
            validators=[Length(max=COMMENT_CHARS, message=_TOO_LONG)],
            render_kw={"rows": 2},
        )
        fields[f"seen_{one.id}"] = HiddenField(filters=[without_nul])
    return type("ThisSheet", (SheetForm,), fields)


_TOO_LONG = _l("Please keep the comment to at most %(most)s characters.", most=COMMENT_CHARS)


def _title(asked: _Asked) -> str:
    return _("%(title)s (weight %(weight)s%%)", title=asked.title, weight=asked.weight) if asked.weight else asked.title
