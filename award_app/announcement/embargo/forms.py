"""The announcement's texts, the name that releases them, telling the mission, and taking it back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from award_app.announcement.models import Announcement
from award_app.announcement.operations import LANGUAGES, Shown
from award_app.web.forms import Form, stripped

PROBLEMS = {
    "name": ("name", _l("Write the name as it will be published.")),
    "rank": ("rank", _l("Write the rank as it will be published.")),
    "country": ("country", _l("Write the country as it will be published.")),
    "citation_en": ("citation_en", _l("Write the citation in English.")),
    "citation_fr": ("citation_fr", _l("Write the citation in French.")),
    "video_url": ("video_url", _l("Give a web address that begins with https://.")),
    "portrait": ("with_portrait", _l("There is no photo in her file any more.")),
    "credit": ("credit", _l("Say who took the photo, or who holds the rights.")),
    "alt_en": ("alt_en", _l("Describe the portrait in English.")),
    "alt_fr": ("alt_fr", _l("Describe the portrait in French.")),
}
_LINE = [Optional(), Length(max=200, message=_l("Please keep this under 200 characters."))]
_TEXT = [Optional(), Length(max=20_000, message=_l("Please keep this under 20,000 characters."))]
_ADDRESS = [Optional(), Length(max=500, message=_l("Please keep this under 500 characters."))]


def _line(label: Any, description: Any = "", language: str = "") -> StringField:
    kw = {"lang": language} if language else {}
    return StringField(label, description=description, filters=[stripped], validators=_LINE, render_kw=kw)


def _text(label: Any, description: Any = "", language: str = "") -> TextAreaField:
    kw = {"lang": language} if language else {}
    return TextAreaField(label, description=description, filters=[stripped], validators=_TEXT, render_kw=kw)


class NoAwardForm(Form):
    citation_en = _text(_l("What the public reads, in English"), _l("One or two sentences."), "en")
    citation_fr = _text(_l("What the public reads, in French"), _l("The same in French."), "fr")
    story_en = _text(_l("More, in English"), language="en")
    story_fr = _text(_l("More, in French"), language="fr")
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
        person = {part: self._said(part) for part in _PERSON}
        of_languages = {
            plural: {language: self._said(f"{kind}_{language}") for language in LANGUAGES}
            for kind, plural in _KINDS.items()
        }
        return {
            **of_languages,
            **person,
            "release_at": self.release_at.data.replace(tzinfo=UTC),
            "video_url": self._said("video_url"),
            "shown": self._shown(),
        }

    def _said(self, field: str) -> str:
        return (self[field].data or "") if field in self else ""

    def _shown(self) -> Shown | None:
        if "with_portrait" not in self or not self["with_portrait"].data:
            return None
        return Shown(self._said("credit"), {language: self._said(f"alt_{language}") for language in LANGUAGES})


class LaureateForm(NoAwardForm):
    name = _line(_l("Name as it will be published"))
    rank = _line(_l("Rank as it will be published"))
    country = _line(_l("Country as it will be published"))
    duty = _line(_l("Duty"), _l("Her function and unit in the mission."))
    citation_en = _text(_l("Citation in English"), _l("Why she is honoured, in two or three sentences."), "en")
    citation_fr = _text(_l("Citation in French"), _l("The same in French."), "fr")
    story_en = _text(
        _l("Her story in English"), _l("Name no survivor and nobody who could be found through this text."), "en"
    )
    story_fr = _text(_l("Her story in French"), _l("The same in French."), "fr")
    result_en = _text(_l("Measurable results in English"), _l("What she changed, in numbers: one result a line."), "en")
    result_fr = _text(_l("Measurable results in French"), _l("The same in French."), "fr")
    career_en = _text(_l("Her career in English"), _l("In short."), "en")
    career_fr = _text(_l("Her career in French"), _l("The same in French."), "fr")
    video_url = StringField(
        _l("Address of a video about her"),
        description=_l("It begins with https://. The page shows a link and names the site; nothing is embedded."),
        filters=[stripped],
        validators=_ADDRESS,
    )


class PortraitForm(LaureateForm):
    """For a file with a photo."""

    with_portrait = BooleanField(
        _l("Show the photo of her file as her portrait"),
        description=_l("It is drawn anew, small and without hidden data, and is public from the release on."),
    )
    credit = _line(_l("Credit of the photo"), _l("Who took it, or who holds the rights."))
    alt_en = _line(_l("What the portrait shows, in English"), _l("For readers who do not see it."), "en")
    alt_fr = _line(_l("What the portrait shows, in French"), _l("The same in French."), "fr")


class ApprovalForm(Form):
    typed = StringField(
        "", filters=[stripped], validators=[Length(max=200, message=_l("Please keep this under 200 characters."))]
    )
    version = HiddenField()

    def __init__(self, *args: Any, name: str = "", **more: Any) -> None:
        """`name` is what is to be typed; without it the award year is."""
        super().__init__(*args, **more)
        self._empty = _("Type the laureate’s name.") if name else _("Type the award year.")
        self.typed.label.text = _("The laureate’s name") if name else _("The award year")

    def validate_typed(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(self._empty)

    def read(self) -> int:
        """The version that was on the page; 0, which is none, where the field holds nonsense."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 9 else 0


class TellForm(Form):
    sure = BooleanField(
        _l("I have checked that she is the laureate of the recorded decision."),
        validators=[InputRequired(_l("Check it first, then tick the box."))],
    )


class TakeBackForm(Form):
    reason = TextAreaField(
        _l("Why it is taken back"),
        description=_l("The secretariat reads this. It is not published."),
        filters=[stripped],
        validators=[
            InputRequired(_l("Say why it is taken back.")),
            Length(max=2000, message=_l("Please keep this under 2,000 characters.")),
        ],
    )


_PERSON = ("name", "rank", "country", "duty")
_KINDS = {"citation": "citations", "story": "stories", "result": "results", "career": "careers"}


def as_it_stands(announcement: Announcement) -> dict[str, Any]:
    """The form's data of an announcement that exists."""
    texts = {
        f"{kind}_{language}": (getattr(announcement, plural) or {}).get(language, "")
        for kind, plural in _KINDS.items()
        for language in LANGUAGES
    }
    portrait = announcement.portrait or {}
    alts = {f"alt_{language}": portrait.get("alts", {}).get(language, "") for language in LANGUAGES}
    return {
        **texts,
        **alts,
        **{part: getattr(announcement, part) for part in _PERSON},
        "video_url": announcement.video_url or "",
        "with_portrait": bool(portrait),
        "credit": portrait.get("credit", ""),
        "release_at": at_utc(announcement.release_at),
    }


def at_utc(instant: datetime) -> datetime:
    """What the field shows: UTC without saying so."""
    return instant.astimezone(UTC).replace(tzinfo=None, second=0)
