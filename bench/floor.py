"""The floor: bare Flask pages on the same gunicorn, over the same rows, with nothing that makes them a product.

Also what the benches share: how a row is written down, and how the table and the JSON come out of the rows.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, redirect, render_template_string, request
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

ROOT = Path(__file__).resolve().parent.parent

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1>{% block body %}{% endblock %}</body></html>"""
_REVIEW = _PAGE.replace(
    "{% block body %}{% endblock %}",
    '{% for line in texts %}<p>{{ line }}</p>{% endfor %}<form method="post">{% for c in criteria %}'
    '<input name="c{{ c }}">{% endfor %}<button>Save</button></form>',
)
_LIST = _PAGE.replace(
    "{% block body %}{% endblock %}",
    "<table>{% for file in files %}<tr><th>{{ file.nominee_name }}</th><td>{{ file.mission.acronym }}</td>"
    "<td>{{ file.nominee_country }}</td></tr>{% endfor %}</table>",
)
_HELLO = _PAGE.replace("{% block body %}{% endblock %}", "<p>Hello.</p>")


def create_floor() -> Flask:
    """Served with `bench.floor:create_floor()`; DATABASE_URL names the database, FLOOR_FILE and FLOOR_CYCLE its rows."""
    from award_app.nominations.models import Nomination

    app = Flask(__name__)
    engine = create_engine(os.environ["DATABASE_URL"], pool_size=8)
    file, cycle = int(os.environ.get("FLOOR_FILE", "0")), int(os.environ.get("FLOOR_CYCLE", "0"))

    @app.get("/")
    def hello() -> str:
        return render_template_string(_HELLO, title="Hello")

    @app.get("/review")
    def review() -> str:
        question = text("SELECT a.text FROM answer a WHERE a.nomination_id = :file ORDER BY a.id")
        with engine.connect() as connection:
            texts = connection.execute(question, {"file": file}).scalars().all()
        return render_template_string(_REVIEW, title="Review", texts=texts, criteria=range(5))

    @app.post("/review")
    def save() -> Response:
        with engine.begin() as connection:
            sheet = json.dumps(request.form)
            connection.execute(text("INSERT INTO floor_review (sheet) VALUES (:sheet)"), {"sheet": sheet})
        return redirect("/review")

    @app.get("/list")
    def files() -> str:
        found = select(Nomination).where(Nomination.cycle_id == cycle).options(joinedload(Nomination.mission))
        with Session(engine) as session:
            return render_template_string(_LIST, title="List", files=session.scalars(found).all())

    return app


@contextmanager
def served(port: int, **environment: str) -> Iterator[int]:
    """The floor on gunicorn as Laurel runs it: two workers, the same threads. Yields the port."""
    argv = [
        *(
            sys.executable,
            "-m",
            "gunicorn",
            "--worker-class",
            "gthread",
            "--workers",
            "2",
            "--threads",
            "4",
        ),
        *(
            "--no-control-socket",
            "--graceful-timeout",
            "2",
            "--bind",
            f"127.0.0.1:{port}",
            "bench.floor:create_floor()",
        ),
    ]
    process = subprocess.Popen(
        ["setpriv", "--pdeathsig", "TERM", "--", *argv],
        cwd=ROOT,
        env={**os.environ, **environment},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield port
    finally:
        process.terminate()
        process.wait(20)


def settle(url: str) -> None:
    """What a database that has lived for a day knows about its tables."""
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))


@dataclass(frozen=True)
class Row:
    """One line of a bench. `goal` is the "now" figure: of the ratio where `by_ratio`, else of the value itself."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    goal: float | None = None
    more_is_better: bool = False
    by_ratio: bool = False

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        compared = self.ratio if self.by_ratio else self.value
        if compared is None:
            return None
        return compared >= self.goal if self.more_is_better else compared <= self.goal

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "floor": None if self.floor is None else round(self.floor, 4),
            "ratio": None if self.ratio is None else round(self.ratio, 4),
            "goal": self.goal,
            "met": self.met,
        }


def show(rows: Sequence[Row], path: str | None) -> None:
    """The table, and the JSON where it was asked for."""
    print(f"{'':58} {'value':>10} {'unit':9} {'floor':>9} {'ratio':>7} {'goal':>7}  met")
    for row in rows:
        cells = (_number(row.floor), _number(row.ratio), _number(row.goal))
        met = {True: "yes", False: "NO", None: "-"}[row.met]
        print(
            f"{row.name[:58]:58} {_number(row.value):>10} {row.unit:9} {cells[0]:>9} {cells[1]:>7} {cells[2]:>7}  {met}"
        )
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(json.dumps([row.as_json() for row in rows], indent=1) + "\n")


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
