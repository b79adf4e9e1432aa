"""T2-E: two worlds that differ in the laureate. Until the release nobody who is not cleared can tell them apart; from its
instant everybody can; and taken back, the pages are what they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from award_app import chance
from award_app.accounts.models import Person
from award_app.announcement import operations as announcing
from award_app.announcement.embargo import operations as embargo
from award_app.announcement.embargo import queries
from award_app.announcement.models import Announcement
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from tests.conftest import START
from tests.integrity.stage import ANONYMOUS
from tests.integrity.twins import addresses, crawl
from tests.integrity.twins.answers import difference
from tests.integrity.twins.crawl import Found
from tests.integrity.twins.secrets import NAMED
from tests.integrity.twins.stage import EVERYBODY, Twins

SECRET = NAMED["winner, told"]
RELEASE = START + timedelta(days=2)
WITHIN = timedelta(seconds=2)
NOT_CLEARED = tuple(actor for actor in EVERYBODY if actor not in SECRET.cleared)
PUBLIC = tuple(
    f"/{language}/{page}" for language in ("en", "fr") for page in ("", "laureates", "laureates/2037", "feed.xml")
)
SEARCHES = tuple(
    f"/en/laureates?{part}" for part in ("name=Awa", "name=Bintu", "year=2037", "country=KE", "mission=HERE")
)
MOMENTS = {
    "now": START,
    "a minute before": RELEASE - timedelta(minutes=1),
    "a second before": RELEASE - timedelta(seconds=1),
    "released": RELEASE + WITHIN,
    "taken back": RELEASE + timedelta(minutes=5) + WITHIN,
}
SECRET_AT = ("now", "a minute before", "a second before", "taken back")
BEHIND_THE_DOOR = ("a second before", "taken back")  # T2 walks there "now"; in between nothing is kept for one person


@dataclass
class Course:
    """What everybody met in one world: moment → actor → what was found."""

    found: dict[str, dict[str, Found]] = field(default_factory=dict)

    def public(self, moment: str) -> Found:
        return {one: answer for one, answer in self.found[moment][ANONYMOUS].items() if one in (*PUBLIC, *SEARCHES)}


@dataclass
class Report:
    compared: int = 0
    changed: int = 0  # public answers that the release changed
    deviations: list[str] = field(default_factory=list)


def run(twins: Twins, actors: Sequence[str] = NOT_CLEARED) -> Report:
    """With pages kept in memory, as a server keeps them: each is asked for before the release too, so it is kept."""
    known: list[str] = []
    for secret in ("", SECRET.name):
        if not twins.has(secret):
            twins.build(secret)
        twins.show(secret)
        known = list(dict.fromkeys([*known, *_known(twins)]))
    a, b = (_walk(twins, secret, actors, known) for secret in ("", SECRET.name))
    report = Report()
    for moment in SECRET_AT:
        for actor in _there(moment, actors):
            _equal(report, f"{moment}: {actor}", a.found[moment][actor], b.found[moment][actor])
    _released(report, a, b)
    for course in (a, b):
        _equal(report, "taken back restores", course.public("a second before"), course.public("taken back"))
    return report


def _walk(twins: Twins, secret: str, actors: Sequence[str], known: Sequence[str]) -> Course:
    twins.show(secret)
    course = Course()
    for number, (moment, instant) in enumerate(MOMENTS.items(), 7):
        twins.move_to(instant)
        if moment == "taken back":
            _take_back(instant - WITHIN)
        chance.seed(number)
        people = {person.email: person for person in db.session.scalars(select(Person))}
        for actor in _there(moment, actors):  # sessions of the first day are long over
            twins.stage.sign_in(actor, people.get(f"{actor}@laurel.example"))
        course.found[moment] = {
            actor: crawl.only(twins.stage, actor, [*PUBLIC, *SEARCHES, *known]) for actor in _there(moment, actors)
        }
        if moment == "released":
            with transaction():
                announcing.release_due(instant)
    return course


def _there(moment: str, actors: Sequence[str]) -> list[str]:
    return [actor for actor in actors if actor == ANONYMOUS or moment in BEHIND_THE_DOOR]


def _take_back(now: datetime) -> None:
    with transaction():
        by = db.session.scalars(select(Person).where(Person.email == "secretariat@laurel.example")).one()
        embargo.take_back(_announcement(), "The wrong name.", by=by, now=now)


def _announcement() -> Announcement:
    cycle = db.session.scalars(select(Cycle).where(Cycle.award_year == SECRET.number)).one()
    found = queries.announcement_of(cycle)
    assert found is not None
    return found


def _known(twins: Twins) -> list[str]:
    """The pages of a release: the public ones, and of those behind the sign-in what each can ask for of that year."""
    return [one for one in addresses.known(twins.stage.app, SECRET.number) if "2037" in one or one.count("/") == 1]


def _equal(report: Report, where: str, one: Found, other: Found) -> None:
    for address in {**one, **other}:
        report.compared += 1
        differs = difference(one.get(address), other.get(address))
        if differs:
            report.deviations.append(f"{where} {address}: {differs}")


def _released(report: Report, a: Course, b: Course) -> None:
    """Each public page says something else than before, and another name than in the other world."""
    for address in PUBLIC:
        one, other = a.public("released")[address], b.public("released")[address]
        report.compared += 2
        for course in (a, b):
            if not difference(course.public("a second before")[address], course.public("released")[address]):
                report.deviations.append(f"released: {address} is as it was")
            else:
                report.changed += 1
        if not difference(one, other):
            report.deviations.append(f"released: {address} is the same in both worlds")
