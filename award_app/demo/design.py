"""GET /demo/design: every building block of the pages, with the hardest content it meets. docs/design.md explains them."""

from __future__ import annotations

from typing import Final

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from award_app import clock
from award_app.demo.pages import bp
from award_app.web.forms import Form

COLOURS: Final = {
    "paper": _l("the page"),
    "sheet": _l("cards and fields"),
    "shade": _l("quiet areas"),
    "ink": _l("text"),
    "soft": _l("hints"),
    "line": _l("thin lines"),
    "edge": _l("edges of fields"),
    "leaf": _l("links, buttons, success"),
    "leaf-tint": _l("behind success"),
    "gold": _l("what is honoured, or waits"),
    "gold-tint": _l("behind what waits"),
    "stop": _l("errors"),
    "stop-tint": _l("behind errors"),
    "focus": _l("where the keyboard is"),
    "head": _l("the head of the page"),
}
NAMES: Final = (
    "Wilhelmina Anastasia Oluwaseun Featherstonehaugh-Ogunbanjo-Venkatanarasimharajuvaripeta",
    "نور الهدى عبد الرحمن السيد",
    "Marie-Thérèse N’Guessan épouse Kouamé",
    "李秀英",
    "Ng",
)
ROWS: Final = 50


class Sample(Form):
    name = StringField(_l("Name as it should be published"), description=_l("In the order that she uses herself."))
    wrong = StringField(_l("E-mail address"))
    text = TextAreaField(_l("What she did"), [Optional()], render_kw={"data-words": 40, "rows": 3})
    since = DateField(_l("First day in this mission"))
    kind = SelectField(_l("Language"), choices=[SelectChoice("en", "English"), SelectChoice("fr", "Français")])
    scale = RadioField(
        _l("Impact on mandated tasks"),
        choices=[
            SelectChoice("1", _l("1 · No effect can be seen.")),
            SelectChoice("2", _l("2 · An effect is claimed, but not shown.")),
            SelectChoice("3", _l("3 · One task clearly moved forward in one place.")),
            SelectChoice("4", _l("4 · Several tasks moved forward, and it is shown.")),
            SelectChoice("5", _l("5 · The work of the mission changed for good.")),
        ],
    )
    agreed = BooleanField(_l("What I wrote is true and complete."))
    paper = FileField(_l("Choose a file"), description=_l("PDF, at most 10 MB."))


@bp.get("/demo/design")
def design() -> str:
    form = Sample(
        formdata=None, name=NAMES[1], wrong="nadia at example", text="She began with one telephone.", scale="3"
    )
    form.wrong.errors = [_("Write an e-mail address, like name@example.org.")]
    return render_template("demo/design.html", form=form, colours=COLOURS, names=NAMES, rows=ROWS, instant=clock.now())
