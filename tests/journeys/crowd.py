"""Fifty of everything, with the hardest names there are; and beside it a year in which nothing has happened yet.

Years: OPEN (drafts), SCREENING (files to check), REVIEW (files to score), RESULT (counted), and EMPTY, just opened.
"""

from __future__ import annotations

from itertools import cycle as around

from sqlalchemy import select, update

from award_app import chance, clock, outbox
from award_app.accounts import passwords
from award_app.accounts.models import Invitation, Person
from award_app.cycles.models import Cycle, Mission
from award_app.db import db, transaction
from award_app.domain.vocabulary import AppointmentRole, NominationState, Phase, Seat
from award_app.nominations.models import Nomination, SecretariatDeclaration
from award_app.reviews.models import Score
from award_app.selection import computing
from tests import codes
from tests import factories as make

OPEN, SCREENING, REVIEW, RESULT, EMPTY = 2036, 2035, 2034, 2033, 2037
PASSWORD = "fifty laurels and a name"
FILES, MISSIONS, MEMBERS, PEOPLE, LETTERS = 50, 12, 10, 60, 60

# Without a place to break, of sixty letters and more, right to left, of both directions, and of no letters at all.
NAMES = (
    "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmondeley",
    "María de los Ángeles Guadalupe Fernández de Córdoba y Álvarez-Ossorio",
    "Marie-Thérèse Ndiaye-Gbétohoun épouse Kouassi-N’Guessan",
    "السيدة فاطمة الزهراء بنت عبد الرحمن بن محمد الهاشمي القرشي",
    "Fatima الزهراء Ould Sidi-محمد",
    "Ǣlfgifu Ọlábísí Þorgerður Đặng Thị Hồng Nhung",
    "李",
    "O’Brien, “Sgt” <b>Mary</b> & Co.",
)
UNITS = (
    "Groupe consultatif sur la protection de l’enfance et la lutte contre les violences sexuelles liées au conflit",
    "وحدة الشرطة المجتمعية",
    "Polizeiverwaltungsfachangestelltenausbildungszentrumsleitung",
)
RANK = "Kriminaloberkommissaranwärterin-Stellvertreterin"
MISSION_NAME = "Mission multidimensionnelle intégrée des Nations Unies pour la stabilisation et le désarmement"
_PARAGRAPH = "She trained officers of the host State and kept a register of every case that reached the desk. "


def build() -> None:
    with transaction():
        missions = tuple(_mission(number) for number in range(MISSIONS))
        desk = make.secretariat(name=NAMES[1], email="desk@laurel.example")
        make.person(NAMES[0])
        for year, phase in ((OPEN, Phase.OPEN), (SCREENING, Phase.SCREENING), (REVIEW, Phase.REVIEW)):
            _year(make.cycle(phase, award_year=year, missions=missions, quota=FILES), missions, phase, desk)
        result = make.cycle(Phase.RESULT, award_year=RESULT, missions=missions, quota=FILES)
        result.round_opened_at, result.round_closed_at = result.screening_ends_at, result.review_ends_at
        _year(result, missions, Phase.RESULT, desk)
        computing.compute(result, now=clock.now())
        _nothing_yet(missions)
        _watchers_and_letters(desk)
        db.session.execute(update(Person).values(password_hash=passwords.hash_of(PASSWORD)))
        codes.enrol(db.session.scalars(select(Person)).all(), now=clock.now())


def _mission(number: int) -> Mission:
    made = make.mission(f"MINUSTABILCAR{number}")
    made.name, made.area = f"{MISSION_NAME} {number}", "République centrafricaine et bassin du lac Tchad (دارفور)"
    return made


