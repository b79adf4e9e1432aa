"""flask demo: three award years to walk through. flask demo --play: one fresh year, played to its end."""

from __future__ import annotations

import click
from flask import Flask, current_app

import config
from award_app import chance, clock
from award_app.db import db, transaction


@click.command("demo")
@click.option("--play", "plays", is_flag=True, help="Play a whole fresh year instead, and print what came of it.")
def demo(plays: bool) -> None:
    """Load the demonstration into an empty database. Exit code 2 where there is content."""
    from flask_migrate import upgrade  # see award_app/migrating.py

    from award_app.demo import load, play
    from award_app.records import anchors

    _make_missing_keys()
    upgrade()
    if not load.is_empty():
        click.echo("This database has content. The demonstration is only loaded into an empty one.", err=True)
        raise SystemExit(2)
    db.session.remove()
    anchors.put_aside()
    if plays:
        play.play()
        return
    with transaction():
        load.load(clock.now())
    click.echo("The demonstration is loaded.")


def _make_missing_keys() -> None:
    """For this one run: what is played here is not meant to be served afterwards."""
    for key in config.KEYS:
        current_app.config[key] = current_app.config[key] or chance.token()


def init_app(app: Flask) -> None:
    app.cli.add_command(demo)
