"""The pages of the announcement before its release: what stands on them, whoever asks and whatever was refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from award_app import access, clock
from award_app.announcement import letters
from award_app.announcement import queries as public
from award_app.announcement.embargo import queries
from award_app.announcement.embargo.forms import ApprovalForm, TakeBackForm, TellForm
from award_app.announcement.models import Announcement
from award_app.cycles.models import Cycle
from award_app.domain.vocabulary import Action, Timing, Window
from award_app.nominations.models import Nomination
from award_app.notifications.rehearsal import Planned, rehearse
from award_app.selection.changes.queries import laureate_of, left_of
from award_app.web import i18n
from award_app.web.guard import viewer

_ACTS = (Action.PREPARE_ANNOUNCEMENT, Action.APPROVE_RELEASE, Action.TELL, Action.TAKE_BACK)
_CONSENT = {
    "": _l("Not recorded"),
    "given": _l("Given"),
    "not_told": _l("Not told yet"),
    "refused": _l("Refused"),
}


def show(cycle: Cycle, sent: Any = None, status: int = 200) -> tuple[str, int]:
    """For those who may see it. `sent` is the form that was refused, with what was typed; the others are fresh."""
    now = clock.now()
    here = access.standing(viewer(), cycle, Action.SEE_ANNOUNCEMENT, *_ACTS, now=now)
    here.require(Action.SEE_ANNOUNCEMENT)
    may = {action: here.may(action).allowed for action in _ACTS}
    laureate, announcement = laureate_of(cycle), queries.announcement_of(cycle)
    known: dict[str, Any] = {"cycle": cycle, "announcement": announcement, "laureate": laureate, "form": sent}
    known["may_edit"] = may[Action.PREPARE_ANNOUNCEMENT]
    if announcement is not None:
        known["released"] = here.situation.timing[Window.RELEASED] is Timing.OPEN
        known |= _standing(announcement, laureate, now) | _forms(announcement, sent)
        known |= _offers(announcement, known, may)
        known["planned"] = _planned(announcement, known)
    return render_template("announcement/show.html", **known), status


def _standing(announcement: Announcement, laureate: Nomination | None, now: datetime) -> dict[str, Any]:
    approvers = queries.approvers(announcement)
    consent = announcement.nomination.consent if announcement.nomination else None
    return {
        "approvers": approvers,
        "mine": viewer().id in {person.id for person, _at in approvers},
        "overtaken": not queries.follows_the_outcome(announcement, laureate),
        "consent": str(_CONSENT[consent or ""]) if announcement.nomination else "",
        "agreed": announcement.nomination is None or consent == "given",
        "left": format_timedelta(announcement.release_at - now) if announcement.release_at > now else "",
        "telling": queries.telling_of(announcement),
        "takings_back": queries.takings_back(announcement),
        "previews": previews(announcement),
    }


def _forms(announcement: Announcement, sent: Any) -> dict[str, Any]:
    kinds = {"approving": ApprovalForm, "telling_form": TellForm, "taking_back": TakeBackForm}
    forms: dict[str, Any] = {name: sent if isinstance(sent, kind) else None for name, kind in kinds.items()}
    forms["approving"] = forms["approving"] or ApprovalForm(formdata=None, name=announcement.name)
    forms["approving"].version.data = str(announcement.version)
    forms["telling_form"] = forms["telling_form"] or TellForm(formdata=None)
    forms["taking_back"] = forms["taking_back"] or TakeBackForm(formdata=None)
    return forms


def _offers(announcement: Announcement, known: dict[str, Any], may: dict[Action, bool]) -> dict[str, bool]:
    stands = announcement.taken_back_at is None and not known["overtaken"]
    waiting = len(known["approvers"]) < 2 and not known["mine"]
    untold = announcement.nomination is not None and known["telling"] is None
    return {
        "may_approve": may[Action.APPROVE_RELEASE] and stands and waiting,
        "may_tell": may[Action.TELL] and stands and untold,
        "may_take_back": may[Action.TAKE_BACK] and announcement.taken_back_at is None,
    }


def _planned(announcement: Announcement, known: dict[str, Any]) -> list[Planned]:
    """Whom the release would write to, said to the second person before she approves it."""
    if not known["may_approve"] or len(known["approvers"]) != 1:
        return []
    at = announcement.release_at
    return rehearse(lambda: letters.of_release(announcement, at))


def previews(announcement: Announcement) -> list[tuple[str, Markup]]:
    """What the public page will show, per language, in its own words."""
    others = public.public_runners_up([announcement.cycle_id]).get(announcement.cycle_id, ())
    one = public.as_public(announcement, others)
    picture = url_for("announcements.portrait", year=announcement.cycle.award_year)
    return [(code, _preview(one, code, picture)) for code in i18n.LANGUAGES]


def _preview(one: public.PublicLaureate, code: str, picture: str) -> Markup:
    with i18n.speaking(code):
        page = "public/_article.html"
        return Markup(render_template(page, one=one, lang=code, heading="h3", portrait_url=picture))  # noqa: S704 - our own template escaped it


def outcome(nomination: Nomination) -> str:
    """For the authority who was told: what it is, until when it may tell nobody, and what will be published."""
    announcement = queries.announcement_of(nomination.cycle)
    assert announcement is not None  # nobody is told without one
    return render_template(
        "announcement/outcome.html",
        nomination=nomination,
        announcement=announcement,
        released=queries.is_released(nomination.cycle, clock.now()),
        stands=nomination.id not in left_of([nomination.cycle_id]) and announcement.taken_back_at is None,
        one=public.as_public(announcement, ()),
    )


def task_sentence(announcement: Announcement | None, given: int) -> str:
    if announcement is None:
        return _("The decision has been recorded. Write what the public will read.")
    if announcement.taken_back_at is not None:
        return _("It was taken back. Write it anew to release it again.")
    if not queries.follows_the_outcome(announcement, laureate_of(announcement.cycle)):
        return _("The outcome has changed since it was written. Write it anew.")
    return _("%(given)s of 2 people have approved the release.", given=given)
