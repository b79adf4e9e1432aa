"""Files are believed by their content alone."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from io import BytesIO

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import AttachmentKind, NominationState, Refusal
from award_app.nominations import content, files, operations, queries, storage
from award_app.nominations.content import FileProblem
from tests.conftest import Clock
from tests.nominations.conftest import Place, pdf, picture
from tests.nominations.test_operations import refusal

CV, LETTER, PHOTO = AttachmentKind.CV, AttachmentKind.SUPPORTING_LETTER, AttachmentKind.PHOTO


def _zip() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def _written(change: object) -> bytes:
    """A PDF of one page to which `change` was done."""
    writer, out = pypdf.PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    assert callable(change)
    change(writer)
    writer.write(out)
    return out.getvalue()


def _opens(action: str) -> bytes:
    act = DictionaryObject({NameObject("/S"): NameObject(action), NameObject("/F"): TextStringObject("run.exe")})
    return _written(lambda w: w.root_object.update({NameObject("/OpenAction"): act}))


def _with_xfa() -> bytes:
    form = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
    return _written(lambda w: w.root_object.update({NameObject("/AcroForm"): form}))


def _opens_at_a_page() -> bytes:
    """What office programs write: where to open, not what to do."""
    return _written(
        lambda w: w.root_object.update({NameObject("/OpenAction"): ArrayObject([NumberObject(0), NameObject("/Fit")])})
    )


def _launches_on_click() -> bytes:
    act = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("run.exe")})
    link = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): act})
    return _written(lambda w: w.pages[0].update({NameObject("/Annots"): ArrayObject([link])}))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PDFS = {
    "a page of HTML": (b"<html><script>alert(1)</script></html>", FileProblem.NOT_A_PDF),
    "a zip": (_zip(), FileProblem.NOT_A_PDF),
    "a picture": (picture(), FileProblem.NOT_A_PDF),
    "nothing but the magic": (b"%PDF-1.7\n", FileProblem.NOT_A_PDF),
    "the magic behind something else": (b"<html>" + pdf(), FileProblem.NOT_A_PDF),
    "cut off": (pdf()[:60], FileProblem.NOT_A_PDF),
    "no pages": (pdf(0), FileProblem.NOT_A_PDF),
    "locked": (_written(lambda w: w.encrypt("secret", algorithm="RC4-128")), FileProblem.ENCRYPTED),
    "a script that runs on opening": (_opens("/JavaScript"), FileProblem.ACTIVE),
    "a program started on opening": (_opens("/Launch"), FileProblem.ACTIVE),
    "an address asked for on opening": (_opens("/URI"), FileProblem.ACTIVE),
    "a program started by a click": (_launches_on_click(), FileProblem.ACTIVE),
    "another file inside": (_written(lambda w: w.add_attachment("a.exe", b"MZ")), FileProblem.ACTIVE),
    "an XFA form": (_with_xfa(), FileProblem.ACTIVE),
    "more than a hundred pages": (pdf(101), FileProblem.TOO_MANY_PAGES),
}
PHOTOS = {
    "SVG": (SVG, FileProblem.NOT_A_PICTURE),
    "a PDF": (pdf(), FileProblem.NOT_A_PICTURE),
    "a GIF": (picture("GIF"), FileProblem.NOT_A_PICTURE),
    "a PNG cut off": (picture("PNG", (200, 200))[:-40], FileProblem.NOT_A_PICTURE),
    "a JPEG cut off": (picture("JPEG", (600, 600))[:-500], FileProblem.NOT_A_PICTURE),
    "a PNG of 26 million pixels": (picture("PNG", (5200, 5000), "1"), FileProblem.TOO_MANY_PIXELS),
    "a PNG of 400 million pixels": (picture("PNG", (20000, 20000), "1"), FileProblem.TOO_MANY_PIXELS),
}


@pytest.mark.parametrize("what", PDFS)
def test_a_pdf_that_is_none_or_does_more_than_show_pages_is_refused(what: str) -> None:
    given, problem = PDFS[what]
    with pytest.raises(content.Unfit) as caught:
        content.check_pdf(given)
    assert caught.value.problem is problem


@pytest.mark.parametrize("given", [pdf(), pdf(100), _opens_at_a_page(), _opens("/GoTo")])
def test_a_plain_pdf_is_taken(given: bytes) -> None:
    content.check_pdf(given)


@pytest.mark.parametrize("what", PHOTOS)
def test_a_picture_that_is_none_or_too_large_is_refused(what: str) -> None:
    given, problem = PHOTOS[what]
    with pytest.raises(content.Unfit) as caught:
        content.picture(given)
    assert caught.value.problem is problem


def test_a_picture_is_drawn_again_upright_smaller_and_without_what_it_told() -> None:
    taken, out = Image.new("RGB", (3200, 1000), "navy"), BytesIO()
    told = taken.getexif()
    told[0x0112], told[0x010F] = 6, "Camera of Nadia"  # turned by 90 degrees; its maker
    taken.save(out, "JPEG", exif=told, comment=b"At the northern gate")
    with Image.open(BytesIO(content.picture(out.getvalue()))) as kept:
        assert (kept.format, kept.size, dict(kept.getexif()), kept.info.get("comment")) == (
            "JPEG",
            (500, 1600),
            {},
            None,
        )


def test_what_is_transparent_becomes_white() -> None:
    with Image.open(BytesIO(content.picture(picture("PNG", (9, 9), "RGBA")))) as kept:
        assert kept.getpixel((4, 4)) == (255, 255, 255)


# --- attaching -------------------------------------------------------------------------------------------------------


def test_refusals_reach_the_operation(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    for kind, table in ((CV, PDFS), (PHOTO, PHOTOS)):
        for given, problem in ((b"", FileProblem.EMPTY), next(iter(table.values()))):
            said = refusal(
                lambda kind=kind, given=given: operations.attach(  # type: ignore[misc]
                    file, kind, "x", given, by=place.nominator, now=clock.now
                )
            )
            assert (said.refusal, said.problems) == (Refusal.INVALID, (problem,))


def test_the_size_has_a_limit(place: Place, clock: Clock, app: Flask) -> None:
    app.config["UPLOAD_MEGABYTES"] = 1
    file = place.file(clock.now)
    large = pdf() + b"\n" * 2**20
    said = refusal(lambda: operations.attach(file, CV, "cv.pdf", large, by=place.nominator, now=clock.now))
    assert said.problems == (FileProblem.TOO_LARGE,)


def test_a_new_file_takes_the_place_of_the_old_and_its_bytes_lie_under_their_digest(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    with transaction():
        new = operations.attach(file, CV, "../../etc/new\u202e.pdf", pdf(2), by=place.nominator, now=clock.now)
    assert [a.filename for a in queries.attachments(file) if a.kind is CV] == ["new.pdf"]
    assert new.digest == hashlib.sha256(pdf(2)).hexdigest()
    assert storage.path_of(new.digest).read_bytes() == pdf(2)
    assert [path.name for path in storage.path_of(new.digest).parent.iterdir() if path.name.startswith(".")] == []


def test_a_supporting_letter_needs_its_author_and_there_are_two_at_most(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)

    def letter(name: str | None = "Ada Diop", email: str | None = "Ada.Diop@Laurel.example") -> None:
        operations.attach(
            file, LETTER, "l.pdf", pdf(), author_name=name, author_email=email, by=place.nominator, now=clock.now
        )

    assert refusal(lambda: letter(name=" ")).problems == (FileProblem.NEEDS_AUTHOR,)
    assert refusal(lambda: letter(email=None)).problems == (FileProblem.NOT_AN_EMAIL,)
    assert refusal(lambda: letter(email="ada@@x")).problems == (FileProblem.NOT_AN_EMAIL,)
    with transaction():
        letter()
        letter(name="Bintou Sow")
    assert refusal(letter).problems == (FileProblem.TOO_MANY_LETTERS,)
    letters = [a for a in queries.attachments(file) if a.kind is LETTER]
    assert [(a.author_name, a.author_email) for a in letters] == [
        ("Ada Diop", "ada.diop@laurel.example"),
        ("Bintou Sow", "ada.diop@laurel.example"),
    ]


@pytest.mark.parametrize("act", ["attach", "remove"])
def test_a_change_of_files_voids_the_endorsement(place: Place, clock: Clock, act: str) -> None:
    file = place.endorsed(clock.now)
    with transaction():
        if act == "attach":
            operations.attach(file, PHOTO, "p.png", picture(), by=place.nominator, now=clock.now)
        else:
            operations.remove_attachment(queries.attachments(file)[0], by=place.nominator, now=clock.now)
    assert file.state is NominationState.DRAFT


def test_a_file_is_taken_off_once(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    attachment = queries.attachments(file)[0]
    with transaction():
        operations.remove_attachment(attachment, by=place.nominator, now=clock.now)
    said = refusal(lambda: operations.remove_attachment(attachment, by=place.nominator, now=clock.now))
    assert said.refusal is Refusal.ALREADY_DONE


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("cv.pdf", "cv.pdf"),
        ("C:\\Users\\Nadia\\cv 2.pdf", "cv 2.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("exe.\u202efdp", "exe.fdp"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("", "cv"),
        ("/", "cv"),
    ],
)
def test_a_name_is_for_display_only(typed: str, shown: str) -> None:
    assert files.display_name(typed, CV) == shown


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_no_lock_is_held_while_a_paper_is_looked_at(
    place: Place, clock: Clock, as_: Callable[[Person], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, held = place.file(clock.now), []

    def look(_bytes: bytes) -> None:
        held.append(db.session.registry().in_transaction())

    browser = as_(place.nominator)
    monkeypatch.setattr(content, "check_pdf", look)
    sent = {"file": (BytesIO(pdf()), "paper.pdf")}
    assert browser.post(f"/nominations/{file.ref}/files/cv", data=sent).status_code == 302
    assert held == [False]
