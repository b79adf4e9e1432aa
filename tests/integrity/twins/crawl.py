"""One world as one person finds it: every address, what its pages lead to, every list's searches, and her letters."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence, Set

from sqlalchemy import select

from award_app import clock
from award_app.accounts.models import Person
from award_app.db import db
from award_app.notifications import delivery
from award_app.notifications.message import Ready
from award_app.notifications.models import Letter
from tests.integrity.stage import ANONYMOUS, Stage
from tests.integrity.twins import answers, pages
from tests.integrity.twins.answers import Answer

Found = dict[str, Answer]
Read = Callable[[Stage, str, str], Answer]


def ask(stage: Stage, actor: str, address: str) -> Answer:
    """Errors: RuntimeError where the service failed: two worlds that break alike prove nothing."""
    response = stage.send(actor, "GET", address)
    if response.status_code == 500:
        raise RuntimeError(f"{actor} {address}: {response.status_code} {stage.raised}")
    return answers.read(response)


def crawl(
    stage: Stage,
    actor: str,
    first: Iterable[str],
    terms: Sequence[str],
    *,
    but: Set[str] = frozenset(),
    read: Read = ask,
) -> Found:
    """Breadth first from `first`; links are followed, filters are tried one by one. An address is asked once. A link with
    a part that stands in `but` is left: it leads to the pages of another award year."""
    found: Found = {}
    waiting = deque(dict.fromkeys(first))
    while waiting:
        address = waiting.popleft()
        if address in found:
            continue
        answer = found[address] = read(stage, actor, address)
        if answer.status == 200 and _is_page(answer):
            narrowing = terms if actor == ANONYMOUS or not _is_public(address) else ()
            onward = _onward(address, answer, narrowing)
            waiting.extend(one for one in onward if one not in found and not but & set(re.split(r"[/?]", one)))
    return found


def only(stage: Stage, actor: str, wanted: Iterable[str], *, read: Read = ask) -> Found:
    """These addresses and no others."""
    return {address: read(stage, actor, address) for address in dict.fromkeys(wanted)}


def letters(actor: str) -> Found:
    """Each letter to her as it would leave now, by the code that sends it; or how it would end. To nobody yet: those to
    the invited."""
    found: Found = {}
    person_id = db.session.scalar(select(Person.id).where(Person.email == f"{actor}@laurel.example"))
    to_her = Letter.person_id == person_id if person_id else Letter.person_id.is_(None)
    for letter_id, name in db.session.execute(select(Letter.id, Letter.message_id).where(to_her)).all():
        made = delivery.prepare(letter_id, now=clock.now())
        db.session.rollback()
        text = made.content if isinstance(made, Ready) else repr(made).encode()
        found[f"letter {name}"] = answers.written(text)
    return found


def _onward(address: str, answer: Answer, terms: Sequence[str]) -> list[str]:
    """A list that was already narrowed leads on to its links, and is not narrowed again."""
    links, filters = pages.leads_to(address, answer.body.decode())
    plain = [link for link in links if "?" not in link]
    if "?" in address or not terms:
        return plain
    return [*plain, *(one for bar in filters for one in bar.addresses(terms))]


def _is_public(address: str) -> bool:
    """These pages know nobody: who is signed in is shown what the anonymous is, who tries all their filters."""
    return address[:4] in ("/en/", "/fr/")


def _is_page(answer: Answer) -> bool:
    return dict(answer.headers).get("Content-Type", "").startswith("text/html")
