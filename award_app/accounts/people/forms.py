"""Inviting and appointing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from award_app.accounts.appointing import SCOPE
from award_app.cycles.models import Cycle, Mission
from award_app.domain.vocabulary import AppointmentRole, Seat
from award_app.web import i18n
from award_app.web.forms import Form, stripped

R = AppointmentRole
# What the secretariat chooses from: a seat of the panel counts as a role of its own.
OFFERED: Final = {
    "nominator": (R.NOMINATOR, None, _l("Nominator: writes for a mission")),
    "authority": (R.AUTHORITY, None, _l("Nominating authority: endorses and hands in for a mission")),
    "member": (R.MEMBER, Seat.MEMBER, _l("Panel member: reads and scores in one award year")),
    "chair": (R.MEMBER, Seat.CHAIR, _l("Chair of the panel: scores, and signs the decision")),
    "deputy": (R.MEMBER, Seat.DEPUTY, _l("Deputy chair: acts where the chair may not")),
    "observer": (R.OBSERVER, None, _l("Observer: reads the ledger, and the result after the decision")),
    "secretariat": (R.SECRETARIAT, None, _l("Secretariat: prepares, screens and publishes; never scores")),
}


class AppointForm(Form):
    role = RadioField(_l("Role"), [DataRequired(_l("Choose a role."))])
    cycle = SelectField(
        _l("Award year"),
        [Optional()],
        description=_l("For every role but observer and secretariat."),
        validate_choice=True,
    )
    mission = SelectField(
        _l("Mission"), [Optional()], description=_l("For nominators and nominating authorities."), validate_choice=True
    )

    def offer(self, cycles: Sequence[Cycle], missions: Sequence[Mission]) -> None:
        self._cycles = {str(cycle.award_year): cycle for cycle in cycles}
        self._missions = {mission.acronym: mission for mission in missions}
        self.role.choices = [SelectChoice(code, label) for code, (_role, _seat, label) in OFFERED.items()]
        self.cycle.choices = [SelectChoice("", _l("None")), *(SelectChoice(year, year) for year in self._cycles)]
        named = (
            SelectChoice(m.acronym, f"{i18n.mission_acronym(m.acronym)} · {m.area_in(i18n.language())}")
            for m in missions
        )
        self.mission.choices = [SelectChoice("", _l("None")), *named]

    def validate(self, extra_validators: object = None) -> bool:
        fine = bool(super().validate(extra_validators))
        if self.role.data not in OFFERED:
            return False
        wants_cycle, wants_mission = SCOPE[OFFERED[self.role.data][0]]
        if wants_cycle and not self.cycle.data:
            self.cycle.errors = [*self.cycle.errors, _l("This role is held for one award year. Choose it.")]
        if wants_mission and not self.mission.data:
            self.mission.errors = [*self.mission.errors, _l("This role is held for a mission. Choose it.")]
        return fine and not self.cycle.errors and not self.mission.errors

    @property
    def place(self) -> tuple[AppointmentRole, Cycle | None, Mission | None, Seat | None]:
        """What was chosen; a year or mission that the role does not want is left aside."""
        role, seat, _label = OFFERED[self.role.data]
        wants_cycle, wants_mission = SCOPE[role]
        cycle = self._cycles.get(self.cycle.data) if wants_cycle else None
        return role, cycle, self._missions.get(self.mission.data) if wants_mission else None, seat


class InviteForm(AppointForm):
    email = StringField(
        _l("E-mail address"),
        [DataRequired(_l("Write the e-mail address.")), Length(max=254, message=_l("This address is too long."))],
        filters=[stripped],
        render_kw={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"},
    )
    name = StringField(
        _l("Name"),
        [DataRequired(_l("Write the name.")), Length(max=120, message=_l("Write at most 120 characters."))],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    locale = SelectField(_l("Language of the letter"), validate_choice=True, default="en")

    def offer(self, cycles: Sequence[Cycle], missions: Sequence[Mission]) -> None:
        super().offer(cycles, missions)
        self.locale.choices = [SelectChoice(code, label) for code, label in i18n.LANGUAGES.items()]
