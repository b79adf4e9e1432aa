"""What was backed up while people worked comes back row by row on either database; what was damaged is recognised."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from award_app import audit, chance, clock, create_app
from award_app.accounts import passwords
from award_app.accounts.models import Person, SignIn
from award_app.audit import LedgerEntry
from award_app.backup import archive, making, restoring
from award_app.cycles.models import Mission
from award_app.db import db, transaction
from award_app.domain.vocabulary import ConflictKind, LetterState, NominationState, Phase
from award_app.nominations import storage
from award_app.nominations.models import Answer, Attachment, Nomination
from award_app.notifications.models import Letter
from award_app.panel.models import Recusal
from tests import factories as make
from tests.conftest import Client, settings
from tests.servers import fresh_database

PASSWORD = "a copy, a copy and a laurel"
# What a restore writes by itself after it has compared every row: sessions ended, letters held, its own row in the ledger.
OF_THE_RESTORE = {"sign_in", "letter", "ledger", "ledger_head"}
FLIPS, CUTS = 200, 6


@pytest.fixture
def lived(app: Flask, tmp_path: Path) -> Nomination:
    """A year with everything that is awkward to bring back: a score before a recusal, a file with names of all scripts."""
    app.config["FILES_DIR"] = str(tmp_path / "files")
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.REVIEW, missions=(mission,))
        file = make.nomination(
            cycle, mission, make.nominator(cycle, mission), NominationState.ACCEPTED, publish_name="آمنة Bélanger-Ōe"
        )
        members = [make.member(cycle) for _ in range(3)]
        for member in members:
            make.declaration(file, member)
            for criterion in cycle.criteria:
                make.score(file, member, criterion, 2)
        make.add(
            Recusal(
                nomination_id=file.id, person_id=members[0].id, kind=ConflictKind.OTHER, reason="A tie.", at=clock.now()
            )
        )
        for letter, state in (("a", LetterState.WAITING), ("b", LetterState.SENT)):
            done = clock.now() if state is LetterState.SENT else None
            make.add(
                Letter(
                    template="accepted",
                    person_id=file.nominator_id,
                    ids={"nomination_id": file.id},
                    once=letter,
                    message_id=f"<{letter}@x>",
                    state=state,
                    created_at=clock.now(),
                    next_at=clock.now(),
                    closed_at=done,
                )
            )
        for attachment in file.attachments:
            attachment.digest = storage.store(f"%PDF-1.7 {attachment.kind}".encode())
        db.session.execute(update(Person).values(password_hash=passwords.hash_of(PASSWORD)))
        audit.record("test", cycle, by=None, at=clock.now(), cycle_id=cycle.id)
    return file


@contextmanager
def elsewhere(app: Flask, folder: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The service on another, empty database of the same kind, with a folder of its own."""
    if app.config["DATABASE_URL"].startswith("sqlite"):
        made = create_app(settings(folder))
        made.test_client_class = Client
        with made.app_context():
            yield made
            db.session.remove()
            db.engine.dispose()
        return
    with fresh_database(request.getfixturevalue("postgres_server")) as url:
        made = create_app(settings(folder, DATABASE_URL=url))
        made.test_client_class = Client
        with made.app_context():
            yield made
            db.session.remove()
            db.engine.dispose()


