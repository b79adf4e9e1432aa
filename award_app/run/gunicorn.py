"""How gunicorn serves Laurel. Loaded with `-c python:award_app.run.gunicorn`; its names are gunicorn's settings."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from award_app.run.child import die_with_parent
from config import load  # not `import config`: that is a setting of gunicorn

_settings = load()
gc.disable()  # while the application is loaded nothing of it is rubbish: looking for some takes a tenth of the start


class Discreet(Logger):  # type: ignore[misc]  # gunicorn carries no types
    """A request that is none is quoted by gunicorn, with the address it came from: a stranger's words in our log."""

    def warning(self, msg: str, *args: Any, **more: Any) -> None:
        said = "A request that is none was turned away." if msg.startswith("Invalid request") else msg
        super().warning(said, *args, **more)


logger_class = Discreet
bind = f"127.0.0.1:{_settings['PORT']}"
worker_class = "gthread"
workers = _settings["WEB_WORKERS"]
threads = _settings["WEB_THREADS"]
# Loaded once and shared by all workers: half the memory, one start. Connections are not shared, see post_fork.
preload_app = True
control_socket_disable = True
# No header of a request says what scheme, path or prefix it has: by default gunicorn believes whoever connects from this
# machine, and a prefix of a stranger's making would stand in the links of a kept page. Proxies: TRUST_PROXY.
forwarded_allow_ips = ""
forwarder_headers = ""
graceful_timeout = 3
timeout = 60
LONGEST_SILENCE = (
    60.0  # seconds between two pieces of a body, or of an answer that is taken; then the thread is free again
)


def on_starting(server: Any) -> None:  # noqa: ARG001
    """What processes of an earlier start counted is not theirs who come now."""
    for left in (Path(str(_settings["VAR_DIR"])) / "run" / "metrics").glob("*.db"):
        left.unlink(missing_ok=True)


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001
    if _settings["METRICS_TOKEN"]:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def pre_fork(server: Any, worker: Any) -> None:  # noqa: ARG001 - gunicorn's signature
    """What is loaded by now stays: kept out of the collector, its pages stay shared."""
    gc.collect()
    gc.freeze()


def pre_request(worker: Any, req: Any) -> None:  # noqa: ARG001
    """gunicorn waits for a body without end: a few that never come would hold every thread there is."""
    req.unreader.sock.settimeout(LONGEST_SILENCE)


def post_fork(server: Any, worker: Any) -> None:  # noqa: ARG001
    die_with_parent(server.pid)
    gc.enable()
    gc.set_threshold(20_000, 20, 20)  # by default a page is interrupted several times
    from award_app.db import db
    from wsgi import app

    with app.app_context():
        for engine in db.engines.values():
            engine.dispose(close=False)  # the parent's connections stay the parent's
