"""A refusal during a POST: the page again, with the reason beside what it is about and everything typed kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g
from flask_babel.speaklater import LazyString

from award_app import errors
from award_app.domain.vocabulary import Refusal, Refused

Words = Mapping[Any, tuple[str, LazyString]]


def complain(form: Any, refused: Refused, words: Words) -> int:
    """Put each problem beside its field, the rest on top. Returns the status of the answer."""
    g.refused = refused.refusal
    found = [words[problem] for problem in refused.problems if problem in words]
    for name, sentence in found:
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
        else:
            form.form_errors.append(sentence)
    if not found:
        form.form_errors.append(errors.sentence(refused.refusal))
    return 422 if refused.refusal is Refusal.INVALID else errors.STATUS[refused.refusal]
