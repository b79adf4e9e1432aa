"""Several people at the same moment, each in a thread and a transaction of her own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Barrier, Lock, Thread

from flask import Flask

from award_app.db import db, transaction
from award_app.domain.vocabulary import Refusal, Refused


def at_once(app: Flask, works: Sequence[Callable[[], object]]) -> list[Refusal]:
    """Run all, and return the refusals; any other error is raised."""
    start, lock = Barrier(len(works)), Lock()
    refusals: list[Refusal] = []
    errors: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    work()
            except Refused as no:
                with lock:
                    refusals.append(no.refusal)
            except BaseException as error:
                with lock:
                    errors.append(error)
            finally:
                db.session.remove()

    db.session.rollback()
    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return refusals
