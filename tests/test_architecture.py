"""The house stands as docs say: imports run one way, the domain is pure, one place reads the environment, every route is guarded."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from flask import Flask

from award_app.domain.policy import EXISTENCE, POLICY
from award_app.domain.vocabulary import Action
from award_app.web.guard import PRIVATE_PREFIXES, PUBLIC

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted([*ROOT.glob("award_app/**/*.py"), *ROOT.glob("workers/*.py"), ROOT / "config.py", ROOT / "wsgi.py"])

# Who stands above whom; a file imports its own floor and those below. What is not named is an operation.
FLOORS = (
    {"domain"},
    {"db", "clock", "chance", "config", "reference"},
    {"models"},
    {"audit", "notes", "outbox"},
    {"access"},
    {"queries"},
    {"lifecycle"},
    {"operations"},
    {"forms", "fields", "listing"},  # a listing is the filter form of a list, and the sheet it is written to
    {"views", "api", "web", "errors"},
    {"award_app", "cli", "run", "workers", "demo", "wsgi"},
)
# What pages and letters both speak: words, moments and languages. It asks nobody who may do what.
SPOKEN = {"award_app.web.i18n", "award_app.web.moments", "award_app.web.words"}
# How the parts of the service know of each other, for /health as for the supervisor.
SIGNS_OF_LIFE = {"award_app.run.alive"}
BASE_OF_FORMS = {"award_app.web.forms"}


def test_imports_run_one_way() -> None:
    wrong = [
        f"{_name(path)} imports {target}"
        for path in CODE
        for target in _imports(path)
        if target.split(".")[0] in {"award_app", "workers", "config"} and _floor(target) > _floor(_name(path))
    ]
    assert wrong == []


def test_the_domain_knows_no_framework_no_database_no_clock_and_no_chance() -> None:
    allowed = {"numpy", "scipy", "rfc8785", "cryptography"} | set(sys.stdlib_module_names) - {
        "random",
        "secrets",
        "time",
        "os",
    }
    wrong = [
        f"{_name(path)} imports {target}"
        for path in (ROOT / "award_app/domain").glob("*.py")
        for target in _imports(path)
        if target.split(".")[0] not in allowed and not target.startswith("award_app.domain")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("what", "where"),
    [
        ("os.environ", {"config.py"}),
        ("os.getenv", set()),
        ("datetime.now(", {"award_app/clock.py"}),
        ("date.today(", set()),
        ("utcnow(", set()),
        ("|safe", set()),
        (".commit()", {"award_app/db.py"}),
    ],
)
def test_some_things_are_done_in_one_place_only(what: str, where: set[str]) -> None:
    outside = {"award_app/run/"}  # the supervisor hands its environment on to the parts it starts
    pages = [*ROOT.glob("award_app/templates/**/*.*")]
    found = {
        str(path.relative_to(ROOT))
        for path in [*CODE, *pages]
        if what in path.read_text() and not any(str(path.relative_to(ROOT)).startswith(o) for o in outside)
    }
    assert found == where


def test_the_web_process_imports_no_numbers() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, wsgi; print(sorted({m.split('.')[0] for m in sys.modules} & {'scipy', 'numpy'}))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout.strip() == "[]"


def test_what_production_installs_is_enough_for_every_part() -> None:
    """The tools for tests bring packages along that would hide a missing line in requirements.in."""
    loaded = subprocess.run(
        [sys.executable, "-c", _LOAD_EVERYTHING], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    pinned = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^([\w.-]+)==", _REQUIREMENTS, re.MULTILINE)}
    owners = packages_distributions()
    missing = {
        module: owners[module]
        for module in loaded
        if module in owners
        and module not in _TAKEN_WHERE_THERE
        and not {re.sub(r"[-_.]+", "-", owner).lower() for owner in owners[module]} & pinned
    }
    assert missing == {}
    assert len(set(loaded) & set(owners)) > 30


# Libraries try these and do without.
_TAKEN_WHERE_THERE = {"yaml", "greenlet", "pygments", "_distutils_hack"}
_REQUIREMENTS = (ROOT / "requirements.txt").read_text()
_LOAD_EVERYTHING = """
import sys
import celery.app.control, celery.beat, celery.worker, kombu.transport.redis
import award_app.run.supervisor, award_app.run.sink, award_app.demo.play
import workers.celery_app as side
side.celery_app.loader.import_default_modules()
print(*{name.split(".")[0] for name in sys.modules})
"""


def test_every_route_names_its_policy_action_or_stands_on_the_public_list(sqlite_app: tuple[Flask, Path]) -> None:
    app, _ = sqlite_app
    unguarded = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC and not hasattr(app.view_functions[rule.endpoint], "policy_action")
    }
    both = {name for name in PUBLIC if hasattr(app.view_functions.get(name), "policy_action")}
    assert (unguarded, both) == (set(), set())


def test_every_guarded_route_lies_under_a_private_prefix(sqlite_app: tuple[Flask, Path]) -> None:
    app, _ = sqlite_app
    guarded = [r for r in app.url_map.iter_rules() if hasattr(app.view_functions[r.endpoint], "policy_action")]
    assert {r.rule.split("/")[1] for r in guarded} <= PRIVATE_PREFIXES
    assert len(guarded) > 30


def test_every_action_has_a_rule_and_no_existence_leads_in_circles() -> None:
    assert {rule.action for rule in POLICY} == set(Action)
    assert {EXISTENCE.get(existence, existence) for existence in EXISTENCE.values()} == set(EXISTENCE.values())


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _floor(module: str) -> int:
    parts = module.split(".")
    if module in SPOKEN | SIGNS_OF_LIFE:
        return 4
    if module in BASE_OF_FORMS:
        return 8
    named = [
        level
        for level, names in enumerate(FLOORS)
        if parts[-1] in names or (len(parts) > 1 and parts[1] in names) or module in names
    ]
    if parts[0] in {"workers", "wsgi"}:
        return len(FLOORS) - 1
    return named[0] if named else 7


def _imports(path: Path) -> Iterator[str]:
    """Absolute names of what a file imports, inside functions too, but not for types alone."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = _name(path).split(".")
            if path.name != "__init__.py":
                package = package[:-1]
            base = ".".join(package[: len(package) - (node.level - 1)]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if _is_module(inner) else module


def _is_module(name: str) -> bool:
    place = ROOT.joinpath(*name.split("."))
    return place.with_suffix(".py").exists() or (place / "__init__.py").exists()
