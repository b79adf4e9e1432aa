"""Commands: `flask --app wsgi …`."""

from __future__ import annotations

import json

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from award_app import clock, sbom
from award_app.accounts import operations, queries
from award_app.backup import commands as backups
from award_app.cycles.operations import load_missions
from award_app.db import transaction
from award_app.domain import workflow
from award_app.domain.vocabulary import AppointmentRole, Refused
from award_app.records import commands as records


@click.command("create-admin")
@click.argument("email")
@click.argument("name", required=False)
@click.option("--another", is_flag=True, help="Also where the secretariat has somebody already.")
@with_appcontext
def create_admin(email: str, name: str | None, another: bool) -> None:
    """Print one invitation link for the first person of the secretariat."""
    _need_settings()
    if queries.has_secretariat() and not another:
        raise click.ClickException("The secretariat has somebody already, who can invite. Or say --another.")
    try:
        with transaction():
            load_missions(clock.now())
            invitation = operations.invite(
                email, name or email.split("@")[0], AppointmentRole.SECRETARIAT, by=None, now=clock.now()
            )
            link = operations.link(invitation)
    except Refused as refused:
        reasons = ", ".join(str(problem) for problem in refused.problems)
        raise click.ClickException(f"Not possible: {reasons or refused.refusal.value}.") from None
    click.echo(link)


@click.command("print-workflow")
def print_workflow() -> None:
    """The policy table as a page: docs/workflow.md."""
    click.echo(workflow.markdown(), nl=False)


@click.command("print-sbom")
def print_sbom() -> None:
    """What production is made of, from requirements.txt: docs/sbom.json."""
    click.echo(json.dumps(sbom.document(sbom.requirements()), indent=1))


def _need_settings() -> None:
    missing = current_app.config.get("MISSING")
    if missing:
        raise click.ClickException(f"With DATABASE_URL set, also set {' and '.join(missing)}.")


def init_app(app: Flask) -> None:
    app.cli.add_command(print_workflow)
    app.cli.add_command(print_sbom)
    app.cli.add_command(create_admin)
    records.init_app(app)
    backups.init_app(app)
