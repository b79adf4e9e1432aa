"""The receipt of a hand-in as a PDF: the page in a form that can be kept, printed and sent.

`pdf(hand_in)` is for a letter, which travels by mail: contact data stay behind the sign-in. `pdf(hand_in, whole=True)`
is for the mission's page. What people wrote reaches the typesetter as data (JSON), never as its markup.
"""

from __future__ import annotations

import json
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from flask_babel import gettext as _

from award_app import access
from award_app.db import db
from award_app.domain.form import CONTACT_FIELDS
from award_app.domain.vocabulary import Role
from award_app.nominations import dossier, labels
from award_app.nominations.models import Attachment, HandIn, Nomination
from award_app.web import i18n
from award_app.web.moments import in_zones

if TYPE_CHECKING:
    import typst

_ITS_MISSION: Final = frozenset({Role.NOMINATOR, Role.AUTHORITY})  # nobody else gets a receipt
_SHEET: Final = Path(__file__).with_name("receipt.typ")
_EMBEDDED: Final = "Libertinus Serif"  # comes with the typesetter: Latin, Greek, Cyrillic, Hebrew
# For each script the embedded font lacks: the first of these that the machine has. Debian: fonts-noto-core, -cjk.
_ALSO: Final = {
    "ARABIC": ("Noto Naskh Arabic", "Noto Sans Arabic", "Amiri", "DejaVu Sans"),
    "CJK": ("Noto Serif CJK SC", "Noto Sans CJK SC"),
}


def pdf(hand_in: HandIn, *, whole: bool = False, zone: str | None = None) -> bytes:
    """In the language spoken now; `zone` is the reader's. `whole`: with contact data."""
    facts = _facts(hand_in, whole, zone)
    written = json.dumps(facts, ensure_ascii=False)
    fonts, missing = _fonts(written)
    inputs = {"data": json.dumps({**facts, "fonts": fonts, "missing": _cannot_show() if missing else ""})}
    return cast(bytes, _compiler().compile(input=_SHEET.read_bytes(), format="pdf", sys_inputs=inputs))


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """Finding the machine's fonts takes half a second, and is done once in a process."""
    import typst

    return typst.Compiler(input=_SHEET.read_bytes(), font_paths=_all_fonts())


@lru_cache(maxsize=1)
def _all_fonts() -> typst.Fonts:
    import typst

    return typst.Fonts()


def _fonts(text: str) -> tuple[list[str], bool]:
    """Families for what is written, and whether some script of it has none on this machine."""
    scripts = {script for script in _ALSO if any(script in _name(sign) for sign in set(text) if ord(sign) > 0x2FF)}
    families = set(_all_fonts().families()) if scripts else set()
    found = {script: next((f for f in _ALSO[script] if f in families), None) for script in sorted(scripts)}
    return [_EMBEDDED, *(family for family in found.values() if family)], None in found.values()


def _name(sign: str) -> str:
    return unicodedata.name(sign, "")


def _cannot_show() -> str:
    return _("Some letters of this file cannot be printed by this machine. The page of the receipt shows all of them.")


# --- what stands on it -----------------------------------------------------------------------------------------------


def _facts(hand_in: HandIn, whole: bool, zone: str | None) -> dict[str, Any]:
    nomination = db.session.get_one(Nomination, hand_in.nomination_id)
    read = dossier.build(nomination, shows=access.parts(_ITS_MISSION, nomination), then=hand_in)
    sections = [_section(section, whole) for section in read.sections]
    return {
        "language": i18n.language().split("-")[0],
        "title": _("Receipt"),
        "award": _("Award %(year)s", year=nomination.cycle.award_year),
        "said": _("The file of %(name)s was handed in.", name=_nominee(read)),
        "facts": _lines(nomination, hand_in, zone),
        "files_title": _("Attached files"),
        "files": [_file(attachment, whole) for attachment in read.attachments],
        "sections": [section for section in sections if section["groups"]],
        "empty": _("No answer"),
        "note": _("The fingerprint changes if a single letter of the file changes."),
        "left_out": "" if whole else _("How to reach the nominee is left out here. The page of the receipt shows it."),
    }


def _nominee(read: dossier.Dossier) -> str:
    given = {item.key: item.raw for section in read.sections for group in section.groups for item in group.items}
    return given["publish_name"]


def _lines(nomination: Nomination, hand_in: HandIn, zone: str | None) -> list[tuple[str, list[str]]]:
    return [
        (_("Handed in"), in_zones(hand_in.at, zone, nomination.mission.timezone)),
        (
            _("Mission"),
            [f"{i18n.mission_acronym(nomination.mission.acronym)}, {nomination.mission.name_in(i18n.language())}"],
        ),
        (_("Reference"), [nomination.ref]),
        (_("Fingerprint (SHA-256)"), [hand_in.digest[:32], hand_in.digest[32:]]),
    ]


def _file(attachment: Attachment, whole: bool) -> list[str]:
    """Name in words, then the fingerprint of its bytes."""
    kind = str(labels.FILES[attachment.kind][0])
    author = [attachment.author_name or "", attachment.author_email or "" if whole else ""]
    words = ", ".join(part for part in (attachment.filename, *author) if part)
    return [_("%(kind)s: %(file)s", kind=kind, file=words), attachment.digest]


def _section(section: dossier.Section, whole: bool) -> dict[str, Any]:
    groups = [
        {
            "title": group.title,
            "items": [(item.label, item.text) for item in group.items if whole or item.key not in CONTACT_FIELDS],
        }
        for group in section.groups
    ]
    return {"title": section.title, "groups": [group for group in groups if group["items"]]}
