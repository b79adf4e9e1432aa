"""Attachments as pictures of their pages: drawn apart from everything, read by whom the file is for."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader, PdfWriter
from sqlalchemy import select

from award_app.accounts.models import Person
from award_app.audit import LedgerEntry
from award_app.db import db, transaction
from award_app.demo import papers
from award_app.domain.vocabulary import AppointmentRole, AttachmentKind, NominationState, Phase, RenderingState
from award_app.nominations import storage
from award_app.nominations.models import Attachment, Rendering
from award_app.nominations.viewer import drawing, operations
from tests import factories as make
from tests.conftest import Clock
from tests.counting import Statements
from tests.panel.test_views import Year
from workers import files
from workers.schedule import SCHEDULE

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

SignedIn = Callable[[Person], FlaskClient]


def _pages(number: int) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for n in range(number):
        writer.append(PdfReader(io.BytesIO(papers.letter("Curriculum vitae", f"This is page {n + 1}."))))
    writer.write(out)
    return out.getvalue()


def _attach(year: Year, content: bytes, kind: AttachmentKind = AttachmentKind.SUPPORTING_LETTER) -> Attachment:
    media = "image/jpeg" if kind is AttachmentKind.PHOTO else "application/pdf"
    author = {"author_name": "Ada", "author_email": "ada@laurel.example"} if "letter" in kind.value else {}
    more = {"digest": storage.store(content), "media_type": media, **author}
    made = make.attachment(year.files[0], kind, year.nominator, **more)
    db.session.commit()
    return made


def _draw() -> None:
    files.draw_waiting.run()
    db.session.rollback()


def _rendering(of: Attachment) -> Rendering:
    return db.session.scalars(select(Rendering).where(Rendering.attachment_id == of.id)).one()


def test_who_attached_a_paper_sees_its_pages_where_she_attached_it(as_: SignedIn, clock: Clock) -> None:
    """A draft's nominator, on the page of the letters; as its authority and, later, the panel see it."""
    year = Year(1)
    cycle = make.cycle(Phase.OPEN, missions=(year.mission,))
    make.appoint(year.nominator, AppointmentRole.NOMINATOR, cycle, year.mission)
    draft = make.nomination(cycle, year.mission, year.nominator, NominationState.DRAFT, files=False)
    paper = make.attachment(
        draft, AttachmentKind.CV, year.nominator, digest=storage.store(_pages(2)), media_type="application/pdf"
    )
    db.session.commit()
    page = f"/nominations/{draft.ref}/edit/files"
    assert "Its pages are being prepared." in as_(year.nominator).get(page).text
    _draw()
    shown = as_(year.nominator).get(page).text
    assert [f"/files/{paper.ref}/pages/{number}" in shown for number in (1, 2, 3)] == [True, True, False]


# --- drawing ---------------------------------------------------------------------------------------------------------


def test_the_task_is_scheduled_by_its_name() -> None:
    assert files.draw_waiting.name in {entry["task"] for entry in SCHEDULE.values()}


def test_each_page_becomes_a_light_picture_with_its_words(clock: Clock) -> None:
    year = Year(1)
    letter = _attach(year, _pages(2))
    _draw()
    made = _rendering(letter)
    assert (made.state, made.note, made.made_at) == (RenderingState.MADE, None, clock.now)
    assert [(p.number, p.width, p.text) for p in made.pages] == [
        (1, 1000, "Curriculum vitae\nThis is page 1."),
        (2, 1000, "Curriculum vitae\nThis is page 2."),
    ]
    for page in made.pages:
        picture = storage.path_of(page.digest).read_bytes()
        assert len(picture) <= drawing.LIGHT
        with Image.open(io.BytesIO(picture)) as shown:
            assert (shown.format, shown.size) == ("WEBP", (page.width, page.height))


def test_drawing_again_changes_nothing(clock: Clock) -> None:
    year = Year(1)
    letter = _attach(year, _pages(1))
    drawn = operations.draw(letter.digest)
    _draw()
    with transaction():
        assert operations.keep(letter.id, drawn, now=clock.now) is False
    _draw()
    assert len(_rendering(letter).pages) == 1


@pytest.mark.parametrize(
    ("content", "note"),
    [
        # What passed as a PDF and cannot be drawn.
        (b"%PDF-1.7\nnothing", "unreadable"),
        (b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "unreadable"),
        (b"not at all", "unreadable"),
    ],
)
def test_what_cannot_be_drawn_ends_with_the_reason_and_is_not_tried_for_ever(
    clock: Clock, content: bytes, note: str
) -> None:
    year = Year(1)
    letter = _attach(year, content)
    _draw()
    made = _rendering(letter)
    assert (made.state, made.note, made.pages) == (RenderingState.REFUSED, note, [])
    with transaction():
        assert letter.id not in [row[0] for row in operations.waiting(clock.now)]


def test_a_file_that_is_gone_is_said_to_be(clock: Clock) -> None:
    year = Year(1)
    _draw()  # those of the factories have no bytes
    assert {r.note for r in db.session.scalars(select(Rendering))} == {"gone"}
    assert len(year.files[0].attachments) == 2


