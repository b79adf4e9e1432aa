"""How many SQL statements something takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from award_app.db import db


class Counted:
    def __init__(self) -> None:
        self.texts: list[str] = []

    @property
    def number(self) -> int:
        return len(self.texts)


class Statements:
    """`with statements.counted() as counted:` … `counted.number`, and `counted.texts` to see which."""

    @contextmanager
    def counted(self) -> Iterator[Counted]:
        found = Counted()

        def note(_connection: object, _cursor: object, text: str, *_more: Any) -> None:
            if not text.startswith("BEGIN"):  # SQLite's has to be said aloud; it asks for nothing
                found.texts.append(text)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield found
        finally:
            event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def statements(app: Flask) -> Statements:
    return Statements()