def _year(cycle: Cycle, missions: tuple[Mission, ...], phase: Phase, desk: Person) -> None:
    states = {Phase.OPEN: NominationState.DRAFT, Phase.SCREENING: NominationState.SUBMITTED}
    members = _members(cycle)
    writers = {mission.id: _mission_people(cycle, mission) for mission in missions}
    names = around(NAMES)
    for number in range(FILES):
        mission = missions[number % 2 and number % MISSIONS]  # half of them from the first
        name = f"{next(names)} {number}"
        long = _PARAGRAPH * (9 if number < 2 else 1)
        file = make.nomination(
            cycle,
            mission,
            writers[mission.id],
            states.get(phase, NominationState.ACCEPTED),
            files=phase is not Phase.SCREENING or number < 9,
            publish_name=name,
            family_name=name,
            unit=UNITS[number % len(UNITS)],
            rank_original=RANK,
            answer__mandate=long,
            citation=f"For {name}: {_PARAGRAPH}",
        )
        if phase is Phase.RESULT:
            _scored(file, members, number)
        elif phase is Phase.REVIEW:
            _scored(file, members[:3] if number % 3 else members[:1], number)
        if phase is not Phase.OPEN and number < FILES - 2:
            make.add(SecretariatDeclaration(nomination_id=file.id, person_id=desk.id, conflict=False, at=clock.now()))


def _members(cycle: Cycle) -> list[Person]:
    if cycle.award_year not in (REVIEW, RESULT):
        return []
    seats = [Seat.CHAIR, Seat.DEPUTY, *[Seat.MEMBER] * (MEMBERS - 2)]
    names = around(NAMES)
    return [
        make.member(cycle, seat, name=f"{next(names)} M{n}", email=f"member{n}.{cycle.award_year}@laurel.example")
        for n, seat in enumerate(seats)
    ]


def _mission_people(cycle: Cycle, mission: Mission) -> Person:
    number = mission.acronym.removeprefix("MINUSTABILCAR")
    if cycle.award_year == OPEN:
        name = NAMES[int(number) % len(NAMES)]
        make.authority(cycle, mission, name=f"{name} A", email=f"authority{number}@laurel.example")
        return make.nominator(cycle, mission, name=f"{name} N", email=f"nominator{number}@laurel.example")
    who = db.session.query(Person).filter_by(email=f"nominator{number}@laurel.example").one()
    make.appoint(who, AppointmentRole.NOMINATOR, cycle, mission)
    return who


def _scored(file: Nomination, members: list[Person], number: int) -> None:
    for place, member in enumerate(members):
        make.declaration(file, member)
        db.session.add_all(
            Score(
                nomination_id=file.id,
                person_id=member.id,
                criterion_id=criterion.id,
                value=1 + (number * 7 + place + index) % 5 if criterion.weight else 2,
                revision=1,
                operation_id=chance.token(),
                at=clock.now(),
            )
            for index, criterion in enumerate(file.cycle.criteria)
        )


def _nothing_yet(missions: tuple[Mission, ...]) -> None:
    """A year just opened, and people who have seen no other."""
    year = make.cycle(Phase.OPEN, award_year=EMPTY, missions=missions)
    make.nominator(year, missions[0], email="new.nominator@laurel.example")
    make.authority(year, missions[0], email="new.authority@laurel.example")
    make.member(year, Seat.CHAIR, email="new.chair@laurel.example")
    make.member(year, email="new.member@laurel.example")


def _watchers_and_letters(desk: Person) -> None:
    first = make.observer()
    first.email = "observer0@laurel.example"
    names = around(NAMES)
    while db.session.query(Person).count() < PEOPLE:
        make.observer().name = next(names)
    for number in range(LETTERS):
        invitation = make.add(
            Invitation(
                ref=chance.reference(),
                nonce=chance.token(),
                email=f"a.very.long.address.of.somebody.{number}@department-of-peace-operations.laurel.example",
                name=next(names),
                role=AppointmentRole.OBSERVER,
                invited_by_id=desk.id,
                created_at=clock.now(),
                expires_at=clock.now(),
            )
        )
        outbox.add("invitation", to=None, cause=f"crowd {number}", now=clock.now(), invitation_id=invitation.id)
