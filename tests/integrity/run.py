"""`make integrity`: the trust tests at full size. Writes var/integrity.json and ends with 1 where anything deviates.

python -m tests.integrity.run            everything
python -m tests.integrity.run T10 T17    only these

Two at a time, each in a process of its own, whose words stand in var/integrity/; those that measure time or use both
cores run alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from threading import Lock
from time import perf_counter
from typing import Final

import config
from tests.integrity.whole import SEED, TESTS

LANES: Final = 2  # the machine's cores
ALONE: Final = ("T2 worlds", "T3 timing", "T3u")
SAID = config.ROOT / "var" / "integrity"
_writing = Lock()


@dataclass(frozen=True)
class Line:
    """One object of integrity.json: `n` were tried, in `cases` of them the guarded thing was truly there or refused."""

    id: str
    n: int
    cases: int
    deviations: int
    seed: int
    date: str
    met: bool


def main(words: list[str]) -> int:
    SAID.mkdir(parents=True, exist_ok=True)
    wanted = [id_ for id_ in TESTS if not words or any(id_.startswith(word) for word in words)]
    with ThreadPoolExecutor(LANES) as lanes:
        lines = list(lanes.map(_in_a_process, (id_ for id_ in wanted if id_ not in ALONE)))
    lines += map(_in_a_process, (id_ for id_ in wanted if id_ in ALONE))
    _print(lines)
    return 0 if all(line.met for line in lines) else 1


def _in_a_process(id_: str) -> Line:
    """What breaks has shown nothing: it counts as a deviation."""
    said = SAID / f"{id_}.txt"
    (result := said.with_suffix(".json")).unlink(missing_ok=True)
    began = perf_counter()
    with said.open("w") as out:
        argv = [sys.executable, "-m", "tests.integrity.run", "--one", id_]
        ended = subprocess.run(argv, cwd=config.ROOT, stdout=out, stderr=subprocess.STDOUT, check=False)
    line = Line(**json.loads(result.read_text())) if result.exists() else _line(id_, 0, 0, 1, met=False)
    found = "met" if line.met else f"NOT MET, see {said.relative_to(config.ROOT)} (exit {ended.returncode})"
    print(f"{id_}: {perf_counter() - began:.0f} s, {found}", flush=True)
    _write(line)
    return line


def one(id_: str) -> int:
    outcome = TESTS[id_]()
    for deviation in outcome.deviations:
        print(deviation, flush=True)
    met = not outcome.deviations and outcome.enough
    line = _line(id_, outcome.n, outcome.cases, len(outcome.deviations), met=met)
    (SAID / f"{id_}.json").write_text(json.dumps(asdict(line)))
    return 0


def _line(id_: str, n: int, cases: int, deviations: int, *, met: bool) -> Line:
    return Line(id_, n, cases, deviations, SEED, datetime.now(UTC).date().isoformat(), met)


def _write(line: Line) -> None:
    """What was not run this time keeps its line, with its own date."""
    path = config.ROOT / "var" / "integrity.json"
    with _writing:
        known = {one["id"]: one for one in (json.loads(path.read_text()) if path.exists() else [])} | {
            line.id: asdict(line)
        }
        path.write_text(json.dumps([known[id_] for id_ in TESTS if id_ in known], indent=1) + "\n")


def _print(lines: list[Line]) -> None:
    print(f"\n{'id':<16}{'n':>8}{'cases':>8}{'deviations':>12}  met")
    for line in lines:
        print(f"{line.id:<16}{line.n:>8}{line.cases:>8}{line.deviations:>12}  {'yes' if line.met else 'NO'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="ids, or how they begin")
    parser.add_argument("--one", help="in this process")
    given = parser.parse_args()
    sys.exit(one(given.one) if given.one else main(given.only))
