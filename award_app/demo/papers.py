"""Small real files for the demonstration: one-page PDFs and a drawn portrait. They say that they are invented."""

from __future__ import annotations

import io
import zlib

from PIL import Image, ImageDraw


def letter(title: str, *lines: str) -> bytes:
    """A PDF of one A4 page in Helvetica, with a title and lines of text."""
    text = [f"BT /F1 16 Tf 72 760 Td ({_shown(title)}) Tj ET"]
    text += [f"BT /F1 11 Tf 72 {720 - 18 * n} Td ({_shown(line)}) Tj ET" for n, line in enumerate(lines)]
    stream = zlib.compress("\n".join(text).encode("latin-1", "replace"))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return _assembled(objects)


def portrait(number: int) -> bytes:
    """A PNG of a figure in uniform, drawn: nobody's face."""
    skies = ("#cfe0d4", "#e6d9c3", "#d6d9e6", "#e2d3d8", "#d3e2e2")
    picture = Image.new("RGB", (600, 800), skies[number % len(skies)])
    draw = ImageDraw.Draw(picture)
    draw.ellipse((200, 170, 400, 420), fill="#9a6b4f" if number % 2 else "#6f4a35")
    draw.pieslice((180, 120, 420, 360), 180, 360, fill="#24435c")
    draw.rectangle((170, 235, 430, 255), fill="#16293a")
    draw.rounded_rectangle((110, 440, 490, 860), 90, fill="#2f5575")
    draw.polygon([(300, 440), (260, 440), (300, 560), (340, 440)], fill="#f4f1ea")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _shown(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _assembled(objects: list[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)
