"""Whether bytes are what they claim to be: a PDF that only shows pages, a picture that is only a picture."""

from __future__ import annotations

import logging
from enum import StrEnum
from io import BytesIO

import pypdf
from PIL import Image, ImageOps
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

MOST_PIXELS = 25_000_000
LONGEST_SIDE = 1600
MOST_PAGES = 100
MOST_OBJECTS = 20_000

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it comments on every oddity; the file is refused or it is not

_ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/XFA", "/AA", "/RichMediaContent"}
_ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToE", "/RichMediaExecute"}


class FileProblem(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_A_PDF = "not_a_pdf"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    TOO_MANY_PAGES = "too_many_pages"
    NOT_A_PICTURE = "not_a_picture"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_LETTERS = "too_many_letters"
    NEEDS_AUTHOR = "needs_author"
    NOT_AN_EMAIL = "not_an_email"


class Unfit(Exception):
    def __init__(self, problem: FileProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def check_pdf(content: bytes) -> None:
    """Raises `Unfit` for what is no PDF, is locked, or would do anything when it is opened."""
    if not content.startswith(b"%PDF-"):
        raise Unfit(FileProblem.NOT_A_PDF)
    try:
        _read_pdf(content)
    except Unfit:
        raise
    except Exception as error:  # a parser fed with hostile bytes may raise anything
        raise Unfit(FileProblem.NOT_A_PDF) from error


def _read_pdf(content: bytes) -> None:
    reader = pypdf.PdfReader(BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise Unfit(FileProblem.ENCRYPTED)
    if not 1 <= len(reader.pages) <= MOST_PAGES:
        raise Unfit(FileProblem.TOO_MANY_PAGES if reader.pages else FileProblem.NOT_A_PDF)
    root = reader.trailer["/Root"].get_object()
    if isinstance(root, DictionaryObject) and _opens_with_an_act(root):
        raise Unfit(FileProblem.ACTIVE)
    for number, generation in _object_numbers(reader):
        _refuse_active(reader.get_object(IndirectObject(number, generation, reader)))


def _object_numbers(reader: pypdf.PdfReader) -> list[tuple[int, int]]:
    plain = [(number, generation) for generation, places in reader.xref.items() for number in places if number]
    found = plain + [(number, 0) for number in reader.xref_objStm]
    if len(found) > MOST_OBJECTS:
        raise Unfit(FileProblem.TOO_MANY_PAGES)
    return found


def _opens_with_an_act(root: DictionaryObject) -> bool:
    """Office programs write where to open (a list, or a GoTo): that is no act."""
    first = root.get("/OpenAction")
    first = first.get_object() if first is not None else None
    return isinstance(first, DictionaryObject) and first.get("/S") != "/GoTo"


def _refuse_active(thing: object) -> None:
    waiting = [thing]
    while waiting:
        item = waiting.pop()
        if isinstance(item, DictionaryObject):
            if _ACTIVE_KEYS & item.keys() or item.get("/S") in _ACTIVE_ACTIONS or item.get("/Type") == "/EmbeddedFile":
                raise Unfit(FileProblem.ACTIVE)
            waiting.extend(item.values())
        elif isinstance(item, ArrayObject):
            waiting.extend(item)


def picture(content: bytes) -> bytes:
    """The picture as a fresh JPEG without metadata, its longest side at most 1600. Raises `Unfit`."""
    try:
        return _redrawn(content)
    except Unfit:
        raise
    except Image.DecompressionBombError as error:
        raise Unfit(FileProblem.TOO_MANY_PIXELS) from error
    except Exception as error:  # a parser fed with hostile bytes may raise anything
        raise Unfit(FileProblem.NOT_A_PICTURE) from error


def _redrawn(content: bytes) -> bytes:
    formats = ("JPEG", "PNG")
    with Image.open(BytesIO(content), formats=formats) as found:
        if found.width * found.height > MOST_PIXELS:
            raise Unfit(FileProblem.TOO_MANY_PIXELS)
        found.verify()
    with Image.open(BytesIO(content), formats=formats) as found:
        found.load()
        upright = ImageOps.exif_transpose(found)
        flat = _on_white(upright)
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = BytesIO()
    flat.save(out, "JPEG", quality=85)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        flat = image.convert("RGB")
    else:
        see_through = image.convert("RGBA")
        flat = Image.new("RGB", image.size, "white")
        flat.paste(see_through, mask=see_through.getchannel("A"))
    flat.info.clear()
    return flat