def test_a_drawing_that_takes_too_long_is_ended(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "PATIENCE", 0.001)
    assert operations.draw(storage.store(_pages(1))) == operations.Drawn(note="timeout")


def test_a_long_document_is_drawn_as_far_as_it_is_shown(clock: Clock) -> None:
    assert len(operations.draw(storage.store(_pages(31))).pages) == drawing.MOST_PAGES


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_member_reads_the_pages_at_the_desk_and_alone_and_nobody_keeps_them(as_: SignedIn, clock: Clock) -> None:
    year = Year(1)
    letter = _attach(year, _pages(2))
    year.declare()
    browser = as_(year.member)
    assert "Its pages are being prepared." in browser.get(year.file).text
    _draw()
    desk = browser.get(year.file).text
    assert "Read Supporting letter here: 2 pages" in desk
    assert f'src="/files/{letter.ref}/pages/2" width="1000"' in desk
    assert desk.count('loading="lazy"') == 2
    alone = browser.get(f"/files/{letter.ref}/pages").text
    assert ("This is page 2." in alone, "Page 1 of 2" in alone) == (True, True)
    picture = browser.get(f"/files/{letter.ref}/pages/1")
    assert (picture.status_code, picture.content_type, picture.headers["Cache-Control"]) == (
        200,
        "image/webp",
        "no-store",
    )
    assert picture.data == storage.path_of(_rendering(letter).pages[0].digest).read_bytes()
    assert [browser.get(f"/files/{letter.ref}/pages/{n}").status_code for n in (0, 3, 1000)] == [404] * 3


def test_the_desk_with_many_pages_takes_no_more_statements(as_: SignedIn, clock: Clock, statements: Statements) -> None:
    year = Year(1)
    for _ in range(2):
        _attach(year, _pages(3))
    year.declare()
    _draw()
    browser = as_(year.member)
    with statements.counted() as counted:
        assert browser.get(year.file).status_code == 200
    assert counted.number <= 8, counted.texts


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("declared", 200),
        # Before the declaration, after stepping out, and from elsewhere: as the file itself.
        ("undeclared", 403),
        ("barred", 403),
        ("stranger", 404),
        ("nominator", 200),
    ],
)
def test_the_pages_are_for_whom_the_file_is(as_: SignedIn, clock: Clock, who: str, expected: int) -> None:
    year = Year(1)
    letter = _attach(year, _pages(1))
    _draw()
    person = {"nominator": year.nominator, "stranger": make.member(make.cycle())}.get(who, year.member)
    if who == "declared":
        year.declare()
    if who == "barred":
        make.endorsement(year.files[0], year.member)
    db.session.commit()
    browser = as_(person)
    paths = (f"/files/{letter.ref}", f"/files/{letter.ref}/pages", f"/files/{letter.ref}/pages/1")
    assert [browser.get(path).status_code for path in paths] == [expected] * 3


def test_scorers_never_see_the_photo_the_mission_does(as_: SignedIn, clock: Clock) -> None:
    year = Year(1)
    out = io.BytesIO()
    Image.new("RGB", (1200, 1600), "teal").save(out, "JPEG")
    photo = _attach(year, out.getvalue(), AttachmentKind.PHOTO)
    _draw()
    assert [(p.number, p.width, p.height) for p in _rendering(photo).pages] == [(1, 1000, 1333)]
    year.declare()
    paths = (f"/files/{photo.ref}/pages", f"/files/{photo.ref}/pages/1")
    assert [as_(year.member).get(path).status_code for path in paths] == [404, 404]
    assert [as_(year.nominator).get(path).status_code for path in paths] == [200, 200]
    assert photo.ref not in as_(year.member).get(year.file).text


def test_an_original_that_is_taken_away_stands_in_the_ledger_a_page_that_is_read_does_not(
    as_: SignedIn, clock: Clock
) -> None:
    year = Year(1)
    letter = _attach(year, _pages(1))
    year.declare()
    _draw()
    browser = as_(year.member)
    for path in (f"/files/{letter.ref}/pages", f"/files/{letter.ref}/pages/1", f"/files/{letter.ref}"):
        assert browser.get(path).status_code == 200
    rows = db.session.execute(
        select(LedgerEntry.act, LedgerEntry.actor_id, LedgerEntry.subject, LedgerEntry.subject_id)
        .where(LedgerEntry.act != "sign_in")
        .order_by(LedgerEntry.seq)
    )
    assert [tuple(row) for row in rows] == [("download", year.member.id, "attachment", letter.id)]


def test_a_returned_file_shows_the_panel_nothing_of_what_is_attached_later(as_: SignedIn, clock: Clock) -> None:
    year = Year(1)
    year.declare()
    year.files[0].submitted_at = clock.now
    db.session.commit()
    clock.forward(hours=1)
    later = _attach(year, _pages(1))
    _draw()
    assert later.nomination.state is NominationState.ACCEPTED
    browser = as_(year.member)
    assert later.ref not in browser.get(year.file).text
    assert browser.get(f"/files/{later.ref}/pages/1").status_code == 404
