"""Draws one attachment as pictures. Run as a program of its own, for its bytes come from strangers:

    python -I drawing.py <attachment> <folder>

It has limits of memory, time and file size, knows no setting and no key, and speaks only through its exit code, the
pictures in the folder (1.webp, 2.webp, …) and `pages.json`: a list of {"width", "height", "text"}.
Nothing of the house is imported here.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

MOST_PAGES = 30
WIDTH = 1000  # pixels
TALLEST = 3000
LIGHT = 40_000  # bytes a picture should have at most
HEAVY = 100_000  # and may have, where it cannot be read otherwise
MOST_TEXT = 20_000  # characters of a page
MEMORY = 1024 * 2**20
SECONDS = 60
UNREADABLE = 3


def main(source: Path, folder: Path) -> int:
    _limit()
    try:
        pages = list(_drawn(source, folder))
    except Exception:  # a parser fed with hostile bytes may raise anything
        return UNREADABLE
    (folder / "pages.json").write_text(json.dumps(pages))
    return 0 if pages else UNREADABLE


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (20 * 2**20, 20 * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _drawn(source: Path, folder: Path) -> Iterator[dict[str, object]]:
    """Page after page, so that only one of them is in memory."""
    looks = _of_pdf if source.read_bytes()[:5] == b"%PDF-" else _of_picture
    for number, (picture, text) in enumerate(looks(source), 1):
        (folder / f"{number}.webp").write_bytes(_squeezed(picture))
        yield {"width": picture.width, "height": picture.height, "text": text}


def _of_pdf(source: Path) -> Iterator[tuple[Image.Image, str]]:
    document = pypdfium2.PdfDocument(source)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        scale = min(WIDTH / page.get_width(), TALLEST / page.get_height())
        yield page.render(scale=scale).to_pil().convert("RGB"), _text(page)
        page.close()


def _text(page: pypdfium2.PdfPage) -> str:
    found = page.get_textpage().get_text_bounded()[:MOST_TEXT].replace("\r\n", "\n")
    return "".join(sign for sign in found if sign == "\n" or sign.isprintable()).strip()


def _of_picture(source: Path) -> Iterator[tuple[Image.Image, str]]:
    with Image.open(source, formats=("JPEG", "PNG")) as found:
        picture = found.convert("RGB")
    picture.thumbnail((WIDTH, TALLEST))
    yield picture, ""


def _squeezed(picture: Image.Image) -> bytes:
    """The best of a few ways that is light; else the lightest that is not too heavy to send; else smaller."""
    ways: list[Callable[[], bytes]] = [partial(_webp, picture, quality=quality) for quality in (70, 45, 25)]
    if not _is_coloured(picture):
        ways.insert(0, lambda: _webp(picture.convert("L").quantize(16).convert("RGB"), lossless=True))
    made = b""
    for way in ways:
        made = way()
        if len(made) <= LIGHT:
            return made
    return made if len(made) <= HEAVY else _webp(picture.resize((picture.width // 2, picture.height // 2)), quality=30)


def _is_coloured(picture: Image.Image) -> bool:
    small = picture.resize((100, 100)).convert("HSV").getchannel("S")
    return sum(small.histogram()[48:]) > 50  # of 10,000 points


def _webp(picture: Image.Image, **how: int | bool) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", method=4, **how)
    return out.getvalue()


if __name__ == "__main__":
    import pypdfium2  # type: ignore[import-untyped]  # it carries no types
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = 25_000_000
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
