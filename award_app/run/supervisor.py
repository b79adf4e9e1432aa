"""Starts the parts in order, starts again what dies, and ends all of them together."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from time import monotonic

from award_app.run.part import Part, spawn, stop

GIVES_UP = 60.0  # seconds a part may take until it first answers
TRIES = 3  # a part that never answered is not started a fourth time


class Stopped(Exception):
    """Somebody asked for the end."""


class Failed(Exception):
    """A part could not be started; the text says which and why."""


class Supervisor:
    def __init__(self, env: Mapping[str, str], logs: Path) -> None:
        self.env, self.logs = env, logs
        self.parts: list[Part] = []
        self._end = Event()
        self._task: subprocess.Popen[bytes] | None = None

    def listen_for_the_end(self) -> None:
        asked_by = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup a closed terminal is no reason to end
            asked_by.append(signal.SIGHUP)
        for number in asked_by:
            signal.signal(number, lambda *_: self._end.set())

    def bring_up(self, *parts: Part) -> None:
        """Start these together and wait until all answer. Errors: Failed, Stopped."""
        for part in parts:
            self.parts.append(part)
            part.start(self.env, self.logs)
        until = monotonic() + GIVES_UP
        waiting = list(parts)
        while waiting := [part for part in waiting if not part.answers()]:
            self._look(0.05)
            for part in waiting:
                if part.failures >= TRIES or monotonic() > until:
                    raise Failed(f"The {part.name} does not start.\n{self._last_words(part.name)}")

    def run_to_its_end(self, name: str, argv: list[str], fine: tuple[int, ...] = (0,)) -> None:
        """Run a task that has to succeed before the next part starts. Errors: Failed, Stopped."""
        self._task = spawn(name, argv, self.env, self.logs)
        while self._task.poll() is None:
            self._look(0.05)
        code, self._task = self._task.returncode, None
        if code not in fine:
            raise Failed(f"The step “{name}” failed (exit code {code}).\n{self._last_words(name)}")

    def keep_alive(self) -> None:
        """Look after all parts until somebody asks for the end. Errors: Stopped."""
        while True:
            self._look(0.2)

    def _look(self, pause: float) -> None:
        if self._end.wait(pause):
            raise Stopped
        for part in self.parts:
            if part.has_ended():
                print(f"The {part.name} has ended; it is started again.", flush=True)
            if part.process is None and monotonic() >= part.start_at:
                part.start(self.env, self.logs)

    def end_all(self) -> None:
        """Those who work first, then those they lean on. At most four seconds and a half."""
        leaned_on = {"broker", "sink"}
        working = [part.process for part in self.parts if part.process and part.name not in leaned_on]
        if self._task:
            working.append(self._task)
        stop(working, patience=3.0)
        stop([part.process for part in self.parts if part.process and part.name in leaned_on], patience=1.0)

    def _last_words(self, name: str) -> str:
        path = self.logs / f"{name}.log"
        lines = path.read_text(errors="replace").splitlines()[-12:] if path.exists() else []
        return "\n".join([*(f"  {line}" for line in lines), f"All of it: {path}"])
