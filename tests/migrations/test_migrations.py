"""Up, down and up again with rows inside; models and migrations agree; triggers and views are there afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from award_app.accounts.models import AddressChange
from award_app.audit import LedgerEntry
from award_app.db import Base, db, transaction
from award_app.domain.vocabulary import ConflictKind, NominationState, Phase
from award_app.nominations.models import HandIn
from award_app.panel.models import Recusal
from award_app.reviews.models import effective_scores
from tests import factories as make
from tests.conftest import Clock

pytestmark = pytest.mark.rebuilds

ROOT = Path(__file__).resolve().parent.parent.parent
SINCE_0004 = ("hand_in", "translation", "conduct_clearance", "moved_date", "file_extension")
TRIGGERS = {
    "sqlite": {
        "ledger_refuses_update",
        "ledger_refuses_delete",
        "answer_refuses_update",
        "answer_refuses_delete",
        "score_refuses_update",
        "score_refuses_delete",
        "score_refuses_conflict",
        *(f"{table}_refuses_{verb}" for table in SINCE_0004 for verb in ("update", "delete")),
    },
    "postgresql": {
        *("ledger_append_only", "answer_append_only", "score_append_only", "score_refuses_conflict"),
        *(f"{table}_append_only" for table in SINCE_0004),
    },
}


def test_head_names_the_last_migration() -> None:
    newest = sorted(path.name for path in (ROOT / "migrations/versions").glob("[0-9]*.py"))[-1]
    assert (ROOT / "migrations/HEAD").read_text().strip() == newest[:4]


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection", "ignore:autogenerate skipping")
def test_models_and_migrations_agree(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [d for d in compare_metadata(context, Base.metadata) if "alembic_version" not in str(d)]
    # SQLAlchemy cannot read back an index on an expression; test_one_active_appointment shows that it is there.
    assert [d for d in differences if "uq_appointment_active" not in str(d)] == []


def test_every_constraint_has_a_name() -> None:
    unnamed = [
        (table.name, type(constraint).__name__)
        for table in Base.metadata.sorted_tables
        for constraint in table.constraints
        if not constraint.name
    ]
    assert unnamed == []


def test_triggers_and_views_are_there_also_after_down_and_up(app: Flask) -> None:
    assert (_triggers(), _views()) == (TRIGGERS[db.engine.dialect.name], {"barred", "effective_scores"})
    downgrade(revision="base")
    assert _views() == set()
    assert set(inspect(db.engine).get_table_names()) - {"alembic_version"} == set()
    upgrade()
    assert (_triggers(), _views()) == (TRIGGERS[db.engine.dialect.name], {"barred", "effective_scores"})


def test_a_file_handed_in_before_receipts_were_kept_gets_its_own(app: Flask, clock: Clock) -> None:
    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.REVIEW, missions=(mission,))
        head = make.authority(cycle, mission)
        file = make.nomination(cycle, mission, make.nominator(cycle, mission), NominationState.ACCEPTED)
        make.nomination(cycle, mission, file.nominator)
        make.endorsement(file, head)
        papers = [paper.id for paper in file.attachments]
    kept = (file.id, file.submitted_digest, file.submitted_answer_id, papers, head.id, file.submitted_at)
    db.session.remove()
    downgrade(revision="0003")
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM hand_in"))
    upgrade()
    found = db.session.query(HandIn).all()
    assert [(h.nomination_id, h.digest, h.answer_id, h.attachments, h.by_id, h.at) for h in found] == [kept]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET act = 'nothing'",
        "DELETE FROM ledger",
        "UPDATE answer SET text = 'other'",
        "DELETE FROM answer",
        "UPDATE score SET value = 5",
        "DELETE FROM score",
    ],
)
def test_history_is_only_added_to(app: Flask, clock: Clock, statement: str) -> None:
    _year_with_one_score(clock)
    with pytest.raises(IntegrityError, match="append-only"):
        db.session.execute(text(statement))


@pytest.mark.parametrize("step_out", ["recused", "nominator", "wrote a letter"])
def test_the_database_refuses_a_score_where_a_conflict_stands(app: Flask, clock: Clock, step_out: str) -> None:
    nomination, member, criterion = _year_with_one_score(clock)
    _STEP_OUT[step_out](nomination, member)
    db.session.flush()
    with pytest.raises(IntegrityError, match="recused or barred"):
        make.score(nomination, member, criterion, 4, revision=2)


@pytest.mark.parametrize(
    "hand", ["recused", "nominator", "wrote a letter", "wrote from an old address", "answered", "endorsed", "handed in"]
)
def test_a_score_from_before_counts_no_more_where_a_hand_was_had_in_the_file(
    app: Flask, clock: Clock, hand: str
) -> None:
    nomination, member, _criterion = _year_with_one_score(clock)
    assert len(_counting()) == 1
    _HANDS[hand](nomination, member)
    db.session.flush()
    assert _counting() == []


def test_one_active_appointment_per_person_and_place(app: Flask, clock: Clock) -> None:
    mission = make.mission()
    cycle = make.cycle(missions=(mission,))
    person = make.nominator(cycle, mission)
    with pytest.raises(IntegrityError):
        make.appoint(person, person.appointments[0].role, cycle, mission)


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        # A file that is with the panel was accepted at some time.
        ("UPDATE nomination SET accepted_at = NULL", "ck_nomination_accepted_has_time"),
        # What was handed in has its digest.
        ("UPDATE nomination SET submitted_digest = NULL", "ck_nomination_handed_in_whole"),
        # A round that has closed is of a cycle that was opened.
        ("UPDATE cycle SET round_closed_at = created_at, opened_at = NULL", "ck_cycle_closed_was_opened"),
    ],
)
def test_the_database_knows_what_a_state_implies(app: Flask, clock: Clock, statement: str, constraint: str) -> None:
    mission = make.mission()
    cycle = make.cycle(Phase.REVIEW, missions=(mission,))
    make.nomination(cycle, mission, make.nominator(cycle, mission), NominationState.ACCEPTED)
    with pytest.raises(IntegrityError, match=constraint):
        db.session.execute(text(statement))


def _year_with_one_score(clock: Clock):  # type: ignore[no-untyped-def]  # three things of three kinds
    from award_app import audit

    with transaction():
        mission = make.mission()
        cycle = make.cycle(Phase.REVIEW, missions=(mission,))
        nomination = make.nomination(cycle, mission, make.nominator(cycle, mission), NominationState.ACCEPTED)
        member = make.member(cycle)
        make.declaration(nomination, member)
        make.score(nomination, member, cycle.criteria[0], 3)
        audit.record("score", nomination, by=member, at=clock.now, cycle_id=cycle.id)
    assert db.session.query(LedgerEntry).count() == 1
    return nomination, member, cycle.criteria[0]


def _recuse(nomination, member) -> None:  # type: ignore[no-untyped-def]
    db.session.add(
        Recusal(
            nomination_id=nomination.id,
            person_id=member.id,
            kind=ConflictKind.OTHER,
            reason="x",
            at=nomination.created_at,
        )
    )


def _wrote(nomination, member) -> None:  # type: ignore[no-untyped-def]
    from award_app.domain.vocabulary import AttachmentKind

    make.attachment(
        nomination, AttachmentKind.SUPPORTING_LETTER, member, author_name=member.name, author_email=member.email
    )


def _nominated(nomination, member) -> None:  # type: ignore[no-untyped-def]
    nomination.nominator_id = member.id


_STEP_OUT: dict[str, Callable[..., None]] = {"recused": _recuse, "nominator": _nominated, "wrote a letter": _wrote}


def _wrote_before(nomination, member) -> None:  # type: ignore[no-untyped-def]
    from award_app.domain.vocabulary import AttachmentKind

    old = {"author_name": member.name, "author_email": "before@example.org"}
    make.attachment(nomination, AttachmentKind.SUPPORTING_LETTER, nomination.nominator, **old)
    at = nomination.created_at
    moved = AddressChange(ref="x" * 10, nonce="x", person_id=member.id, email=member.email, before=old["author_email"])
    moved.asked_by_id, moved.at, moved.expires_at, moved.confirmed_at = member.id, at, at, at
    db.session.add(moved)


def _handed_in(nomination, member) -> None:  # type: ignore[no-untyped-def]
    of, at = nomination.id, nomination.created_at
    db.session.add(HandIn(nomination_id=of, digest="0", answer_id=1, attachments=[], by_id=member.id, at=at))


_HANDS: dict[str, Callable[..., object]] = {
    **_STEP_OUT,
    "wrote from an old address": _wrote_before,
    "answered": lambda nomination, member: make.answer(nomination, "anything", "x", member),
    "endorsed": make.endorsement,
    "handed in": _handed_in,
}


def _counting() -> list[int]:
    return list(db.session.scalars(select(effective_scores.c.value)))


def _triggers() -> set[str]:
    question = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[db.engine.dialect.name]
    with db.engine.connect() as connection:
        return set(connection.execute(text(question)).scalars())


def _views() -> set[str]:
    return set(inspect(db.engine).get_view_names())
