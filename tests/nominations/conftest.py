"""A mission with its people in an open cycle, and papers that are what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import pypdf
import pytest
from flask import Flask
from PIL import Image

from award_app import chance
from award_app.accounts.models import Person
from award_app.cycles.models import Cycle, Mission
from award_app.db import transaction
from award_app.domain.vocabulary import AttachmentKind
from award_app.nominations import operations, queries
from award_app.nominations.models import Nomination
from tests import factories as make
from tests.conftest import Clock


def pdf(pages: int = 1) -> bytes:
    writer, out = pypdf.PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


@dataclass
class Place:
    """One mission in one open cycle, with who writes, who vouches and two of the secretariat."""

    cycle: Cycle
    mission: Mission
    nominator: Person
    authority: Person
    secretariat: Person
    second: Person

    def file(self, now: datetime, **answers: str) -> Nomination:
        """A complete draft, written through the operations."""
        with transaction():
            made = operations.begin(self.cycle, self.mission, by=self.nominator, now=now)
            texts = make.ANSWERS | {key.replace("__", "."): text for key, text in answers.items()}
            self.save(made, now, **texts)
            for kind in (AttachmentKind.CV, AttachmentKind.ENDORSEMENT_LETTER):
                operations.attach(made, kind, f"{kind.value}.pdf", pdf(), by=self.nominator, now=now)
        return made

    def save(self, file: Nomination, now: datetime, **answers: str) -> operations.Saved:
        """As from a page that was just opened."""
        seen = {key: row.revision for key, row in queries.current(file).items()}
        return operations.save(file, answers, seen=seen, operation_id=chance.token(), by=self.nominator, now=now)

    def endorsed(self, now: datetime, **answers: str) -> Nomination:
        made = self.file(now, **answers)
        with transaction():
            self.endorse(made, now)
        return made

    def endorse(self, file: Nomination, now: datetime, **less: bool) -> None:
        operations.endorse(
            file,
            in_active_service=less.get("in_active_service", True),
            no_serious_sanction=less.get("no_serious_sanction", True),
            none_pending=less.get("none_pending", True),
            by=self.authority,
            now=now,
        )

    def handed_in(self, now: datetime, **answers: str) -> Nomination:
        made = self.endorsed(now, **answers)
        with transaction():
            operations.hand_in(made, by=self.authority, now=now)
        return made


@pytest.fixture
def place(app: Flask, clock: Clock) -> Place:
    return make_place()


def make_place(quota: int = 4) -> Place:
    with transaction():
        mission = make.mission()
        cycle = make.cycle(missions=(mission,), quota=quota)
        return Place(
            cycle,
            mission,
            make.nominator(cycle, mission),
            make.authority(cycle, mission),
            make.secretariat(),
            make.secretariat(),
        )
