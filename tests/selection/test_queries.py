"""Which results are needed: one for each set of files kept from somebody, and one for all the others."""

from __future__ import annotations

from flask import Flask

from award_app import access
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import ConflictKind
from award_app.nominations.models import SecretariatDeclaration
from award_app.panel.models import Recusal
from award_app.selection import queries
from tests import factories as make
from tests.conftest import Clock
from tests.counting import Statements
from tests.selection.scene import closed_round


def test_the_sets_are_those_kept_from_each_reader_in_one_statement(
    app: Flask, clock: Clock, statements: Statements
) -> None:
    scene = closed_round()
    one, two, three = scene.files
    with transaction():
        for member, file in ((scene.panel[2], one), (scene.panel[3], one), (scene.panel[3], two)):
            kind = ConflictKind.OTHER
            make.add(Recusal(nomination_id=file.id, person_id=member.id, kind=kind, reason="A tie", at=clock.now))
        for person, file, conflict in ((scene.secretariat[0], three, True), (scene.secretariat[1], two, False)):
            reason = "A tie" if conflict else None
            made = {"nomination_id": file.id, "person_id": person.id, "conflict": conflict, "reason": reason}
            make.add(SecretariatDeclaration(**made, at=clock.now))
        # who left the panel needs no result
        gone = make.member(scene.cycle)
        make.add(Recusal(nomination_id=two.id, person_id=gone.id, kind=kind, reason="A tie", at=clock.now))
        gone.appointments[0].ended_at = clock.now
    readers: list[Person] = [*scene.panel, *scene.secretariat, scene.observer]
    expected = {access.kept_from(person, scene.cycle) for person in readers} | {frozenset[int]()}
    assert len(expected) == 4
    db.session.refresh(scene.cycle)
    with statements.counted() as counted:
        found = queries.sets_needed(scene.cycle)
    assert (set(found.values()), counted.number) == (expected, 1)
    assert {queries.key(files): files for files in expected} == found
