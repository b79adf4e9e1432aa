"""The people of the demonstration: invited by link the first time, appointed again in later years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select

from award_app.accounts import operations as accounts
from award_app.accounts.factors import queries as factors
from award_app.accounts.factors.codes import new_secret
from award_app.accounts.factors.operations import enrol
from award_app.accounts.models import Invitation, Person
from award_app.cycles.models import Cycle, Mission
from award_app.db import db
from award_app.demo.content import Data, read
from award_app.domain.vocabulary import AppointmentRole, Seat


@dataclass
class Cast:
    """`password` makes the password of an account by its address. `with_codes`: who needs an authenticator has one."""

    password: Callable[[str], str]
    with_codes: bool = False
    people: dict[str, Person] = field(default_factory=dict)
    invited: list[tuple[Invitation, Data]] = field(default_factory=list)

    @property
    def secretariat(self) -> list[Person]:
        return [self.people[data["email"]] for data in read("people")["secretariat"] if data["email"] in self.people]

    @property
    def panel(self) -> list[Person]:
        return [self.people[data["email"]] for data in read("people")["panel"]]

    @property
    def chair(self) -> Person:
        return next(self.people[data["email"]] for data in read("people")["panel"] if data.get("chair"))

    def authority(self, mission: str) -> Person:
        return self.people[_mission(mission)["authority"]["email"]]

    def nominator(self, mission: str, number: int) -> Person:
        return self.people[_mission(mission)["nominators"][number]["email"]]

    def invite_first(self, now: datetime) -> None:
        """By the service itself, as `flask create-admin` does it."""
        self._enter(read("people")["secretariat"][0], AppointmentRole.SECRETARIAT, None, now)

    def invite_house(self, now: datetime) -> None:
        """The other secretariat people and the observer."""
        first = self.secretariat[0]
        for data in read("people")["secretariat"][1:]:
            self._enter(data, AppointmentRole.SECRETARIAT, first, now)
        for data in read("people")["observer"]:
            self._enter(data, AppointmentRole.OBSERVER, first, now)

    def invite_to(self, cycle: Cycle, now: datetime) -> None:
        """Missions and panel: by link whoever is new, by appointment whoever has an account."""
        by = self.secretariat[0]
        for mission in read("people")["missions"]:
            place = db.session.scalars(select(Mission).where(Mission.acronym == mission["acronym"])).one()
            zone = {"timezone": mission["timezone"]}
            self._enter(mission["authority"] | zone, AppointmentRole.AUTHORITY, by, now, cycle, place)
            for data in mission["nominators"]:
                self._enter(data | zone, AppointmentRole.NOMINATOR, by, now, cycle, place)
        for data in read("people")["panel"]:
            seat = Seat.CHAIR if data.get("chair") else Seat.DEPUTY if data.get("deputy") else Seat.MEMBER
            self._enter(data, AppointmentRole.MEMBER, by, now, cycle, seat=seat)

    def take_up(self, now: datetime) -> None:
        """Everybody who was invited follows her link."""
        for invitation, data in self.invited:
            person = accounts.accept(invitation, name=data["name"], password=self.password(data["email"]), now=now)
            person.timezone = data["timezone"]
            db.session.flush()
            db.session.refresh(person, ["appointments"])
            if self.with_codes and factors.needs_one(person):
                enrol(person, new_secret(), now=now)
            self.people[data["email"]] = person
        self.invited.clear()

    def describe_panel(self, now: datetime, today: date) -> None:
        for data in read("people")["panel"]:
            self._describe(data, self.secretariat[0], now, today)

    def _enter(
        self,
        data: Data,
        role: AppointmentRole,
        by: Person | None,
        now: datetime,
        cycle: Cycle | None = None,
        mission: Mission | None = None,
        seat: Seat | None = None,
    ) -> None:
        known = self.people.get(data["email"])
        if known is not None:
            accounts.appoint(known, role, cycle=cycle, mission=mission, seat=seat, by=by, now=now)
            return
        invitation = accounts.invite(
            data["email"],
            data["name"],
            role,
            cycle=cycle,
            mission=mission,
            seat=seat,
            locale=data["locale"],
            by=by,
            now=now,
        )
        self.invited.append((invitation, data))

    def _describe(self, data: Data, by: Person, now: datetime, today: date) -> None:
        missions = {m.acronym: m for m in db.session.scalars(select(Mission))}
        stints = [
            (missions[s["mission"]], _ago(s["start_days_ago"], today), _until(s["end_days_ago"], today))
            for s in data["stints"]
        ]
        facts = {"nationality": data["nationality"], "home_service": data["home_service"], "stints": stints}
        accounts.describe(self.people[data["email"]], **facts, by=by, now=now)


def _mission(acronym: str) -> Data:
    return next(data for data in read("people")["missions"] if data["acronym"] == acronym)


def _ago(days: int, today: date) -> date:
    return today - timedelta(days=days)


def _until(days: int | None, today: date) -> date | None:
    return None if days is None else _ago(days, today)
