"""T19 in small: a part of the forms; all of them in `make integrity`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integrity import canaries
from tests.integrity.canaries import Report
from tests.integrity.stage import Stage, staged
from tests.servers import running_redis


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, str]]:
    with running_redis() as broker:
        settings = {"LOG_LEVEL": "INFO", "METRICS_TOKEN": "scrape me", "REDIS_URL": broker}
        with canaries.listening(), staged(tmp_path_factory.mktemp("canaries"), **settings) as built:
            yield built, broker


@pytest.mark.served
def test_nothing_typed_reaches_log_broker_or_address(scene: tuple[Stage, str]) -> None:
    stage, broker = scene
    report = Report()
    with canaries.listening() as log:
        canaries.plant(stage, slice(0, None, 8), report)
        canaries.look_everywhere(stage, log.getvalue(), report)
    canaries.look("the broker", canaries.of_the_broker(broker), report)
    print(
        f"{report.planted} canaries in {report.sent} requests, {report.broken} of them broken: {dict(report.searched)}"
    )
    assert report.found == []
    assert (report.planted >= 200, report.broken > 3) == (True, True)
    assert (
        min(report.searched[kind] for kind in ("the log", "the ledger", "the broker", "the numbers", "addresses")) > 20
    )


@pytest.mark.served
def test_what_would_be_written_is_found(scene: tuple[Stage, str]) -> None:
    stage, _broker = scene
    report = Report()
    with canaries.listening() as log:
        stage.app.logger.error("canary%05dq", 7)
        canaries.look("the log", log.getvalue(), report)
    assert report.found == ["the log: canary00007q"]


def test_gunicorn_quotes_nobody(tmp_path: Path) -> None:
    """Requests that never reach the application too: a method of one's own, a header without end."""
    report = canaries.Report()
    canaries.served(tmp_path, report)
    assert (report.found, report.sent > 20) == ([], True)
