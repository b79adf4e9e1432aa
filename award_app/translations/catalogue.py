"""The messages of the code, and the catalogue that answers them in another language.

`<language>/LC_MESSAGES/messages.po` is what translators edit; the `.mo` beside it is made from it and stands in the
repository too, so that a fresh clone speaks without another step. Headers carry no dates and no tools: a catalogue
changes only where a message does.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE: Final = Path(__file__).parent
APPLICATION: Final = HERE.parent
_METHODS: Final = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
_KEYWORDS: Final[dict[str, Any]] = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
_NO_DATE: Final = datetime(2026, 1, 1, tzinfo=UTC)  # a catalogue that is compiled twice is the same twice
_HEADER: Final = """\
# Laurel in {name}. The words of the field stand in docs/glossary-{language}.md.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def languages() -> list[str]:
    """Codes of the languages that have a catalogue. English stands in the code itself."""
    return sorted(path.parent.parent.name for path in HERE.glob("*/LC_MESSAGES/messages.po"))


def extracted() -> Catalog:
    """Every message of the code and the templates, with the files it stands in."""
    found = Catalog(creation_date=_NO_DATE)
    for name, _line, message, _comments, context in extract_from_dir(
        str(APPLICATION), method_map=_METHODS, keywords=_KEYWORDS
    ):
        found.add(message, None, [(f"award_app/{name}", 0)], context=context)
    return found


def kept(language: str) -> Catalog:
    with _path(language, "po").open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    catalogue.project, catalogue.creation_date, catalogue.revision_date = "Laurel", _NO_DATE, _NO_DATE
    return catalogue


def update(language: str) -> Catalog:
    """The kept catalogue with what the code says now: new messages empty, those that are gone left out."""
    catalogue = kept(language)
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def write(language: str, catalogue: Catalog) -> None:
    text = BytesIO()
    write_po(text, catalogue, width=120, omit_header=True, sort_by_file=True, include_lineno=False)
    header = _HEADER.format(language=language, name=catalogue.locale.english_name, plurals=catalogue.plural_forms)
    _path(language, "po").write_bytes(header.encode() + text.getvalue())
    with _path(language, "mo").open("wb") as stream:
        write_mo(stream, kept(language))


def _path(language: str, kind: str) -> Path:
    return HERE / language / "LC_MESSAGES" / f"messages.{kind}"
