"""The announcement's texts, and the name that releases them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from award_app.announcement.models import Announcement
from award_app.announcement.operations import LANGUAGES
from award_app.web.forms import Form, stripped

PROBLEMS = {
    "name": ("name", _l("Write the name as it will be published.")),
    "rank": ("rank", _l("Write the rank as it will be published.")),
    "country": ("country", _l("Write the country as it will be published.")),
    "citation_en": ("citation_en", _l("Write the citation in English.")),
    "citation_fr": ("citation_fr", _l("Write the citation in French.")),
}
_LINE = [Optional(), Length(max=200, message=_l("Please keep this under 200 characters."))]
_TEXT = [Optional(), Length(max=20_000, message=_l("Please keep this under 20,000 characters."))]


def _line(label: Any, description: Any = "") -> StringField:
    return StringField(label, description=description, filters=[stripped], validators=_LINE)


def _text(label: Any, description: Any = "") -> TextAreaField:
    return TextAreaField(label, description=description, filters=[stripped], validators=_TEXT)


class NoAwardForm(Form):
    citation_en = _text(_l("What the public reads, in English"), _l("One or two sentences."))
    citation_fr = _text(_l("What the public reads, in French"), _l("The same in French."))
    story_en = _text(_l("More, in English"))
    story_fr = _text(_l("More, in French"))
    release_at = DateTimeLocalField(
        _l("Release, in UTC"),
        description=_l("From this instant on it is public, once two people have approved it."),
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[InputRequired(_l("Give the day and the time, in UTC."))],
    )

    def validate_release_at(self, field: Any) -> None:
        """A slip of the year; and instants at the ends of the calendar exist in some time zones only."""
        if field.data and not 2000 <= field.data.year <= 2100:
            raise ValidationError(_("Give a day between the years 2000 and 2100."))

    def texts(self) -> dict[str, Any]:
        """As `prepare` takes them."""
        person = {part: getattr(self, part).data or "" if hasattr(self, part) else "" for part in _PERSON}
        return {
            "citations": {language: self[f"citation_{language}"].data or "" for language in LANGUAGES},
            "stories": {language: self[f"story_{language}"].data or "" for language in LANGUAGES},
            "release_at": self.release_at.data.replace(tzinfo=UTC),
            **person,
        }


class LaureateForm(NoAwardForm):
    name = _line(_l("Name as it will be published"))
    rank = _line(_l("Rank as it will be published"))
    country = _line(_l("Country as it will be published"))
    duty = _line(_l("Duty"), _l("Her function and unit in the mission."))
    citation_en = _text(_l("Citation in English"), _l("Why she is honoured, in two or three sentences."))
    citation_fr = _text(_l("Citation in French"), _l("The same in French."))
    story_en = _text(
        _l("Her story in English"), _l("Name no survivor and nobody who could be found through this text.")
    )
    story_fr = _text(_l("Her story in French"))


class ApprovalForm(Form):
    typed = _line(_l("Type it to approve"))
    version = HiddenField()

    def read(self) -> int:
        """The version that was on the page; 0, which is none, where the field holds nonsense."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 9 else 0


_PERSON = ("name", "rank", "country", "duty")


def as_it_stands(announcement: Announcement) -> dict[str, Any]:
    """The form's data of an announcement that exists."""
    texts = {
        f"{kind}_{language}": getattr(announcement, plural).get(language, "")
        for kind, plural in (("citation", "citations"), ("story", "stories"))
        for language in LANGUAGES
    }
    person = {part: getattr(announcement, part) for part in _PERSON}
    return {**texts, **person, "release_at": at_utc(announcement.release_at)}


def at_utc(instant: datetime) -> datetime:
    """What the field shows: UTC without saying so."""
    return instant.astimezone(UTC).replace(tzinfo=None, second=0)
