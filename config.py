"""Every setting: its environment variable, its default, what it means. Nothing else reads the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def _flag(text: str) -> bool:
    return text.strip().lower() in {"1", "true", "yes", "on"}


def _hosts(text: str) -> list[str]:
    return [host.strip() for host in text.split(",") if host.strip()]


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    meaning: str
    read: Callable[[str], object] = str


SETTINGS = (
    Setting("DATABASE_URL", "", "postgresql://… of the served database; empty: an SQLite file under VAR_DIR"),
    Setting("REDIS_URL", "", "redis://… of the broker; empty: the embedded broker's socket under VAR_DIR"),
    Setting("SMTP_URL", "", "smtp[s]://user:password@host:port of the mail server; empty: the embedded sink"),
    Setting("SECRET_KEY", "", "signs sessions, forms and links; made once under VAR_DIR when DATABASE_URL is empty"),
    Setting("LEDGER_KEY", "", "keys the ledger's hash chain; made once under VAR_DIR when DATABASE_URL is empty"),
    Setting("LEDGER_KEY_ID", "1", "names LEDGER_KEY in each ledger row, so that keys can be changed"),
    Setting("TRUSTED_HOSTS", "localhost,127.0.0.1", "host names this service answers to, separated by commas", _hosts),
    Setting("BASE_URL", "", "the address printed in letters; empty: http://localhost:PORT"),
    Setting("PORT", "8000", "the port `make run` binds last", int),
    Setting("VAR_DIR", str(ROOT / "var"), "where the embedded service keeps its database, keys, files and mailbox"),
    Setting("FILES_DIR", "", "where attachments are kept; empty: VAR_DIR/files"),
    Setting("ANCHOR_DIR", "", "where the ledger's head is stored, best on another machine; empty: VAR_DIR/anchors"),
    Setting(
        "LAUREL_DEMO", "", "1: demonstration accounts, mailbox page, movable clock; never on a served database", _flag
    ),
    Setting("MAIL_FROM", "laurel@localhost", "the sender of every letter"),
    Setting(
        "SECRETARIAT_CONTACT",
        "",
        "whom to ask about the award, shown on every page: an e-mail address or a short sentence",
    ),
    Setting("HELP_CONTACT", "", "whom to ask about this service, shown on every page: the same"),
    Setting(
        "SECURITY_CONTACT",
        "",
        "whom to tell about a weakness: mailto:…, https://… or an e-mail address; empty: no /.well-known/security.txt",
    ),
    Setting("ORGANISATION_NAME", "", "the organisation that runs this service, shown beside the product's name"),
    Setting("WEB_WORKERS", "2", "gunicorn worker processes", int),
    Setting("WEB_THREADS", "4", "threads in each of them", int),
    Setting("UPLOAD_MEGABYTES", "10", "largest attachment", int),
    Setting(
        "IDLE_MINUTES",
        "30",
        "a session of secretariat, panel or observer ends after this long without a page or a key",
        int,
    ),
    Setting("IDLE_MINUTES_MISSION", "240", "the same for nominators and nominating authorities", int),
    Setting("SESSION_HOURS", "12", "a session ends after this long in any case", int),
    Setting("PROVE_MINUTES", "15", "steps that count ask for the password again after this long", int),
    Setting("ATTEMPTS", "10", "wrong passwords or codes for one account from one address in a quarter of an hour", int),
    Setting(
        "ATTEMPTS_PER_ADDRESS", "300", "the same from one address, whatever the account: a mission may share it", int
    ),
    Setting("INVITATION_DAYS", "14", "an invitation link works this long", int),
    Setting(
        "LOG_LEVEL", "", "DEBUG, INFO, WARNING or ERROR; empty: INFO on a served database, else WARNING", str.upper
    ),
    Setting("METRICS_TOKEN", "", "the bearer token Prometheus sends to /metrics; empty: there is no such page"),
    Setting("PSEUDO_LOCALE", "", "1: offers en-XA, which marks every translated string (for tests)", _flag),
    Setting("TRUST_PROXY", "0", "how many proxies in front set X-Forwarded-* (0: none is believed)", int),
)


def load(environ: Mapping[str, str] = os.environ) -> dict[str, object]:
    """All settings as Flask wants them. Errors: RuntimeError where a served database lacks its keys.

    On the command line `MISSING` names what is lacking instead: `flask db upgrade` and `flask demo --play` need no keys.
    """
    values: dict[str, object] = {s.name: s.read(environ.get(s.name) or s.default) for s in SETTINGS}
    var, url = Path(str(values["VAR_DIR"])), _with_driver(str(values["DATABASE_URL"]))
    served = bool(url) and not url.startswith("sqlite")
    if served and values["LAUREL_DEMO"]:
        raise RuntimeError("LAUREL_DEMO is for the embedded database only: unset DATABASE_URL or LAUREL_DEMO")
    values["MISSING"] = [name for name in NEEDED if served and not values[name]]
    if values["MISSING"] and environ.get("FLASK_RUN_FROM_CLI") != "true":
        raise RuntimeError(f"with DATABASE_URL set, also set {' and '.join(values['MISSING'])}")  # type: ignore[arg-type]
    if not served:
        for key in KEYS:
            values[key] = values[key] or _kept_key(var, key)
    values["DATABASE_URL"] = url or f"sqlite:///{var / 'laurel.sqlite'}"
    values["REDIS_URL"] = values["REDIS_URL"] or f"redis+socket://{var / 'run' / 'broker.sock'}"
    values["SMTP_URL"] = values["SMTP_URL"] or "smtp://127.0.0.1:0"
    values["FILES_DIR"] = values["FILES_DIR"] or str(var / "files")
    values["ANCHOR_DIR"] = values["ANCHOR_DIR"] or str(var / "anchors")
    values["LOG_LEVEL"] = values["LOG_LEVEL"] or ("INFO" if served else "WARNING")
    values["BASE_URL"] = values["BASE_URL"] or f"http://localhost:{values['PORT']}"
    return values


KEYS = ("SECRET_KEY", "LEDGER_KEY")
NEEDED = (*KEYS, "REDIS_URL", "SMTP_URL")  # by a served database


def handed_on(values: Mapping[str, object], **more: str) -> dict[str, str]:
    """The environment for a process that is to run with these settings."""
    return {**os.environ, **{s.name: _written(values[s.name]) for s in SETTINGS}, **more}


def _written(value: object) -> str:
    if isinstance(value, list):
        return ",".join(value)
    return ("1" if value else "") if isinstance(value, bool) else str(value)


def count_in(folder: Path) -> None:
    """prometheus-client asks the environment, when it is first imported, where its processes count together."""
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(folder))


def _with_driver(url: str) -> str:
    """SQLAlchemy wants the driver named; people paste postgres:// and postgresql://."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _kept_key(var: Path, name: str) -> str:
    path = var / "keys" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600, exist_ok=True)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def for_run(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment `make run` starts from: a demonstration, unless there is a served database or LAUREL_DEMO says no."""
    if environ.get("DATABASE_URL") or environ.get("LAUREL_DEMO"):
        return dict(environ)
    return {"SECRETARIAT_CONTACT": "award@laurel.example", **environ, "LAUREL_DEMO": "1"}
