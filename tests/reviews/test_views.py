"""What members send and the secretariat follows: scores, finishing, progress. On SQLite; the operations run on both."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from award_app.accounts.models import Person
from award_app.cycles.models import Criterion
from award_app.db import db, transaction
from award_app.domain.vocabulary import ConflictKind, Seat
from award_app.nominations.models import SecretariatDeclaration
from award_app.panel import operations as panel
from award_app.reviews import operations, queries
from award_app.reviews.models import Score
from tests import factories as make
from tests.conftest import Clock
from tests.counting import Statements
from tests.panel.test_views import Year

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

SignedIn = Callable[[Person], FlaskClient]


def _sheet(year: Year, value: int = 4, **more: str) -> dict[str, str]:
    given = {f"value_{c.id}": "2" if c.code == "conduct" else str(value) for c in year.cycle.criteria}
    return {**given, "once": "key", **more}


def _criterion(year: Year, code: str) -> Criterion:
    return next(c for c in year.cycle.criteria if c.code == code)


# --- scoring -------------------------------------------------------------------------------------------------------


def test_a_part_of_the_sheet_is_saved_and_shown_again_with_its_time(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    year.declare()
    browser, mandate = as_(year.member), _criterion(year, "mandate")
    data = {f"value_{mandate.id}": "5", f"comment_{mandate.id}": "Forty reports.", "once": "a", "then": "stay"}
    saved = browser.post(f"{year.file}/scores", data=data)
    assert (saved.status_code, saved.location) == (302, f"{year.file}#sheet")
    page = browser.get(year.file).text
    assert "Forty reports." in page
    assert 'role="status" class="saved">Saved 12:00</p>' in page
    assert f'name="value_{mandate.id}" value="5" checked' in page


def test_save_and_next_goes_through_the_open_files_in_her_order_and_then_to_the_list(
    as_: SignedIn, clock: Clock
) -> None:
    year = Year(3)
    for file in year.files[:2]:
        year.declare(file)
    with transaction():
        panel.recuse(year.files[2], ConflictKind.OTHER, "I know the case.", by=year.member, now=clock.now)
    browser = as_(year.member)
    first, second = (f.ref for f in queries.own_list(year.member, year.cycle) if f.ref != year.files[2].ref)
    sent = browser.post(f"{year.list}/{first}/scores", data=_sheet(year, then="next", once="1"))
    assert sent.location == f"{year.list}/{second}"
    sent = browser.post(f"{year.list}/{second}/scores", data=_sheet(year, then="next", once="2"))
    assert sent.location == year.list


def test_a_sheet_sent_twice_is_saved_once(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    year.declare()
    browser = as_(year.member)
    answers = [browser.post(f"{year.file}/scores", data=_sheet(year)) for _ in range(2)]
    assert ([a.status_code for a in answers], _rows()) == ([302, 302], 6)


@pytest.mark.parametrize(
    ("code", "value", "comment", "says"),
    [
        ("mandate", "6", "Typed text", "Please choose one of the values that are offered."),
        ("mandate", "x", "Typed text", "Please choose one of the values that are offered."),
        ("conduct", "1", "", "Please say in a comment what the concern is"),
        ("mandate", "3", "Typed text" * 500, "Please keep the comment to at most 4000 characters."),
    ],
)
def test_what_does_not_fit_comes_back_with_the_reason_and_what_was_typed(
    as_: SignedIn, clock: Clock, code: str, value: str, comment: str, says: str
) -> None:
    year = Year()
    year.declare()
    c = _criterion(year, code)
    data = {f"value_{c.id}": value, f"comment_{c.id}": comment, "once": "a"}
    answer = as_(year.member).post(f"{year.file}/scores", data=data)
    assert (answer.status_code, _rows()) == (422, 0)
    assert says in answer.text
    assert comment in answer.text


def test_a_comment_without_a_value_is_kept_comes_back_and_counts_nowhere(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    year.declare()
    browser, c = as_(year.member), _criterion(year, "mandate")
    data = {f"comment_{c.id}": "Before I judge.", f"seen_{c.id}": "0", "once": "a", "then": "stay"}
    assert browser.post(f"{year.file}/scores", data=data).status_code == 302
    page = browser.get(year.file).text
    assert ("Before I judge." in page, _rows()) == (True, 0)
    assert "0 of 6 criteria" in browser.get(year.list).text
    mark = re.search(rf'name="seen_{c.id}"[^>]*value="([^"]+)"', page)
    assert mark
    assert mark[1].startswith("d")


# --- saving by itself --------------------------------------------------------------------------------------------------


def _by_itself(browser: FlaskClient, year: Year, once: str, **fields: str) -> tuple[int, dict[str, Any]]:
    sent = browser.post(f"{year.file}/scores", data={**fields, "once": once}, headers={"Accept": "application/json"})
    return sent.status_code, sent.get_json()


def test_a_part_saved_by_itself_says_when_and_which_marks_come_next(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    year.declare()
    browser, c = as_(year.member), _criterion(year, "mandate")
    sent = {f"value_{c.id}": "4", f"comment_{c.id}": "", f"seen_{c.id}": "0"}
    answers = [_by_itself(browser, year, "a", **sent) for _ in range(2)]  # the second: its first answer was lost
    assert [status for status, _told in answers] == [200, 200]
    marks = {str(other.id): "1" if other.id == c.id else "0" for other in year.cycle.criteria}
    assert answers[1][1] == {"said": "Saved 12:00", "marks": marks}
    assert _rows() == 1


def test_two_windows_that_change_the_same_are_shown_both_and_untouched_parts_pass(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    year.declare()
    browser, c, d = as_(year.member), _criterion(year, "mandate"), _criterion(year, "gender")
    first = {f"value_{c.id}": "4", f"comment_{c.id}": "From here.", f"seen_{c.id}": "0"}
    assert _by_itself(browser, year, "a", **first)[0] == 200
    second = {f"value_{c.id}": "2", f"comment_{c.id}": "From there.", f"seen_{c.id}": "0"}
    status, told = _by_itself(browser, year, "b", **second)
    said = "Another window saved at 12:00: 4 · Level 4 of mandate. Comment: “From here.”"
    both = {str(c.id): {"said": said, "value": 4, "comment": "From here.", "mark": "1"}}
    assert (status, told["clashes"]) == (409, both)
    page = browser.post(f"{year.file}/scores", data={**second, "once": "c", "then": "stay"})
    assert (page.status_code, "From there." in page.text, "“From here.”" in page.text) == (409, True, True)
    assert re.search(rf'name="seen_{c.id}"[^>]*value="1"', page.text)
    # An old window that did not touch the criterion leaves it as it is, and saves what it did touch.
    stale = {
        f"comment_{c.id}": "",
        f"seen_{c.id}": "0",
        f"value_{d.id}": "5",
        f"comment_{d.id}": "",
        f"seen_{d.id}": "0",
    }
    assert _by_itself(browser, year, "d", **stale)[0] == 200
    # Whoever has seen both decides.
    assert _by_itself(browser, year, "e", **{**second, f"seen_{c.id}": "1"})[0] == 200
    lines = {line.criterion.code: (line.value, line.comment) for line in queries.own_scores(year.member, year.files[0])}
    assert (lines["mandate"], lines["gender"]) == ((2, "From there."), (5, ""))


def test_what_cannot_be_saved_by_itself_says_so_and_where(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    year.declare()
    browser, c = as_(year.member), _criterion(year, "conduct")
    status, told = _by_itself(browser, year, "a", **{f"value_{c.id}": "1", f"comment_{c.id}": ""})
    assert (status, list(told["fields"])) == (422, [str(c.id)])
    clock.move_to(year.cycle.review_ends_at)
    status, told = _by_itself(as_(year.member), year, "b", **{f"value_{c.id}": "2", f"comment_{c.id}": ""})
    assert (status, told["final"]) == (409, True)
    assert "marked as late" in told["said"]


def test_a_late_sheet_is_kept_for_its_author_with_the_sentence_why(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    year.declare()
    clock.move_to(year.cycle.review_ends_at)
    browser, mandate = as_(year.member), _criterion(year, "mandate")
    data = {f"value_{mandate.id}": "5", f"comment_{mandate.id}": "One word more.", "once": "a"}
    late = browser.post(f"{year.file}/scores", data=data)
    assert late.status_code == 409
    for words in ("It is too late for this.", "marked as late", "One word more."):
        assert words in late.text
    again = browser.get(year.file).text
    assert "They do not count in the result." in again
    assert "One word more." in again
    assert [line.value for line in queries.own_scores(year.member, year.files[0])] == [None] * 6


@pytest.mark.parametrize(
    ("who", "status", "says"),
    [
        ("undeclared", 403, "please say whether you have a conflict"),
        ("recused", 403, "You have a conflict of interest"),
        ("finished", 409, "This has been done already"),
        ("stranger", 404, "There is no page here"),
    ],
)
def test_a_refused_sheet_says_why_and_keeps_what_was_typed(
    as_: SignedIn, clock: Clock, who: str, status: int, says: str
) -> None:
    year = Year(1)
    person = make.member(make.cycle()) if who == "stranger" else year.member
    if who in {"recused", "finished"}:
        year.declare()
    if who == "recused":
        with transaction():
            panel.recuse(year.files[0], ConflictKind.OTHER, "I know the case.", by=person, now=clock.now)
    if who == "finished":
        year.score(year.files[0], person, 3)
        with transaction():
            operations.finish(year.cycle, by=person, now=clock.now)
    db.session.commit()
    before = _rows()
    mandate = _criterion(year, "mandate")
    data = {f"value_{mandate.id}": "5", f"comment_{mandate.id}": "Typed with care.", "once": "a"}
    answer = as_(person).post(f"{year.file}/scores", data=data)
    assert (answer.status_code, _rows()) == (status, before)
    assert says in answer.text
    assert ("Typed with care." in answer.text) == (status != 404)
    assert ("The secret of file" in answer.text) == (who == "finished")


def test_after_the_close_ones_own_scores_can_be_read_and_no_sheet_is_offered(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    year.declare()
    year.score(year.files[0], year.member, 4, "As I saw it.")
    year.cycle.round_closed_at = year.cycle.review_ends_at
    db.session.commit()
    clock.move_to(year.cycle.review_ends_at + timedelta(days=1))
    page = as_(year.member).get(year.file).text
    assert "As I saw it." in page
    assert "4 · Level 4 of mandate" in page
    assert "/scores" not in page


# --- finishing -------------------------------------------------------------------------------------------------------


def test_finishing_is_offered_with_what_is_left_and_refused_until_all_is_scored(as_: SignedIn, clock: Clock) -> None:
    year = Year(2)
    browser = as_(year.member)
    page = browser.get(f"{year.list}/finish").text
    assert all(f">{f.nominee_name}</a>" in page for f in year.files)
    refused = browser.post(f"{year.list}/finish", data={"once": "a"})
    assert refused.status_code == 409
    assert "These are still open" in refused.text
    for value, file in zip((2, 5), year.files, strict=True):
        year.declare(file)
        year.score(file, year.member, value)
    page = browser.get(f"{year.list}/finish").text
    asked = re.sub(r"<[^>]+>", "", page[page.index('class="lead"') :])
    assert "Your highest: Officer 1 (5.0); your lowest: Officer 0 (2.0). Is that the right way round?" in asked
    assert "In these files you gave the same value for every criterion." in asked
    answers = [browser.post(f"{year.list}/finish", data={"once": "b"}) for _ in range(2)]
    assert [a.location for a in answers] == [year.list] * 2
    assert queries.ballot(year.member, year.cycle) == clock.now
    assert "You have finished scoring" in browser.get(year.list).text
    assert "/scores" not in browser.get(year.file).text


# --- progress --------------------------------------------------------------------------------------------------------


def test_the_secretariat_and_the_chair_see_who_finished_and_how_many_reviews_and_nothing_of_the_scores(
    as_: SignedIn, clock: Clock
) -> None:
    year = Year(2)
    for file in year.files:
        year.declare(file)
    year.score(year.files[0], year.member, 5, "Sealed until the close.")
    with transaction():
        panel.recuse(year.files[1], ConflictKind.CLOSE_TIE, "A cousin of mine.", by=year.member, now=clock.now)
        operations.finish(year.cycle, by=year.member, now=clock.now)
    secretariat = make.secretariat()
    db.session.commit()
    for person in (secretariat, year.chair):
        page = as_(person).get(f"{year.list}/progress").text
        assert (page.count('tag-good">Finished<'), page.count(">Not finished<")) == (1, 1)
        assert (page.count("1 of 2"), page.count("0 of 2")) == (1, 1)
        assert "A cousin of mine." in page
        assert "Sealed until the close." not in page


def test_files_kept_from_the_viewer_are_not_on_the_progress_page(as_: SignedIn, clock: Clock) -> None:
    year = Year(2)
    with transaction():
        panel.recuse(year.files[0], ConflictKind.OTHER, "Reason of Mara.", by=year.member, now=clock.now)
        panel.recuse(year.files[0], ConflictKind.OTHER, "Reason of Cora.", by=year.chair, now=clock.now)
    secretariat = make.secretariat()
    declared = {"nomination_id": year.files[0].id, "person_id": secretariat.id, "conflict": True, "reason": "A friend."}
    make.add(SecretariatDeclaration(**declared, at=clock.now))
    db.session.commit()
    for person in (secretariat, year.chair):
        page = as_(person).get(f"{year.list}/progress").text
        assert ("Officer 0" in page, "Officer 1" in page, "Reason of" in page) == (False, True, False)


def test_members_without_a_seat_at_the_head_find_no_progress_page(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    deputy = make.member(year.cycle, Seat.DEPUTY)
    db.session.commit()
    address = f"{year.list}/progress"
    people = (deputy, year.member, year.nominator, make.observer())
    assert [as_(person).get(address).status_code for person in people] == [200, 404, 404, 404]


@pytest.mark.parametrize("files", [1, 10])
def test_progress_takes_at_most_eight_statements_whatever_the_rows(
    as_: SignedIn, clock: Clock, statements: Statements, files: int
) -> None:
    year = Year(files)
    browser = as_(year.chair)
    with statements.counted() as counted:
        assert browser.get(f"{year.list}/progress").status_code == 200
    assert counted.number <= 8, counted.texts


def _rows() -> int:
    return db.session.scalar(select(func.count()).select_from(Score)) or 0
