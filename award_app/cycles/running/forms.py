"""What is done in an opened year: dates moved, time given, drafts handed over."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from award_app.cycles.handing_over import Desk
from award_app.cycles.models import Cycle
from award_app.cycles.moving import REASON_CHARS
from award_app.web import i18n
from award_app.web.forms import Form, Moment, stripped

NAMES = {
    "opens_at": _l("Nominations open (UTC)"),
    "closes_at": _l("Nominations close (UTC)"),
    "screening_ends_at": _l("Screening ends and scoring begins (UTC)"),
    "review_ends_at": _l("Scoring ends (UTC)"),
}


def _reason() -> TextAreaField:
    return TextAreaField(
        _l("Reason"),
        [
            InputRequired(_l("Write the reason.")),
            Length(max=REASON_CHARS, message=_l("Write at most 500 characters.")),
        ],
        description=_l("It stands in the letters, word for word."),
        filters=[stripped],
    )


class DatesForm(Form):
    opens_at = Moment(NAMES["opens_at"], [InputRequired(_l("Write the day and the time."))])
    closes_at = Moment(NAMES["closes_at"], [InputRequired(_l("Write the day and the time."))])
    screening_ends_at = Moment(NAMES["screening_ends_at"], [InputRequired(_l("Write the day and the time."))])
    review_ends_at = Moment(NAMES["review_ends_at"], [InputRequired(_l("Write the day and the time."))])
    reason = _reason()
    less_time = BooleanField(
        _l("I know that somebody will have less time than was said."),
        description=_l("Needed only where a date moves to an earlier day or hour."),
    )


def dates_form(cycle: Cycle, movable: tuple[str, ...], **kept: Any) -> DatesForm:
    """With those dates only that may still be moved."""
    form = DatesForm(obj=cycle, **kept)
    for name in NAMES:
        if name not in movable:
            del form[name]
    return form


class ExtendForm(Form):
    mission = SelectField(_l("Mission"), [InputRequired(_l("Choose a mission."))], validate_choice=True)
    until = Moment(
        _l("New last moment (UTC)"),
        [InputRequired(_l("Write the day and the time."))],
        description=_l("For this mission only: until then it may begin, write, endorse and hand in."),
    )
    reason = _reason()

    def offer(self, cycle: Cycle) -> None:
        called = sorted(cycle.missions, key=lambda one: one.mission.acronym)
        named = (
            SelectChoice(
                c.mission.acronym, f"{i18n.mission_acronym(c.mission.acronym)} · {c.mission.area_in(i18n.language())}"
            )
            for c in called
        )
        self.mission.choices = [SelectChoice("", _l("Choose")), *named]


class HandOverForm(Form):
    """One for each desk: who gives, for which mission, and who takes."""

    mission = HiddenField()
    giver = HiddenField()
    taker = SelectField(_l("Hand them to"), validate_choice=True)

    def offer(self, desk: Desk) -> None:
        self.mission.data, self.giver.data = desk.mission.acronym, desk.nominator.ref
        self.taker.choices = [SelectChoice(person.ref, person.name) for person in desk.takers]
