"""The data the peers were measured with: fifty files of six hundred words, ten members, five criteria, 500 reviews."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select, text, update

from award_app import clock
from award_app.accounts import passwords
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState, Phase, Seat
from award_app.selection import computing
from tests import codes
from tests import factories as make

FILES, MEMBERS, MISSIONS = 50, 10, 12
PASSWORD = "a bench, a floor and a laurel"
_SENTENCE = "She trained officers of the host State and kept a register of every case that reached the desk. "
WORDS_600 = {  # six hundred words over the case of the nominee
    **{f"answer.{code}": (_SENTENCE * 6).strip() for code, _weight in make.CRITERIA},
    "achievements.0.action": (_SENTENCE * 2).strip(),
}


@dataclass(frozen=True)
class World:
    year: int  # in review
    closed_year: int
    cycle_id: int
    file_ref: str
    file_id: int
    members: list[str]  # e-mail addresses, the chair first
    chair: str
    secretary: str
    scored: dict[str, str]  # a whole sheet


def build(texts: Mapping[str, str] = WORDS_600) -> World:
    """`texts` stand in every file instead of the factory's short ones."""
    with transaction():
        db.session.execute(text("CREATE TABLE floor_review (id serial PRIMARY KEY, sheet text)"))
        missions = tuple(make.mission() for _ in range(MISSIONS))
        review, closed = (make.cycle(phase, missions=missions, quota=FILES) for phase in (Phase.REVIEW, Phase.RESULT))
        secretary = make.secretariat()
        people = {cycle.id: _fill(cycle, list(missions), texts) for cycle in (review, closed)}
        closed.round_closed_at = closed.review_ends_at
        db.session.execute(update(Person).values(password_hash=passwords.hash_of(PASSWORD)))
        codes.enrol(db.session.scalars(select(Person)).all(), now=clock.now())
        db.session.flush()
        computing.compute(closed, now=closed.review_ends_at)
        file = people[review.id][1]
        sheet = {f"value_{c.id}": "2" if not c.weight else "4" for c in review.criteria}
        return World(
            review.award_year,
            closed.award_year,
            review.id,
            file.ref,
            file.id,
            [person.email for person in people[review.id][0]],
            people[closed.id][0][0].email,
            secretary.email,
            sheet,
        )


def _fill(cycle: Cycle, missions: list, texts: Mapping[str, str]):  # type: ignore[no-untyped-def, type-arg]  # a pair of what was made
    members = [make.member(cycle, Seat.CHAIR if n == 0 else Seat.MEMBER) for n in range(MEMBERS)]
    nominators = {mission.id: make.nominator(cycle, mission) for mission in missions}
    first = None
    for number in range(FILES):
        mission = missions[number % MISSIONS]
        file = make.nomination(
            cycle,
            mission,
            nominators[mission.id],
            NominationState.ACCEPTED,
            publish_name=f"Nadia Okoro {number}",
            **texts,
        )
        first = first or file
        for place, member in enumerate(members):
            make.declaration(file, member)
            for index, criterion in enumerate(cycle.criteria):
                make.score(file, member, criterion, 2 if not criterion.weight else 1 + (number + place + index) % 5)
    return members, first
