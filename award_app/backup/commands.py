"""`flask backup FILE`, `flask check-backup FILE`, `flask restore FILE`."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from award_app import clock
from award_app.backup import archive, making, restoring

_FILE = click.argument("file", type=click.Path(path_type=Path))


@click.command("backup")
@_FILE
@with_appcontext
def backup(file: Path) -> None:
    """Write database and files to FILE while the service runs. The keys are not in it: keep them apart."""
    _need_ledger_key()
    if file.exists():
        raise click.ClickException(f"{file} is there already. Name a new file.")
    try:
        _say(making.make(file, now=clock.now()))
    except archive.Damaged as damaged:
        raise click.ClickException(f"No backup was written: {damaged}.") from None


@click.command("check-backup")
@_FILE
@with_appcontext
def check_backup(file: Path) -> None:
    """Read FILE to its end and compare every digest. Exit code 1 where it is damaged."""
    _need_ledger_key()
    try:
        _say(archive.check(file, making.key()))
    except archive.Damaged as damaged:
        raise click.ClickException(f"This backup is damaged: {damaged}.") from None


@click.command("restore")
@_FILE
@with_appcontext
def restore(file: Path) -> None:
    """Fill an empty database and FILES_DIR from FILE, and compare both with it. Stop the service before."""
    _need_ledger_key()
    try:
        found = restoring.restore(file, now=clock.now())
    except archive.Damaged as damaged:
        raise click.ClickException(f"Nothing was restored. This backup is damaged: {damaged}.") from None
    except restoring.NotPossible as reason:
        raise click.ClickException(f"Not restored: {reason}.") from None
    _say(found.manifest)
    click.echo(f"Every row and file is as in the backup. The ledger holds: {found.ledger_rows} rows.")
    click.echo(
        f"{found.held_letters} letters that were still to be sent are held: look at them on the page of letters."
    )
    click.echo(f"{found.ended_sessions} sessions were ended: everybody signs in again.")


def _say(manifest: archive.Manifest) -> None:
    count = sum(number for number, _digest in manifest.tables.values())
    size = sum(manifest.files.values()) / 2**20
    click.echo(f"Backup of {manifest.made_at}, schema {manifest.revision}.")
    click.echo(f"{count} rows in {len(manifest.tables)} tables; {len(manifest.files)} files, {size:.1f} MB.")


def _need_ledger_key() -> None:
    if not current_app.config["LEDGER_KEY"]:
        raise click.ClickException("Set LEDGER_KEY: it seals a backup and opens the seal.")


def init_app(app: Flask) -> None:
    for command in (backup, check_backup, restore):
        app.cli.add_command(command)
