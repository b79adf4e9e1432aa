"""What the public may read about laureates: facts that ship with Laurel, and those whom Laurel's own cycles announced."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import exists, not_, select
from sqlalchemy.orm import joinedload, selectinload

from award_app import access, clock
from award_app.accounts.models import Person
from award_app.announcement.models import Announcement, Telling
from award_app.cycles.models import Cycle
from award_app.db import db
from award_app.domain.vocabulary import Action, Consent, NominationState, Outcome
from award_app.nominations.models import Nomination
from award_app.reference import laureates as facts
from award_app.selection.changes.queries import standing_places
from award_app.selection.models import Decision, OutcomeChange, Place


@dataclass(frozen=True)
class Portrait:
    """Bytes by their digest under FILES_DIR; size in pixels; whose picture it is; what it shows, per language."""

    digest: str
    width: int
    height: int
    credit: str
    alts: Mapping[str, str]

    @classmethod
    def read(cls, kept: Mapping[str, Any] | None) -> Portrait | None:
        return cls(**kept) if kept else None


@dataclass(frozen=True)
class PublicRunnerUp:
    name: str
    rank: str
    country: str
    mission: str
    country_code: str = ""
    mission_fr: str = ""


@dataclass(frozen=True)
class PublicLaureate:
    """One laureate as the public reads her; without a name: nobody received the award that year.

    `invented` is true for every demonstration cycle. `titles` of the award, `citations` and `stories` are texts per
    language. `country` is as printed or published; `country_code` (ISO alpha-2) names it in other languages.
    """

    year: int
    award_title: str
    name: str
    rank: str
    country: str
    mission: str
    mission_name: str
    mission_area: str
    source: Literal["source document", "public record", "announced here"]
    note: str = ""
    citation: str = ""
    invented: bool = False
    runners_up: tuple[PublicRunnerUp, ...] = ()
    duty: str = ""
    citations: Mapping[str, str] = field(default_factory=dict)
    stories: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    country_code: str = ""
    mission_fr: str = ""  # the acronym in French
    results: Mapping[str, str] = field(default_factory=dict)
    careers: Mapping[str, str] = field(default_factory=dict)
    video_url: str = ""
    portrait: Portrait | None = None
    released_at: datetime | None = None  # when it became public; None for the facts that ship with Laurel


@dataclass(frozen=True)
class GroupFigures:
    """A row of the table of figures: value of about 2018, latest value, targets. None where nothing is known."""

    group: str
    then: facts.Figure | None
    latest: facts.Figure | None
    goals: dict[str, float]


def released_laureates() -> list[PublicLaureate]:
    """Laureates of Laurel's own cycles whose announcement is released, newest first."""
    found = (
        select(Announcement)
        .join(Announcement.cycle)
        .where(access.released(clock.now()))
        .options(
            joinedload(Announcement.cycle),
            joinedload(Announcement.nomination).joinedload(Nomination.mission),
            selectinload(Announcement.approvals),
        )
        .order_by(Cycle.award_year.desc())
    )
    announcements = db.session.scalars(found).all()
    others = public_runners_up([one.cycle_id for one in announcements])
    return [as_public(one, others.get(one.cycle_id, ())) for one in announcements]


def public_runners_up(cycles: Collection[int]) -> dict[int, tuple[PublicRunnerUp, ...]]:
    """Per cycle, those who stand as runners-up, as the approvers read them, and who agreed to be named."""
    named: dict[int, tuple[PublicRunnerUp, ...]] = {}
    if not cycles:
        return named
    unread = _moved_since_written(cycles)
    for cycle_id, places in standing_places(cycles).items():
        stand = [place for place in places if place.outcome is Outcome.RUNNER_UP]
        agreed = [place.file for place in stand if place.file.consent is Consent.GIVEN and place.file.id not in unread]
        named[cycle_id] = tuple(_runner_up(file) for file in agreed)
    return named


def _moved_since_written(cycles: Collection[int]) -> frozenset[int]:
    """Files that were not runners-up when the announcement was written: a change of the outcome after it may have made
    them so, but nobody has approved their names yet."""
    changed = (
        select(OutcomeChange.id)
        .join(Announcement, Announcement.cycle_id == OutcomeChange.cycle_id)
        .where(Place.decision_id == Decision.id, OutcomeChange.cycle_id == Decision.cycle_id)
        .where(OutcomeChange.confirmed_at > Announcement.prepared_at)
    )
    found = select(Place.nomination_id).join(Decision).where(Decision.cycle_id.in_(cycles), exists(changed))
    return frozenset(db.session.scalars(found.where(Place.outcome != Outcome.RUNNER_UP)))


def _runner_up(file: Nomination) -> PublicRunnerUp:
    return PublicRunnerUp(
        file.nominee_name,
        file.nominee_rank,
        file.nominee_country,
        file.mission.acronym,
        file.nominee_country,
        file.mission.acronym_fr or "",
    )


