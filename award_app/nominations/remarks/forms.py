"""Boxes for remarks, one beside each answer: `remark.<key>`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from award_app.web.forms import Form, stripped

PREFIX: Final = "remark."


def typed(sent: Mapping[str, str]) -> dict[str, str]:
    """Key → text, of those in which something was written."""
    found = {name.removeprefix(PREFIX): str(stripped(text)) for name, text in sent.items() if name.startswith(PREFIX)}
    return {key: text for key, text in found.items() if text}


class SendBackForm(Form):
    boxes = (PREFIX,)
    remarks = TextAreaField(
        _l("What should the nominator change?"),
        description=_l("She reads this word for word. A remark on one answer can stand beside it: write it there."),
        filters=[stripped],
    )
