"""Style, modules and pictures: served compressed, under a name that carries their digest, and kept for ever."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn
from wsgiref.headers import Headers

import brotli
from flask import Flask, abort
from flask_compress import Compress
from whitenoise import WhiteNoise

from award_app.web import headers as guarding

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_COMMENT: Final = re.compile(rb"/\*.*?\*/", re.DOTALL)
_TAKES: Final = re.compile(rb'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_REMARK: Final = re.compile(rb"^\s*//.*\n", re.MULTILINE)
_GIVES: Final = re.compile(rb"^export ", re.MULTILINE)
_SQUEEZED: Final = frozenset({".css", ".js", ".svg", ".json", ".txt"})


def init_app(app: Flask) -> None:
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    app.config.setdefault("COMPRESS_BR_LEVEL", 4)
    app.config.setdefault("COMPRESS_LEVEL", 5)
    Compress(app)
    source = Path(str(app.static_folder))
    server = WhiteNoise(
        app.wsgi_app,
        root=str(source),
        prefix="static/",
        max_age=60,
        allow_all_origins=False,
        add_headers_function=_guarded_as(app),
        immutable_file_test=r"\.[0-9a-f]{12}\.\w+$",
    )
    named = _publish(source, _cellar(app), server)
    app.wsgi_app = _for_reading(server, otherwise=app.wsgi_app)  # type: ignore[method-assign, assignment]  # as Flask says to wrap it

    app.view_functions["static"] = _nothing

    @app.url_defaults
    def name_with_digest(endpoint: str, values: MutableMapping[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = named.get(values["filename"], values["filename"])


def _nothing(filename: str) -> NoReturn:  # noqa: ARG001 - the rule of the address names it
    """WhiteNoise knows every file by its one address. Flask would find it by others: `./laurel.css`, `laurel.css/`."""
    abort(404)


def _for_reading(server: WSGIApplication, *, otherwise: WSGIApplication) -> WSGIApplication:
    """Whatever else is asked of a file gets the answer, and the headers, that it gets everywhere."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        reads = environ["REQUEST_METHOD"] in ("GET", "HEAD")
        return (server if reads else otherwise)(environ, start_response)

    return answer


def _guarded_as(app: Flask) -> Callable[[Headers, str, str], None]:
    guards = guarding.of(page=False, secure=guarding.secure_site(app))

    def add(headers: Headers, _path: str, _url: str) -> None:
        for name, value in guards.items():
            headers[name] = value

    return add


def _cellar(app: Flask) -> Path:
    """Where the compressed copies stay between starts."""
    kept = app.config.get("VAR_DIR")
    return Path(str(kept)) / "static" if kept else Path(tempfile.mkdtemp(prefix="laurel-static-"))


def _publish(source: Path, cellar: Path, server: WhiteNoise) -> dict[str, str]:
    """Give each file a second address with its digest. Returns the plain name -> the name with the digest."""
    named: dict[str, str] = {}
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        content = _lean(path.read_bytes()) if path.suffix == ".css" else path.read_bytes()
        content = _whole(path, content) if path.suffix == ".js" else content
        digest = hashlib.sha256(content).hexdigest()[:12]
        plain = path.relative_to(source)
        name = plain.with_name(f"{path.stem}.{digest}{path.suffix}")
        copy = cellar / name
        _keep(copy, content, bytes)
        if path.suffix in _SQUEEZED:
            _keep(copy.with_name(copy.name + ".br"), content, brotli.compress)
            _keep(copy.with_name(copy.name + ".gz"), content, gzip.compress)
        server.add_file_to_dictionary(f"/static/{name.as_posix()}", str(copy))
        named[plain.as_posix()] = name.as_posix()
    return named


def _whole(path: Path, module: bytes) -> bytes:
    """With the text of the modules that it takes from: one request instead of one after the other. Without the lines that
    are a comment."""
    whole = _TAKES.sub(lambda taken: _GIVES.sub(b"", (path.parent / taken[1].decode()).read_bytes()), module)
    return _REMARK.sub(b"", whole)


def _lean(style: bytes) -> bytes:
    """Without comments and indents: a tenth of what a first visit waits for on a thin line."""
    lines = (line.strip() for line in _COMMENT.sub(b"", style).splitlines())
    return b"\n".join(line for line in lines if line)


def _keep(path: Path, content: bytes, squeeze: Callable[[bytes], bytes]) -> None:
    """Write once and whole: two processes may start at the same time, and the digest in the name never lies."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(squeeze(content))
    os.chmod(draft, 0o644)
    os.replace(draft, path)
