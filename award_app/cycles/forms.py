"""An award year's settings, criteria and missions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from award_app.cycles.models import Cycle, CycleMission, Mission
from award_app.cycles.operations import FIRST_YEAR, LARGEST, LAST_YEAR, CriterionDraft
from award_app.domain.vocabulary import CriterionKind
from award_app.web import i18n
from award_app.web.forms import Form, Moment, stripped, without_nul

_LONGEST_TITLE, _LONGEST_LEVEL = 200, 600
_DATES = ("opens_at", "closes_at", "screening_ends_at", "review_ends_at")


def _moment(label: Any, hint: Any) -> Moment:
    required = InputRequired(_l("Write the day and the time."))
    return Moment(label, [required], description=hint)


def _day(label: Any, hint: Any = "") -> DateField:
    return DateField(label, [InputRequired(_l("Write the day."))], description=hint)


def _number(label: Any, least: int, most: int, hint: Any = "") -> IntegerField:
    words = _l("Write a number from %(least)s to %(most)s.", least=least, most=most)
    checks = [InputRequired(words), NumberRange(least, most, words)]
    return IntegerField(label, checks, description=hint, render_kw={"class": "short", "inputmode": "numeric"})


def _title(label: Any, *checks: Any) -> StringField:
    short = Length(max=_LONGEST_TITLE, message=_l("Write at most 200 characters."))
    return StringField(label, [*checks, short], filters=[stripped])


class SettingsForm(Form):
    award_year = _number(_l("Award year"), FIRST_YEAR, LAST_YEAR)
    title_en = _title(_l("Title of the award in English"), InputRequired(_l("Write the title in English.")))
    title_fr = _title(_l("Title of the award in French"), Optional())
    opens_at = _moment(_l("Nominations open (UTC)"), _l("From this moment missions can begin nominations."))
    closes_at = _moment(_l("Nominations close (UTC)"), _l("What is handed in before this moment counts."))
    screening_ends_at = _moment(_l("Screening ends (UTC)"), _l("Then the panel begins to score."))
    review_ends_at = _moment(_l("Scoring ends (UTC)"), _l("Then the result is computed."))
    service_from = _day(
        _l("Service window from"), _l("Her time in the mission must share at least one day with these dates.")
    )
    service_to = _day(_l("Service window to"))
    default_quota = _number(_l("Files a mission may hand in"), 1, LARGEST, _l("It can be changed for each mission."))
    quorum = _number(_l("Scores a file should have"), 1, LARGEST, _l("How many members should have scored it."))

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of `operations.create` and `edit`."""
        titles = {"en": self.title_en.data, "fr": self.title_fr.data}
        same = ("award_year", "service_from", "service_to", "default_quota", "quorum")
        return {
            "titles": {language: title for language, title in titles.items() if title},
            **{name: self[name].data for name in same},
            **{name: self[name].instant for name in _DATES},
        }


class CopyForm(SettingsForm):
    """The new year's settings, and the appointments of the older one that are made again. `people` gets its choices
    from the view."""

    people = SelectMultipleField(_l("Who serves again"), choices=[], validate_choice=True)


class LevelForm(PlainForm):  # type: ignore[misc]  # wtforms carries no types
    value = HiddenField()
    en = TextAreaField(filters=[without_nul], validators=[Length(max=_LONGEST_LEVEL)])
    fr = TextAreaField(filters=[without_nul], validators=[Length(max=_LONGEST_LEVEL)])


class CriterionForm(PlainForm):  # type: ignore[misc]  # wtforms carries no types
    code = HiddenField()
    title_en = _title(_l("Title in English"), InputRequired(_l("Write the title in English.")))
    title_fr = _title(_l("Title in French"), Optional())
    weight = _number(_l("Weight in per cent"), 0, 100)
    levels = FieldList(FormField(LevelForm), max_entries=5)


class CriteriaForm(Form):
    criteria = FieldList(FormField(CriterionForm), max_entries=12)

    def drafts(self, cycle: Cycle) -> list[CriterionDraft]:
        """What was typed, for the criteria the cycle has; kinds and codes are not typed."""
        typed = {entry.form.code.data: entry.form for entry in self.criteria.entries}
        return [_draft(c.code, c.kind, typed[c.code]) for c in cycle.criteria if c.code in typed]


def _draft(code: str, kind: CriterionKind, form: Any) -> CriterionDraft:
    levels = {
        row.form.value.data: {"en": (row.form.en.data or "").strip(), "fr": (row.form.fr.data or "").strip()}
        for row in form.levels.entries
    }
    titles = {"en": form.title_en.data, "fr": form.title_fr.data or ""}
    return CriterionDraft(code, kind, form.weight.data if kind is CriterionKind.SCALE else 0, titles, levels)


def criteria_form(cycle: Cycle) -> CriteriaForm:
    """Filled with what the cycle has."""
    rows = [
        {
            "code": c.code,
            "title_en": c.titles.get("en"),
            "title_fr": c.titles.get("fr"),
            "weight": c.weight,
            "levels": [{"value": str(v), **c.levels.get(str(v), {})} for v in c.values],
        }
        for c in cycle.criteria
    ]
    return CriteriaForm(data={"criteria": rows})


def missions_form(missions: Sequence[Mission], called: Mapping[int, CycleMission], quota: int, **kept: Any) -> Form:
    """A box and a quota for each mission; fields are named call_ACRONYM and quota_ACRONYM."""
    fields: dict[str, Any] = {}
    for mission in missions:
        own = called.get(mission.id)
        words = _l("%(mission)s: write a number from 1 to 99.", mission=i18n.mission_acronym(mission.acronym))
        fields[f"call_{mission.acronym}"] = BooleanField(mission.acronym, default=own is not None)
        fields[f"quota_{mission.acronym}"] = IntegerField(
            _l("Quota of %(mission)s", mission=i18n.mission_acronym(mission.acronym)),
            [InputRequired(words), NumberRange(1, LARGEST, words)],
            default=own.quota if own else quota,
        )
    made: Form = type("MissionsForm", (Form,), fields)(**kept)
    return made