def as_public(one: Announcement, runners_up: tuple[PublicRunnerUp, ...]) -> PublicLaureate:
    """What the public reads of it once it is released; until then a preview for those who may see it."""
    mission = one.nomination.mission if one.nomination else None
    return PublicLaureate(
        year=one.cycle.award_year,
        award_title=one.cycle.title("en"),
        name=one.name,
        rank=one.rank,
        country=one.country,
        mission=mission.acronym if mission else "",
        mission_name=mission.name if mission else "",
        mission_area=mission.area if mission else "",
        source="announced here",
        invented=one.cycle.demonstration,
        runners_up=runners_up,
        duty=one.duty,
        citations=one.citations,
        stories=one.stories,
        results=one.results or {},
        careers=one.careers or {},
        video_url=one.video_url or "",
        portrait=Portrait.read(one.portrait),
        titles=one.cycle.titles,
        country_code=one.nomination.nominee_country if one.nomination else "",
        mission_fr=(mission.acronym_fr or "") if mission else "",
        released_at=_since(one),
    )


def _since(one: Announcement) -> datetime:
    """The instant at which a released announcement became public: its own, or that of the second approval after it."""
    return max([one.release_at, *(approval.at for approval in one.approvals if approval.version == one.version)])


def outcomes(files: Iterable[Nomination], *, now: datetime, seen_by: Person | None = None) -> dict[int, str]:
    """What a mission may read as the outcome of its own files, by file id: laureate, runner_up or not_selected for
    accepted files of cycles whose announcement is released, where the reserve reads as not selected. Before that, told
    for the laureate's file, where `seen_by` is the authority who was told under embargo.
    """
    accepted = {file.id: file for file in files if file.state is NominationState.ACCEPTED}
    if not accepted:
        return {}
    cycles = {file.cycle_id for file in accepted.values()}
    public = select(Announcement.cycle_id).where(Announcement.cycle_id.in_(cycles), access.released(now))
    released = set(db.session.scalars(public))
    read = {file.id: "not_selected" for file in accepted.values() if file.cycle_id in released}
    for places in standing_places(released).values() if released else ():
        read |= {place.file.id: _HONOURED[place.outcome] for place in places if place.outcome in _HONOURED}
    closed = [file for file in accepted.values() if file.cycle_id not in released]
    return {key: word for key, word in read.items() if key in accepted} | _told(closed, seen_by, now)


def _told(files: Sequence[Nomination], seen_by: Person | None, now: datetime) -> dict[int, str]:
    """One question about all of them first: mostly nobody was told of any."""
    if seen_by is None or not files:
        return {}
    left = exists().where(OutcomeChange.nomination_id == Telling.nomination_id, OutcomeChange.confirmed_at.is_not(None))
    told = Telling.nomination_id.in_([file.id for file in files])
    known = set(db.session.scalars(select(Telling.nomination_id).where(told, not_(left))))
    mine = [file for file in files if file.id in known]
    return {file.id: "told" for file in mine if access.may(seen_by, Action.SEE_OUTCOME, file, now=now).allowed}


_HONOURED = {Outcome.LAUREATE: "laureate", Outcome.RUNNER_UP: "runner_up"}


def laureates() -> tuple[list[PublicLaureate], list[PublicLaureate]]:
    """All laureates newest first: those of the record, and apart from them the invented ones of a demonstration."""
    released = released_laureates()
    announced = [laureate for laureate in released if not laureate.invented]
    here = {laureate.year for laureate in announced}
    known = [laureate for laureate in known_laureates() if laureate.year not in here]
    record = sorted([*announced, *known], key=lambda laureate: -laureate.year)
    return record, [laureate for laureate in released if laureate.invented]


def laureates_of(year: int) -> list[PublicLaureate]:
    record, invented = laureates()
    return [laureate for laureate in (*record, *invented) if laureate.year == year]


@lru_cache(maxsize=1)
def known_laureates() -> tuple[PublicLaureate, ...]:
    """The facts that ship with Laurel, newest first."""
    return tuple(_known(laureate) for laureate in facts.laureates())


def _known(laureate: facts.Laureate) -> PublicLaureate:
    runners_up = tuple(
        PublicRunnerUp(
            other.name, other.rank, other.country, other.mission, other.country_code, _acronym_fr(other.mission)
        )
        for other in facts.runners_up()
        if other.year == laureate.year
    )
    return PublicLaureate(
        year=laureate.year,
        award_title=laureate.award_title,
        name=laureate.name,
        rank=laureate.rank,
        country=laureate.country,
        mission=laureate.mission,
        mission_name=facts.missions()[laureate.mission].name,
        mission_area=laureate.mission_area,
        source=laureate.source,
        note=laureate.note,
        runners_up=runners_up,
        titles={"en": laureate.award_title},
        country_code=laureate.country_code,
        mission_fr=_acronym_fr(laureate.mission),
    )


def _acronym_fr(mission: str) -> str:
    return facts.missions()[mission].acronym_fr


@lru_cache(maxsize=1)
def women_in_police() -> tuple[GroupFigures, ...]:
    """One row per group of police, in the order in which the groups first appear."""
    groups = dict.fromkeys(figure.group for figure in facts.figures())
    return tuple(_group(group) for group in groups)


def _group(group: str) -> GroupFigures:
    own = [figure for figure in facts.figures() if figure.group == group]
    values = [figure for figure in own if figure.measure == "value"]
    later = [figure for figure in values if figure.source == "public record"]
    return GroupFigures(
        group=group,
        then=next((figure for figure in values if figure.source == "source document"), None),
        latest=max(later, key=lambda figure: figure.date, default=None),
        goals={figure.date: figure.percent for figure in own if figure.measure == "target"},
    )
