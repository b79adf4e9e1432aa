"""The whole service as `make run` starts it, for tests and benches that want real processes.

with running_service(folder, LAUREL_DEMO="1") as service: …  service.url, service.health(), service.pid_of("web")
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import config
from tests.servers import free_port

SUPERVISOR = [sys.executable, "-m", "award_app.run"]
_TOLD_BY = {
    "broker": "-server unixsocket:",
    "sink": "award_app.run.sink",
    "worker": " worker --pool",
    "scheduler": " beat ",
    "web": "award_app.run.gunicorn",
}


@dataclass
class Service:
    process: subprocess.Popen[bytes]
    var: Path
    port: int
    output: Path

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def printed(self) -> str:
        return self.output.read_text()

    def health(self) -> tuple[int, dict[str, bool]]:
        """Status and parts; (0, {}) while nothing listens."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/health", headers={"Host": "localhost"})
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, ValueError):
            return 0, {}
        finally:
            line.close()

    def processes(self) -> dict[int, str]:
        """Everything alive that was started for this folder, with its command line; the supervisor included."""
        return {pid: command for pid, command in _all_processes().items() if self._is_ours(pid)}

    def _is_ours(self, pid: int) -> bool:
        """By its environment; Valkey writes its title over that, but works in our folder."""
        try:
            environ = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            return f"VAR_DIR={self.var}".encode() in environ or os.readlink(f"/proc/{pid}/cwd") == str(self.var / "run")
        except OSError:
            return False

    def pid_of(self, part: str) -> int | None:
        """The part's main process: the supervisor's own child."""
        for pid, command in self.processes().items():
            if _TOLD_BY[part] in command and _parent(pid) == self.process.pid:
                return pid
        return None

    def setting(self, name: str) -> str:
        """As the web part was given it."""
        environ = Path(f"/proc/{self.pid_of('web')}/environ").read_bytes().split(b"\0")
        return next(e.decode().partition("=")[2] for e in environ if e.startswith(f"{name}=".encode()))


@contextmanager
def started_service(var: Path, **settings: str) -> Iterator[Service]:
    """Just started, not yet up; gone at the end. Settings in our own environment do not reach it."""
    port = int(settings.pop("PORT", "") or free_port())
    var.mkdir(parents=True, exist_ok=True)
    output = var / "output.txt"
    env = environment(VAR_DIR=str(var), PORT=str(port), **settings)
    with output.open("wb") as out:
        process = subprocess.Popen(SUPERVISOR, cwd=config.ROOT, env=env, stdout=out, stderr=out, start_new_session=True)
    try:
        yield Service(process, var, port, output)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(20)


@contextmanager
def running_service(var: Path, patience: float = 120, **settings: str) -> Iterator[Service]:
    """Up and healthy at the beginning, gone at the end."""
    with started_service(var, **settings) as service:
        ready = within(patience, lambda: service.process.poll() is not None or "Laurel is ready" in service.printed)
        if not ready or service.process.poll() is not None:
            raise RuntimeError(f"the service is not up:\n{service.printed}")
        yield service


def environment(**settings: str) -> dict[str, str]:
    ours = {setting.name for setting in config.SETTINGS}
    return {name: value for name, value in os.environ.items() if name not in ours} | settings


def within(seconds: float, happens: Callable[[], object], *, pause: float = 0.05) -> bool:
    """Whether it happened in time. Asking costs: give a `pause` where the answer takes a whole page."""
    until = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > until:
            return False
        time.sleep(pause)
    return True


def _all_processes() -> dict[int, str]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if command:  # a process that has ended and waits to be collected has none
                found[int(folder.name)] = command
        except OSError:
            continue
    return found


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
