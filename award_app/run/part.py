"""One part of the running service: a process, how to start it, and how to ask whether it answers."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import config
from award_app.run import child

PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)  # seconds before a part is started again; the last one repeats
STEADY = 30.0  # seconds after which an earlier failure is forgotten
LOG_BYTES = 5_000_000


@dataclass
class Part:
    name: str
    argv: list[str]
    answers: Callable[[], bool]
    ended: Callable[[], None] = lambda: None
    pass_fds: tuple[int, ...] = ()
    failures: int = 0
    start_at: float = 0.0
    started: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self, env: Mapping[str, str], logs: Path) -> None:
        self.started = monotonic()
        self.process = spawn(self.name, self.argv, env, logs, self.pass_fds)

    def has_ended(self) -> bool:
        """Notices the end once, clears what the part left behind and sets the moment of the next start."""
        if self.process is None or self.process.poll() is None:
            return False
        signal_group(self.process, signal.SIGKILL)
        self.ended()
        if monotonic() - self.started > STEADY:
            self.failures = 0
        self.start_at = monotonic() + PAUSES[min(self.failures, len(PAUSES) - 1)]
        self.failures += 1
        self.process = None
        return True


def spawn(
    name: str, argv: list[str], env: Mapping[str, str], logs: Path, pass_fds: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    """Start a process that dies with this one, leads a group of its own (so Ctrl-C reaches only us) and logs to a file."""
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{name}.log"
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.rename(log.with_suffix(".log.1"))
    wrapped = [sys.executable, "-I", "-S", child.__file__, str(os.getpid()), *argv]
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own commands
            wrapped,
            cwd=config.ROOT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=pass_fds,
            start_new_session=True,
        )


def signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def stop(processes: list[subprocess.Popen[bytes]], patience: float) -> None:
    """Ask all to end, wait up to `patience` seconds together, then end them and whatever they started."""
    until = monotonic() + patience
    for process in processes:
        process.terminate()
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, until - monotonic()))
    for process in processes:
        signal_group(process, signal.SIGKILL)
        process.wait()
