"""Two worlds in one service: the same process, keys and clock, and the one database file or the other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import time_machine
from flask_migrate import upgrade

from award_app import chance, clock, create_app
from award_app.announcement import editions
from award_app.db import db, transaction
from tests.conftest import START, Client, settings
from tests.integrity import stage as stages
from tests.integrity.expectations import ACTORS
from tests.integrity.stage import ANONYMOUS, Stage
from tests.integrity.twins import late, years
from tests.integrity.twins.cast import Twin
from tests.integrity.twins.fork import Fork

EVERYBODY = (*ACTORS, ANONYMOUS)


@dataclass
class Twins:
    """`build` makes a world, `show` puts one that was built before into the database again."""

    stage: Stage
    world: Twin
    traveller: time_machine.Traveller
    passed: set[str] = field(default_factory=set)

    def build(self, secret: str = "") -> None:
        """From nothing, with the same seed: everybody is signed in before what only world B has comes to be."""
        self._put("empty")
        self.move_to(START)
        chance.seed(1)
        fork = Fork(secret)
        with transaction():
            self.world = self.stage.world = years.build(fork)
            stages._draw_attachments()
        for actor in EVERYBODY:
            self.stage.sign_in(actor, self.world.people.get(actor))
        with transaction():
            late.plant(self.world, fork)
        self.passed |= fork.passed
        self._take(secret)

    def has(self, secret: str = "") -> bool:
        return self.file_of(secret).exists()

    def show(self, secret: str = "") -> None:
        """As it was when it had been built, whatever was done to it since."""
        self._put(self._name(secret))

    def forget(self, secret: str) -> None:
        self.file_of(secret).unlink()

    def file_of(self, secret: str = "") -> Path:
        return self.stage.folder / self._name(secret)

    def _take(self, secret: str) -> None:
        db.session.rollback()
        db.session.expunge_all()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
        shutil.copy(self._file, self.file_of(secret))

    def _put(self, name: str) -> None:
        db.session.rollback()
        db.session.expunge_all()
        db.engine.dispose()
        for left in self.stage.folder.glob("laurel.sqlite-*"):
            left.unlink()
        shutil.copy(self.stage.folder / name, self._file)
        self.stage.app.extensions.pop(editions._KEY, None)
        self.stage.app.extensions["kept_pages"].clear()

    def _name(self, secret: str) -> str:
        return f"world {secret}.sqlite"

    def move_to(self, instant: datetime) -> None:
        self.traveller.move_to(instant, tick=False)

    @property
    def _file(self) -> Path:
        return self.stage.folder / "laurel.sqlite"


@contextmanager
def twins(folder: Path, **more: object) -> Iterator[Twins]:
    """A service without a world; `build` makes world A, `build(secret)` its twin."""
    app = create_app({**settings(folder), "PROPAGATE_EXCEPTIONS": False, **more})
    app.test_client_class = Client
    with time_machine.travel(START, tick=False) as traveller, app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
        shutil.copy(folder / "laurel.sqlite", folder / "empty")
        stages._write_attachments()
        assert clock.now() == START
        yield Twins(Stage(app, folder, Twin(None, None)), Twin(None, None), traveller)  # type: ignore[arg-type]
        db.session.remove()
        db.engine.dispose()
        chance.seed(None)
