"""T4: what people might type to make a page, a sheet, a letter or a paper do something, in every text that is kept."""

from __future__ import annotations

import csv
import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO, StringIO
from itertools import cycle
from typing import Any, Final
from xml.etree import ElementTree

import openpyxl
import pypdf
from sqlalchemy import event
from sqlalchemy.orm import Session

from award_app.accounts.models import Invitation, Person
from award_app.announcement.models import Announcement
from award_app.cycles.models import Criterion, Cycle, Mission
from award_app.domain import form
from award_app.domain.form import Kind
from award_app.nominations.files import display_name
from award_app.nominations.models import Answer, Attachment, Nomination, SecretariatDeclaration
from award_app.panel.models import Recusal
from award_app.reviews.models import Score
from award_app.selection.models import Decision, OutcomeChange, Shortlist
from tests.factories import CRITERIA
from tests.integrity import walk
from tests.integrity.stage import ANONYMOUS, Stage

# Whatever runs calls this or makes this element; whatever is evaluated gives this number.
CALL, ELEMENT, PRODUCT = "window.__ran=1", "x-canary", "1336409"
FEED: Final = "application/atom+xml"
PAYLOADS: Final = (
    # markup and code
    f"<script>{CALL}</script>",
    f"<ScRiPt>{CALL}</sCrIpT>",
    f"</title><script>{CALL}</script>",
    f"</textarea><script>{CALL}</script>",
    f"</option></select><img src=x onerror={CALL}>",
    f'"><svg onload={CALL}>',
    f"'><svg/onload={CALL}>",
    f"<img src=x onerror={CALL}//",
    f"<body onload={CALL}>",
    f"<iframe srcdoc='<script>parent.{CALL}</script>'>",
    f"<a href='javascript:{CALL}'>x</a>",
    f"javascript:{CALL}",
    f"java\tscript:{CALL}",
    f"data:text/html,<script>{CALL}</script>",
    f'" onfocus={CALL} autofocus x="',
    f"' onmouseover={CALL} x='",
    f"` onclick={CALL} x=`",
    f"<details open ontoggle={CALL}>",
    f"<math><mtext></p><img src=x onerror={CALL}>",
    f"<svg><animate onbegin={CALL} attributeName=x>",
    f"<style>@import 'x';*{{background:url(//x)}}</style><{ELEMENT}>",
    f"<{ELEMENT} a=1>",
    f"--><{ELEMENT}>",
    f"]]><{ELEMENT}>",
    f"<!--<{ELEMENT}>",
    "<base href=//elsewhere.example/>",
    "<meta http-equiv=refresh content='0;url=//elsewhere.example/'>",
    "<form action=//elsewhere.example><input name=x>",
    "&lt;script&gt;" + CALL + "&lt;/script&gt;",
    "&#60;script&#62;" + CALL,
    "\\u003cscript\\u003e" + CALL,
    "%3Cscript%3E" + CALL,
    # templates
    "{{ 1157*1155+74 }}",
    "{% print(1157*1155+74) %}",
    "${1157*1155+74}",
    "#{1157*1155+74}",
    "<%= 1157*1155+74 %>",
    "{{ config }}{{ self.__init__.__globals__ }}",
    "%(password)s %s %n {0.__class__}",
    '#eval(1157*1155+74) #read("/etc/passwd") $ sum $',
    # databases
    "' OR '1'='1",
    "'; DROP TABLE person; --",
    '" OR ""="',
    "1); DELETE FROM ledger; --",
    "' UNION SELECT password_hash FROM person --",
    "%' AND 1=1 --",
    # lines and headers
    "a\r\nBcc: x@elsewhere.example\r\n\r\nb",
    "a\nSet-Cookie: laurel=1",
    "%0d%0aLocation:%20//elsewhere.example",
    "=?UTF-8?Q?a=0ABcc=3A_x=40elsewhere.example?=",
    # what reads otherwise than it stands
    "\u202eabc\u202c txt.exe",
    "\u2066\u2067\u2068 a \u2069\u2069\u2069",
    "a\u200bb\u200cc\u200dd\ufeffe",
    "\u0600\u06dd نادية \u200f123",
    "e" + "\u0301" * 60,
    # beyond the first plane, and beyond what fits
    "🏅𝒳𠜎👩🏽‍✈️",
    "\U0010fffd\ufffe\uffff",
    "ﷺ" * 40,
    "W" * 190,
    '=HYPERLINK("//elsewhere.example")',
)

_TEXTS: Mapping[type[Any], tuple[str, ...]] = {
    Person: ("name", "home_service"),
    Mission: ("name", "area"),
    Cycle: ("titles",),
    Criterion: ("titles", "levels"),
    Nomination: ("nominee_name", "nominee_rank", "nominee_service", "nominee_unit", "withdrawn_reason"),
    Answer: ("text",),
    Attachment: ("filename",),
    Invitation: ("name",),
    SecretariatDeclaration: ("reason",),
    Recusal: ("reason",),
    Score: ("comment",),
    Shortlist: ("reasons",),
    OutcomeChange: ("reason",),
    Decision: ("reasons",),
    Announcement: ("name", "rank", "duty", "citations", "stories"),
}


KINDS = ("nominator", "authority", "member", "chair", "secretariat", "observer")
PUBLIC = ("/en/", "/en/laureates", "/en/laureates/2036", "/fr/laureates/2036", "/en/feed.xml", "/en/figures")


