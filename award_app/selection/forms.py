"""The decision as a form: places chosen from the files that have scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from award_app.accounts.models import Person
from award_app.nominations.models import Nomination
from award_app.selection.operations import Choice
from award_app.web import i18n
from award_app.web.forms import Form, stripped

NO_AWARD = "no-award"
PROBLEMS = {
    "reasons": ("reasons", _l("Write the reasons for the decision.")),
    "runners_up": ("runner_up_1", _l("Name at most two runners-up.")),
    "twice": ("laureate", _l("Each nominee can have one place only. One is chosen twice.")),
    "no_award": ("laureate", _l("With “No award” nobody else can be named.")),
    "places": ("laureate", _l("Only files on the confirmed shortlist can be named. Please look at it again.")),
    "present": ("present", _l("Only members of the panel can be listed as present.")),
}


class DecisionForm(Form):
    laureate = SelectField(_l("Laureate"), validators=[InputRequired(_l("Choose the laureate, or “No award”."))])
    runner_up_1 = SelectField(_l("First runner-up"), validators=[Optional()])
    runner_up_2 = SelectField(_l("Second runner-up"), validators=[Optional()])
    reasons = TextAreaField(
        _l("Reasons"),
        description=_l("Why this decision, and how the two orders were weighed. The observer will read it."),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the reasons for the decision.")),
            Length(max=10_000, message=_l("Please keep the reasons under 10,000 characters.")),
        ],
    )
    present = SelectMultipleField(
        _l("Members present at the decision"),
        description=_l("They may read the result and the decision from then on. You are listed in any case."),
        validators=[Optional()],
    )

    def chosen(self, files: Sequence[Nomination], members: Sequence[Person]) -> Choice:
        by_ref = {file.ref: file for file in files}
        named = [by_ref[f.data] for f in (self.runner_up_1, self.runner_up_2) if f.data in by_ref]
        numbered = [(self[_reserve(file)].data, file) for file in files if self[_reserve(file)].data]
        return Choice(
            laureate=by_ref.get(self.laureate.data),
            runners_up=named,
            reserve=[file for _number, file in sorted(numbered, key=lambda pair: pair[0])],
            reasons=self.reasons.data,
            present=[person for person in members if person.ref in self.present.data],
        )

    def reserve_fields(self) -> list[Any]:
        return [field for field in self if field.name.startswith("reserve_")]

    def validate(self, extra_validators: Any = None) -> bool:
        """A number of the reserve stands once."""
        fine = bool(super().validate(extra_validators))
        seen: set[int] = set()
        for field in self.reserve_fields():
            if field.data and field.data in seen:
                field.errors = [*field.errors, _("Another nominee has this number already.")]
                fine = False
            seen.add(field.data)
        return fine


def decision_form(files: Sequence[Nomination], members: Sequence[Person]) -> DecisionForm:
    """One number field per file for the reserve; the choices are the files, best placed first, and the members."""
    numbers = {_reserve(file): _number(file) for file in files}
    form: DecisionForm = type("DecisionForm", (DecisionForm,), numbers)()
    named = [(file.ref, f"{file.nominee_name} ({i18n.mission_acronym(file.mission.acronym)})") for file in files]
    form.laureate.choices = [("", _("Choose")), (NO_AWARD, _("No award")), *named]
    form.runner_up_1.choices = form.runner_up_2.choices = [("", _("Nobody")), *named]
    form.present.choices = [(person.ref, person.name) for person in members]
    return form


def _reserve(file: Nomination) -> str:
    return f"reserve_{file.ref}"


def _number(file: Nomination) -> IntegerField:
    in_range = NumberRange(1, 99, _l("Give a whole number from 1 to 99, or leave it empty."))
    return IntegerField(
        f"{file.nominee_name} ({i18n.mission_acronym(file.mission.acronym)})", validators=[Optional(), in_range]
    )
