"""T10, more of it: stepping out against declaring and against scoring, and a paper removed while others take it away."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

from award_app import clock
from award_app.accounts import passwords
from award_app.audit import LedgerEntry
from award_app.db import db, transaction
from award_app.domain.vocabulary import AttachmentKind, CriterionKind, NominationState, Phase
from award_app.nominations import storage
from award_app.nominations.models import Attachment
from award_app.panel.models import Declaration, Recusal
from award_app.reviews.models import Score, effective_scores
from tests import codes
from tests import factories as make
from tests.integrity.races import CLIENTS, PASSWORD, Course, Race
from tests.integrity.server import Answer, Browser, Post

PAPER = b"%PDF-1.7\n" + b"%" + b"A paper of some length, of which half would be seen. " * 400 + b"\n%%EOF\n"


class SteppingOut(Race):
    """One member in twenty windows; in half of them she steps out of the file. A file for each round: nobody steps back
    in. Nothing that needs her to be clear is done behind the recusal."""

    allowed = frozenset({302, 403, 409})
    act, declared = "", False

    def __init__(self, on: Course) -> None:
        super().__init__(on)
        self.mission = make.mission()
        self.cycle = make.cycle(Phase.REVIEW, missions=(self.mission,))
        self.nominator = make.nominator(self.cycle, self.mission)
        self.member = make.member(self.cycle, password_hash=passwords.hash_of(PASSWORD))
        codes.enrol([self.member], now=clock.now())
        db.session.commit()
        email = self.member.email
        db.session.rollback()
        self.browser = Browser(on.port).sign_in(email, PASSWORD)

    def posts(self, number: int) -> list[Post]:
        with transaction():
            self.file = make.nomination(self.cycle, self.mission, self.nominator, NominationState.ACCEPTED)
            if self.declared:
                make.declaration(self.file, self.member)
        path = f"/panel/{self.cycle.award_year}/{self.file.ref}"
        out = {"kind": "close_tie", "reason": f"My cousin, said the {number}. time."}
        other = self.other(path, number)
        db.session.commit()
        posts = [
            Post(self.browser, f"{path}/step-out", {**out, "once": f"out {number} {n}"}) for n in range(CLIENTS // 2)
        ]
        posts += [
            Post(self.browser, address, {**form, "once": f"{self.act} {number} {n}"}) for n, (address, form) in other
        ]
        random.Random(number).shuffle(posts)
        return posts

    def other(self, path: str, number: int) -> list[tuple[int, tuple[str, dict[str, str]]]]:
        """What she does in the other windows, counted."""
        raise NotImplementedError

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        db.session.expire_all()
        file, member = self.file.id, self.member.id
        recused = select(func.count()).where(Recusal.nomination_id == file, Recusal.person_id == member)
        if db.session.scalar(recused) != 1:
            yield "not recused exactly once"
        done = self._seqs(self.act)
        out = self._seqs("recuse")
        if done and max(done) > min(out):
            yield f"{self.act} behind the recusal"
        s = effective_scores.c
        if db.session.scalar(select(func.count()).where(s.nomination_id == file, s.person_id == member)):
            yield "an effective score of somebody who stepped out"

    def _seqs(self, act: str) -> list[int]:
        here = (LedgerEntry.subject == "nomination", LedgerEntry.subject_id == self.file.id, LedgerEntry.act == act)
        return list(db.session.scalars(select(LedgerEntry.seq).where(*here)))


class DeclareAgainstRecuse(SteppingOut):
    """She declares that she has no conflict, and that she has one."""

    act = "declare"

    def other(self, path: str, number: int) -> list[tuple[int, tuple[str, dict[str, str]]]]:
        return list(enumerate([(f"{path}/declaration", {"answer": "none"})] * (CLIENTS // 2)))

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        yield from super().violations(number, answers)
        declared = select(func.count()).where(Declaration.nomination_id == self.file.id)
        if (db.session.scalar(declared) or 0) > 1:
            yield "declared more than once"


class ScoreAgainstRecuse(SteppingOut):
    """She scores the file that she steps out of."""

    act, declared = "score", True

    def other(self, path: str, number: int) -> list[tuple[int, tuple[str, dict[str, str]]]]:
        values = {
            f"value_{one.id}": str(2 + number % 3) if one.kind is CriterionKind.SCALE else "2"
            for one in self.cycle.criteria
        }
        return [
            (n, (f"{path}/scores", {**values, **{f"comment_{one.id}": f"{number} {n}" for one in self.cycle.criteria}}))
            for n in range(CLIENTS // 2)
        ]

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        yield from super().violations(number, answers)
        kept = select(func.count()).where(Score.nomination_id == self.file.id, Score.late.is_(False))
        if (db.session.scalar(kept) or 0) > 0 and not self._seqs("score"):
            yield "a score that the ledger does not know"


class DeleteAgainstRead(Race):
    """A paper is removed in four windows while sixteen take it away: each gets all of it, or hears that it is gone."""

    allowed = frozenset({200, 302, 404, 409, 410})

    def __init__(self, on: Course) -> None:
        super().__init__(on)
        with transaction():
            self.file = make.nomination(
                on.cycle, on.mission, make.nominator(on.cycle, on.mission), NominationState.DRAFT
            )
            self.digest = storage.store(PAPER)

    def posts(self, number: int) -> list[Post]:
        with transaction():
            given = {"digest": self.digest, "size": len(PAPER), "author_name": "A", "author_email": "a@b.example"}
            paper = make.attachment(self.file, AttachmentKind.SUPPORTING_LETTER, self.file.nominator, **given)
        self.paper_id, ref = paper.id, paper.ref
        remove = f"/nominations/{self.file.ref}/files/{ref}/remove"
        db.session.commit()
        posts = [Post(self.on.nominator, remove, {"once": f"remove {number} {n}"}) for n in range(4)]
        posts += [Post(self.on.authorities[n % 4], f"/files/{ref}", None) for n in range(CLIENTS - 4)]
        random.Random(number).shuffle(posts)
        return posts

    def says(self, answer: Answer) -> bool:
        return answer.body == PAPER.decode() if answer.status == 200 else super().says(answer)

    def violations(self, number: int, answers: Sequence[Answer]) -> Iterator[str]:
        db.session.expire_all()
        paper = db.session.get_one(Attachment, self.paper_id)
        if paper.removed_at is None:
            yield "not removed"
        if not storage.path_of(self.digest).is_file():
            yield "its bytes are gone: its history needs them"
        here = (LedgerEntry.subject == "attachment", LedgerEntry.subject_id == self.paper_id)
        acts = list(db.session.scalars(select(LedgerEntry.act).where(*here)))
        if acts.count("remove_file") != 1:
            yield f"removed {acts.count('remove_file')} times"
        read = sum(answer.status == 200 for answer in answers)
        if read and "download" not in acts:
            yield "taken away without a row in the ledger"


RACES: tuple[type[Race], ...] = (DeclareAgainstRecuse, ScoreAgainstRecuse, DeleteAgainstRead)
