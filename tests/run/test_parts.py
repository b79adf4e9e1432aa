"""The pieces `make run` is made of, one at a time."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from award_app.run import accounts, broker
from award_app.run.part import Part
from award_app.run.supervisor import Failed, Supervisor


def test_the_socket_lies_in_the_run_folder(tmp_path: Path) -> None:
    assert broker.socket_path(Path("/srv/laurel/run")) == Path("/srv/laurel/run/broker.sock")


def test_a_path_too_long_for_a_socket_is_reached_by_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/tmp")
    run = tmp_path / ("n" * 100)
    run.mkdir()
    path = broker.socket_path(run)
    path.write_text("here")
    assert (len(str(path)) <= broker.LONGEST_SOCKET_PATH, (run / "broker.sock").read_text()) == (True, "here")
    assert broker.socket_path(run) == path
    broker.leave(run)
    assert not path.parent.parent.exists()


def test_a_folder_others_may_write_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    run = tmp_path / ("n" * 100)
    short = broker.socket_path(run).parent.parent
    short.chmod(0o777)
    with pytest.raises(RuntimeError, match="belongs to somebody else"):
        broker.socket_path(run)


def test_a_part_that_never_answers_is_given_up_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor({"PATH": os.environ["PATH"]}, tmp_path)
    dying = Part("web", [sys.executable, "-c", "print('no such port'); raise SystemExit(3)"], lambda: False)
    with pytest.raises(Failed, match=r"The web does not start\.\n  no such port"):
        supervisor.bring_up(dying)
    supervisor.end_all()


def test_a_step_that_fails_is_named_with_its_exit_code(tmp_path: Path) -> None:
    supervisor = Supervisor({"PATH": os.environ["PATH"]}, tmp_path)
    supervisor.run_to_its_end("demo", [sys.executable, "-c", "raise SystemExit(2)"], fine=(0, 2))
    with pytest.raises(Failed, match="The step “migrate” failed \\(exit code 2\\)"):
        supervisor.run_to_its_end("migrate", [sys.executable, "-c", "raise SystemExit(2)"])


def test_accounts_are_printed_in_columns(tmp_path: Path) -> None:
    (tmp_path / "demo-accounts.json").write_text(
        '[{"email": "a@laurel.test", "password": "one", "role": "chair"},'
        ' {"email": "secretariat@laurel.test", "password": "two", "role": "secretariat"}]'
    )
    assert accounts.lines(tmp_path) == [
        "  chair        a@laurel.test            one",
        "  secretariat  secretariat@laurel.test  two",
    ]


def test_without_a_demonstration_there_are_no_accounts(tmp_path: Path) -> None:
    assert accounts.lines(tmp_path) == []
