"""A cycle whose round has closed: three files, a chair, a deputy and two members who scored them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from award_app import access, clock
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle, Mission
from award_app.db import db, transaction
from award_app.domain.vocabulary import Action, ConflictKind, Consent, NominationState, Phase, Seat
from award_app.nominations.models import ConductClearance, Nomination, SecretariatDeclaration
from award_app.panel.models import Recusal
from award_app.selection import computing, operations
from award_app.selection.models import Decision
from award_app.selection.shortlist import operations as shortlists
from award_app.selection.shortlist.queries import shortlist_of
from tests import factories as make

NAMES = ("Awa Bélanger", "Bintu Castellanos", "Chandra Dlamini")
# Per member, what she gave Awa, Bintu and Chandra on every criterion. Means: 4.25, 3.5 and 2.5.
GIVEN = ((5, 4, 3), (4, 4, 2), (4, 3, 2), (4, 3, 3))


@dataclass
class Scene:
    cycle: Cycle
    missions: tuple[Mission, ...]
    files: tuple[Nomination, ...]
    panel: tuple[Person, ...]  # chair, deputy, two members
    authorities: tuple[Person, ...]
    secretariat: tuple[Person, Person, Person]
    observer: Person

    @property
    def chair(self) -> Person:
        return self.panel[0]

    @property
    def deputy(self) -> Person:
        return self.panel[1]

    @property
    def now(self) -> datetime:
        return clock.now()


def closed_round(given: tuple[tuple[int, ...], ...] = GIVEN, *, names: tuple[str, ...] = NAMES) -> Scene:
    """Nothing computed yet. A 0 in `given` is a file that member did not score."""
    missions = tuple(make.mission() for _ in names)
    cycle = make.cycle(Phase.RESULT, missions=missions)
    seats = (Seat.CHAIR, Seat.DEPUTY, *[Seat.MEMBER] * (len(given) - 2))
    panel = tuple(make.member(cycle, seat, name=f"Member {place}") for place, seat in enumerate(seats))
    authorities = tuple(make.authority(cycle, mission) for mission in missions)
    files = tuple(
        make.nomination(cycle, mission, make.nominator(cycle, mission), NominationState.ACCEPTED, publish_name=name)
        for mission, name in zip(missions, names, strict=True)
    )
    scene = Scene(
        cycle,
        missions,
        files,
        panel,
        authorities,
        (make.secretariat(), make.secretariat(), make.secretariat()),
        make.observer(),
    )
    for member, values in zip(panel, given, strict=True):
        for file, value in zip(files, values, strict=True):
            if value:
                score_all(scene, file, member, value)
    cycle.round_closed_at = clock.now()
    cycle.result_due = True
    db.session.commit()
    return scene


def score_all(scene: Scene, file: Nomination, member: Person, value: int, *, concern: bool = False) -> None:
    for criterion in scene.cycle.criteria:
        make.score(file, member, criterion, value if criterion.weight else 1 if concern else 2)


def recuse(file: Nomination, member: Person) -> None:
    make.add(
        Recusal(nomination_id=file.id, person_id=member.id, kind=ConflictKind.OTHER, reason="A friend.", at=clock.now())
    )
    db.session.commit()


def conflict(file: Nomination, secretary: Person) -> None:
    make.add(
        SecretariatDeclaration(
            nomination_id=file.id, person_id=secretary.id, conflict=True, reason="A cousin.", at=clock.now()
        )
    )
    db.session.commit()


def computed(scene: Scene) -> Scene:
    with transaction():
        computing.compute(scene.cycle, now=clock.now())
    return scene


def shortlisted(scene: Scene, *files: Nomination) -> Scene:
    """These files, or all of them, with clearance and consent, confirmed by whoever decides."""
    leads = (scene.chair, scene.deputy)
    by = next(p for p in leads if access.may(p, Action.PROPOSE_SHORTLIST, scene.cycle, now=clock.now()).allowed)
    with transaction():
        kept = files or scene.files
        for file in kept:
            cleared(file, scene.secretariat[0])
        proposed = shortlists.propose(scene.cycle, kept, "They stand out.", by=by, now=clock.now())
        shortlists.confirm(proposed, scene.cycle, by=by, now=clock.now())
    return scene


def cleared(file: Nomination, by: Person, *, yes: bool = True, consent: Consent = Consent.GIVEN) -> None:
    today = clock.now().date()
    make.add(
        ConductClearance(nomination_id=file.id, cleared=yes, on=today, reference="CDT 12", by_id=by.id, at=clock.now())
    )
    file.consent, file.consent_at = consent, clock.now()
    db.session.flush()


def decided(scene: Scene, *, award: bool = True) -> Decision:
    """Awa is the laureate, Bintu a runner-up, Chandra the reserve; or no award. A scene without shortlist gets one."""
    if shortlist_of(scene.cycle) is None:
        shortlisted(scene)
    awa, bintu, chandra = scene.files
    with transaction():
        return operations.decide(
            scene.cycle,
            laureate=awa if award else None,
            runners_up=[bintu] if award else [],
            reserve=[chandra] if award else [],
            reasons="The panel agrees.",
            present=[scene.panel[2]],
            by=scene.chair,
            now=clock.now(),
        )
