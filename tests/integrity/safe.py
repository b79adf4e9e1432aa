"""T17: asking changes nothing. GET, HEAD and OPTIONS of every cell, also of routes that only take forms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.integrity.stage import Stage
from tests.integrity.walk import Cell

METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass
class Report:
    asked: int = 0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    deviations: list[str] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """How often something was truly there."""
        return self.statuses["GET", 200] + self.statuses["HEAD", 200]


def ask(stage: Stage, cells: list[Cell]) -> Report:
    """Every table but session and ledger is equal afterwards; where it is not, the cell is looked for."""
    report, before = Report(), stage.fingerprint()
    _ask(stage, cells, report)
    if stage.fingerprint() != before:
        report.deviations.append(f"{_first(stage, cells, before)} writes")
    return report


def _ask(stage: Stage, cells: list[Cell], report: Report) -> None:
    for cell in cells:
        for method in METHODS:
            answer = stage.send(cell.actor, method, cell.path)
            report.asked += 1
            report.statuses[method, answer.status_code] += 1
            where = f"{cell.actor} {method} {cell.path}"
            if answer.status_code >= 500:
                report.deviations.append(f"{where}: {answer.status_code}")
            if method == "HEAD" and answer.data:
                report.deviations.append(f"{where}: a body")
            if method == "OPTIONS" and answer.status_code == 200 and answer.data:
                report.deviations.append(f"{where}: tells more than the methods")


def _first(stage: Stage, cells: list[Cell], before: str) -> str:
    """By halves."""
    while len(cells) > 1:
        half = cells[: len(cells) // 2]
        stage.reset()
        _ask(stage, half, Report())
        cells = half if stage.fingerprint() != before else cells[len(half) :]
    return cells[0].route.name
