"""One instant decides, and a page, a letter and a calendar say the same one: every zone, every change of clocks (T8)."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar

from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState, Phase
from award_app.notifications import diary, message
from award_app.notifications.catalogue import CATALOGUE
from award_app.notifications.deadlines import Deadline
from award_app.notifications.models import Letter
from award_app.web import i18n, moments
from tests import factories
from tests.conftest import Clock
from tests.notifications import occasions, scene
from tests.servers import Sink

# Ends of the world, quarters of an hour, clocks that change in either hemisphere, and one that changed its side of the
# date line.
ZONES = (
    *("Etc/GMT+12", "Pacific/Pago_Pago", "America/St_Johns", "America/Port-au-Prince", "America/Bogota", "UTC"),
    *("Africa/Juba", "Europe/Oslo", "Asia/Kabul", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham"),
    *("Pacific/Apia", "Pacific/Kiritimati"),
)
INSTANTS = (
    *("2026-03-15T12:00:00", "2026-03-15T21:59:59", "2026-03-15T22:00:00", "2026-03-16T00:00:00"),
    # The gap and the overlap in Oslo, in Port-au-Prince, on Lord Howe, each with the seconds beside it.
    *("2026-03-29T00:59:59", "2026-03-29T01:00:00", "2026-10-25T00:30:00", "2026-10-25T01:30:00"),
    *("2026-03-08T06:59:59", "2026-03-08T07:00:00", "2026-11-01T05:30:00", "2026-11-01T06:30:00"),
    *("2026-04-04T15:00:00", "2026-10-03T15:30:00"),
    *("2028-02-29T00:00:00", "2026-12-31T23:59:59", "2027-01-01T00:00:00"),
)
SAID = re.compile(r"^\w+, (\d+ \w+ \d{4}), (\d\d:\d\d) \(?(?:.+, )?UTC(?:([+−])(\d+)(?::(\d\d))?)?\)?$")


def test_pages_letters_and_calendars_never_disagree(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    compared, wrong = 0, []
    for written, reader, mission in itertools.product(INSTANTS, ZONES, ZONES):
        instant = datetime.fromisoformat(f"{written}+00:00")
        deadline = Deadline("thing-1", instant, "Last moment", "/home", mission)
        monkeypatch.setattr(i18n, "zone", lambda name=reader: ZoneInfo(name))
        page = str(moments.moment_html(instant, mission))
        in_letter, event = deadline.words(reader), _event(deadline, reader)
        on_page = re.sub(r"<[^>]+>", "", page).split(" · ")
        meant = {_instant(line) for line in [*in_letter, *on_page]}
        told = (
            re.findall(r'datetime="([^"]+)"', page),
            event["DTSTART"].dt,
            str(event["DESCRIPTION"]).split("\n")[:-1],
        )
        if (
            on_page != [line.strip() for line in in_letter]
            or meant != {instant.replace(second=0)}
            or told != ([f"{written}Z"], instant, in_letter)
        ):
            wrong.append((written, reader, mission))
        compared += 1
    assert wrong == []
    assert compared >= 2_000


def _instant(line: str) -> datetime:
    """What a person means who reads this line, to the minute."""
    found = SAID.match(line.strip())
    assert found is not None, line
    day, clock, sign, hours, minutes = found.groups()
    away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "−" else 1)
    return datetime.strptime(f"{day} {clock} +0000", "%d %B %Y %H:%M %z") - away


def _event(deadline: Deadline, reader: str) -> Any:
    made = diary.calendar([deadline], reader=reader, written_at=datetime(2026, 3, 1, tzinfo=UTC))
    (event,) = Calendar.from_ical(made).walk("VEVENT")
    return event


WITH_A_CALENDAR = {
    "call",
    "dates_moved",
    "extended",
    "file_extended",
    "returned",
    "draft_sent_back",
    "round_open",
    "reminder",
}


# Every letter that asks for something by an instant brings it for the calendar; the others bring none.
@pytest.mark.parametrize("template", CATALOGUE)
def test_a_letter_with_a_deadline_brings_it_for_the_calendar(post_box: Sink, template: str) -> None:
    scene.post(scene.written(template))
    mail = post_box.messages[-1].parsed
    found = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert bool(found) is (template in WITH_A_CALENDAR)
    for part in found:
        assert (part.get_param("method"), part.get_filename()) == ("PUBLISH", "deadline.ics")
        calendar: Any = Calendar.from_ical(str(part.get_content()))
        assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
        assert _names_nobody(calendar)
        text = _text(mail)
        for event in calendar.walk("VEVENT"):
            lines = str(event["DESCRIPTION"]).split("\n")[:-1]
            assert {_instant(line) for line in lines} == {event["DTSTART"].dt.replace(second=0)}
            assert all(f"  {line}\n" in text for line in lines)
            assert str(event["URL"]).startswith("https://award.example/")


def _names_nobody(calendar: Any) -> bool:
    return not re.search("Nadia|Okoro|Amara|Berg|Floods", calendar.to_ical().decode())


def test_a_moved_date_replaces_the_entry_it_had(post_box: Sink, clock: Clock) -> None:
    with transaction():
        made = scene.year(NominationState.ACCEPTED, Phase.REVIEW)
        opened = scene.to("round_open", made.member, cycle_id=made.cycle.id).id
    before = _only(post_box, opened)
    clock.forward(days=1)
    with transaction():
        row = occasions.move(made.cycle, "review_ends_at", factories.secretariat())
        moved = scene.to("dates_moved", made.member, moved_date_id=row.id).id
    after = _only(post_box, moved)
    assert before["UID"] == after["UID"] == f"scoring-{made.cycle.award_year}@award.example"
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt - before["DTSTART"].dt == timedelta(days=7)


def test_a_second_copy_says_the_same_to_the_byte(post_box: Sink, clock: Clock) -> None:
    letter_id = scene.written("round_open")
    letter = db.session.get_one(Letter, letter_id)
    first = message.compose(letter, clock.now)
    clock.forward(minutes=5)
    second = message.compose(letter, clock.now)
    strip = re.compile(rb"^Date: .*\r\n", re.MULTILINE)
    assert strip.sub(b"", first.content) == strip.sub(b"", second.content)


# Who is told which of the dates that were moved in one act: member, mission, secretariat.
MOVED = [
    ("member", ["Screening ends and scoring begins", "Scoring ends"], ["scoring"]),
    ("authority", ["Nominations close"], ["nominations"]),
    (
        "secretariat",
        ["Nominations close", "Screening ends and scoring begins", "Scoring ends"],
        ["nominations", "screening", "scoring"],
    ),
]


@pytest.mark.parametrize(("to", "titles", "things"), MOVED)
def test_moved_dates_are_told_to_those_they_concern(
    post_box: Sink, to: str, titles: list[str], things: list[str]
) -> None:
    with transaction():
        letter = occasions.moved("review_ends_at", "screening_ends_at", "closes_at", to=to, phase=Phase.OPEN).id
    scene.post(letter)
    mail = post_box.messages[-1].parsed
    said = re.findall(r"^(.+), from now on:$", _text(mail), re.MULTILINE)
    assert sorted(said) == sorted(titles)
    assert sorted(str(event["UID"]).split("-")[0] for event in _events(mail)) == sorted(things)
    assert "The reason: Floods.\n" in _text(mail)


def _only(post_box: Sink, letter_id: int) -> Any:
    scene.post(letter_id)
    (event,) = _events(post_box.messages[-1].parsed)
    return event


def _events(mail: EmailMessage) -> list[Any]:
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return list(Calendar.from_ical(str(part.get_content())).walk("VEVENT"))


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
