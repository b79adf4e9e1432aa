"""Commands: `flask --app wsgi ledger verify`."""

from __future__ import annotations

from typing import NoReturn

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from award_app.records import anchors
from award_app.records.anchors import Finding, Unreadable

ledger = AppGroup("ledger", help="The record of what happened.")


@ledger.command("verify")
@click.option("--seal", help="Also look for the row that carries this seal, as a letter names it.")
def verify(seal: str | None) -> None:
    """Walk the whole chain against every anchor that was stored. Exit code 1 where they do not agree."""
    missing = current_app.config.get("MISSING")
    if missing:
        raise click.ClickException(f"With DATABASE_URL set, also set {' and '.join(missing)}.")
    try:
        found = anchors.compare()
    except Unreadable as error:
        _fail(f"line {error.line} of {anchors.path()} is no anchor")
    for sentence in _wrong(found):
        click.echo(sentence)
    if not found.ok:
        raise SystemExit(1)
    if seal is not None and not anchors.has(_bytes(seal)):
        _fail("no row carries this seal: what was anchored under it is not this history")
    click.echo(f"ok: {found.verdict.count} rows, head {found.verdict.head.hex()}, {len(found.stored)} anchors agree")


def _wrong(found: Finding) -> list[str]:
    verdict, said = found.verdict, []
    if not verdict.ok:
        reason = verdict.reason.value if verdict.reason else "unknown"
        said.append(f"broken at row {verdict.broken_at}: {reason}; {verdict.count} rows before it hold")
    if found.disagrees:
        one = found.disagrees
        said.append(f"line {one.line} of {anchors.path()} disagrees: {one.reason} of {one.at}, row {one.seq}")
    if found.missing:
        numbers = ", ".join(str(number) for number in found.missing)
        said.append(f"{anchors.path()} lacks what was written there: anchor {numbers}")
    return said


def _bytes(seal: str) -> bytes:
    try:
        return bytes.fromhex(seal.replace(" ", ""))
    except ValueError:
        raise click.ClickException("A seal is 64 digits and letters from a to f.") from None


def _fail(sentence: str) -> NoReturn:
    click.echo(sentence)
    raise SystemExit(1)


def init_app(app: Flask) -> None:
    app.cli.add_command(ledger)
