"""A file as it is read: everything in the order of the form, in words, for one kind of reader.

`build(...)` makes it, templates/nominations/_dossier.html draws it: {% include "nominations/_dossier.html" %} with
`dossier` in the context. `shows` are the parts that the reader may see beside what the panel reads (`access.parts`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from award_app.domain.completeness import day as as_day
from award_app.domain.form import ROW_GROUPS, STEPS, Field, Kind, fields, row_counts, row_place
from award_app.domain.vocabulary import Action, AttachmentKind
from award_app.nominations import labels, queries
from award_app.nominations.models import Attachment, Endorsement, HandIn, Nomination
from award_app.nominations.receipts import queries as receipts
from award_app.nominations.remarks import queries as remarks
from award_app.nominations.translations import queries as translations
from award_app.nominations.translations.queries import Translated
from award_app.nominations.viewer.queries import Pages, with_pages
from award_app.web import i18n, moments


@dataclass(frozen=True)
class Item:
    """One answer: `text` in words, `raw` as stored, `long` for those of several sentences. `language` is said where the
    answer is in words of the file's own language."""

    key: str
    label: str
    text: str
    raw: str
    long: bool
    language: str = ""
    translations: tuple[Translated, ...] = ()


@dataclass(frozen=True)
class Group:
    """Items under a heading of their own, or the plain ones of a section (`title` empty)."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Section:
    step: str
    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Dossier:
    nomination: Nomination
    shows: Collection[Action]
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...]
    endorsement: Endorsement | None
    pages: Mapping[int, Pages]  # by the ids of the attachments

    @property
    def shows_contact(self) -> bool:
        return Action.SEE_CONTACT in self.shows

    @property
    def papers(self) -> list[tuple[str, str]]:
        """Key and name of each paper that a remark can stand on."""
        locale = i18n.language()
        return [(key, labels.label(key, self.nomination.cycle, locale)) for key in remarks.OF_FILES]


# A step of the form whose answers are a part of their own → which.
_PART_OF = {"contact": Action.SEE_CONTACT, "statements": Action.SEE_STATEMENTS, "files": Action.SEE_PHOTO}


def build(
    nomination: Nomination, *, shows: Collection[Action], handed_in: bool = True, then: HandIn | None = None
) -> Dossier:
    """As it was handed in last; `handed_in=False`: as it stands now, for its mission; `then`: as it was handed in then."""
    if then:  # a receipt holds what was handed in, and no translation
        answers, beside = receipts.answers(nomination, then), translations.NOTHING
    else:
        answers, beside = translations.with_answers(nomination, handed_in=handed_in)
    shown = [item for item in _fields(nomination, answers) if _PART_OF.get(item.step) in (None, *shows)]
    sections = (_section(nomination, step, [f for f in shown if f.step == step], answers, beside) for step in STEPS)
    files, pages = (receipts.attachments(then), {}) if then else with_pages(nomination, handed_in=handed_in)
    return Dossier(
        nomination,
        shows,
        tuple(section for section in sections if section.groups),
        tuple(a for a in files if a.kind is not AttachmentKind.PHOTO or Action.SEE_PHOTO in shows),
        queries.endorsement(nomination) if Action.SEE_STATEMENTS in shows else None,
        pages,
    )


def _fields(nomination: Nomination, answers: dict[str, str]) -> list[Field]:
    """What the form asks, without rows in which nothing stands beyond the least number."""
    return list(fields(queries.criteria_codes(nomination.cycle), row_counts(answers)))


def _section(
    nomination: Nomination, step: str, items: list[Field], answers: dict[str, str], beside: translations.Beside
) -> Section:
    groups: list[tuple[str, list[Item]]] = []
    for item in items:
        place = row_place(item.key)
        if place and place[1] >= ROW_GROUPS[place[0]].min and not _row_has_text(place, answers):
            continue
        title = labels.row_title(*place) if place else ""
        if not groups or groups[-1][0] != title:
            groups.append((title, []))
        groups[-1][1].append(_item(nomination, item, answers, beside.get(item.key, ())))
    made = tuple(Group(title, tuple(group)) for title, group in groups)
    return Section(step, str(labels.STEPS[step]), made)


def _row_has_text(place: tuple[str, int], answers: dict[str, str]) -> bool:
    start = f"{place[0]}.{place[1]}."
    return any(key.startswith(start) for key in answers)


def _item(nomination: Nomination, item: Field, answers: dict[str, str], beside: tuple[Translated, ...]) -> Item:
    raw = answers.get(item.key, "")
    name = labels.label(item.key, nomination.cycle, i18n.language())
    language = translations.language_of(nomination) if translations.has_words(item) else ""
    return Item(item.key, name, in_words(item, raw), raw, item.kind is Kind.TEXT, language, beside if raw else ())


def in_words(item: Field, raw: str) -> str:
    match item.kind:
        case Kind.COUNTRY:
            return moments.country_name(raw)
        case Kind.DATE:
            return moments.day(as_day(raw)) or raw
        case Kind.CHOICE | Kind.YES_NO | Kind.STATEMENT:
            return labels.choice(item.key, raw)
        case _:
            return raw
