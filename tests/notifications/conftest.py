"""The application posts to the sink of the test."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.servers import Sink


@pytest.fixture
def post_box(app: Flask, clock: object, sink: Sink) -> Sink:
    app.config["SMTP_URL"] = sink.url
    app.config["MAIL_FROM"] = "laurel@laurel.example"
    app.config["BASE_URL"] = "https://award.example"
    return sink
