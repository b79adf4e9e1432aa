"""The building blocks of forms: errors beside the field and summed up on top, everything tied together for a reader."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FileField, Form, FormField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

SUMMARY = '{% import "_macros.html" as ui %}{{ ui.error_summary(form, extra) }}'
FIELD = '{% import "_macros.html" as ui %}{{ ui.field(form[name], **options) }}'


class Stay(Form):  # type: ignore[misc]  # WTForms carries no types
    mission = StringField("Mission", [DataRequired("Name the mission.")])


class Nominee(Form):  # type: ignore[misc]  # WTForms carries no types
    name = StringField("Name", [DataRequired("Write the name.")], description="As in her passport.")
    rank = StringField("Rank", [Optional()])
    reason = TextAreaField("Reason", render_kw={"data-words": 40})
    kind = RadioField("Kind", choices=[SelectChoice("ipo", "Individual"), SelectChoice("fpu", "Unit")], default="fpu")
    true = BooleanField("True and complete")
    letter = FileField("Letter")
    stays = FieldList(FormField(Stay), min_entries=2)
    dates = FieldList(StringField("Date", [Length(max=3, message="Too long.")]), min_entries=1)


def field(app: Flask, name: str, *, data: dict[str, str] | None = None, **options: object) -> str:
    form = Nominee(MultiDict(data) if data is not None else None)
    if data is not None:
        form.validate()
    with app.test_request_context("/en/"):
        return render_template_string(FIELD, form=form, name=name, options=options)


def test_a_field_is_tied_to_its_hint_and_its_error(public_app: Flask) -> None:
    html = field(public_app, "name", data={})
    assert '<label for="name">Name</label>' in html
    assert '<p class="hint" id="name-hint">As in her passport.</p>' in html
    assert re.search(r'<p class="error" id="name-error"><span class="sr">Error:</span> Write the name.</p>', html)
    assert 'aria-describedby="name-hint name-error"' in html
    assert 'aria-invalid="true"' in html


def test_a_field_without_an_error_does_not_say_that_it_is_wrong(public_app: Flask) -> None:
    html = field(public_app, "name")
    assert "aria-invalid" not in html
    assert 'aria-describedby="name-hint"' in html


def test_what_may_stay_empty_says_so(public_app: Flask) -> None:
    assert "(optional)" in field(public_app, "rank")
    assert "(optional)" not in field(public_app, "name")


def test_a_word_limit_is_said_in_words(public_app: Flask) -> None:
    html = field(public_app, "reason")
    assert re.search(r'<p class="words" id="reason-words" [^>]*>At most 40 words.</p>', html)
    assert 'data-words-for="reason" data-limit="40" data-count="# of at most 40 words"' in html
    assert 'data-words="40"' in html
    assert "At most 150 words." in field(public_app, "reason", words=150)


def test_radio_buttons_are_a_group_with_a_name(public_app: Flask) -> None:
    html = field(public_app, "kind", scale=True)
    assert "<legend>Kind</legend>" in html
    assert re.findall(r'id="([^"]+)" name="kind" value="([^"]+)"( checked)?', html) == [
        ("kind-0", "ipo", ""),
        ("kind-1", "fpu", " checked"),
    ]


def test_typed_text_is_text(public_app: Flask) -> None:
    html = field(public_app, "name", data={"name": '"><script>alert(1)</script>'})
    assert "<script" not in html


def test_the_summary_leads_to_every_wrong_field_rows_included(public_app: Flask) -> None:
    form = Nominee(MultiDict({"dates-0": "long"}))
    form.validate()
    with public_app.test_request_context("/en/"):
        html = render_template_string(
            SUMMARY, form=form, extra=[("photo", "Add a photo."), ("", "The time has passed.")]
        )
    assert re.findall(r'<li>(?:<a href="#([^"]+)">)?([^<]+)', html) == [
        ("name", "Write the name."),
        ("stays-0-mission", "Name the mission."),
        ("stays-1-mission", "Name the mission."),
        ("dates-0", "Date: Too long."),
        ("photo", "Add a photo."),
        ("", "The time has passed."),
    ]
    assert 'role="alert"' in html


@pytest.mark.parametrize("kind", [None, Nominee])
def test_without_errors_there_is_no_summary(public_app: Flask, kind: type[Form] | None) -> None:
    with public_app.test_request_context("/en/"):
        assert render_template_string(SUMMARY, form=kind() if kind else None, extra=()).strip() == ""
