"""Bytes on disk under FILES_DIR, named by their SHA-256: never by a name people typed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from flask import current_app


def store(content: bytes) -> str:
    """Keep the bytes and return their digest. They are safe on disk before the row that names them is committed."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(path, content)
    return digest


def path_of(digest: str) -> Path:
    return Path(str(current_app.config["FILES_DIR"])).absolute() / digest[:2] / digest


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
