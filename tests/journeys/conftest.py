"""The real service and a real browser. Pictures of each page lie in var/pictures/ afterwards.

pytest tests/journeys --pictures      also takes those of the README anew: docs/pictures/
"""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

import config
from tests.integrity.server import running_web, unserved
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


Copies = Callable[[str, Callable[[Path], None], Path], Path]


@pytest.fixture(scope="session")
def copies(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Copies:
    """copies(name, build, to): a copy of the folder that `build` fills once, for all workers of this run."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if hasattr(request.config, "workerinput") else own

    def copy(name: str, build: Callable[[Path], None], to: Path) -> Path:
        kept, begun = shared / f"{name}-kept", shared / f"{name}-begun"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                begun.mkdir()
                build(begun)
                begun.rename(kept)
        return Path(shutil.copytree(kept, to))

    return copy


@pytest.fixture
def first_link(tmp_path: Path, copies: Copies) -> str:
    """An empty database, and the link that `flask create-admin` prints: all a new service has."""

    def build(var: Path) -> None:
        _flask(var, "db", "upgrade")
        printed = _flask(var, "create-admin", "ingrid@secretariat.test", "Ingrid Solheim")
        (var / "first-link.txt").write_text(printed.strip().splitlines()[-1])

    return (copies("new", build, tmp_path / "var") / "first-link.txt").read_text()


@pytest.fixture
def service(first_link: str, tmp_path: Path) -> Iterator[Service]:
    """With mailbox and movable clock; a database with an invitation in it gets no demonstration."""
    with running_service(tmp_path / "var", LAUREL_DEMO="1") as found:
        yield found


@pytest.fixture(scope="package")
def demonstration(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """As `make run` leaves it for a newcomer; for tests that only read."""
    with _demonstration(copies, tmp_path_factory.mktemp("demo") / "var") as found:
        yield found


@pytest.fixture(scope="module")
def own_demonstration(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The same, for tests that write."""
    with _demonstration(copies, tmp_path_factory.mktemp("own-demo") / "var") as found:
        yield found


@contextmanager
def _demonstration(copies: Copies, var: Path) -> Iterator[Service]:
    """tests/run/test_demonstration.py shows that the service loads it by itself."""

    def build(folder: Path) -> None:
        _flask(folder, "db", "upgrade", LAUREL_DEMO="1")
        _flask(folder, "demo", LAUREL_DEMO="1")

    with running_service(copies("demonstration", build, var), LAUREL_DEMO="1") as found:
        yield found


@pytest.fixture(scope="module")
def crowded(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address. Without worker and mailbox; tests/journeys/crowd.py says who is there."""

    def build(folder: Path) -> None:
        with unserved(folder):
            crowd.build()

    with running_web(copies("crowd", build, tmp_path_factory.mktemp("crowd") / "var")) as (_app, port):
        yield f"http://localhost:{port}"


def _flask(var: Path, *words: str, **settings: str) -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    done = subprocess.run(
        command, cwd=config.ROOT, env=environment(VAR_DIR=str(var), **settings), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