def test_a_backup_taken_while_people_write_comes_back_whole(
    app: Flask, lived: Nomination, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path, cycle_id, email = tmp_path / "laurel.backup", lived.cycle_id, lived.nominator.email
    before = restoring.digests()
    with writers(app, lived.id, lived.nominator_id) as written:
        _wait_for(written, 20)
        manifest = making.make(path, now=clock.now())
        _wait_for(written, len(written) + 5)
    assert path.stat().st_mode & 0o777 == 0o600
    assert archive.check(path, making.key()) == manifest
    changed = {name for name, found in before.items() if manifest.tables[name] != found}
    assert changed == {"answer", "ledger", "ledger_head"}  # it was taken in the middle of the writing
    db.session.remove()
    with elsewhere(app, tmp_path / "other", request) as other:
        found = restoring.restore(path, now=clock.now())
        assert found.manifest == manifest
        now = restoring.digests()
        assert {name for name, wanted in manifest.tables.items() if now[name] != wanted} <= OF_THE_RESTORE
        # One transaction writes an answer and its row in the ledger: a snapshot holds both or neither.
        answers = db.session.scalar(select(func.count()).where(Answer.field == "load"))
        acts = db.session.scalar(select(func.count()).where(LedgerEntry.act == "load"))
        assert answers == acts
        assert 0 < (answers or 0) < len(written)
        assert audit.verify().ok
        assert {a.digest for a in db.session.scalars(select(Attachment))} == set(manifest.files)
        assert all(storage.path_of(digest).stat().st_size == size for digest, size in manifest.files.items())
        states = db.session.execute(select(Letter.once, Letter.state)).all()
        assert {row.once: row.state for row in states} == {"a": LetterState.HELD, "b": LetterState.SENT}
        assert db.session.scalar(select(func.count()).where(SignIn.ended_at.is_(None))) == 0
        browser = other.test_client()
        assert browser.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 302
        assert browser.get("/home").status_code == 200
        with transaction():  # numbers go on after the last one
            make.nomination(
                db.session.get_one(Nomination, 1).cycle, db.session.scalars(select(Mission)).one(), make.person()
            )
        assert cycle_id == db.session.get_one(Nomination, 1).cycle_id
    del lived


def test_where_the_database_is_not_empty_nothing_is_written(lived: Nomination, tmp_path: Path) -> None:
    making.make(tmp_path / "one", now=clock.now())
    before = restoring.digests()
    with pytest.raises(restoring.NotPossible, match="not empty"):
        restoring.restore(tmp_path / "one", now=clock.now())
    assert restoring.digests() == before


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_damaged_backup_is_recognised_wherever_the_damage_is(lived: Nomination, tmp_path: Path) -> None:
    path = tmp_path / "whole"
    making.make(path, now=clock.now())
    whole = path.read_bytes()
    broken = tmp_path / "broken"
    for number in range(FLIPS):
        place = number * (len(whole) - 1) // (FLIPS - 1)
        broken.write_bytes(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        with pytest.raises(archive.Damaged):
            archive.check(broken, making.key())
    for number in range(CUTS):
        broken.write_bytes(whole[: number * len(whole) // CUTS])
        with pytest.raises(archive.Damaged):
            archive.check(broken, making.key())
    with pytest.raises(archive.Damaged, match="LEDGER_KEY"):
        archive.check(path, b"another key")
    assert archive.check(path, making.key()).revision


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_no_backup_is_written_of_a_file_that_is_missing_or_damaged(lived: Nomination, tmp_path: Path) -> None:
    stored = storage.path_of(lived.attachments[0].digest)
    kept = stored.read_bytes()
    stored.write_bytes(kept + b"!")
    with pytest.raises(archive.Damaged, match="damaged on disk"):
        making.make(tmp_path / "one", now=clock.now())
    stored.unlink()
    with pytest.raises(archive.Damaged, match="missing"):
        making.make(tmp_path / "one", now=clock.now())
    assert [path.name for path in tmp_path.iterdir()] == ["files"]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_commands_say_what_they_did_and_why_not(app: Flask, lived: Nomination, tmp_path: Path) -> None:
    run, path = app.test_cli_runner(), str(tmp_path / "one")
    made = run.invoke(args=["backup", path])
    assert (made.exit_code, "2 files" in made.output) == (0, True)
    assert run.invoke(args=["check-backup", path]).exit_code == 0
    assert "is there already" in run.invoke(args=["backup", path]).output
    refused = run.invoke(args=["restore", path])
    assert (refused.exit_code, "Not restored: the database is not empty" in refused.output) == (1, True)
    Path(path).write_bytes(b"nothing of ours")
    assert "damaged" in run.invoke(args=["check-backup", path]).output
    assert "Nothing was restored" in run.invoke(args=["restore", path]).output
    del lived


@contextmanager
def writers(app: Flask, nomination_id: int, by_id: int) -> Iterator[list[int]]:
    """Two people write answers as fast as they can, each with its row in the ledger."""
    written: list[int] = []
    stop = threading.Event()

    def work(place: int) -> None:
        with app.app_context():
            number = 0
            while not stop.is_set():
                number += 1
                _write(nomination_id, by_id, place, number, clock.now())
                written.append(number)
            db.session.remove()

    threads = [threading.Thread(target=work, args=(place,)) for place in (1, 2)]
    for thread in threads:
        thread.start()
    try:
        yield written
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)


def _write(nomination_id: int, by_id: int, place: int, number: int, now: datetime) -> None:
    with transaction():
        by, file = db.session.get_one(Person, by_id), db.session.get_one(Nomination, nomination_id)
        revision = number * 2 + place
        db.session.add(
            Answer(
                nomination_id=nomination_id,
                field="load",
                revision=revision,
                seen_revision=0,
                text=f"Text {number}.",
                operation_id=chance.token(),
                by_id=by_id,
                at=now,
            )
        )
        audit.record("load", file, by=by, at=now, cycle_id=file.cycle_id)


def _wait_for(written: list[int], count: int) -> None:
    for _ in range(600):
        if len(written) >= count:
            return
        threading.Event().wait(0.05)
    raise AssertionError(f"only {len(written)} were written")
