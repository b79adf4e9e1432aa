"""What a person's start page asks of her: each feature offers its own tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app

from award_app.accounts.models import Person


@dataclass(frozen=True)
class Task:
    """One card: what is asked (or what stands), where to do it, by when. `count` is of things left to do; 0 is done."""

    title: str
    sentence: str
    href: str
    link: str
    due: datetime | None = None
    count: int | None = None
    year: int | None = None  # the award year it belongs to


Provider = Callable[[Person, datetime], Iterable[Task]]


def add_tasks(app: Flask, provider: Provider) -> None:
    app.extensions.setdefault("tasks", []).append(provider)


def tasks(person: Person, now: datetime) -> list[Task]:
    providers: list[Provider] = current_app.extensions.get("tasks", [])
    return [task for provider in providers for task in provider(person, now)]
