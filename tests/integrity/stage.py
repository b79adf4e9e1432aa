"""The world on an SQLite file of its own, everybody signed in, and back to its first state in a moment."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask, got_request_exception
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select

from award_app import chance, clock, create_app
from award_app.accounts import sessions
from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.nominations import storage
from award_app.nominations.models import Attachment, RenderedPage, Rendering
from tests import factories as make
from tests.conftest import START, Client, quick_not_durable, settings
from tests.integrity import world as worlds
from tests.integrity.expectations import ACTORS
from tests.integrity.world import World

ANONYMOUS = "anonymous"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
# What a page may write: when a session was last seen, and what happened.
WRITTEN_BY_READING = frozenset({"sign_in", "ledger", "ledger_head"})


@dataclass
class Stage:
    app: Flask
    folder: Path
    world: World
    browsers: dict[str, FlaskClient] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    raised: list[BaseException] = field(default_factory=list)

    def reset(self) -> None:
        """Everything as it was when the world had been built."""
        if self._file.exists():
            db.session.rollback()
            db.engine.dispose()
            for left in self.folder.glob("laurel.sqlite-*"):
                left.unlink()
            shutil.copy(self._kept, self._file)

    def keep(self) -> None:
        """From now on `reset` comes back to here."""
        db.session.commit()
        db.session.expire_all()
        if self._file.exists():
            db.session.rollback()
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
            shutil.copy(self._file, self._kept)

    def send(self, actor: str, method: str, path: str, **more: Any) -> Any:
        """One request with the cookie of the first day. What was raised behind a 500 is kept in `raised`."""
        self.raised.clear()
        if self.cookies[actor]:
            self.browsers[actor].set_cookie(self._cookie, self.cookies[actor])
        return self.browsers[actor].open(path, method=method, **more)

    def sign_in(self, actor: str, person: Person | None) -> None:
        browser = self.browsers[actor] = self.app.test_client()
        self.cookies[actor] = ""
        if person is not None:
            with transaction():
                token = sessions.start(person, now=clock.now(), second=True)
            with browser.session_transaction() as session:
                session.update(_user_id=token, _fresh=True)
            cookie = browser.get_cookie(self._cookie)
            self.cookies[actor] = cookie.value if cookie else ""

    def fingerprint(self) -> str:
        """Of every row of every table but those a reader writes to."""
        digest = hashlib.sha256()
        with db.engine.connect() as connection:
            for table in db.metadata.sorted_tables:
                if table.name not in WRITTEN_BY_READING:
                    rows = sorted(map(repr, connection.execute(select(table)).all()))
                    digest.update(repr((table.name, rows)).encode())
        return digest.hexdigest()

    @property
    def _cookie(self) -> str:
        return str(self.app.config["SESSION_COOKIE_NAME"])

    @property
    def _file(self) -> Path:
        return self.folder / "laurel.sqlite"

    @property
    def _kept(self) -> Path:
        return self.folder / "kept.sqlite"


@contextmanager
def staged(folder: Path, **more: str) -> Iterator[Stage]:
    """On SQLite under `folder`, or on the empty database that DATABASE_URL names."""
    app = create_app({**settings(folder, **more), "PROPAGATE_EXCEPTIONS": False})
    app.test_client_class = Client
    quick_not_durable(app)
    with time_machine.travel(START, tick=False), app.app_context():
        upgrade()
        chance.seed(1)
        with transaction():
            world = worlds.build()
            _draw_attachments()
        stage = Stage(app, folder, world)
        _write_attachments()
        for actor in (*ACTORS, ANONYMOUS):
            stage.sign_in(actor, world.people.get(actor))
        stage.keep()

        def note(_sender: object, exception: BaseException, **_more: Any) -> None:
            stage.raised.append(exception)

        with got_request_exception.connected_to(note, app):
            yield stage
        db.session.remove()
        db.engine.dispose()
        chance.seed(None)


def _draw_attachments() -> None:
    """Each has one page, whose picture is the file that `_write_attachments` writes."""
    for attachment in db.session.scalars(select(Attachment)):
        made = make.add(Rendering(attachment_id=attachment.id, state="made", asked_at=clock.now(), made_at=clock.now()))
        make.add(RenderedPage(rendering_id=made.id, number=1, width=10, height=10, digest="0" * 64, text="Words."))


def _write_attachments() -> None:
    """The factories' attachments all carry this digest."""
    path = storage.path_of("0" * 64)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PDF)
