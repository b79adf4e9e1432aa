"""What `make run` promises: it comes up whole, mends itself, and ends without a trace."""

from __future__ import annotations

import os
import signal
import smtplib
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import config
from tests.servers import free_port
from tests.service import SUPERVISOR, Service, environment, running_service, started_service, within

pytestmark = pytest.mark.processes

ALL_WELL = (200, {"broker": True, "database": True, "scheduler": True, "worker": True})
PARTS = ("broker", "sink", "worker", "scheduler", "web")


def test_it_comes_up_whole(service: Service) -> None:
    assert service.health() == ALL_WELL
    assert [part for part in PARTS if service.pid_of(part) is None] == []


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_killed_is_back_within_ten_seconds(service: Service, part: str) -> None:
    before = set(service.processes())
    killed = service.pid_of(part)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert within(10, lambda: service.pid_of(part) not in {killed, None} and _all_well(service))
    # What the killed process had started is gone as well.
    assert [pid for pid in before & set(service.processes()) if _comes_from(pid, killed)] == []


def test_health_says_which_part_is_missing_and_nothing_more(service: Service) -> None:
    # Stopped, not killed: the supervisor sees nothing wrong, only the signs of life run out.
    scheduler = service.pid_of("scheduler")
    assert scheduler is not None
    os.kill(scheduler, signal.SIGSTOP)
    try:
        missing = (503, {"broker": True, "database": True, "scheduler": False, "worker": True})
        assert within(20, lambda: service.health() == missing)
    finally:
        os.kill(scheduler, signal.SIGCONT)
    assert within(10, lambda: service.health() == ALL_WELL)


def test_a_letter_becomes_a_file_also_after_the_sink_was_restarted(service: Service) -> None:
    address = service.setting("SMTP_URL").removeprefix("smtp://")
    killed = service.pid_of("sink")
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert within(10, lambda: service.pid_of("sink") not in {killed, None})
    with smtplib.SMTP(address, timeout=10) as line:
        line.sendmail("a@laurel.test", ["b@laurel.test"], b"Subject: Hello\r\n\r\nGood morning.\r\n")
    letters = [path.read_bytes() for path in (service.var / "mailbox").glob("*.eml")]
    assert letters == [b"X-Envelope-To: b@laurel.test\r\nSubject: Hello\r\n\r\nGood morning.\r\n"]


def test_the_port_opens_when_everything_else_answers(var: Path) -> None:
    with started_service(var, LAUREL_DEMO="0") as service:
        assert _first_answer(service) == ALL_WELL


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_end_it_ends_within_five_seconds(var: Path, how: signal.Signals) -> None:
    with running_service(var, LAUREL_DEMO="0") as service:
        service.process.send_signal(how)
        assert service.process.wait(5) == 0
        assert service.processes() == {}


def test_killed_hard_while_it_starts_it_leaves_nothing_behind(var: Path) -> None:
    with started_service(var, LAUREL_DEMO="0") as service:
        assert within(30, lambda: any("db upgrade" in command for command in service.processes().values()))
        service.process.kill()
        assert within(5, lambda: service.processes() == {})


def test_asked_to_end_while_it_starts_it_ends_within_five_seconds(var: Path) -> None:
    with started_service(var, LAUREL_DEMO="0") as service:
        assert within(30, lambda: any("celery" in command for command in service.processes().values()))
        service.process.send_signal(signal.SIGINT)
        assert service.process.wait(5) == 0
        assert service.processes() == {}


def test_killed_hard_it_leaves_nothing_behind(var: Path) -> None:
    with running_service(var, LAUREL_DEMO="0") as service:
        # Five parts, two of which have two workers each; and itself.
        assert within(10, lambda: len(service.processes()) == 10)
        service.process.kill()
        assert within(5, lambda: service.processes() == {})


def test_after_a_hard_kill_it_starts_again_on_the_same_folder(var: Path) -> None:
    with running_service(var, LAUREL_DEMO="0") as service:
        service.process.kill()
    with running_service(var, LAUREL_DEMO="0") as service:
        assert service.health() == ALL_WELL


def test_a_folder_with_a_long_name_and_spaces_will_do(tmp_path: Path) -> None:
    with running_service(tmp_path / ("a rather long name " * 6), LAUREL_DEMO="0") as service:
        assert service.health() == ALL_WELL


def test_a_second_one_on_the_same_folder_is_refused(service: Service) -> None:
    refused = _start(VAR_DIR=str(service.var), PORT=str(free_port()))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"Laurel cannot start. Another Laurel is running on {service.var}.")


def test_a_port_that_is_taken_is_named(var: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = _start(VAR_DIR=str(var), PORT=str(port))
    assert (refused.returncode, refused.stderr) == (
        1,
        f"Laurel cannot start. Port {port} is taken. Choose another one: PORT=8001 make run\n",
    )


SERVED = {
    "DATABASE_URL": "postgresql://laurel@127.0.0.1/laurel",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SMTP_URL": "smtp://127.0.0.1:1",
    "SECRET_KEY": "s" * 40,
    "LEDGER_KEY": "l" * 40,
    "TRUSTED_HOSTS": "localhost",
}


@pytest.mark.parametrize("missing", ["REDIS_URL", "SMTP_URL", "SECRET_KEY", "LEDGER_KEY"])
def test_a_served_database_wants_its_settings(var: Path, missing: str) -> None:
    refused = _start(VAR_DIR=str(var), PORT=str(free_port()), **{k: v for k, v in SERVED.items() if k != missing})
    assert (refused.returncode, refused.stderr) == (
        1,
        f"Laurel cannot start: with DATABASE_URL set, also set {missing}.\n",
    )


def test_no_demonstration_on_a_served_database(var: Path) -> None:
    refused = _start(VAR_DIR=str(var), PORT=str(free_port()), LAUREL_DEMO="1", **SERVED)
    assert (refused.returncode, refused.stderr) == (
        1,
        "Laurel cannot start: LAUREL_DEMO is for the embedded database only: unset DATABASE_URL or LAUREL_DEMO.\n",
    )


def _start(**settings: str) -> subprocess.CompletedProcess[str]:
    env = environment(**settings)
    return subprocess.run(SUPERVISOR, cwd=config.ROOT, env=env, capture_output=True, text=True, timeout=30)


def _first_answer(service: Service) -> tuple[int, dict[str, bool]]:
    """Asked without a pause while it comes up."""
    answer = service.health()
    while answer == (0, {}) and service.process.poll() is None:
        answer = service.health()
    return answer


def _all_well(service: Service) -> bool:
    return service.health() == ALL_WELL


def _comes_from(pid: int, session: int) -> bool:
    """Each part leads a session, which its processes keep when their parent is gone."""
    try:
        return os.getsid(pid) == session
    except ProcessLookupError:
        return False


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(tmp_path_factory.mktemp("service"), LAUREL_DEMO="0") as running:
        yield running


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"
