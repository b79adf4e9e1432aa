"""Only under LAUREL_DEMO: the mailbox, and the clock that can be moved.

GET  /mailbox          letters that were sent, newest first
GET  /mailbox/<name>   one of them
GET  /demo/design      every building block of the pages: design.py
POST /demo/clock       moves the clock forward by 1, 7 or 30 days
"""

from __future__ import annotations

import click
from flask import Blueprint, Flask, abort, flash, redirect, render_template, url_for
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.fields import SelectChoice

from award_app import clock
from award_app.db import transaction
from award_app.demo import mailbox as box
from award_app.demo import moving as movable
from award_app.web.forms import Form
from award_app.web.moments import moment_words

bp = Blueprint("demo", __name__)


class ClockForm(Form):
    step = RadioField(
        _l("Move the clock forward by"),
        choices=[
            SelectChoice("1d", _l("1 day")),
            SelectChoice("7d", _l("7 days")),
            SelectChoice("30d", _l("30 days")),
        ],
        default="1d",
    )


@bp.get("/mailbox")
def mailbox() -> str:
    return render_template("demo/mailbox.html", letters=box.letters(), form=ClockForm())


@bp.get("/mailbox/<name>")
def letter(name: str) -> str:
    found = box.letter(name)
    if found is None:
        abort(404)
    return render_template("demo/letter.html", letter=found)


@bp.post("/demo/clock")
def move_clock() -> Response | tuple[str, int]:
    form = ClockForm()
    if not form.validate():
        return render_template("demo/mailbox.html", letters=box.letters(), form=form), 422
    with transaction():
        movable.forward(movable.parse(form.step.data))
    flash(_("It is now %(time)s.", time=moment_words(clock.now())))
    return redirect(url_for(".mailbox"))


@click.command("clock")
@click.argument("step", required=False)
@with_appcontext
def clock_command(step: str | None) -> None:
    """Say the demonstration's time, or move it forward: flask clock +21d."""
    if step is not None:
        try:
            how_far = movable.parse(step)
        except ValueError as error:
            raise click.ClickException(f"{str(error).capitalize()}.") from None
        with transaction():
            movable.forward(how_far)
    click.echo(clock.now().isoformat())


def init_app(app: Flask) -> None:
    """Nothing of this exists outside the demonstration."""
    if not app.config.get("LAUREL_DEMO"):
        return
    from award_app.demo import codes, design

    assert design  # its page stands on the same blueprint
    codes.init_app(app)
    app.register_blueprint(bp)
    app.cli.add_command(clock_command)
    movable.wire()
