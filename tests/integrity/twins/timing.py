"""T3: whether the time an answer takes tells of what it hides.

Two addresses that must look alike are asked in turn: one that meets something hidden and one that meets nothing. What
remains is compared by the difference of their medians and by a Mann-Whitney test, corrected after Holm.

What is measured is the time this thread works, not what the wall clock says: other processes of the machine blur that by
more than the millisecond that is looked for. What an answer waits for is the same for both: one commit of the ledger.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import median
from time import thread_time
from typing import Final

from scipy import stats

PAIRS: Final = 400
WARM: Final = 20  # pairs that are not counted
MOST_MS: Final = 1.0
LEAST_P: Final = 0.01


@dataclass(frozen=True)
class Predicate:
    """Two addresses for one person; the first meets something she may not know of."""

    name: str
    actor: str
    hidden: str
    nothing: str


@dataclass(frozen=True)
class Samples:
    """Milliseconds."""

    hidden: Sequence[float]
    nothing: Sequence[float]


@dataclass(frozen=True)
class Verdict:
    name: str
    difference_ms: float  # of the medians
    p: float  # after Holm

    @property
    def met(self) -> bool:
        return abs(self.difference_ms) < MOST_MS and self.p > LEAST_P


def measure(send: Callable[[str, str], object], predicate: Predicate, pairs: int = PAIRS, seed: int = 1) -> Samples:
    """Interleaved, which of the two comes first drawn anew for each pair; the collector waits between pairs."""
    chance, taken = Random(seed), {predicate.hidden: list[float](), predicate.nothing: list[float]()}
    for pair in range(-WARM if pairs >= WARM else 0, pairs):
        gc.collect(0)
        gc.disable()
        for address in chance.sample([predicate.hidden, predicate.nothing], 2):
            began = thread_time()
            send(predicate.actor, address)
            if pair >= 0:
                taken[address].append((thread_time() - began) * 1000)
        gc.enable()
    return Samples(taken[predicate.hidden], taken[predicate.nothing])


def judge(measured: Mapping[str, Samples]) -> list[Verdict]:
    """In the order given. Holm: the smallest of n values of p is multiplied by n, the next by n - 1, and so on, and none
    is smaller than the one before it."""
    plain = {name: float(stats.mannwhitneyu(one.hidden, one.nothing).pvalue) for name, one in measured.items()}
    corrected, floor = dict[str, float](), 0.0
    for place, name in enumerate(sorted(plain, key=plain.__getitem__)):
        floor = max(floor, min(1.0, plain[name] * (len(plain) - place)))
        corrected[name] = floor
    return [Verdict(name, median(one.hidden) - median(one.nothing), corrected[name]) for name, one in measured.items()]
