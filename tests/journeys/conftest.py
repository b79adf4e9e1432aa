"""The real service and a real browser. Pictures of each page lie in var/pictures/ afterwards.

pytest tests/journeys --pictures      also takes those of the README anew: docs/pictures/
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

import config
from tests.integrity.server import running_web
from tests.journeys import crowd, rig
from tests.service import Service, environment, running_service


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="take the README's pictures anew")


@pytest.fixture(scope="session", autouse=True)
def pictures_of_the_readme(request: pytest.FixtureRequest) -> Iterator[None]:
    """In 64 colours, which these pages do not miss: a clone stays small."""
    yield
    if request.config.getoption("--pictures", default=False):
        for path in rig.PICTURES.glob("readme-*.png"):
            name = path.name.removeprefix("readme-")
            Image.open(path).convert("RGB").quantize(64).save(config.ROOT / "docs" / "pictures" / name, optimize=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with rig.chromium() as found:
        yield found


@pytest.fixture
def complaints(request: pytest.FixtureRequest) -> Iterator[rig.Complaints]:
    """How many pages a journey examined, at both widths, stands in var/pictures/examined/ afterwards."""
    found = rig.Complaints()
    yield found
    folder = rig.PICTURES / "examined"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{request.node.name}.json").write_text(json.dumps({"examined": found.examined, "found": found.found}))


@pytest.fixture
def first_link(tmp_path: Path) -> str:
    """An empty database, and the link that `flask create-admin` prints: all a new service has."""
    _flask(tmp_path / "var", "db", "upgrade")
    return (
        _flask(tmp_path / "var", "create-admin", "ingrid@secretariat.test", "Ingrid Solheim").strip().splitlines()[-1]
    )


@pytest.fixture
def service(first_link: str, tmp_path: Path) -> Iterator[Service]:
    """With mailbox and movable clock; a database with an invitation in it gets no demonstration."""
    with running_service(tmp_path / "var", LAUREL_DEMO="1") as found:
        yield found


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """As `make run` leaves it for a newcomer; its tests only read."""
    with running_service(tmp_path_factory.mktemp("demo") / "var", LAUREL_DEMO="1") as found:
        yield found


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address. Without worker and mailbox; tests/journeys/crowd.py says who is there."""
    with running_web(tmp_path_factory.mktemp("crowd")) as (_app, port):
        crowd.build()
        yield f"http://localhost:{port}"


def _flask(var: Path, *words: str) -> str:
    var.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    done = subprocess.run(command, cwd=config.ROOT, env=environment(VAR_DIR=str(var)), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
