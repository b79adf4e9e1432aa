"""Runs a program that dies with the process that started it: child.py PARENT_PID PROGRAM [ARGUMENT …]

A small exec instead of a preexec_fn, which is unsafe once the parent has threads. Imports nothing of ours, so that it
can run isolated (`python -I -S`) and costs a few milliseconds.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, how: int = signal.SIGKILL) -> None:
    """Have the kernel kill this process when `parent` ends. It survives exec, but not fork: each fork asks anew."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)
    if os.getppid() != parent:  # it ended between the fork and the call above
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - the program is named by our own supervisor
