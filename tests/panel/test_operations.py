"""Declaring and stepping out, through the operations, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from award_app.accounts.models import Person, Stint
from award_app.audit import LedgerEntry
from award_app.cycles.models import Cycle, Mission
from award_app.db import db, transaction
from award_app.domain.conflicts import Finding, Rule
from award_app.domain.vocabulary import AttachmentKind, ConflictKind, NominationState, Phase, Refusal, Refused, Seat
from award_app.nominations.models import Nomination
from award_app.panel import operations
from award_app.panel.findings import findings, findings_of_many
from award_app.panel.models import Declaration, Recusal
from tests import factories as make
from tests.conftest import Clock
from tests.counting import Statements
from tests.panel.together import at_once

pytestmark = pytest.mark.usefixtures("app")


class Year:
    """A cycle in review with one accepted file of a Senegalese officer, and a member from Norway."""

    def __init__(self, **answers: Any) -> None:
        self.mission: Mission = make.mission()
        self.cycle: Cycle = make.cycle(Phase.REVIEW, missions=(self.mission,))
        self.nominator: Person = make.nominator(self.cycle, self.mission)
        self.authority: Person = make.authority(self.cycle, self.mission)
        self.file: Nomination = make.nomination(
            self.cycle, self.mission, self.nominator, NominationState.ACCEPTED, **answers
        )
        self.member: Person = make.member(self.cycle)
        db.session.commit()


def _found(year: Year, member: Person, on: date) -> list[Finding]:
    return list(findings(year.file, member, on=on))


# --- the five rules ------------------------------------------------------------------------------------------------


def test_a_member_without_ties_has_no_findings(clock: Clock) -> None:
    year = Year()
    assert _found(year, year.member, clock.now.date()) == []


def test_rule_1_the_member_has_the_nationality_of_the_contributing_country(clock: Clock) -> None:
    year = Year()
    same = make.member(year.cycle, nationality="SN")
    assert _found(year, same, clock.now.date()) == [Finding(Rule.SAME_COUNTRY, False)]


def test_rule_2_the_member_comes_from_the_same_home_service(clock: Clock) -> None:
    year = Year()
    same = make.member(year.cycle, home_service="national police of  Sénégal")
    assert _found(year, same, clock.now.date()) == [Finding(Rule.SAME_SERVICE, False)]


@pytest.mark.parametrize(
    ("ended", "fires"),
    [
        (None, True),  # still there
        (date(2024, 3, 10), True),  # left on the very day 24 months ago
        (date(2024, 3, 9), False),  # a day earlier
    ],
)
def test_rule_3_the_member_served_in_the_nominating_mission_within_24_months(
    clock: Clock, ended: date | None, fires: bool
) -> None:
    year = Year()
    make.add(Stint(person_id=year.member.id, mission_id=year.mission.id, started=date(2022, 1, 1), ended=ended))
    expected = [Finding(Rule.MISSION_24_MONTHS, False)] if fires else []
    assert _found(year, year.member, clock.now.date()) == expected


def test_rule_3_is_silent_about_another_mission(clock: Clock) -> None:
    year = Year()
    make.add(Stint(person_id=year.member.id, mission_id=make.mission().id, started=date(2022, 1, 1), ended=None))
    assert _found(year, year.member, clock.now.date()) == []


SUPERVISOR: dict[str, Any] = {
    "supervisors__0__name": "Ingrid Dahl",
    "supervisors__0__email": "",
    "supervisors__0__level": "second",
    "supervisors__0__from": "2022-01-01",
}


@pytest.mark.parametrize(
    ("ended", "fires"),
    [
        ("", True),  # still so
        ("2023-03-10", True),  # over on the very day 36 months ago
        ("2023-03-09", False),  # a day earlier
    ],
)
def test_rule_4_the_member_supervised_the_nominee_within_36_months(clock: Clock, ended: str, fires: bool) -> None:
    year = Year(**SUPERVISOR, supervisors__0__to=ended)
    boss = make.member(year.cycle, name="Dahl Ingrid")
    expected = [Finding(Rule.SUPERVISOR_36_MONTHS, False)] if fires else []
    assert _found(year, boss, clock.now.date()) == expected


def test_rule_4_reads_what_was_handed_in_and_no_later_revision(clock: Clock) -> None:
    year = Year(**SUPERVISOR)
    boss = make.member(year.cycle, name="Ingrid Dahl")
    make.answer(year.file, "supervisors.0.name", "Somebody Else", year.nominator, revision=2)
    assert _found(year, boss, clock.now.date()) == [Finding(Rule.SUPERVISOR_36_MONTHS, False)]


@pytest.mark.parametrize("hand", ["nominated", "edited", "endorsed", "wrote"])
def test_rule_5_bars_whoever_had_a_hand_in_the_file(clock: Clock, hand: str) -> None:
    year = Year()
    if hand == "nominated":
        year.file.nominator_id = year.member.id
    elif hand == "edited":
        make.answer(year.file, "reason", "Better said.", year.member, revision=2)
    elif hand == "endorsed":
        make.endorsement(year.file, year.member)
    else:
        letter = {"author_name": "A member", "author_email": year.member.email}
        make.attachment(year.file, AttachmentKind.SUPPORTING_LETTER, year.nominator, **letter)
    db.session.flush()
    assert _found(year, year.member, clock.now.date()) == [Finding(Rule.NOMINATED_ENDORSED_OR_WROTE, True)]
    with pytest.raises(Refused) as no:
        operations.declare(year.file, reasons={}, by=year.member, now=clock.now)
    assert no.value.refusal is Refusal.CONFLICT


def test_the_findings_of_many_files_take_as_many_statements_as_those_of_one(
    clock: Clock, statements: Statements
) -> None:
    year = Year(**SUPERVISOR)
    files = [year.file]
    files += [
        make.nomination(year.cycle, year.mission, year.nominator, NominationState.ACCEPTED, **SUPERVISOR)
        for _ in range(5)
    ]
    boss = make.member(year.cycle, name="Ingrid Dahl", nationality="SN")
    db.session.flush()
    loaded = {file.mission.acronym for file in files}  # as a list would have loaded them
    with statements.counted() as counted:
        found = findings_of_many(files, boss, on=clock.now.date())
    both = (Finding(Rule.SAME_COUNTRY, False), Finding(Rule.SUPERVISOR_36_MONTHS, False))
    assert (found, counted.number, len(loaded)) == ({file.id: both for file in files}, 3, 1)


# --- declaring -------------------------------------------------------------------------------------------------------


def test_a_declaration_is_kept_with_the_reason_for_each_rule_that_pointed_at_a_conflict(clock: Clock) -> None:
    year = Year()
    member = make.member(year.cycle, nationality="SN", home_service="National Police of Senegal")
    reasons = {
        Rule.SAME_COUNTRY: " I left as a child. ",
        Rule.SAME_SERVICE: "It has 20,000 officers.",
        Rule.MISSION_24_MONTHS: "Not asked.",
    }
    with transaction():
        operations.declare(year.file, reasons=reasons, by=member, now=clock.now)
    kept = db.session.scalars(select(Declaration)).one()
    assert kept.suggested == {"same_country": "I left as a child.", "same_service": "It has 20,000 officers."}
    assert _acts() == [("declare", {"rules": ["same_country", "same_service"]})]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001])
def test_without_a_reason_for_each_suggested_rule_nothing_is_declared(clock: Clock, reason: str) -> None:
    year = Year()
    member = make.member(year.cycle, nationality="SN", home_service="National Police of Senegal")
    db.session.commit()
    reasons = {Rule.SAME_COUNTRY: reason, Rule.SAME_SERVICE: "It is large."}
    with pytest.raises(Refused) as no, transaction():
        operations.declare(year.file, reasons=reasons, by=member, now=clock.now)
    assert (no.value.refusal, no.value.problems) == (Refusal.INVALID, (Rule.SAME_COUNTRY,))
    assert _count(Declaration) == 0


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("cleared", Refusal.ALREADY_DONE),
        ("recused", Refusal.CONFLICT),
        ("member of another year", Refusal.NOT_FOUND),
        ("secretariat", Refusal.NOT_YOURS),
        ("nominator", Refusal.NOT_YOURS),
    ],
)
def test_who_may_not_declare(clock: Clock, who: str, refusal: Refusal) -> None:
    year = Year()
    people: dict[str, Callable[[], Person]] = {
        "cleared": lambda: _cleared(year),
        "recused": lambda: _recused(year, clock),
        "member of another year": lambda: make.member(make.cycle()),
        "secretariat": make.secretariat,
        "nominator": lambda: year.nominator,
    }
    person = people[who]()
    with pytest.raises(Refused) as no:
        operations.declare(year.file, reasons={}, by=person, now=clock.now)
    assert no.value.refusal is refusal


def test_declaring_four_times_at_once_has_one_effect(app: Flask, clock: Clock) -> None:
    year = Year()
    file_id, member_id = year.file.id, year.member.id

    def declare() -> None:
        file, member = db.session.get_one(Nomination, file_id), db.session.get_one(Person, member_id)
        operations.declare(file, reasons={}, by=member, now=clock.now)

    refusals = at_once(app, [declare] * 4)
    assert (sorted(refusals), _count(Declaration)) == ([Refusal.ALREADY_DONE] * 3, 1)


# --- stepping out ----------------------------------------------------------------------------------------------------


def test_a_member_steps_out_instead_of_declaring(clock: Clock) -> None:
    year = Year()
    with transaction():
        operations.recuse(year.file, ConflictKind.CLOSE_TIE, "She is my sister.", by=year.member, now=clock.now)
    recusal = db.session.scalars(select(Recusal)).one()
    assert (recusal.kind, recusal.reason, _count(Declaration)) == (ConflictKind.CLOSE_TIE, "She is my sister.", 1)
    assert _acts() == [("recuse", {"kind": "close_tie"})]
    assert year.cycle.result_due is False


def test_a_member_steps_out_after_she_had_declared(clock: Clock) -> None:
    year = Year()
    member = _cleared(year)
    with transaction():
        operations.recuse(year.file, ConflictKind.OTHER, "I know the case.", by=member, now=clock.now)
    assert (_count(Recusal), _count(Declaration)) == (1, 1)


def test_after_the_close_a_recusal_asks_for_the_result_again(clock: Clock) -> None:
    year = Year()
    member = _cleared(year)
    year.cycle.round_closed_at = year.cycle.review_ends_at
    db.session.commit()
    clock.move_to(year.cycle.review_ends_at + timedelta(days=1))
    with transaction():
        operations.recuse(year.file, ConflictKind.OTHER, "I know the case.", by=member, now=clock.now)
    assert year.cycle.result_due is True


def test_a_second_recusal_is_refused(clock: Clock) -> None:
    year = Year()
    member = _recused(year, clock)
    with pytest.raises(Refused) as no, transaction():
        operations.recuse(year.file, ConflictKind.OTHER, "Again.", by=member, now=clock.now)
    assert (no.value.refusal, _count(Recusal)) == (Refusal.CONFLICT, 1)


def test_a_recusal_needs_a_reason(clock: Clock) -> None:
    year = Year()
    with pytest.raises(Refused) as no, transaction():
        operations.recuse(year.file, ConflictKind.OTHER, " ", by=year.member, now=clock.now)
    assert (no.value.refusal, _count(Recusal)) == (Refusal.INVALID, 0)


def _cleared(year: Year) -> Person:
    member = make.member(year.cycle, Seat.MEMBER)
    make.declaration(year.file, member)
    db.session.commit()
    return member


def _recused(year: Year, clock: Clock) -> Person:
    member = _cleared(year)
    operations.recuse(year.file, ConflictKind.OTHER, "I know the case.", by=member, now=clock.now)
    db.session.commit()
    return member


def _count(model: type[Declaration] | type[Recusal]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _acts() -> list[tuple[str, dict[str, object]]]:
    return [(row.act, row.detail) for row in db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq))]
