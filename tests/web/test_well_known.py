"""Whom to tell about a weakness: /.well-known/security.txt after RFC 9116."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock

CONTACTS = [
    ("security@laurel.example", "mailto:security@laurel.example"),
    ("mailto:security@laurel.example", "mailto:security@laurel.example"),
    ("https://laurel.example/weakness", "https://laurel.example/weakness"),
]
pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.mark.parametrize(("setting", "contact"), CONTACTS)
def test_it_says_whom_to_tell_and_until_when_that_holds(
    app: Flask, client: FlaskClient, clock: Clock, setting: str, contact: str
) -> None:
    app.config["SECURITY_CONTACT"], app.config["BASE_URL"] = setting, "https://laurel.example/"
    answer = client.get("/.well-known/security.txt")
    fields = re.findall(r"^([\w-]+): (.+)$", answer.text, re.MULTILINE)
    assert [name for name, _ in fields] == ["Contact", "Expires", "Preferred-Languages", "Canonical"]
    told = dict(fields)
    assert (told["Contact"], told["Canonical"]) == (contact, "https://laurel.example/.well-known/security.txt")
    expires = datetime.strptime(told["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=90) < expires - clock.now < timedelta(days=365)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_without_a_contact_there_is_no_such_page(client: FlaskClient) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
