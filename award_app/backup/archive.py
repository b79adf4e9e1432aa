"""The file a backup is: a compressed tar, and behind it a seal of every byte before.

    tables/<name>.jsonl   rows, see rows.py
    files/<digest>        attachments and pictures by their SHA-256
    manifest.json         what is in here, with counts and digests, of which schema, from when
    (64 characters)       HMAC-SHA256 of all that under LEDGER_KEY

Whoever changes a byte, cuts a piece off or adds one meets the seal, and nobody seals anew without the key. The keys
themselves are never in a backup.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

FORMAT = 1
_BLOCK = 1 << 20
_SEAL = 64  # characters


class Damaged(Exception):
    """This is not a whole backup of ours; the message says where it breaks."""


@dataclass
class Manifest:
    """`tables`: name → (rows, SHA-256 of its lines). `files`: SHA-256 → bytes. `revision`: the schema's migration."""

    revision: str
    made_at: str
    format: int = FORMAT
    tables: dict[str, tuple[int, str]] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True, indent=1).encode()


class Writer:
    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar, self.manifest = tar, manifest

    def table(self, name: str, lines: Iterable[bytes]) -> None:
        with tempfile.TemporaryFile() as kept:
            count, sha = 0, hashlib.sha256()
            for line in lines:
                kept.write(line)
                sha.update(line)
                count += 1
            size = kept.tell()
            kept.seek(0)
            self._add(f"tables/{name}.jsonl", kept, size)
        self.manifest.tables[name] = (count, sha.hexdigest())

    def file(self, digest: str, path: Path) -> None:
        """Raises Damaged where the bytes on disk are not what their name says: such a backup would be no backup."""
        with path.open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != digest:
                raise Damaged(f"the stored file {digest} is damaged on disk")
            content.seek(0)
            size = path.stat().st_size
            self._add(f"files/{digest}", content, size)
        self.manifest.files[digest] = size

    def close(self) -> None:
        told = self.manifest.as_bytes()
        self._add("manifest.json", io.BytesIO(told), len(told))

    def _add(self, name: str, content: IO[bytes], size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, content)


@contextmanager
def writing(path: Path, manifest: Manifest, key: bytes) -> Iterator[Writer]:
    """Under its name only once it is whole, and for its owner's eyes only."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-backup-")
    try:
        with os.fdopen(handle, "w+b") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=1) as tar:
                writer = Writer(tar, manifest)
                yield writer
                writer.close()
            raw.write(_seal(key, raw, raw.tell()))
            raw.flush()
            os.fsync(raw.fileno())
        Path(name).rename(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def check(path: Path, key: bytes) -> Manifest:
    """Read it to the end and compare every digest. Raises Damaged; touches nothing."""
    found: dict[str, tuple[int, str]] = {}
    told = b""
    with _whole():
        _require_seal(path, key)
        for name, content in _members(path):
            if name == "manifest.json":
                told = content.read()
            else:
                found[name] = _measured(content)
    manifest = _manifest(told)
    _compare(manifest, found)
    return manifest


def read_table(path: Path, table: str) -> Iterator[bytes]:
    """Its lines. Call `check` first."""
    for name, content in _members(path):
        if name == f"tables/{table}.jsonl":
            yield from content
            return


def read_files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Digest and bytes of each. Call `check` first."""
    for name, content in _members(path):
        if name.startswith("files/"):
            yield name.removeprefix("files/"), content.read()


def _members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(path, "r|gz") as tar:  # it ends before the seal
        for member in tar:
            content = tar.extractfile(member)
            if content is None:
                raise Damaged(f"{member.name} is no file")
            yield member.name, content


def _require_seal(path: Path, key: bytes) -> None:
    with path.open("rb") as raw:
        size = os.fstat(raw.fileno()).st_size - _SEAL
        if size <= 0:
            raise Damaged("it is empty, or hardly more")
        seal = _seal(key, raw, size)
        raw.seek(size)
        if not hmac.compare_digest(raw.read(), seal):
            raise Damaged(
                "its seal does not fit: it was cut off or changed, or LEDGER_KEY is not the one it was made with"
            )


@contextmanager
def _whole() -> Iterator[None]:
    """Whatever a broken archive raises while it is read is Damaged."""
    try:
        yield
    except (tarfile.TarError, zlib.error, EOFError, OSError, UnicodeDecodeError) as error:
        raise Damaged(f"it cannot be read to its end ({type(error).__name__})") from None


def _measured(content: IO[bytes]) -> tuple[int, str]:
    size, sha = 0, hashlib.sha256()
    while block := content.read(_BLOCK):
        size += len(block)
        sha.update(block)
    return size, sha.hexdigest()


def _compare(manifest: Manifest, found: dict[str, tuple[int, str]]) -> None:
    wanted = {f"tables/{name}.jsonl": sha for name, (_rows, sha) in manifest.tables.items()}
    wanted |= {f"files/{digest}": digest for digest in manifest.files}
    for name, sha in wanted.items():
        if name not in found:
            raise Damaged(f"{name} is missing")
        if found[name][1] != sha:
            raise Damaged(f"{name} is not what was written")
    if set(found) - set(wanted):
        raise Damaged("it holds what its list does not name")


def _manifest(told: bytes) -> Manifest:
    try:
        given = json.loads(told)
        manifest = Manifest(**given)
        manifest.tables = {name: (int(rows), str(sha)) for name, (rows, sha) in manifest.tables.items()}
    except (ValueError, TypeError):
        raise Damaged("its list cannot be read") from None
    if manifest.format != FORMAT:
        raise Damaged(f"it has format {manifest.format}; this version reads format {FORMAT}")
    return manifest


def _seal(key: bytes, raw: IO[bytes], size: int) -> bytes:
    """Of the first `size` bytes."""
    seal = hmac.new(key, b"laurel backup\n", hashlib.sha256)
    raw.seek(0)
    while size > 0 and (block := raw.read(min(_BLOCK, size))):
        seal.update(block)
        size -= len(block)
    raw.seek(0, os.SEEK_END)
    return seal.hexdigest().encode()
