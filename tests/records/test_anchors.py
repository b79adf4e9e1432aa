"""The head is stored outside, in a file and in two mailboxes; whoever makes the chain again is found by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from award_app import audit
from award_app.accounts.models import Person
from award_app.audit import LedgerAnchor, LedgerEntry, LedgerHead
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState, Phase
from award_app.nominations.models import SecretariatDeclaration
from award_app.notifications.models import Letter
from award_app.records import anchors, checking
from tests import factories as make
from tests.conftest import Clock


@pytest.fixture(autouse=True)
def folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(app.config, "ANCHOR_DIR", str(tmp_path / "outside"))
    return tmp_path / "outside" / anchors.FILE


def _acts(clock: Clock, times: int, by: Person) -> None:
    with transaction():
        for _ in range(times):
            audit.record("sign_in", by, by=by, at=clock.now)


def _anchored(clock: Clock, reason: str = "close_round", cycle_id: int | None = None) -> None:
    with transaction():
        audit.anchor(reason, at=clock.now, cycle_id=cycle_id)
    with transaction():
        anchors.write(clock.now)


def _verify(app: Flask, *more: str) -> tuple[int, str]:
    answer = app.test_cli_runner().invoke(args=["ledger", "verify", *more])
    return answer.exit_code, answer.output


# --- made ------------------------------------------------------------------------------------------------------------


def test_an_anchor_is_the_head_with_the_rows_of_its_own_transaction(app: Flask, clock: Clock, folder: Path) -> None:
    with transaction():
        person = make.person()
        audit.anchor("decide", at=clock.now)
        audit.record("decide", person, by=person, at=clock.now)
    with transaction():
        assert anchors.write(clock.now) == 1
    last = db.session.scalars(select(LedgerEntry)).one()
    assert json.loads(folder.read_text()) == {
        "id": db.session.scalar(select(LedgerAnchor.id)),
        "seq": last.seq,
        "seal": last.seal.hex(),
        "reason": "decide",
        "cycle": None,
        "at": clock.now.isoformat(),
    }


def test_work_that_rolls_back_anchors_nothing(app: Flask, clock: Clock) -> None:
    with pytest.raises(RuntimeError, match="broke"):
        _anchor_and_break(clock)
    with transaction():
        make.person()
    assert db.session.scalars(select(LedgerAnchor)).all() == []


def test_each_anchor_is_one_line_and_is_written_once(app: Flask, clock: Clock, folder: Path) -> None:
    with transaction():
        person = make.person()
    for _ in range(3):
        _acts(clock, 2, person)
        _anchored(clock)
    with transaction():
        assert anchors.write(clock.now) == 0
    assert [json.loads(line)["seq"] for line in folder.read_text().splitlines()] == [2, 4, 6]


def test_there_is_one_a_day(app: Flask, clock: Clock) -> None:
    with transaction():
        person = make.person()
    _acts(clock, 1, person)
    found = []
    for hours in (0, 11, 1, 23, 1):  # the tests begin at noon
        clock.forward(hours=hours)
        found.append(anchors.daily_is_due(clock.now))
        with transaction():
            anchors.ask_daily(clock.now)
    assert found == [True, False, True, False, True]


# --- letters ---------------------------------------------------------------------------------------------------------


def _anchor_and_break(clock: Clock) -> None:
    with transaction():
        audit.record("lost", make.person(), by=None, at=clock.now)
        audit.anchor("decide", at=clock.now)
        raise RuntimeError("broke")


def _readers() -> list[str]:
    wanted = select(Person.name).join(Letter, Letter.person_id == Person.id).where(Letter.template == "ledger_anchored")
    return sorted(db.session.scalars(wanted))


def test_two_people_get_its_seal_observers_first_then_the_secretariat(app: Flask, clock: Clock) -> None:
    with transaction():
        desk = [make.secretariat(name=name) for name in ("Desk A", "Desk B")]
        observer = make.observer()
        observer.name = "Observer"
    _acts(clock, 1, desk[0])
    _anchored(clock, "daily")
    assert _readers() == ["Desk A", "Observer"]


def test_who_has_a_conflict_in_the_year_does_not_learn_that_something_happened_there(app: Flask, clock: Clock) -> None:
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.RESULT, missions=(mission,))
        file = make.nomination(cycle, mission, make.nominator(cycle, mission), NominationState.ACCEPTED)
        first, *_others = [make.secretariat(name=name) for name in ("Desk A", "Desk B", "Desk C")]
        declared = SecretariatDeclaration(
            nomination_id=file.id, person_id=first.id, conflict=True, reason="Kin.", at=clock.now
        )
        make.add(declared)
    _acts(clock, 1, first)
    _anchored(clock, "decide", cycle.id)
    assert _readers() == ["Desk B", "Desk C"]
    _anchored(clock, "daily")
    assert _readers() == ["Desk A", "Desk B", "Desk B", "Desk C"]


def test_of_one_seal_there_is_one_letter(app: Flask, clock: Clock) -> None:
    with transaction():
        desk = [make.secretariat(name=name) for name in ("Desk A", "Desk B")]
        audit.record("sign_in", desk[0], by=desk[0], at=clock.now)
        for reason in ("close_round", "decide", "release"):
            audit.anchor(reason, at=clock.now)
    with transaction():
        assert anchors.write(clock.now) == 3
    assert _readers() == ["Desk A", "Desk B"]


def test_a_ledger_that_begins_anew_leaves_the_old_file_beside_it(app: Flask, clock: Clock, folder: Path) -> None:
    for number in (1, 2):
        _acts(clock, 1, make.person())
        _anchored(clock)
        anchors.put_aside()
        assert (folder.exists(), (folder.parent / f"ledger.{number}.jsonl").exists()) == (False, True)
    anchors.put_aside()


# --- compared --------------------------------------------------------------------------------------------------------


def test_a_whole_history_agrees_with_its_anchors_and_its_seals(app: Flask, clock: Clock) -> None:
    with transaction():
        person = make.person()
    _acts(clock, 3, person)
    _anchored(clock)
    _acts(clock, 3, person)
    seal = db.session.scalars(select(LedgerAnchor.seal)).one().hex()
    code, said = _verify(app, "--seal", " ".join((seal[:32], seal[32:])))
    assert (code, said.startswith("ok: 6 rows"), "1 anchors agree" in said) == (0, True, True)
    assert _verify(app, "--seal", "ab" * 32)[0] == 1


def test_a_history_made_again_with_the_key_is_found_by_the_file_and_by_a_letter(
    app: Flask, clock: Clock, folder: Path
) -> None:
    with transaction():
        person = make.person()
    _acts(clock, 3, person)
    _anchored(clock)
    seal = db.session.scalars(select(LedgerAnchor.seal)).one().hex()
    _made_again(clock, person)
    assert audit.verify().ok  # with the key the chain alone looks whole
    code, said = _verify(app)
    assert (code, said.splitlines()[1]) == (1, f"line 1 of {folder} disagrees: close_round of {_at(folder)}, row 3")
    folder.unlink()
    with transaction():
        db.session.query(LedgerAnchor).delete()
    assert _verify(app)[0] == 0  # she has taken the file away as well
    assert _verify(app, "--seal", seal) == (
        1,
        "no row carries this seal: what was anchored under it is not this history\n",
    )


def test_an_end_that_is_cut_off_with_its_head_is_found(app: Flask, clock: Clock, folder: Path) -> None:
    with transaction():
        person = make.person()
    _acts(clock, 3, person)
    _anchored(clock)
    _made_again(clock, person, rows=2)
    assert audit.verify().ok
    code, said = _verify(app)
    assert (code, said.splitlines()) == (
        1,
        [
            "broken at row 3: truncated; 2 rows before it hold",
            f"line 1 of {folder} disagrees: close_round of {_at(folder)}, row 3",
        ],
    )


@pytest.mark.parametrize(
    ("content", "said"), [("", "lacks what was written there"), ("no anchor\n", "line 1 of"), (None, "lacks what was")]
)
def test_a_file_that_was_emptied_spoilt_or_taken_away_is_found(
    app: Flask, clock: Clock, folder: Path, content: str | None, said: str
) -> None:
    with transaction():
        person = make.person()
    _acts(clock, 1, person)
    _anchored(clock)
    folder.unlink()
    if content is not None:
        folder.write_text(content)
    code, answer = _verify(app)
    assert (code, said in answer) == (1, True)
    assert not checking.walk().ok


def test_where_the_file_was_put_aside_a_restore_begins_a_new_one(app: Flask, clock: Clock, folder: Path) -> None:
    with transaction():
        person = make.person()
    _acts(clock, 2, person)
    _anchored(clock)
    before = folder.read_text()
    assert anchors.begin_anew() == 0
    folder.unlink()
    assert (anchors.begin_anew(), folder.read_text()) == (1, before)
    assert _verify(app)[0] == 0


def _at(folder: Path) -> str:
    return str(json.loads(folder.read_text())["at"])


def _made_again(clock: Clock, person: Person, rows: int = 3) -> None:
    """By somebody with the key and the database in her hands: other acts, sealed as they should be."""
    db.session.rollback()
    with db.engine.begin() as connection:
        for statement in _unguarded():
            connection.exec_driver_sql(statement)
        connection.execute(LedgerEntry.__table__.delete())  # type: ignore[attr-defined]
        connection.execute(LedgerHead.__table__.update().values(seq=0, seal=b""))  # type: ignore[attr-defined]
    clock.forward(seconds=1)
    _acts(clock, rows, person)


def _unguarded() -> list[str]:
    if db.engine.dialect.name == "sqlite":
        return ["DROP TRIGGER IF EXISTS ledger_refuses_delete"]
    return ["SET LOCAL session_replication_role = replica"]
