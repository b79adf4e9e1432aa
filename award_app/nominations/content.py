"""Whether bytes are what they claim to be: a PDF that only shows pages, a picture that is only a picture."""

from __future__ import annotations

from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageOps

MOST_PIXELS = 25_000_000
LONGEST_SIDE = 1600


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
    from award_app.nominations import pdf  # here, because the parser is large and most processes never meet a paper

    try:
        pdf.read(content)
    except Unfit:
        raise
    except Exception as error:  # a parser fed with hostile bytes may raise anything
        raise Unfit(FileProblem.NOT_A_PDF) from error


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
