"""What a mission may do with its files, and what it hears when it may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from award_app import audit
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.completeness import Problem, ProblemCode
from award_app.domain.vocabulary import AttachmentKind, Consent, NominationState, Refusal, Refused
from award_app.nominations import operations, queries, screening
from award_app.nominations.models import Answer, Endorsement, Nomination
from award_app.notifications.models import Letter
from tests import factories as make
from tests.conftest import Clock
from tests.nominations.conftest import Place, make_place, pdf


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as caught, transaction():
        act()
    return caught.value


# --- beginning -------------------------------------------------------------------------------------------------------


def test_a_nominator_begins_a_file_of_her_own_mission_only(place: Place, clock: Clock) -> None:
    with transaction():
        other = make.mission()
        make.nominator(place.cycle, other)
        made = operations.begin(place.cycle, place.mission, by=place.nominator, now=clock.now)
    assert (made.state, made.mission_id, made.nominator_id) == ("draft", place.mission.id, place.nominator.id)
    again = refusal(lambda: operations.begin(place.cycle, other, by=place.nominator, now=clock.now))
    assert again.refusal is Refusal.NOT_YOURS
    hers = refusal(lambda: operations.begin(place.cycle, place.mission, by=place.authority, now=clock.now))
    assert hers.refusal is Refusal.NOT_YOURS


def test_nothing_is_begun_after_the_window(place: Place, clock: Clock) -> None:
    late = clock.move_to(place.cycle.closes_at)
    said = refusal(lambda: operations.begin(place.cycle, place.mission, by=place.nominator, now=late))
    assert said.refusal is Refusal.TOO_LATE


# --- answers ---------------------------------------------------------------------------------------------------------


def test_only_what_changed_becomes_a_revision_and_the_card_keeps_step(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    with transaction():
        saved = place.save(file, clock.now, family_name="Okoro", publish_name="N. Okoro-Diop")
    assert saved == operations.Saved(("publish_name",), (), {"family_name": 1, "publish_name": 2})
    assert (file.nominee_name, file.nominee_country) == ("N. Okoro-Diop", "SN")
    assert _revisions(file, "publish_name") == [(1, "Nadia Okoro", False), (2, "N. Okoro-Diop", False)]
    assert _revisions(file, "family_name") == [(1, "Okoro", False)]


def test_a_file_without_a_name_to_publish_is_called_by_its_names(place: Place, clock: Clock) -> None:
    with transaction():
        file = operations.begin(place.cycle, place.mission, by=place.nominator, now=clock.now)
        place.save(file, clock.now, given_names="Nadia", family_name="Okoro")
    assert file.nominee_name == "Nadia Okoro"


def test_the_same_operation_writes_once_and_its_id_with_another_text_is_a_save_of_its_own(
    place: Place, clock: Clock
) -> None:
    file = place.file(clock.now)

    def send(text: str) -> operations.Saved:
        with transaction():
            return operations.save(
                file, {"unit": text}, seen={"unit": 1}, operation_id="same", by=place.nominator, now=clock.now
            )

    assert send("Unit two").changed == ("unit",)
    assert send("Unit two").changed == ()
    # the page came back by the back button, with the key it was first sent with
    assert send("Unit three").changed == ("unit",)
    assert [text for _n, text, _late in _revisions(file, "unit")][1:] == ["Unit two", "Unit three"]


def test_two_authors_of_one_answer_are_told_and_both_texts_stay(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    with transaction():
        colleague = make.nominator(place.cycle, place.mission)
        operations.save(file, {"unit": "Hers"}, seen={"unit": 1}, operation_id="a", by=colleague, now=clock.now)
    with transaction():
        saved = operations.save(
            file, {"unit": "Mine"}, seen={"unit": 1}, operation_id="b", by=place.nominator, now=clock.now
        )
    assert saved.overlaps == (operations.Overlap("unit", "Mine", "Hers"),)
    assert queries.answers(file)["unit"] == "Mine"
    assert [text for _n, text, _late in _revisions(file, "unit")][1:] == ["Hers", "Mine"]


def test_a_page_opened_long_ago_takes_nothing_back_that_its_author_did_not_touch(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    before = queries.answers(file)["unit"]
    with transaction():
        colleague = make.nominator(place.cycle, place.mission)
        operations.save(file, {"unit": "Hers"}, seen={"unit": 1}, operation_id="a", by=colleague, now=clock.now)
    with transaction():
        sent = {"unit": before, "duty_place": "Elsewhere"}
        saved = operations.save(
            file, sent, seen={"unit": 1, "duty_place": 1}, operation_id="b", by=place.nominator, now=clock.now
        )
    assert (saved.changed, saved.overlaps) == (("duty_place",), ())
    assert queries.answers(file)["unit"] == "Hers"


@pytest.mark.parametrize(
    "answers",
    [
        {"rank": "Major"},  # no such field
        {"earlier.10.mission": "UNMISS"},  # a row too many
        {"answer.conduct": "…"},  # a criterion that is not answered in writing
        {"unit": "x" * 100_001},  # no end in sight
    ],
)
def test_what_the_form_does_not_have_is_refused(place: Place, clock: Clock, answers: dict[str, str]) -> None:
    file = place.file(clock.now)
    assert refusal(lambda: place.save(file, clock.now, **answers)).refusal is Refusal.INVALID


def test_what_no_database_keeps_is_left_out(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    with transaction():
        place.save(file, clock.now, unit=" a\x00b\r\nc\ud800 ")
    assert queries.answers(file)["unit"] == "ab\nc?"


def test_an_edit_voids_the_endorsement(place: Place, clock: Clock) -> None:
    file = place.endorsed(clock.now)
    with transaction():
        place.save(file, clock.now, unit="Another unit")
    assert (file.state, file.endorsed_digest) == (NominationState.DRAFT, None)
    assert db.session.scalars(select(Endorsement.voided_at)).all() == [clock.now]
    assert refusal(lambda: operations.hand_in(file, by=place.authority, now=clock.now)).refusal is Refusal.WRONG_STATE


def test_saving_without_a_change_leaves_the_endorsement(place: Place, clock: Clock) -> None:
    file = place.endorsed(clock.now)
    with transaction():
        place.save(file, clock.now, unit=make.ANSWERS["unit"])
    assert file.state is NominationState.ENDORSED


# --- too late --------------------------------------------------------------------------------------------------------


def test_the_deadline_is_an_instant(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    closes = place.cycle.closes_at
    with transaction():
        place.save(file, closes - timedelta(seconds=1), unit="In time")
    assert refusal(lambda: place.save(file, closes, unit="Too late")).refusal is Refusal.TOO_LATE
    assert queries.answers(file)["unit"] == "In time"


def test_what_came_too_late_is_kept_for_its_author_alone_and_changes_no_digest(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    digest = queries.file_digest(file)
    with transaction():
        sent = {"unit": "Too late", "duty_place": make.ANSWERS["duty_place"], "citation": ""}
        assert operations.keep_late(file.id, sent, by=place.nominator, now=clock.now) == 1
        colleague = make.nominator(place.cycle, place.mission)
    assert [row.text for row in queries.late_answers(file, place.nominator)] == ["Too late"]
    assert queries.late_answers(file, colleague) == []
    assert (queries.answers(file)["unit"], queries.file_digest(file)) == (make.ANSWERS["unit"], digest)
    # sent again, it is not kept twice
    with transaction():
        assert operations.keep_late(file.id, sent, by=place.nominator, now=clock.now) == 0
    # and the next revision counts on behind it
    with transaction():
        place.save(file, clock.now, unit="In time after all")
    assert [n for n, _text, _late in _revisions(file, "unit")] == [1, 2, 3]


@pytest.mark.parametrize("who", ["authority", "member"])
def test_nobody_but_a_nominator_leaves_late_texts(place: Place, clock: Clock, who: str) -> None:
    """A row by a panel member would bar her from scoring the file."""
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, NominationState.ACCEPTED)
        person = place.authority if who == "authority" else make.member(place.cycle)
    said = refusal(lambda: operations.keep_late(file.id, {"unit": "x"}, by=person, now=clock.now))
    assert said.refusal is Refusal.NOT_YOURS


# --- endorsing -------------------------------------------------------------------------------------------------------


def test_an_endorsement_is_bound_to_the_text(place: Place, clock: Clock) -> None:
    file = place.endorsed(clock.now)
    assert (file.state, file.endorsed_digest) == (NominationState.ENDORSED, queries.file_digest(file))
    given = queries.endorsement(file)
    assert given is not None
    assert (given.by_id, given.digest) == (place.authority.id, file.endorsed_digest)


def test_what_is_missing_is_named_field_by_field(place: Place, clock: Clock) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, files=False, unit="", mission_start="soon")
    said = refusal(lambda: place.endorse(file, clock.now, none_pending=False))
    assert said.refusal is Refusal.INCOMPLETE
    assert said.problems == (
        Problem("none_pending", ProblemCode.NOT_TICKED),
        Problem("unit", ProblemCode.MISSING),
        Problem("mission_start", ProblemCode.NOT_A_DATE),
        Problem("endorsement_letter", ProblemCode.MISSING_FILE),
        Problem("cv", ProblemCode.MISSING_FILE),
    )
    assert file.state is NominationState.DRAFT


def test_what_changed_since_it_was_read_is_not_endorsed(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    read = queries.file_digest(file)
    with transaction():
        place.save(file, clock.now, unit="Another unit")
    said = refusal(
        lambda: operations.endorse(
            file,
            in_active_service=True,
            no_serious_sanction=True,
            none_pending=True,
            read=read,
            by=place.authority,
            now=clock.now,
        )
    )
    assert said.refusal is Refusal.CHANGED_MEANWHILE


# --- handing in ------------------------------------------------------------------------------------------------------


def test_handing_in_seals_the_file_and_writes_to_its_mission(place: Place, clock: Clock) -> None:
    with transaction():
        second = make.authority(place.cycle, place.mission)
        make.authority(place.cycle, make.mission())
    file = place.handed_in(clock.now)
    assert (file.state, file.submitted_at) == (NominationState.SUBMITTED, clock.now)
    assert file.submitted_digest == file.endorsed_digest == queries.file_digest(file)
    assert (file.consent, file.consent_at) == (Consent.GIVEN, clock.now)
    assert _letters("handed_in") == {place.nominator.id, place.authority.id, second.id}
    assert queries.answers(file, handed_in=True) == queries.answers(file)
    assert _acts(file) == ["begin", "edit", "endorse", "hand_in"]


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (NominationState.DRAFT, Refusal.WRONG_STATE),
        (NominationState.SUBMITTED, Refusal.WRONG_STATE),
        (NominationState.RETURNED, Refusal.WRONG_STATE),
        (NominationState.ACCEPTED, Refusal.WRONG_STATE),
        (NominationState.INELIGIBLE, Refusal.WRONG_STATE),
        (NominationState.WITHDRAWN, Refusal.WRONG_STATE),
        # endorsed, but by another digest than that of its text
        (NominationState.ENDORSED, Refusal.CHANGED_MEANWHILE),
    ],
)
def test_only_what_was_endorsed_is_handed_in(
    place: Place, clock: Clock, state: NominationState, reason: Refusal
) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, state)
    assert refusal(lambda: operations.hand_in(file, by=place.authority, now=clock.now)).refusal is reason


def test_nothing_is_handed_in_after_the_window(place: Place, clock: Clock) -> None:
    file = place.endorsed(clock.now)
    late = place.cycle.closes_at
    assert refusal(lambda: operations.hand_in(file, by=place.authority, now=late)).refusal is Refusal.TOO_LATE
    with transaction():
        operations.hand_in(file, by=place.authority, now=late - timedelta(seconds=1))
    assert file.submitted_at == late - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (NominationState.DRAFT, False),
        (NominationState.ENDORSED, False),
        (NominationState.SUBMITTED, True),
        (NominationState.RETURNED, True),
        (NominationState.ACCEPTED, True),
        (NominationState.INELIGIBLE, False),
        (NominationState.WITHDRAWN, False),
    ],
)
def test_the_quota_counts_submitted_returned_and_accepted_files(
    app: object, clock: Clock, state: NominationState, counts: bool
) -> None:
    place = make_place(quota=1)
    with transaction():
        make.nomination(place.cycle, place.mission, place.nominator, state)
    file = place.endorsed(clock.now)
    if counts:
        said = refusal(lambda: operations.hand_in(file, by=place.authority, now=clock.now))
        assert (said.refusal, file.state) == (Refusal.QUOTA_FULL, NominationState.ENDORSED)
    else:
        with transaction():
            operations.hand_in(file, by=place.authority, now=clock.now)
        assert file.state is NominationState.SUBMITTED


def test_a_returned_file_keeps_its_place_while_it_is_endorsed_again(app: object, clock: Clock) -> None:
    place = make_place(quota=1)
    file, other = place.handed_in(clock.now), place.endorsed(clock.now)
    with transaction():
        _clear(place.secretariat, file, clock)
        screening.send_back(file, "Shorter, please.", None, by=place.secretariat, now=clock.now)
    with transaction():
        place.save(file, clock.now, unit="Another unit")
        place.endorse(file, clock.now)
    said = refusal(lambda: operations.hand_in(other, by=place.authority, now=clock.now))
    assert said.refusal is Refusal.QUOTA_FULL
    late = place.cycle.closes_at + timedelta(days=1)  # its own deadline, whatever the window
    with transaction():
        operations.hand_in(file, by=place.authority, now=late)
    assert (file.state, queries.answers(file, handed_in=True)["unit"]) == (NominationState.SUBMITTED, "Another unit")
    assert len(_letter_rows("handed_in")) == 4


def test_an_edit_of_an_endorsed_file_that_had_been_returned_takes_it_back_to_returned(
    place: Place, clock: Clock
) -> None:
    file = place.handed_in(clock.now)
    with transaction():
        _clear(place.secretariat, file, clock)
        screening.send_back(file, "Shorter, please.", None, by=place.secretariat, now=clock.now)
    with transaction():
        place.endorse(file, clock.now)
    with transaction():
        place.save(file, clock.now, unit="Another unit")
    assert file.state is NominationState.RETURNED


# --- withdrawing -----------------------------------------------------------------------------------------------------


def test_a_file_is_withdrawn_with_a_reason(place: Place, clock: Clock) -> None:
    file = place.handed_in(clock.now)
    for empty in ("", "  \n", "x" * 2001):
        said = refusal(lambda empty=empty: operations.withdraw(file, empty, by=place.authority, now=clock.now))  # type: ignore[misc]
        assert said.refusal is Refusal.INVALID
    with transaction():
        operations.withdraw(file, " She went home. ", by=place.authority, now=clock.now)
    assert (file.state, file.withdrawn_reason) == (NominationState.WITHDRAWN, "She went home.")
    assert queries.places_taken(place.cycle.id, place.mission.id) == 0


def test_an_ineligible_file_is_not_withdrawn(place: Place, clock: Clock) -> None:
    with transaction():
        file = make.nomination(place.cycle, place.mission, place.nominator, NominationState.INELIGIBLE)
    said = refusal(lambda: operations.withdraw(file, "Why not", by=place.authority, now=clock.now))
    assert said.refusal is Refusal.WRONG_STATE


# --- who may not -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("authority", Refusal.NOT_YOURS),  # vouches, does not write
        ("stranger", Refusal.NOT_FOUND),  # another mission's nominator
        ("secretariat", Refusal.NOT_FOUND),  # knows nothing of drafts
    ],
)
def test_a_draft_is_written_by_its_mission_only(place: Place, clock: Clock, who: str, reason: Refusal) -> None:
    file = place.file(clock.now)
    with transaction():
        people = {"stranger": make.nominator(place.cycle, make.mission())}
    person = people.get(who) or getattr(place, who)
    sent = {"unit": "Mine"}
    said = refusal(lambda: operations.save(file, sent, seen={}, operation_id="x", by=person, now=clock.now))
    assert said.refusal is reason
    added = refusal(lambda: operations.attach(file, AttachmentKind.CV, "a.pdf", pdf(), by=person, now=clock.now))
    assert added.refusal is reason


def test_the_digest_knows_answers_files_and_their_kinds(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    seen = {queries.file_digest(file)}
    with transaction():
        place.save(file, clock.now, unit="Another unit")
    seen.add(queries.file_digest(file))
    with transaction():
        operations.attach(file, AttachmentKind.CV, "b.pdf", pdf(2), by=place.nominator, now=clock.now)
    seen.add(queries.file_digest(file))
    with transaction():
        operations.remove_attachment(queries.attachments(file)[0], by=place.nominator, now=clock.now)
    seen.add(queries.file_digest(file))
    assert len(seen) == 4


# --- reading what happened -------------------------------------------------------------------------------------------


def _revisions(file: Nomination, field: str) -> list[tuple[int, str, bool]]:
    query = select(Answer.revision, Answer.text, Answer.late).where(
        Answer.nomination_id == file.id, Answer.field == field
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query.order_by(Answer.revision))]


def _acts(file: Nomination) -> list[str]:
    query = select(audit.LedgerEntry.act).where(
        audit.LedgerEntry.subject == "nomination", audit.LedgerEntry.subject_id == file.id
    )
    return list(db.session.scalars(query.order_by(audit.LedgerEntry.seq)))


def _letter_rows(template: str) -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.template == template)))


def _letters(template: str) -> set[int | None]:
    return {letter.person_id for letter in _letter_rows(template)}


def _clear(person: Person, file: Nomination, clock: Clock) -> None:
    screening.declare_as_secretariat(file, conflict=False, reason=None, by=person, now=clock.now)
