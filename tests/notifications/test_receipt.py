"""The letter about a handing in is the receipt: when, the digest of exactly what was handed in, and the paper itself."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from award_app.db import transaction
from award_app.domain.vocabulary import NominationState
from award_app.nominations.models import HandIn, Nomination
from award_app.notifications import message
from tests import factories
from tests.conftest import Clock
from tests.notifications import scene
from tests.servers import Sink

DIGEST = "ab" * 32
pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.fixture
def letter(post_box: Sink, clock: Clock) -> int:
    with transaction():
        made = scene.year(NominationState.SUBMITTED)
        _hand_in(made.file, clock)
        return scene.to("handed_in", made.authority, nomination_id=made.file.id).id


def _hand_in(file: Nomination, clock: Clock) -> None:
    papers = [attachment.id for attachment in file.attachments]
    last = file.submitted_answer_id or 0
    values = {"nomination_id": file.id, "digest": DIGEST, "answer_id": last, "attachments": papers}
    factories.add(HandIn(**values, by_id=file.nominator_id, at=clock.now))


def test_it_says_when_and_what(post_box: Sink, letter: int) -> None:
    scene.post(letter)
    (received,) = post_box.messages
    assert tuple(received.parsed.keys()) == message.WITH_PARTS
    body = received.parsed.get_body(("plain",))
    assert body is not None
    lines = str(body.get_content()).replace("\r\n", "\n").split("\n")
    assert [line.strip() for line in lines if line.startswith("  ")] == [
        "Tuesday, 10 March 2026, 08:00 (Port-au-Prince, UTC−4)",
        "Tuesday, 10 March 2026, 14:00 (Juba, UTC+2)",
        "Tuesday, 10 March 2026, 12:00 UTC",
        DIGEST,
    ]


def test_it_brings_the_paper_without_contact_data(post_box: Sink, letter: int) -> None:
    scene.post(letter)
    (paper,) = list(post_box.messages[0].parsed.iter_attachments())
    assert (paper.get_content_type(), paper.get_filename()) == ("application/pdf", "receipt.pdf")
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper.get_content())).pages)
    assert DIGEST[:32] in text
    assert "Nadia Okoro" in text
    assert "Juba, UTC+2" in text
    assert "nadia.okoro@laurel.example" not in text
    assert "+221" not in text
