"""Words for roles, seats and the reasons why an account or an appointment is refused."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from award_app.accounts.models import Appointment, Invitation
from award_app.accounts.passwords import LONGEST, SHORTEST
from award_app.accounts.problems import Problem
from award_app.domain.vocabulary import AppointmentRole, Seat
from award_app.web import i18n

P, R = Problem, AppointmentRole

ROLES: Final = {
    R.SECRETARIAT: _l("Secretariat"),
    R.OBSERVER: _l("Observer"),
    R.NOMINATOR: _l("Nominator"),
    R.AUTHORITY: _l("Nominating authority"),
    R.MEMBER: _l("Panel member"),
}
SEATS: Final = {Seat.MEMBER: _l("Panel member"), Seat.CHAIR: _l("Chair"), Seat.DEPUTY: _l("Deputy chair")}

# code → (the field it stands beside, where the form has it; the sentence)
PROBLEMS: Final = {
    P.PASSWORD_SHORT: ("password", _l("Choose a longer password: at least %(least)s characters.", least=SHORTEST)),
    P.PASSWORD_LONG: ("password", _l("Choose a shorter password: at most %(most)s characters.", most=LONGEST)),
    P.PASSWORD_COMMON: ("password", _l("Many people use this password. Choose another one.")),
    P.PASSWORD_YOURS: ("password", _l("Do not use your name or your address as your password.")),
    P.PASSWORD_WRONG: ("current", _l("This is not the password of your account.")),
    P.NAME_MISSING: ("name", _l("Write the name.")),
    P.EMAIL_INVALID: ("email", _l("Write an e-mail address, like name@example.org.")),
    P.EMAIL_TAKEN: ("email", _l("Another person has an account with this address.")),
    P.SCOPE: ("role", _l("This role does not go together with this award year or mission.")),
    P.MISSION_NOT_CALLED: ("mission", _l("This mission is not called in this award year. Add it to the year first.")),
    P.SECRETARIAT_AND_PANEL: (
        "role",
        _l("Nobody can be in the secretariat and on the panel. End the other appointment first."),
    ),
    P.SEAT_TAKEN: ("role", _l("This seat is taken. End the appointment of the person who holds it first.")),
    P.LAST_SECRETARIAT: (
        "",
        _l("This is the last person in the secretariat. Appoint another one first, or nobody could invite anybody."),
    ),
    P.NOT_ON_PANEL: ("chair", _l("This person is not on the panel. Choose a member.")),
    P.BOTH_SEATS: ("deputy", _l("Nobody is both chair and deputy chair. Choose another person.")),
    P.SENT_LATELY: (
        "",
        _l("A letter went to this address less than an hour ago. Wait a little before you send it again."),
    ),
    P.SAME_AUTHORITY: ("email", _l("This is the address of the person herself. Write the other person’s address.")),
    P.OWN_NAME: (
        "email",
        _l("This is your own name or address. Nobody invites herself; a namesake is invited by a colleague."),
    ),
    P.ONESELF: ("", _l("Nobody closes her own account. Ask another person in the secretariat.")),
    P.DEACTIVATED: ("", _l("This account is closed. Ask the secretariat to open it again.")),
    P.STINT_ORDER: ("stints", _l("A time in a mission ends before it begins. Check the dates.")),
    P.UNKNOWN_COUNTRY: ("nationality", _l("Choose a country from the list.")),
    P.CODE_WRONG: ("code", _l("This code is not right, or it was used before. Wait for the next one and type it.")),
    P.LAST_FACTOR: (
        "",
        _l("Your part in the award needs a second factor. Add another one first, then remove this one."),
    ),
    P.NO_FACTOR: (
        "",
        _l("This person has no second factor. If she needs one, she sets it up when she signs in the next time."),
    ),
    P.REASON_MISSING: ("reason", _l("Write in at most 500 characters how you know that it is she who asks.")),
}


def role(of: Appointment | Invitation) -> str:
    return str(SEATS[of.seat] if of.seat else ROLES[of.role])


def place(of: Appointment | Invitation) -> str:
    """`Panel member · 2026`, `Nominator · UNMISS · 2026`, `Secretariat`."""
    parts = [
        role(of),
        i18n.mission_acronym(of.mission.acronym) if of.mission else "",
        str(of.cycle.award_year) if of.cycle else "",
    ]
    return " · ".join(part for part in parts if part)
