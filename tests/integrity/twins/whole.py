"""T2, T2-E and T3 at full size. Each says what it compared, how often the guarded thing was truly there, and what
deviates; and prints a line for each secret, each planted leak and each predicate."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

from tests.integrity.twins import embargo, timing
from tests.integrity.twins.compare import Comparison
from tests.integrity.twins.planted import PLANTED, is_found
from tests.integrity.twins.predicates import predicates
from tests.integrity.twins.secrets import NAMED, SECRETS
from tests.integrity.twins.stage import twins

LEAST_ADDRESSES = 50  # for each actor


class Counted(NamedTuple):
    n: int
    cases: int
    deviations: list[str]
    enough: bool


def two_worlds(*names: str) -> Counted:
    """T2: every secret, or those named, for everybody who is not cleared; then five planted leaks, each of which must be
    found. `n` are addresses compared, `cases` answers in which somebody cleared met the secret."""
    with tempfile.TemporaryDirectory(prefix="laurel-twins-") as folder, twins(Path(folder)) as worlds:
        comparison = Comparison(worlds)
        for secret in [NAMED[name] for name in names] or SECRETS:
            comparison.against(secret)
            print(f"  {secret.name} ({secret.kind}): {dict(comparison.report.by_secret[secret.name])}", flush=True)
            worlds.forget(secret.name)
        missed = [kind for kind in PLANTED if not is_found(worlds, kind)]
    report = comparison.report
    # Where nobody who walks is cleared, there is nobody who could have met it.
    unmet = [f"{name}: nobody who is cleared met it" for name in report.unseen]
    lost = [f"the planted leak was not found: {kind}" for kind in missed]
    enough = report.cleared > 0 and report.fewest >= LEAST_ADDRESSES
    print(f"  {report.bytes:,} bytes compared, at least {report.fewest} addresses an actor", flush=True)
    return Counted(report.addresses, report.cleared, report.leaks + unmet + lost, enough)


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
