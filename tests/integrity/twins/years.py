"""World A: eight award years, each further on than the last, and where its twins part from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from award_app import clock
from award_app.announcement import operations as announcing
from award_app.domain.vocabulary import ConflictKind, NominationState, Phase
from award_app.nominations import operations as nominations
from award_app.nominations import screening
from award_app.nominations.models import Nomination
from award_app.reviews import rounds
from tests import factories as make
from tests.integrity.twins import acts, cast
from tests.integrity.twins.cast import SCORERS, Twin
from tests.integrity.twins.fork import Fork

S = NominationState
SCORED = ("review", "closed", "listed", "decided", "told", "announced")
NUMBERS = {name: 2031 + place for place, name in enumerate(("open", "screening", *SCORED))}
NAMES = ("Awa Bélanger", "Bintu Castellanos", "Chandra Dlamini")


def build(fork: Fork) -> Twin:
    world = Twin(make.mission("HERE"), make.mission("THERE"))
    cast.people(world)
    for name, number in NUMBERS.items():
        phase = {"open": Phase.OPEN, "screening": Phase.SCREENING, "review": Phase.REVIEW}.get(name, Phase.RESULT)
        world.years[name] = make.cycle(phase, award_year=number, missions=world.missions(), quota=9)
        cast.appoint(world, world.years[name])
    _writing(world, fork)
    _screening(world, fork)
    for name in SCORED:
        _reviewed(world, fork, name)
    cast.others(world)
    return world


def _file(world: Twin, year: str, state: S, *, here: bool, **answers: Any) -> Nomination:
    mission, by = (world.here, "nominator") if here else (world.there, "nominator_other")
    return make.nomination(world.years[year], mission, world.people[by], state, **answers)


def _writing(world: Twin, fork: Fork) -> None:
    """Drafts and files that were handed in, while nominations are open."""
    _file(world, "open", S.DRAFT, here=True, publish_name="Dina Ekström")
    draft = fork.pick("text of a draft", "A garage stood where the desk is.", "Nothing but a tent, and no lamp in it.")
    _file(world, "open", S.DRAFT, here=False, publish_name="Efua Fortin", achievements__0__before=draft)
    name = fork.pick("nominee of another mission", "Fatou Grünwald", "Hawa Zimmermann-Quist")
    handed = _file(world, "open", S.SUBMITTED, here=False, publish_name=name)
    acts.screened(world, handed, clock.now())


def _screening(world: Twin, fork: Fork) -> None:
    now = clock.now()
    text = fork.pick(
        "text of a file", "She drove by night to the wells.", "She walked, alone, and asked at every door."
    )
    mine = _file(world, "screening", S.SUBMITTED, here=True, publish_name="Gita Hansen", achievements__0__action=text)
    acts.screened(world, mine, now)
    back = _file(world, "screening", S.SUBMITTED, here=False, publish_name="Hadja Ilves")
    acts.screened(world, back, now)
    remark = fork.pick("remark of a return", "Say whom she trained.", "The number of reports has no source at all.")
    screening.send_back(back, remark, None, by=world.people["secretariat"], now=now)
    late = _file(world, "screening", S.DRAFT, here=True, publish_name="Ines Jallow")
    typed = fork.pick("text that came too late", "It closed at noon.", "My clock said that an hour was left.")
    nominations.keep_late(late.id, {"citation": typed}, by=world.people["nominator"], now=now)


def _reviewed(world: Twin, fork: Fork, name: str) -> None:
    """Three accepted files, scored; then as far as this year has come."""
    now, cycle = clock.now(), world.years[name]
    contact = fork.pick(f"contact data, {name}", "awa@field.example", "a.belanger.private@elsewhere.example")
    x = _file(world, name, S.ACCEPTED, here=True, publish_name=NAMES[0], contact_email=contact)
    y = _file(world, name, S.ACCEPTED, here=False, publish_name=NAMES[1], country="KE")
    z = _file(world, name, S.ACCEPTED, here=False, publish_name=NAMES[2], country="IN")
    world.named |= {f"{name} x": x.id, f"{name} y": y.id, f"{name} z": z.id}
    files, at = (x, y, z), cycle.screening_ends_at + timedelta(days=5)
    acts.declare(world, files, at)
    _recused(world, fork, name, x, at)
    rounds.open_round(cycle, now=cycle.screening_ends_at)
    _scored(world, fork, name, files, at)
    if name != "review":
        acts.close(cycle, cycle.review_ends_at + timedelta(minutes=2))
        _further(world, fork, name, files, now)


def _recused(world: Twin, fork: Fork, name: str, file: Nomination, at: datetime) -> None:
    kind, why = fork.pick(
        f"declared conflict, {name}",
        (ConflictKind.CLOSE_TIE, "We trained together."),
        (ConflictKind.OTHER, "She owes me a sum of money that I lent to her in the spring."),
    )
    acts.recuse(file, world.people["member_recused"], kind, why, at)


def _scored(world: Twin, fork: Fork, name: str, files: tuple[Nomination, ...], at: datetime) -> None:
    given = {who: list(acts.GIVEN[who]) for who in SCORERS}
    one, two = fork.pick(f"who scored, {name}", ("deputy", "colleague"), ("colleague", "deputy"))
    given[one][0], given[two][0] = 3, 2
    given["colleague"][1] = fork.pick(f"score, {name}", 4, 1)
    said = fork.pick(f"comment, {name}", "Well told.", "I doubt that this ever happened; nobody there remembers her.")
    given["chair"][0] = fork.pick(f"score of a closed file, {name}", 4, 1)
    for who in SCORERS:
        begins = 1 if (name, who) == ("review", "newcomer") else 0
        for place, file in enumerate(files[begins:], begins):
            comment = said if (who, place) == ("colleague", 1) else ""
            if place == 0 and who in (one, two):
                comment = "From the first of two." if who == one else "From the second."
            acts.score(file, world.people[who], given[who][place], comment, at)


def _further(world: Twin, fork: Fork, name: str, files: tuple[Nomination, ...], now: datetime) -> None:
    cycle, at = world.years[name], now - timedelta(days=5)
    for place, file in enumerate(files):
        plain = f"CDT {place}"
        acts.clear(world, file, fork.pick(f"conduct reference, {name}", plain, "OIOS/77-B") if not place else plain, at)
    if name == "closed":
        return
    kept = fork.pick("shortlist", files[:2], files[1:]) if name == "listed" else files
    acts.shortlist(world, cycle, kept, "They stand out.", at)
    if name == "listed":
        return
    x, y, z = files
    order = fork.pick(f"winner, {name}", (y, x, z), (x, y, z)) if name != "announced" else (y, x, z)
    acts.decide(world, cycle, order, "The widest effect.", at)
    if name == "told":
        _told(world, fork, order[0], now)
    if name == "announced":
        acts.announce(world, order[0], "For a door that stays open.", now - timedelta(days=1), now - timedelta(days=3))
        announcing.release_due(now - timedelta(days=1))


def _told(world: Twin, fork: Fork, laureate: Nomination, now: datetime) -> None:
    citation = fork.pick("citation", "For a door that stays open.", "For three hundred nights on the road to Nyala.")
    days = fork.pick("release instant", 2, 3)
    release_at = now + timedelta(days=days)
    announcement = acts.announce(world, laureate, citation, release_at, now - timedelta(days=3))
    acts.tell(world, announcement, now - timedelta(days=2))
