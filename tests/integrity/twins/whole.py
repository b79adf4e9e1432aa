"""T2, T2-E and T3 at full size. Each says what it compared, how often the guarded thing was truly there, and what
deviates; and prints a line for each secret, each planted leak and each predicate."""

from __future__ import annotations

import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from tests.integrity.twins import embargo, timing
from tests.integrity.twins.compare import Comparison, Report
from tests.integrity.twins.planted import PLANTED, is_found
from tests.integrity.twins.predicates import predicates
from tests.integrity.twins.secrets import NAMED, SECRETS
from tests.integrity.twins.stage import twins

LEAST_ADDRESSES = 50  # for each actor
PROCESSES = 2  # the machine's cores


class Counted(NamedTuple):
    n: int
    cases: int
    deviations: list[str]
    enough: bool


def two_worlds(*names: str) -> Counted:
    """T2: every secret, or those named, for everybody who is not cleared; then five planted leaks, each of which must be
    found. `n` are addresses compared, `cases` answers in which somebody cleared met the secret."""
    secrets = [NAMED[name] for name in names] or list(SECRETS)
    years = sorted({secret.number for secret in secrets})  # one process crawls world A once a year
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        parts = [
            pool.submit(_compared, [secret.name for secret in secrets if secret.number in years[part::PROCESSES]])
            for part in range(PROCESSES)
        ]
        missed = pool.submit(_missed)
        reports = [part.result() for part in parts]
    lost = [f"the planted leak was not found: {kind}" for kind in missed.result()]
    leaks = [leak for report in reports for leak in report.leaks]
    unmet = [f"{name}: nobody who is cleared met it" for report in reports for name in report.unseen]
    fewest = min(report.fewest for report in reports if report.addresses)
    cleared, size = sum(report.cleared for report in reports), sum(report.bytes for report in reports)
    print(f"  {size:,} bytes compared, at least {fewest} addresses an actor", flush=True)
    n = sum(report.addresses for report in reports)
    return Counted(n, cleared, leaks + unmet + lost, cleared > 0 and fewest >= LEAST_ADDRESSES)


def _compared(names: list[str]) -> Report:
    with tempfile.TemporaryDirectory(prefix="laurel-twins-") as folder, twins(Path(folder)) as worlds:
        comparison = Comparison(worlds)
        for name in names:
            comparison.against(NAMED[name])
            print(f"  {name} ({NAMED[name].kind}): {dict(comparison.report.by_secret[name])}", flush=True)
            worlds.forget(name)
    return comparison.report


def _missed() -> list[str]:
    with tempfile.TemporaryDirectory(prefix="laurel-twins-") as folder, twins(Path(folder)) as worlds:
        return [kind for kind in PLANTED if not is_found(worlds, kind)]


def embargo_twins() -> Counted:
    """T2-E: `cases` are public answers that the release changed."""
    with (
        tempfile.TemporaryDirectory(prefix="laurel-embargo-") as folder,
        twins(Path(folder), KEEP_PAGES=True) as worlds,
    ):
        report = embargo.run(worlds)
    return Counted(report.compared, report.changed, report.deviations, report.changed > 0)


def hidden_predicates() -> Counted:
    """T3: `n` are pairs. The clock must run for time to be measured, and the pages kept as a server keeps them."""
    with tempfile.TemporaryDirectory(prefix="laurel-timing-") as folder, twins(Path(folder), KEEP_PAGES=True) as worlds:
        worlds.build()
        asked = predicates()
        send = lambda actor, address: worlds.stage.send(actor, "GET", address)  # noqa: E731 - one use
        measured = {one.name: timing.measure(send, one) for one in asked}
    verdicts = timing.judge(measured)
    for verdict in verdicts:
        print(f"  {verdict.name}: {verdict.difference_ms:+.3f} ms, p {verdict.p:.3f}", flush=True)
    shown = [f"{one.name}: {one.difference_ms:+.3f} ms, p {one.p:.4f}" for one in verdicts if not one.met]
    pairs = sum(len(one.hidden) for one in measured.values())
    return Counted(pairs, len(asked), shown, len(asked) > 0)
