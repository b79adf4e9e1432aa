"""Reading a PDF as far as to know that it only shows pages."""

from __future__ import annotations

import logging
from io import BytesIO

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from award_app.nominations.content import FileProblem, Unfit

MOST_PAGES = 100
MOST_OBJECTS = 20_000

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it comments on every oddity; the file is refused or it is not

_ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/XFA", "/AA", "/RichMediaContent"}
_ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToE", "/RichMediaExecute"}


def read(content: bytes) -> None:
    """Raises `Unfit`; on hostile bytes, anything."""
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
