"""T4 in Chromium, with its own reading of each page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import ConsoleMessage, Dialog, Page
from werkzeug.serving import make_server

from tests.integrity import markers
from tests.integrity.stage import ANONYMOUS, Stage
from tests.journeys import rig


def browse(stage: Stage, most: int) -> tuple[list[str], int]:
    """So many pages of each kind of person: no dialog, no script, no element, no complaint about the policy. Returns what was
    wrong, and how many pages were looked at."""
    wrong, looked_at = [], 0
    with _served(stage) as port, rig.chromium() as browser:
        for actor in (*markers.KINDS, ANONYMOUS):
            context = browser.new_context()
            if stage.cookies[actor]:
                context.add_cookies(
                    [{"name": "laurel", "value": stage.cookies[actor], "domain": "localhost", "path": "/"}]
                )
            page, said = context.new_page(), list[str]()
            _listen(page, said)
            for path in [
                path
                for who, path in markers.visits(stage)
                if who == actor and "." not in path and not path.startswith("/files/")
            ][:most]:
                page.goto(f"http://localhost:{port}{path}")
                looked_at += 1
                if page.evaluate(f"window.__ran || document.querySelector('{markers.ELEMENT}, base, iframe') !== null"):
                    said.append("something ran")
                wrong += [f"{actor} {path}: {what}" for what in said]
                said.clear()
            context.close()
    return wrong, looked_at


def _listen(page: Page, said: list[str]) -> None:
    def dismissed(dialog: Dialog) -> None:
        said.append("a dialog")
        dialog.dismiss()

    def complained(message: ConsoleMessage) -> None:
        if "Policy" in message.text:
            said.append(message.text)

    page.on("dialog", dismissed)
    page.on("console", complained)
    page.on("pageerror", lambda error: said.append(str(error)))


@contextmanager
def _served(stage: Stage) -> Iterator[int]:
    """On loopback, in a thread of its own."""
    server = make_server("127.0.0.1", 0, stage.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
