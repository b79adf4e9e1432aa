"""What a mission changed between its last two hand-ins, answer by answer, for whoever screens the file again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from award_app.domain.differences import Piece, compare, counts
from award_app.domain.form import Field, Kind, fields, row_counts, row_place
from award_app.domain.vocabulary import AttachmentKind
from award_app.nominations import dossier, labels, queries
from award_app.nominations.models import Attachment, HandIn, Nomination
from award_app.nominations.receipts import queries as receipts
from award_app.nominations.remarks import queries as remarks
from award_app.web import i18n


@dataclass(frozen=True)
class Changed:
    """One answer or paper. `said` is the change in words; `pieces` are empty for a paper."""

    key: str
    label: str
    remark: str
    said: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Changes:
    """`untouched`: what was remarked on and did not change."""

    before: datetime
    occasion: remarks.Occasion | None
    changed: tuple[Changed, ...]
    untouched: tuple[tuple[str, str], ...]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(one.key for one in self.changed)


def since_the_last(nomination: Nomination) -> Changes | None:
    """None for a file handed in once."""
    handed_in = receipts.hand_ins(nomination)
    if len(handed_in) < 2:
        return None
    before, after = handed_in[-2:]
    occasion = remarks.answered(nomination, after)
    on = occasion.on if occasion else {}
    found = (*_answers(nomination, before, after, on), *_papers(before, after, on))
    changed = {one.key for one in found}
    untouched = tuple((name(nomination, key), text) for key, text in on.items() if key not in changed)
    return Changes(before.at, occasion, found, untouched)


def name(nomination: Nomination, key: str) -> str:
    """What an answer is called, with the row it stands in."""
    row = row_place(key)
    label = labels.short_label(key, nomination.cycle, i18n.language())
    return _("%(row)s: %(label)s", row=labels.row_title(*row), label=label) if row else label


def _answers(nomination: Nomination, before: HandIn, after: HandIn, on: Mapping[str, str]) -> Iterator[Changed]:
    old, new = receipts.answers(nomination, before), receipts.answers(nomination, after)
    for item in _asked(nomination, old, new):
        was, now = old.get(item.key, ""), new.get(item.key, "")
        if was != now:
            pieces = compare(dossier.in_words(item, was), dossier.in_words(item, now))
            yield Changed(
                item.key, name(nomination, item.key), on.get(item.key, ""), _said(item, was, now, pieces), pieces
            )


def _asked(nomination: Nomination, old: Mapping[str, str], new: Mapping[str, str]) -> Sequence[Field]:
    rows = [row_counts(old), row_counts(new)]
    most = {group: max(counted[group] for counted in rows) for group in rows[0]}
    return fields(queries.criteria_codes(nomination.cycle), most)


def _said(item: Field, was: str, now: str, pieces: Sequence[Piece]) -> str:
    if not was:
        return _("Newly answered.")
    if not now:
        return _("The answer was taken away.")
    if item.kind is not Kind.TEXT:
        return _("Answered anew.")
    added, removed = counts(pieces)
    return _("Words added: %(added)s. Words taken away: %(removed)s.", added=added, removed=removed)


def _papers(before: HandIn, after: HandIn, on: Mapping[str, str]) -> Iterator[Changed]:
    old, new = receipts.attachments(before), receipts.attachments(after)
    for kind in AttachmentKind:
        gone = [a for a in old if a.kind is kind and a.id not in after.attachments]
        come = [a for a in new if a.kind is kind and a.id not in before.attachments]
        if gone or come:
            key = "letters" if kind is AttachmentKind.SUPPORTING_LETTER else kind.value
            yield Changed(key, str(labels.FILES[kind][0]), on.get(key, ""), _of_papers(gone, come), ())


def _of_papers(gone: Sequence[Attachment], come: Sequence[Attachment]) -> str:
    taken, added = (", ".join(a.filename for a in papers) for papers in (gone, come))
    if taken and added:
        return _("%(old)s was replaced by %(new)s.", old=taken, new=added)
    return _("%(name)s was added.", name=added) if added else _("%(name)s was taken off.", name=taken)
