"""T4m: twelve vectors in every text that reaches a header, through the real build and a real SMTP line.

Passed with 0 extra headers and 0 extra recipients; a letter whose address is no address does not leave at all.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from award_app.accounts.models import Invitation
from award_app.db import db, transaction
from award_app.domain.vocabulary import LetterState
from award_app.notifications import catalogue
from award_app.notifications.message import HEADERS, WITH_PARTS
from award_app.notifications.models import Letter
from tests.notifications import scene
from tests.servers import Sink
from tests.smtp import Received

EVIL = "evil@attacker.example"
VECTORS = {
    "CR": f"A\rBcc: {EVIL}",
    "LF": f"A\nBcc: {EVIL}",
    "CRLF": f"A\r\nBcc: {EVIL}\r\n\r\nBody of my own",
    "percent-encoded": f"A%0d%0aBcc: {EVIL}",
    "NUL": f"A\x00\nBcc: {EVIL}",
    "U+0085": f"A\x85Bcc: {EVIL}",
    "U+2028": f"A\u2028Bcc: {EVIL}",
    "newline in a Q word": "=?UTF-8?Q?A=0D=0ABcc=3A_evil=40attacker.example?=",
    "newline in a B word": "=?UTF-8?B?QQ0KQmNjOiBldmlsQGF0dGFja2VyLmV4YW1wbGU=?=",
    "joined by comma": f"a@laurel.example, {EVIL}",
    "joined by semicolon": f"a@laurel.example; {EVIL}",
    "quoted name with another's address": f'"A" <{EVIL}>',
    "2,000 characters": f"A{'é' * 990}\r\nBcc: {EVIL}{'x' * 990}",
}
assert len(VECTORS) - 1 == 12  # the comma and the semicolon are one vector in the list of TRUST, two here

Place = Callable[[Letter, str], None]


def _person_name(letter: Letter, text: str) -> None:
    assert letter.person is not None
    letter.person.name = text


def _cycle_title(letter: Letter, text: str) -> None:
    cycle = catalogue.cycle_of(catalogue.subject_of(letter))
    assert cycle is not None
    cycle.titles = {"en": text}


def _nominee_name(letter: Letter, text: str) -> None:
    subject = catalogue.subject_of(letter)
    assert not isinstance(subject, Invitation)
    catalogue.nomination_of(subject).nominee_name = text  # type: ignore[arg-type]


def _mission_acronym(letter: Letter, text: str) -> None:
    catalogue.nomination_of(catalogue.subject_of(letter)).mission.acronym = text  # type: ignore[arg-type]


def _mission_name(letter: Letter, text: str) -> None:
    catalogue.nomination_of(catalogue.subject_of(letter)).mission.name = text  # type: ignore[arg-type]


def _invited_name(letter: Letter, text: str) -> None:
    _invitation(letter).name = text


def _person_email(letter: Letter, text: str) -> None:
    assert letter.person is not None
    letter.person.email = text.lower()


def _invited_email(letter: Letter, text: str) -> None:
    _invitation(letter).email = text.lower()


NAMES: dict[str, tuple[str, Place]] = {
    "person's name": ("handed_in", _person_name),
    "invited person's name": ("invitation", _invited_name),
    "cycle's title": ("round_open", _cycle_title),
    "cycle's title in an invitation": ("invitation", _cycle_title),
    "nominee's name": ("returned", _nominee_name),
    "mission's acronym": ("accepted", _mission_acronym),
    "mission's name": ("not_selected", _mission_name),
}
MAILBOXES: dict[str, tuple[str, Place]] = {
    "person's address": ("handed_in", _person_email),
    "invited person's address": ("invitation", _invited_email),
}
pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # PostgreSQL takes no NUL to begin with


@pytest.mark.parametrize("place", NAMES)
@pytest.mark.parametrize("vector", VECTORS)
def test_a_name_adds_no_header_and_no_recipient(post_box: Sink, vector: str, place: str) -> None:
    letter = _posted(*NAMES[place], VECTORS[vector])
    assert letter.state is LetterState.SENT
    (received,) = post_box.messages
    assert received.recipients == (_recipient(letter),)
    head = received.raw.partition(b"\r\n\r\n")[0]
    names = [line.split(b":")[0].decode() for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    wanted = WITH_PARTS if received.parsed.is_multipart() else HEADERS
    assert names == list(wanted)
    assert tuple(received.parsed.keys()) == wanted
    assert [a.addr_spec for a in received.parsed["To"].addresses] == [_recipient(letter)]
    assert [a.addr_spec for a in received.parsed["From"].addresses] == ["laurel@laurel.example"]
    assert max(len(line) for line in received.raw.split(b"\r\n")) <= 998
    assert [line for line in _text(received).splitlines() if line.startswith("Bcc")] == []


@pytest.mark.parametrize("place", MAILBOXES)
@pytest.mark.parametrize("vector", VECTORS)
def test_what_is_not_one_address_gets_no_letter(post_box: Sink, vector: str, place: str) -> None:
    letter = _posted(*MAILBOXES[place], VECTORS[vector])
    assert (letter.state, letter.note, post_box.messages) == (LetterState.REFUSED, "no such address", [])


@pytest.mark.parametrize("place", MAILBOXES)
@pytest.mark.parametrize("vector", VECTORS)
def test_nor_does_an_address_with_something_behind_it(post_box: Sink, vector: str, place: str) -> None:
    letter = _posted(*MAILBOXES[place], f"amara@laurel.example{VECTORS[vector]}")
    assert (letter.state, post_box.messages) == (LetterState.REFUSED, [])


# So that the test above cannot pass by being empty: the library alone does write a Bcc for at least one vector.
def test_without_the_first_lock_the_second_one_holds(
    post_box: Sink, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from award_app.notifications import headers

    monkeypatch.setattr(headers, "one_line", lambda text: text)
    fates = {name: _posted("round_open", _cycle_title, text).state for name, text in VECTORS.items()}
    assert fates["newline in a Q word"] is LetterState.HELD
    assert all(tuple(received.parsed.keys()) in (HEADERS, WITH_PARTS) for received in post_box.messages)


def _text(received: Received) -> str:
    body = received.parsed.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def _posted(template: str, place: Place, text: str) -> Letter:
    letter_id = scene.written(template)
    with transaction():
        place(db.session.get_one(Letter, letter_id), text)
    db.session.expire_all()
    return scene.post(letter_id)


def _recipient(letter: Letter) -> str:
    return letter.person.email if letter.person else _invitation(letter).email


def _invitation(letter: Letter) -> Invitation:
    subject = catalogue.subject_of(letter)
    assert isinstance(subject, Invitation)
    return subject
