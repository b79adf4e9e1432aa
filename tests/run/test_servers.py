"""The servers that other tests lean on do what they promise."""

from __future__ import annotations

import smtplib

import psycopg
import pytest
from redis import Redis

from tests.servers import fresh_database, template_database
from tests.smtp import Sink


@pytest.mark.served
def test_a_fresh_database_is_a_copy_of_its_template(postgres_server: str) -> None:
    def prepare(url: str) -> None:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE told (words text)")

    template = template_database(postgres_server, prepare, "told_template")
    with fresh_database(postgres_server, template) as url, psycopg.connect(url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM told").fetchone() == (0,)


@pytest.mark.served
def test_redis_keeps_an_append_only_file(redis_url: str) -> None:
    with Redis.from_url(redis_url, decode_responses=True) as client:
        assert client.config_get("appendonly") == {"appendonly": "yes"}


def _post(sink: Sink) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as line:
        line.sendmail("a@laurel.test", ["b@laurel.test"], b"Subject: Hello\r\n\r\nGood morning.\r\n")


def test_the_sink_keeps_the_letter_as_it_came(sink: Sink) -> None:
    _post(sink)
    assert [(m.sender, m.recipients, m.raw) for m in sink.messages] == [
        ("a@laurel.test", ("b@laurel.test",), b"Subject: Hello\r\n\r\nGood morning.\r\n")
    ]


def test_the_sink_refuses_for_good_when_told_to(sink: Sink) -> None:
    sink.answer_to_recipient = "550 no such person"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        _post(sink)
    assert sink.messages == []


def test_the_sink_can_drop_the_line_with_the_letter_in_its_hands(sink: Sink) -> None:
    sink.drops_the_line_after_data = True
    with pytest.raises(smtplib.SMTPServerDisconnected):
        _post(sink)
    assert len(sink.messages) == 1
