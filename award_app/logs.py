"""Logs as lines of JSON on stderr, each with the id of its request. Codes, ids and places in the code; never a person's
words: no path (it may hold a link's secret), no parameters, no message of an exception."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from traceback import extract_tb
from typing import Any

import structlog
from flask import Flask
from structlog.typing import EventDict, Processor

FRAMES = 12  # of a traceback, the innermost
_ROOT = Path(__file__).resolve().parent.parent


def without_words(_logger: object, _method: str, event: EventDict) -> EventDict:
    """An exception as its class and where it was raised. What it says may be a row of the database."""
    given: Any = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given is True else given
    if isinstance(error, BaseException):
        event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["at"] = [f"{_place(f.filename)}:{f.lineno} {f.name}" for f in extract_tb(error.__traceback__)[-FRAMES:]]
    event.pop("stack_info", None)
    return event


def _place(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(_ROOT / "award_app") or path.is_relative_to(_ROOT / "workers"):
        return str(path.relative_to(_ROOT))
    return "/".join(path.parts[-2:])


SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_words,
)


def formatter() -> logging.Formatter:
    """For what libraries log in their own way: the same lines."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
    )


def init_app(app: Flask) -> None:
    level = logging.getLevelName(str(app.config["LOG_LEVEL"]))
    structlog.configure(
        processors=[*SHARED, structlog.processors.JSONRenderer(sort_keys=True)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),  # as it stands now, not at the start
    )
    root = logging.getLogger()
    if not any(isinstance(one.formatter, structlog.stdlib.ProcessorFormatter) for one in root.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(formatter())
        root.addHandler(handler)
    root.setLevel(max(level, logging.WARNING))
