"""A receipt says exactly what was handed in, each time, and when."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pypdf
import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.db import transaction
from award_app.domain.vocabulary import AttachmentKind
from award_app.nominations import operations, receipt, screening
from award_app.nominations.models import Nomination
from award_app.nominations.receipts import queries
from tests import factories as make
from tests.conftest import Clock
from tests.nominations.conftest import Place, pdf

As = Callable[[Person], FlaskClient]
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def handed_in_twice(place: Place, clock: Clock) -> Nomination:
    """The second time with another unit and another CV."""
    file = place.handed_in(clock.now)
    with transaction():
        screening.declare_as_secretariat(file, conflict=False, reason=None, by=place.secretariat, now=clock.now)
        screening.send_back(file, "The unit, please.", None, by=place.secretariat, now=clock.now)
    now = clock.forward(hours=5)
    with transaction():
        place.save(file, now, unit="Sector East")
        operations.attach(file, AttachmentKind.CV, "newer.pdf", pdf(2), by=place.nominator, now=now)
    with transaction():
        place.endorse(file, now)
    with transaction():
        operations.hand_in(file, by=place.authority, now=now)
    return file


def text_of(paper: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(paper)).pages).split())


def test_each_hand_in_is_kept_as_it_was(place: Place, clock: Clock) -> None:
    file = handed_in_twice(place, clock)
    first, second = queries.hand_ins(file)
    assert [queries.answers(file, one)["unit"] for one in (first, second)] == [make.ANSWERS["unit"], "Sector East"]
    assert [[a.filename for a in queries.attachments(one)] for one in (first, second)] == [
        ["cv.pdf", "endorsement_letter.pdf"],
        ["newer.pdf", "endorsement_letter.pdf"],
    ]
    assert (second.digest, second.at, second.by_id) == (file.submitted_digest, file.submitted_at, place.authority.id)
    assert first.digest != second.digest


@on_sqlite
def test_the_page_shows_the_last_or_the_one_asked_for(place: Place, clock: Clock, as_: As) -> None:
    file = handed_in_twice(place, clock)
    first, second = queries.hand_ins(file)
    browser, address = as_(place.nominator), f"/nominations/{file.ref}/receipt"
    html = browser.get(address).text
    assert [word in html for word in (second.digest, "Sector East", "newer.pdf", "Receipt 2 of 2")] == [True] * 4
    html = browser.get(f"{address}?number=1").text
    assert [word in html for word in (first.digest, make.ANSWERS["unit"], "cv.pdf", "Receipt 1 of 2")] == [True] * 4
    assert "Sector East" not in html
    assert [browser.get(f"{address}?number={n}").status_code for n in ("0", "3", "x", "²", "")] == [404] * 5


@on_sqlite
def test_a_paper_taken_off_later_can_still_be_opened_by_those_it_was_handed_in_between(
    place: Place, clock: Clock, as_: As
) -> None:
    file = handed_in_twice(place, clock)
    old = next(a for a in queries.attachments(queries.hand_ins(file)[0]) if a.kind is AttachmentKind.CV)
    with transaction():
        screening.accept(file, by=place.secretariat, now=clock.now)
        member, stranger = make.member(place.cycle), make.nominator(place.cycle, make.mission())
        make.declaration(file, member)
    people = (place.nominator, place.authority, place.secretariat, place.second, member, stranger)
    assert [as_(p).get(f"/files/{old.ref}").status_code for p in people] == [200, 200, 200, 403, 404, 404]


@on_sqlite
def test_a_file_not_handed_in_has_no_receipt(place: Place, clock: Clock, as_: As) -> None:
    file = place.endorsed(clock.now)
    for page in ("receipt", "receipt.pdf"):
        assert as_(place.authority).get(f"/nominations/{file.ref}/{page}").location == f"/nominations/{file.ref}"


@on_sqlite
def test_the_pdf_says_the_same_in_words_that_are_never_markup(place: Place, clock: Clock, as_: As) -> None:
    odd = '#panic("x") *bold* $1/2$ = Title\n- list @ref <label> \\ #include "/etc/passwd"'
    file = place.handed_in(clock.now, unit=odd, publish_name="Élodie N’Guessan")
    answer = as_(place.authority).get(f"/nominations/{file.ref}/receipt.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    said = text_of(answer.data)
    digest = queries.hand_ins(file)[0].digest
    wanted = (digest[:32], digest[32:], " ".join(odd.split()), "Élodie N’Guessan", "12:00 UTC", "nadia.okoro@")
    assert [word for word in wanted if word not in said] == []


@on_sqlite
def test_the_pdf_of_a_letter_leaves_contact_data_out_and_says_so(place: Place, clock: Clock) -> None:
    chief = {"name": "Her Chief", "email": "chief@x.example", "level": "direct", "from": "2025-06-01"}
    answers = {f"supervisors__0__{part}": text for part, text in chief.items()}
    file = place.handed_in(clock.now, **answers)
    said = text_of(receipt.pdf(queries.hand_ins(file)[0]))
    assert [word in said for word in ("nadia.okoro@", "33 000 0000", "chief@x.example")] == [False] * 3
    assert [word in said for word in ("How to reach the nominee is left out", "Her Chief", "Sector")] == [
        True, True, False]  # fmt: skip


@on_sqlite
def test_what_the_machine_has_no_font_for_is_said(place: Place, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    file = place.handed_in(clock.now, publish_name="نادية أوكورو")
    monkeypatch.setattr(receipt, "_ALSO", {"ARABIC": ("No Such Font",)})
    assert "Some letters of this file cannot be printed" in text_of(receipt.pdf(queries.hand_ins(file)[0]))
