"""What members see and send: the list, the card, the desk, stepping out. On SQLite; the operations run on both."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import brotli
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from award_app import clock as the_clock
from award_app.accounts import passwords
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle
from award_app.db import db, transaction
from award_app.domain.vocabulary import ConflictKind, NominationState, Phase, Seat
from award_app.nominations.models import Nomination
from award_app.panel import operations as operations_of_panel
from award_app.panel.models import Declaration, Recusal
from award_app.reviews import operations
from award_app.reviews.queries import own_list
from tests import factories as make
from tests.conftest import Clock
from tests.counting import Statements

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

SignedIn = Callable[[Person], FlaskClient]


class Year:
    """A cycle in review with accepted files of two nominators, a member and a chair."""

    def __init__(self, files: int = 3, **member: Any) -> None:
        self.mission = make.mission("MINUSLAND")
        self.cycle: Cycle = make.cycle(Phase.REVIEW, missions=(self.mission,))
        self.nominator = make.nominator(self.cycle, self.mission, name="Nora Minator")
        self.files: list[Nomination] = [
            make.nomination(
                self.cycle,
                self.mission,
                self.nominator,
                NominationState.ACCEPTED,
                publish_name=f"Officer {n}",
                reason=f"The secret of file {n}.",
            )
            for n in range(files)
        ]
        self.member = make.member(self.cycle, name="Mara Member", **member)
        self.chair = make.member(self.cycle, Seat.CHAIR, name="Cora Chair")
        db.session.commit()
        self.ref = self.files[0].ref
        self.list = f"/panel/{self.cycle.award_year}"
        self.file = f"{self.list}/{self.ref}"

    def declare(self, file: Nomination | None = None, by: Person | None = None) -> None:
        make.declaration(file or self.files[0], by or self.member)
        db.session.commit()

    def score(self, file: Nomination, by: Person, value: int, comment: str = "") -> None:
        sheet = {c.id: (2 if c.code == "conduct" else value, comment) for c in self.cycle.criteria}
        with transaction():
            operations.score(file, sheet, operation_id=f"{file.ref}{by.id}", by=by, now=the_clock.now())


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_shows_each_accepted_file_once_with_its_state_in_words(as_: SignedIn, clock: Clock) -> None:
    year = Year(5)
    make.nomination(year.cycle, year.mission, year.nominator, NominationState.SUBMITTED, publish_name="Not Accepted")
    for file in year.files[1:4]:
        year.declare(file)
    make.score(year.files[1], year.member, year.cycle.criteria[0], 4)
    year.score(year.files[2], year.member, 3)
    make.add(Recusal(nomination_id=year.files[3].id, person_id=year.member.id, kind="other", reason="x", at=clock.now))
    make.endorsement(year.files[4], year.member)
    db.session.commit()
    whole = as_(year.member).get(year.list).text
    page = whole[: whole.index("Your scores so far")]
    assert [page.count(f">{f.nominee_name}</a>") for f in year.files] == [1] * 5
    assert "Not Accepted" not in page
    states = [
        re.sub(r"<[^>]+>|\s+", " ", cell).split() for cell in re.findall(r'"Where you stand">(.*?)</td>', page, re.S)
    ]
    assert {" ".join(words) for words in states} == {
        *("○ Not opened", "● Scored", "◐ Draft 1 of 6 criteria"),
        *("⊘ Recused You had a part in it", "⊘ Recused You stepped out"),
    }
    assert "1 of 3 scored · 10 days left" in page


@pytest.mark.parametrize(("state", "shown"), [("draft", 1), ("not_opened", 2), ("scored", 0), ("nonsense", 3), ("", 3)])
def test_the_list_can_be_narrowed_to_one_state(as_: SignedIn, clock: Clock, state: str, shown: int) -> None:
    year = Year()
    year.declare()
    page = as_(year.member).get(f"{year.list}?state={state}").text
    assert page.count('"Where you stand">') == shown
    assert "All files: 3" in page
    assert ("No file of yours stands there now." in page) == (not shown)


def test_each_member_has_an_order_of_her_own_which_stays(clock: Clock) -> None:
    year = Year(8)
    orders = [[f.name for f in own_list(person, year.cycle)] for person in (year.member, year.chair, year.member)]
    assert orders[0] == orders[2] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])


def test_ones_own_scores_so_far_stand_on_a_page_of_their_own_and_nobody_elses(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    for person in (year.member, year.chair):
        year.declare(by=person)
    year.score(year.files[0], year.member, 4)
    year.score(year.files[0], year.chair, 2)
    browser, address = as_(year.member), f"{year.list}/so-far"
    page = browser.get(address).text
    assert ("<b>4.0</b>" in page, "<b>2.0</b>" in page) == (True, False)
    assert "You have not scored any file yet." not in page
    # the list and the desk lead there
    assert f'href="{address}"' in browser.get(year.list).text
    assert f'href="{address}"' in browser.get(year.file).text


def test_who_has_scored_nothing_reads_so_and_the_list_does_not_lead_there(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    browser = as_(year.member)
    assert "You have not scored any file yet." in browser.get(f"{year.list}/so-far").text
    assert f'href="{year.list}/so-far"' not in browser.get(year.list).text


def test_a_link_to_a_file_lands_on_it_after_signing_in(client: FlaskClient, clock: Clock) -> None:
    year = Year()
    year.member.password_hash = passwords.hash_of("a horse, a staple and a laurel")
    db.session.commit()
    asked = client.get(year.file)
    assert (asked.status_code, asked.location) == (302, f"/sign-in?next={year.file}")
    entry = {"email": year.member.email, "password": "a horse, a staple and a laurel"}
    assert client.post(asked.location, data=entry).location == year.file


def test_the_desk_leads_to_the_files_before_and_after_in_her_own_order(as_: SignedIn, clock: Clock) -> None:
    year = Year(4)
    order = [f.ref for f in own_list(year.member, year.cycle)]
    with transaction():
        operations_of_panel.recuse(
            next(f for f in year.files if f.ref == order[2]), ConflictKind.OTHER, "x", by=year.member, now=clock.now
        )
    year.declare(next(f for f in year.files if f.ref == order[1]))
    page = as_(year.member).get(f"{year.list}/{order[1]}").text
    links = [(rel, ref) for ref, rel in re.findall(rf'href="{year.list}/(\w+)" rel="(prev|next)"', page)]
    assert links == [("prev", order[0]), ("next", order[3])]  # the one she stepped out of is passed over


@pytest.mark.parametrize("files", [1, 12])
def test_the_list_takes_at_most_eight_statements_whatever_the_rows(
    as_: SignedIn, clock: Clock, statements: Statements, files: int
) -> None:
    year = Year(files)
    for person in (year.member, year.chair):
        browser = as_(person)
        with statements.counted() as counted:
            assert browser.get(year.list).status_code == 200
        assert counted.number <= 8, counted.texts


def test_who_is_not_on_the_panel_finds_nothing(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    stranger = make.member(make.cycle(Phase.REVIEW))
    for person in (stranger, make.secretariat(), make.observer(), year.nominator):
        browser = as_(person)
        pages = (year.list, f"{year.list}/so-far", year.file, f"{year.file}/step-out")
        assert [browser.get(page).status_code for page in pages] == [404, 404, 404, 404]


# --- the card --------------------------------------------------------------------------------------------------------


def test_before_the_declaration_a_member_sees_the_card_and_nothing_of_the_text(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    answer = as_(year.member).get(year.file)
    assert answer.status_code == 200
    for shown in ("Officer 0", "Senegal", "National Police of Senegal", "MINUSLAND", "Community policing unit", "Nora"):
        assert shown in answer.text
    for hidden in ("The secret of file", "Gender adviser", "Inspecteur", "@laurel.example", "There was no desk"):
        assert hidden not in answer.text


def test_the_card_takes_at_most_eight_statements(as_: SignedIn, clock: Clock, statements: Statements) -> None:
    year = Year()
    browser = as_(year.member)
    with statements.counted() as counted:
        assert browser.get(year.file).status_code == 200
    assert counted.number <= 8, counted.texts


def test_the_card_says_which_rules_point_at_a_conflict_and_asks_why_it_is_none(as_: SignedIn, clock: Clock) -> None:
    year = Year(nationality="SN")
    browser = as_(year.member)
    assert "contributing country is yours: Senegal" in browser.get(year.file).text
    without = browser.post(f"{year.file}/declaration", data={"answer": "none", "once": "a"})
    assert (without.status_code, _count(Declaration)) == (422, 0)
    assert without.text.count("Please say why this is no conflict of interest") == 2
    data = {"answer": "none", "why_same_country": "I left as a child.", "once": "a"}
    kept = browser.post(f"{year.file}/declaration", data=data)
    assert (kept.status_code, kept.location) == (302, year.file)
    assert db.session.scalars(select(Declaration)).one().suggested == {"same_country": "I left as a child."}


def test_a_card_without_an_answer_comes_back_with_what_was_typed(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    answer = as_(year.member).post(f"{year.file}/declaration", data={"reason": "Typed for nothing?", "once": "a"})
    assert (answer.status_code, _count(Declaration)) == (422, 0)
    assert "Please choose one of the answers." in answer.text
    assert "Typed for nothing?" in answer.text


def test_a_declaration_sent_twice_has_one_effect_and_the_same_answer(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    browser = as_(year.member)
    answers = [browser.post(f"{year.file}/declaration", data={"answer": "none", "once": "k"}) for _ in range(2)]
    assert ([a.status_code for a in answers], {a.location for a in answers}) == ([302, 302], {year.file})
    assert _count(Declaration) == 1


def test_stepping_out_on_the_card_closes_the_file_with_its_reason(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    browser = as_(year.member)
    data = {"answer": "close_tie", "reason": "She is my sister.", "once": "a"}
    assert browser.post(f"{year.file}/declaration", data=data).location == year.list
    closed = browser.get(year.file)
    assert closed.status_code == 403
    assert "She is my sister." in closed.text
    assert "The secret of file" not in closed.text


def test_a_barred_member_gets_the_reason_and_no_card(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    make.endorsement(year.files[0], year.member)
    db.session.commit()
    browser = as_(year.member)
    page = browser.get(year.file)
    assert page.status_code == 403
    assert "Nominated, endorsed or wrote for the file" in page.text
    sent = browser.post(f"{year.file}/declaration", data={"answer": "none", "once": "a"})
    assert (sent.status_code, _count(Declaration)) == (403, 0)


# --- the desk --------------------------------------------------------------------------------------------------------


def test_after_a_clear_declaration_the_same_address_shows_the_file_and_the_sheet(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    year.declare()
    page = as_(year.member).get(year.file)
    assert page.status_code == 200
    for shown in ("The secret of file 0.", "Level 3 of mandate", "Level 5 of evidence", "Save and go to the next file"):
        assert shown in page.text
    for hidden in ("nadia.okoro@laurel.example", "+221 33"):
        assert hidden not in page.text


def test_the_desk_takes_at_most_eight_statements(as_: SignedIn, clock: Clock, statements: Statements) -> None:
    year = Year(6)
    year.declare()
    year.score(year.files[0], year.member, 4)
    browser = as_(year.member)
    with statements.counted() as counted:
        assert browser.get(year.file).status_code == 200
    assert counted.number <= 8, counted.texts


def test_stepping_out_from_the_desk(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    year.declare()
    browser = as_(year.member)
    assert "I must step out of this file" in browser.get(year.file).text
    assert browser.get(f"{year.file}/step-out").status_code == 200
    empty = browser.post(f"{year.file}/step-out", data={"kind": "other", "once": "a"})
    assert (empty.status_code, _count(Recusal)) == (422, 0)
    data = {"kind": "other", "reason": "I know the case.", "once": "a"}
    assert [browser.post(f"{year.file}/step-out", data=data).location for _ in range(2)] == [year.list] * 2
    recusal = db.session.scalars(select(Recusal)).one()
    assert (recusal.kind, browser.get(year.file).status_code) == (ConflictKind.OTHER, 403)


def test_others_scores_appear_on_no_page_of_the_panel_before_the_close_nor_after(as_: SignedIn, clock: Clock) -> None:
    year = Year()
    for file in year.files:
        year.declare(file)
        year.declare(file, year.chair)
        year.score(file, year.chair, 5, "Only Cora may read this.")
    secretariat = make.secretariat()
    db.session.commit()
    pages = [f"{year.list}{rest}" for rest in ("", "/finish", "/progress", *(f"/{f.ref}" for f in year.files))]
    for moment in (clock.now, year.cycle.review_ends_at + timedelta(hours=1)):
        clock.move_to(moment)
        for person in (year.member, secretariat):
            browser = as_(person)
            for page in pages:
                assert "Only Cora" not in browser.get(page).text
        db.session.refresh(year.cycle)
        year.cycle.round_closed_at = year.cycle.review_ends_at
        db.session.commit()
    assert "Only Cora may read this." in as_(year.chair).get(year.file).text


def _count(model: type[Declaration] | type[Recusal]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_desk_is_light_on_a_thin_line(as_: SignedIn, clock: Clock) -> None:
    """Compressed, with everything it loads, without the text of the file: 16 KB on the first visit in five requests."""
    year = Year(20)
    for file in year.files:
        year.declare(file)
        year.score(file, year.member, 3, "As I see it.")
    browser = as_(year.member)
    page = browser.get(year.file).text
    without_text = page[: page.index("<article")] + page[page.index("</article>") :]
    parts = sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page)))
    loaded = 0
    for part in parts:
        with browser.get(part, headers={"Accept-Encoding": "br"}) as answer:
            loaded += len(answer.data)
    own = len(brotli.compress(without_text.encode(), quality=4))
    assert (len(parts), own <= 10_000, own + loaded <= 16_000) == (4, True, True), (own, loaded)
