"""`make run`: the whole service, from an empty folder to a page in the browser."""

from __future__ import annotations

import fcntl
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import config
from award_app.run import accounts, alive, broker, parts
from award_app.run.part import Part
from award_app.run.supervisor import Failed, Stopped, Supervisor

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
HAS_CONTENT = 2  # what `flask demo` answers when there is nothing to load


def main() -> int:
    env = config.for_run()
    try:
        settings = config.load(env)
    except RuntimeError as refused:
        print(f"Laurel cannot start: {refused}.", file=sys.stderr)
        return 1
    var, port = Path(str(settings["VAR_DIR"])).resolve(), int(str(settings["PORT"]))
    try:
        with only_one(var):
            require_free(port)
            return serve({**env, "VAR_DIR": str(var)}, settings, var)
    except (Failed, RuntimeError) as reason:
        print(f"Laurel cannot start. {reason}", file=sys.stderr)
        return 1


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Two services on one folder would write over each other. The lock ends with this process, however it ends."""
    run = var / "run"
    run.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (run / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed(
                f"Another Laurel is running on {var}. End it first, or set VAR_DIR to another folder."
            ) from None
        yield


def require_free(port: int) -> None:
    """Said before anything is started; the port itself is bound last, by the web part."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        raise Failed(f"Port {port} is taken. Choose another one: PORT=8001 make run") from None


def serve(env: dict[str, str], settings: dict[str, object], var: Path) -> int:
    foundation = []
    if not env.get("REDIS_URL"):
        env["REDIS_URL"], part = parts.embedded_broker(var / "run")
        foundation.append(part)
    if not env.get("SMTP_URL"):
        env["SMTP_URL"], part = parts.embedded_sink(var / "mailbox")
        foundation.append(part)
    supervisor = Supervisor(env, var / "log")
    supervisor.listen_for_the_end()
    try:
        come_up(supervisor, foundation, settings, env["REDIS_URL"])
        print("\n".join(greeting(settings, var)), flush=True)
        supervisor.keep_alive()
    except Stopped:
        print("Laurel ends.", flush=True)
    finally:
        supervisor.end_all()
        broker.leave(var / "run")
    return 0


def come_up(supervisor: Supervisor, foundation: list[Part], settings: dict[str, object], broker_url: str) -> None:
    """Broker and sink, then the database, then worker and scheduler, and the port last."""
    supervisor.bring_up(*foundation)
    supervisor.run_to_its_end("migrate", [*FLASK, "db", "upgrade"])
    if settings["LAUREL_DEMO"]:
        supervisor.run_to_its_end("demo", [*FLASK, "demo"], fine=(0, HAS_CONTENT))
    for name in (alive.WORKER, alive.SCHEDULER):
        alive.forget(alive.client(broker_url), name)  # what an earlier run left in the append-only file
    supervisor.bring_up(parts.worker(broker_url), parts.scheduler(broker_url))
    supervisor.bring_up(parts.web(int(str(settings["PORT"])), host_of(settings)))


def host_of(settings: dict[str, object]) -> str:
    """A host name this service answers to."""
    trusted = settings["TRUSTED_HOSTS"]
    return str(trusted[0]).lstrip(".") if isinstance(trusted, list) and trusted else "localhost"


def greeting(settings: dict[str, object], var: Path) -> list[str]:
    lines = ["", f"Laurel is ready: {settings['BASE_URL']}"]
    demo = accounts.lines(var) if settings["LAUREL_DEMO"] else []
    if demo:
        lines += ["", "Demonstration accounts (role, address, password):", *demo]
        lines += ["Where a code is asked for after the password, the page says it."]
    return [*lines, "", f"Logs are in {var / 'log'}. Ctrl-C ends everything.", ""]


if __name__ == "__main__":
    sys.exit(main())
