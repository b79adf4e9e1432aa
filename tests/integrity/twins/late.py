"""What exists in world B only. It comes last, so that nothing else has another number because of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from award_app import chance, clock, outbox
from award_app.announcement.models import Telling
from award_app.db import db
from award_app.domain.vocabulary import ConflictKind, NominationState
from award_app.nominations import clearance, operations, screening
from award_app.nominations.models import Nomination
from award_app.reviews import operations as reviews
from award_app.selection.shortlist import operations as shortlists
from tests.integrity.twins import acts
from tests.integrity.twins.cast import Twin
from tests.integrity.twins.fork import Fork

Plant = Callable[[Twin, datetime], None]


def plant(world: Twin, fork: Fork) -> None:
    for name, planted in PLANTS.items():
        if fork.parts(name):
            planted(world, clock.now())


def _file(world: Twin, name: str) -> Nomination:
    return db.session.get_one(Nomination, world.named[name])


def _draft(world: Twin, now: datetime) -> None:
    by = world.people["nominator_other"]
    made = operations.begin(world.years["open"], world.there, by=by, now=now)
    operations.save(made, {"publish_name": "Ingrid Kovač"}, seen={}, operation_id=chance.token(), by=by, now=now)


def _conflict(world: Twin, now: datetime) -> None:
    acts.recuse(_file(world, "review y"), world.people["colleague"], ConflictKind.OTHER, "My brother's wife.", now)


def _own_conflict(world: Twin, now: datetime) -> None:
    screening.declare_as_secretariat(
        _file(world, "review y"),
        conflict=True,
        reason="She is my neighbour.",
        by=world.people["secretariat_undeclared"],
        now=now,
    )


def _score(world: Twin, now: datetime) -> None:
    acts.score(_file(world, "review x"), world.people["newcomer"], 5, "On a first look.", now)


def _comment(world: Twin, now: datetime) -> None:
    """Beside a score she had given: the number of scores stays as it was."""
    by, first = world.people["colleague"], world.years["review"].criteria[0]
    reviews.score(
        _file(world, "review z"),
        {first.id: (acts.GIVEN["colleague"][2], "What I wanted to say.")},
        operation_id=chance.token(),
        by=by,
        now=now,
    )


def _shortlist(world: Twin, now: datetime) -> None:
    files = (_file(world, "closed y"), _file(world, "closed z"))
    shortlists.propose(world.years["closed"], files, "These two.", by=world.people["chair"], now=now)


def _confirmed_shortlist(world: Twin, now: datetime) -> None:
    files = (_file(world, "closed y"), _file(world, "closed z"))
    acts.shortlist(world, world.years["closed"], files, "These two.", now)


def _decision(world: Twin, now: datetime) -> None:
    files = (_file(world, "listed y"), _file(world, "listed x"))
    acts.decide(world, world.years["listed"], files, "The widest effect.", now)


def _conduct(world: Twin, now: datetime) -> None:
    clearance.clear_conduct(
        _file(world, "review y"), True, now.date(), "CDT 900", by=world.people["secretariat"], now=now
    )


def _letter(world: Twin, now: datetime) -> None:
    """To the mission's authority: she who is told is among those who may know."""
    telling = db.session.query(Telling).order_by(Telling.id.desc()).first()
    assert telling is not None
    file = db.session.get_one(Nomination, telling.nomination_id)
    role = "authority" if file.mission_id == world.here.id else "authority_other"
    outbox.add("told", to=world.people[role], cause=f"telling {telling.id} again", now=now, telling_id=telling.id)


def _return(world: Twin, now: datetime) -> None:
    file = db.session.query(Nomination).filter_by(nominee_name="Gita Hansen").one()
    assert file.state is NominationState.SUBMITTED
    screening.send_back(file, "Please date the second letter.", None, by=world.people["secretariat"], now=now)


PLANTS: Mapping[str, Plant] = {
    "a draft": _draft,
    "a declared conflict": _conflict,
    "a conflict in the secretariat": _own_conflict,
    "a score": _score,
    "a comment": _comment,
    "a proposed shortlist": _shortlist,
    "a shortlist": _confirmed_shortlist,
    "a decision": _decision,
    "a conduct reference": _conduct,
    "a planned letter": _letter,
    "a return": _return,
}
