"""The words of the form: what each answer is called, what to write, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from award_app.cycles.models import Cycle
from award_app.domain.completeness import Problem, ProblemCode
from award_app.domain.form import row_place
from award_app.domain.vocabulary import AttachmentKind, Consent, IneligibleReason, NominationState
from award_app.nominations.content import FileProblem
from award_app.web import i18n

STEPS: Final[Mapping[str, LazyString]] = {
    "nominee": _l("The nominee"),
    "service": _l("Her service"),
    "contact": _l("How to reach her"),
    "case": _l("What she achieved"),
    "criteria": _l("The criteria"),
    "files": _l("Letters, CV and photo"),
    "statements": _l("Statements"),
}

STEP_NOTES: Final[Mapping[str, LazyString]] = {
    "nominee": _l("Who she is, as her own papers say it."),
    "service": _l("Where she serves, since when, and what she did before."),
    "contact": _l("Only your mission and the secretariat read this page. The panel never sees it."),
    "case": _l(
        "What was the situation, what did she do, and what changed? Facts and numbers convince more than praise."
    ),
    "criteria": _l("The panel scores each criterion by itself. Write to each one what she did for it."),
    "files": _l("PDF for letters and CV, JPEG or PNG for the photo."),
    "statements": _l("Three last questions, for you to answer in person."),
}

# A key, or group and part of a row → label and hint.
_FIELDS: Final[Mapping[str, tuple[LazyString, LazyString | str]]] = {
    "family_name": (_l("Family name"), _l("As in her passport.")),
    "given_names": (_l("Given names"), _l("As in her passport.")),
    "publish_name": (
        _l("Name as it should be published"),
        _l("In the order and spelling that she uses herself, for example: Nadia Okoro."),
    ),
    "rank_original": (
        _l("Rank in her own language"),
        _l("As it is written at home, for example: Commissaire de police."),
    ),
    "rank_english": (_l("Rank in English"), _l("For example: Inspector.")),
    "country": (_l("Contributing country"), _l("The country whose police she belongs to.")),
    "home_service": (_l("Home police service"), _l("For example: National Police of Senegal.")),
    "kind": (_l("She serves as"), ""),
    "un_function": (_l("Function in the mission"), _l("For example: team leader, gender adviser, investigator.")),
    "unit": (_l("Unit"), _l("For example: community policing unit, Sector East.")),
    "duty_place": (_l("Place of duty"), _l("The team site or sector where she works most of the time.")),
    "mission_start": (_l("First day in this mission"), ""),
    "tour_end": (_l("Expected end of her tour"), _l("With every extension that is already agreed.")),
    "years_of_service": (_l("Years of police service"), _l("At home and in missions together. A whole number.")),
    "career": (
        _l("Her career in short"),
        _l("Two or three sentences: where she began, what she led, what she is known for at home."),
    ),
    "earlier.mission": (_l("Mission"), _l("For example: UNMISS.")),
    "earlier.from": (_l("From"), ""),
    "earlier.to": (_l("To"), ""),
    "earlier.role": (_l("Her role there"), ""),
    "supervisors.name": (_l("Name"), ""),
    "supervisors.email": (_l("E-mail address"), _l("Helps to recognise the person. The panel does not see it.")),
    "supervisors.level": (_l("This person was"), ""),
    "supervisors.from": (_l("From"), ""),
    "supervisors.to": (_l("To"), _l("Leave empty if this is so today.")),
    "contact_email": (_l("E-mail address"), _l("One that she reads herself.")),
    "contact_phone": (_l("Telephone"), _l("With the country code, for example: +221 33 000 0000.")),
    "working_language": (_l("Language she works in"), ""),
    "reason": (
        _l("Why she deserves the award, in one line"),
        _l("For example: She opened the first desk where women report violence, and it is still open."),
    ),
    "achievements.before": (
        _l("The situation before"),
        _l("What was missing or wrong when she came? With a number if there is one."),
    ),
    "achievements.action": (_l("What she did"), _l("She herself: what she began, led, built or changed.")),
    "achievements.result": (_l("The result"), _l("What is different today, and for whom?")),
    "achievements.dates": (_l("When"), _l("For example: March to December 2025.")),
    "achievements.place": (_l("Where"), _l("For example: two police stations in the northern sector.")),
    "achievements.number": (_l("The number that shows it best"), _l("For example: 148. Only if there is one.")),
    "achievements.number_unit": (_l("What the number counts"), _l("For example: reports in nine months.")),
    "achievements.source": (_l("Where the number comes from"), _l("For example: the register of the desk.")),
    "citation": (
        _l("Draft of the citation"),
        _l(
            "The text that the public would read if she receives the award. No names of victims, no secrets of operations."
        ),
    ),
    "photo_credit": (_l("Credit of the photo"), _l("Who took it, for example: Police component, UNMISS.")),
    "true_and_complete": (
        _l("What I have written is true and complete as far as I know, and it names no survivor."),
        _l("The nominator states this."),
    ),
    "identifies_survivor": (
        _l("Does this text identify a survivor, a child or an informant?"),
        _l(
            "A name is not needed for that: a place, a date and an age can be enough. If you are not sure, answer yes. "
            "The secretariat then helps you with the wording before anybody of the panel reads it."
        ),
    ),
    "consent": (
        _l("Does the nominee agree that her name and her work may be published?"),
        _l("She can be told later. Nothing is published without her agreement."),
    ),
}

CONSENT: Final[Mapping[str, LazyString]] = {
    Consent.GIVEN: _l("Yes, she agrees"),
    Consent.NOT_TOLD: _l("She has not been told yet"),
    Consent.REFUSED: _l("No, she does not agree"),
}

_CHOICES: Final[Mapping[str, Mapping[str, LazyString]]] = {
    "kind": {
        "IPO": _l("Individual police officer (IPO)"),
        "FPU": _l("Member of a formed police unit (FPU)"),
        "SPT": _l("Member of a specialised police team (SPT)"),
        "contracted": _l("Seconded on a contracted post"),
    },
    "level": {"direct": _l("her direct supervisor"), "second": _l("her second-level supervisor")},
    "working_language": {
        "ar": _l("Arabic"),
        "zh": _l("Chinese"),
        "en": _l("English"),
        "fr": _l("French"),
        "ru": _l("Russian"),
        "es": _l("Spanish"),
    },
    "identifies_survivor": {"yes": _l("Yes, or I am not sure"), "no": _l("No")},
    "true_and_complete": {"yes": _l("Yes")},
    "consent": CONSENT,
}

GROUPS: Final[Mapping[str, LazyString]] = {
    "earlier": _l("Earlier UN missions"),
    "supervisors": _l("Her supervisors in the last three years"),
    "achievements": _l("Achievements"),
}
GROUP_NOTES: Final[Mapping[str, LazyString]] = {
    "earlier": _l("Up to ten, the newest first. Leave this out if there were none."),
    "supervisors": _l("Up to four. A member of the panel who supervised her does not score her file."),
    "achievements": _l("One to five, the strongest first. To take one away, empty its fields and save."),
}
ADD_ROW: Final[Mapping[str, LazyString]] = {
    "earlier": _l("Add an earlier mission"),
    "supervisors": _l("Add a supervisor"),
    "achievements": _l("Add another achievement"),
}

FILES: Final[Mapping[str, tuple[LazyString, LazyString]]] = {
    AttachmentKind.ENDORSEMENT_LETTER: (
        _l("Endorsement letter"),
        _l("Signed by the head of your police component or her or his delegate."),
    ),
    AttachmentKind.CV: (_l("CV"), _l("Two pages are enough.")),
    AttachmentKind.SUPPORTING_LETTER: (
        _l("Supporting letters"),
        _l("None, one or two, by people outside her chain of command. Give the name and address of each author."),
    ),
    AttachmentKind.PHOTO: (
        _l("Photo in uniform"),
        _l("Needed only if she reaches the final round. Those who score never see it."),
    ),
}

ATTESTATIONS: Final[Mapping[str, LazyString]] = {
    "in_active_service": _l("She is in active police service in this mission."),
    "no_serious_sanction": _l("She has received no serious disciplinary or criminal sanction."),
    "none_pending": _l("No such case is pending against her that I know of."),
}

INELIGIBLE: Final[Mapping[IneligibleReason, LazyString]] = {
    IneligibleReason.NOT_SERVING: _l("She does not serve in a UN peace operation now"),
    IneligibleReason.OUTSIDE_WINDOW: _l("Her time in the mission lies outside the dates of this award year"),
    IneligibleReason.NOT_POLICE: _l("She is not a police officer"),
    IneligibleReason.NOT_A_WOMAN: _l("The award is for women police officers"),
    IneligibleReason.SANCTION: _l("A serious sanction stands against her"),
}

_SHORT: Final[Mapping[str, LazyString]] = {
    "true_and_complete": _l("The nominator’s statement"),
    "identifies_survivor": _l("The question about survivors"),
    "consent": _l("The nominee’s agreement"),
}

# One line on each page of a file, for its mission.
STATES: Final[Mapping[NominationState, LazyString]] = {
    NominationState.DRAFT: _l("This is a draft. Only your mission can read it."),
    NominationState.ENDORSED: _l("The file is endorsed, and not handed in yet. A change takes the endorsement away."),
    NominationState.SUBMITTED: _l("The file is handed in. The secretariat is checking it."),
    NominationState.RETURNED: _l("The secretariat has returned the file for changes."),
    NominationState.ACCEPTED: _l("The file is with the panel."),
    NominationState.INELIGIBLE: _l("The secretariat has ruled that the file cannot take part."),
    NominationState.WITHDRAWN: _l("Your mission has withdrawn this file."),
}

# From the release on, for an accepted file.
OUTCOMES: Final[Mapping[str, LazyString]] = {
    "laureate": _l("Your nominee is the laureate of this award year. Congratulations."),
    "runner_up": _l("Your nominee is a runner-up of this award year. Congratulations."),
    "not_selected": _l("The award has been announced. Your nominee was not selected."),
    "told": _l("There is news about this file that is meant for you alone, under embargo."),
}


def label(key: str, cycle: Cycle, locale: str) -> str:
    """What this answer is called. A criterion carries its own title; an unknown key is a mistake here: KeyError."""
    if key.startswith("answer."):
        code = key.removeprefix("answer.")
        return next(c.title(locale) for c in cycle.criteria if c.code == code)
    return _called(key, i18n.language())


@lru_cache(maxsize=4096)  # a page of a file asks for forty
def _called(key: str, _language: str) -> str:
    if key in GROUPS:
        return str(GROUPS[key])
    if key in ATTESTATIONS:
        return str(ATTESTATIONS[key])
    if key in ("endorsement_letter", "cv", "photo"):
        return str(FILES[AttachmentKind(key)][0])
    if key == "letters":
        return str(FILES[AttachmentKind.SUPPORTING_LETTER][0])
    return str(_FIELDS[_part(key)][0])


def short_label(key: str, cycle: Cycle, locale: str) -> str:
    """For lists, where a whole sentence would be too much."""
    return str(_SHORT[key]) if key in _SHORT else label(key, cycle, locale)


def hint(key: str) -> str:
    if key.startswith("answer."):
        return _("What she did for this, with one or two facts.")
    return str(_FIELDS[_part(key)][1])


def choice(key: str, value: str) -> str:
    """A choice in words; what is none stays as it was typed."""
    return str(_CHOICES.get(key.rsplit(".", 1)[-1], {}).get(value, value))


def row_title(group: str, number: int) -> str:
    """The heading of a row; `number` counts from 0."""
    return str(_ROWS[group]) % {"n": number + 1}


_ROWS: Final[Mapping[str, LazyString]] = {
    "earlier": _l("Earlier mission %(n)s"),
    "supervisors": _l("Supervisor %(n)s"),
    "achievements": _l("Achievement %(n)s"),
}


def _part(key: str) -> str:
    place = row_place(key)
    return f"{place[0]}.{key.rsplit('.', 1)[-1]}" if place else key


def problem(found: Problem) -> str:
    """What is wrong, to stand beside the field."""
    limit = found.limit
    match found.code:
        case ProblemCode.MISSING:
            return _("Please answer this.")
        case ProblemCode.TOO_LONG:
            return _("This is longer than %(limit)s words. Please shorten it.", limit=limit)
        case ProblemCode.TOO_MANY_CHARS:
            return _("This is longer than %(limit)s characters. Please shorten it.", limit=limit)
        case ProblemCode.NOT_A_DATE:
            return _("Write a date as year-month-day, for example 2026-05-31.")
        case ProblemCode.NOT_A_NUMBER if limit is not None:
            return _("Write a whole number from 0 to %(limit)s.", limit=limit)
        case ProblemCode.NOT_A_NUMBER:
            return _("Write a telephone number with at least five digits.")
        case ProblemCode.NOT_AN_EMAIL:
            return _("Write an e-mail address, for example name@example.org.")
        case ProblemCode.NOT_A_CHOICE:
            return _("Choose one of the answers.")
        case ProblemCode.NOT_TICKED:
            return _("Please tick this if it is so. Without it the file cannot go on.")
        case ProblemCode.ENDS_BEFORE_START:
            return _("The end lies before the beginning.")
        case ProblemCode.OUTSIDE_SERVICE_WINDOW:
            return _("Her time in the mission must share at least one day with the dates of this award year.")
        case ProblemCode.NEEDS_UNIT:
            return _("Say what the number counts.")
        case ProblemCode.NEEDS_SOURCE:
            return _("Say where the number comes from.")
        case ProblemCode.TOO_MANY_ROWS:
            return _("At most %(limit)s are possible here.", limit=limit)
        case ProblemCode.MISSING_FILE:
            return _("Please attach this file.")
        case ProblemCode.NEEDS_CREDIT:
            return _("Say who took the photo.")
        case ProblemCode.TOO_MANY_LETTERS:
            return _("At most %(limit)s supporting letters are possible.", limit=limit)


def file_problem(found: object, megabytes: int) -> str:
    """Why a file was not taken."""
    return {
        FileProblem.EMPTY: _("Choose a file first. The file you sent is empty."),
        FileProblem.TOO_LARGE: _("The file is larger than %(size)s MB. Please send a smaller one.", size=megabytes),
        FileProblem.NOT_A_PDF: _("This is not a PDF that can be read. Save the document as PDF again and send that."),
        FileProblem.ENCRYPTED: _("This PDF is locked with a password. Please send it without one."),
        FileProblem.ACTIVE: _(
            "This PDF holds more than pages: a program, a form or another file. Print it to PDF and send that."
        ),
        FileProblem.TOO_MANY_PAGES: _("This PDF has too many pages. Please send a shorter one."),
        FileProblem.NOT_A_PICTURE: _("This is not a JPEG or PNG picture that can be read."),
        FileProblem.TOO_MANY_PIXELS: _("This picture has more than 25 million pixels. Please send a smaller one."),
        FileProblem.TOO_MANY_LETTERS: _("Two supporting letters are the most. Remove one first."),
        FileProblem.NEEDS_AUTHOR: _("Write who wrote this letter."),
        FileProblem.NOT_AN_EMAIL: _("Write the e-mail address of the author, for example name@example.org."),
    }[FileProblem(str(found))]