@contextmanager
def typed_everywhere() -> Iterator[list[str]]:
    """Whatever is added meanwhile holds payloads in all its texts, one after the other. Yields those that were used."""
    used, texts = list[str](), cycle(PAYLOADS)

    def replace(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: replace(inner) for key, inner in value.items()}
        if not isinstance(value, str):
            return value
        used.append(next(texts))
        return used[-1]

    def before(session: Session, _flush: Any, _instances: Any) -> None:
        for row in session.new:
            if isinstance(row, Answer) and not _is_free(row.field):
                continue
            for name in _TEXTS.get(type(row), ()):
                setattr(row, name, replace(getattr(row, name)))
            if isinstance(row, Attachment):
                row.filename = display_name(row.filename, row.kind)  # as every name comes in

    event.listen(Session, "before_flush", before)
    try:
        yield used
    finally:
        event.remove(Session, "before_flush", before)


def _is_free(key: str) -> bool:
    """Lines and texts; the other answers are choices, dates and numbers."""
    found = form.field(key, [code for code, _weight in CRITERIA])
    return found is not None and found.kind in (Kind.LINE, Kind.TEXT) and key != "working_language"


@dataclass
class Report:
    pages: int = 0
    files: int = 0
    shown: int = 0  # how often a payload stood on a page, as text
    kinds: Counter[str] = field(default_factory=Counter)
    deviations: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """What a browser would make of a page: elements and attributes that we never write."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in (ELEMENT, "base", "iframe", "object", "embed", "math", "animate", "style"):
            self.wrong.append(f"<{tag}>")
        for name, value in attributes:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            away = address.startswith(
                ("javascript:", "data:", "vbscript:", "//", "http://elsewhere", "https://elsewhere")
            )
            if name.startswith("on") or name in ("srcdoc", "style") or (name in ("href", "src", "action") and away):
                self.wrong.append(f"<{tag} {name}={value!r:.60}>")


def judge(where: str, answer: Any, report: Report) -> None:
    """One answer, whatever kind it is of."""
    report.kinds[answer.mimetype] += 1
    report.pages += answer.mimetype == "text/html"
    report.files += answer.mimetype != "text/html" and answer.status_code == 200
    text = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") or answer.mimetype == FEED else ""
    found = list(_wrong(answer, text))
    report.shown += sum(
        html.escape(payload).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in text for payload in PAYLOADS
    )
    report.deviations += [f"{where} ({answer.status_code}, {answer.mimetype}): {what}" for what in found]


def _wrong(answer: Any, text: str) -> Iterator[str]:
    if answer.status_code >= 500:
        yield "a failure"
    for name, value in answer.headers:
        if name.lower() in ("bcc", "set-cookie") and ("elsewhere" in value or value == "laurel=1"):
            yield f"a header: {name}"
    if answer.mimetype == "text/html":
        reader = _Reader()
        reader.feed(text)
        yield from reader.wrong
    if answer.mimetype in ("text/html", FEED):
        yield from (
            f"as it was typed: {payload}" for payload in PAYLOADS if re.search(r"<[\w/!]", payload) and payload in text
        )
    if answer.mimetype == FEED and ElementTree.fromstring(answer.data).find(f".//{ELEMENT}") is not None:
        yield "an element in the feed"
    if PRODUCT in text:
        yield "evaluated"
    yield from _in_a_file(answer)


def _in_a_file(answer: Any) -> Iterator[str]:
    if answer.mimetype == "application/pdf" and "receipt" in answer.headers.get(
        "Content-Disposition", ""
    ):  # one we made
        paper = pypdf.PdfReader(BytesIO(answer.data))
        if PRODUCT in "".join(page.extract_text() for page in paper.pages):
            yield "evaluated in the paper"
        if re.search(rb"/JavaScript|/JS\b|/OpenAction|/Launch|root:x:0", answer.data):
            yield "the paper acts"
    elif "spreadsheet" in answer.mimetype:
        book = openpyxl.load_workbook(BytesIO(answer.data))
        yield from ("a formula" for row in book.worksheets[0].iter_rows() for cell in row if cell.data_type == "f")
    elif answer.mimetype == "text/csv":
        rows = csv.reader(StringIO(answer.get_data().decode("utf-8-sig"), newline=""))
        yield from (
            f"a formula: {cell:.40}" for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")
        )


def visits(stage: Stage) -> list[tuple[str, str]]:
    """Each page once for each kind of person, in the last phase in which she may see it."""
    found = {}
    for cell in walk.cells(stage):
        if cell.route.method == "GET" and cell.expected == "yes" and cell.actor in KINDS:
            found[cell.route.name, cell.actor] = (cell.actor, cell.path)
    return [*found.values(), *((ANONYMOUS, path) for path in PUBLIC)]


def crawl(stage: Stage) -> Report:
    """Every page, as what it can be taken along as, and with a search that shows what was looked for."""
    report = Report()
    for actor, path in visits(stage):
        with stage.send(actor, "GET", path) as answer:
            judge(f"{actor} {path}", answer, report)
            offers = {b"as=csv": ("as=csv", "as=xlsx"), b'name="q"': ("q=%3Cx-canary%3E%22%27",)}
            queries = [query for sign, some in offers.items() if sign in answer.data for query in some]
        for query in queries:
            judge(f"{actor} {path}?{query}", stage.send(actor, "GET", f"{path}?{query}"), report)
    return report
