"""An answer as it is compared: status, every header, and its bytes; of a sheet what it holds, not how it was packed."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.integrity.twins import masks

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    packed: bytes  # the body, masked and compressed: thousands of them are kept
    size: int  # of the body

    @cached_property
    def body(self) -> bytes:
        return zlib.decompress(self.packed)


def read(response: Any) -> Answer:
    content: bytes = response.data
    sheet = response.mimetype == XLSX and response.status_code == 200
    plain = unpacked(content) if sheet else masks.body(content)
    # The length of a packed sheet is that of its packing; that of its parts stands among its bytes.
    headers = sorted(
        (name, masks.header(name, value))
        for name, value in response.headers
        if not (sheet and name in ("Content-Length", "ETag"))
    )
    return Answer(response.status_code, tuple(headers), zlib.compress(plain, 1), len(plain))


def written(content: bytes) -> Answer:
    """A letter."""
    return Answer(0, (), zlib.compress(content, 1), len(content))


def unpacked(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return b"".join(
            f"\n== {name} {len(parts.read(name))}\n".encode() + parts.read(name) for name in parts.namelist()
        )


def difference(one: Answer | None, other: Answer | None) -> str:
    """The first of what differs, with a little of what stands around it; "" where nothing does."""
    if one is None or other is None:
        return "" if one is other else "one world has it, the other has not"
    if one == other:
        return ""
    if one.status != other.status:
        return f"status {one.status} and {other.status}"
    if one.headers != other.headers:
        here, there = set(one.headers) - set(other.headers), set(other.headers) - set(one.headers)
        if one.body == other.body:
            return f"headers {sorted(here)} and {sorted(there)}"
    return _first_byte(one.body, other.body)


def _first_byte(one: bytes, other: bytes) -> str:
    shorter = min(len(one), len(other))
    at = next((place for place in range(shorter) if one[place] != other[place]), shorter)
    around = slice(max(at - 60, 0), at + 60)
    return f"at byte {at}: {one[around]!r} and {other[around]!r}"
