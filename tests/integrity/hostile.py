"""Bad input of every kind for every form, and what every answer to it must be: a page with a sentence, never a failure."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote, quote_from_bytes

from tests.integrity.forms import Sent
from tests.integrity.routes import guarded_routes, places
from tests.integrity.stage import ANONYMOUS, Stage

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"
OUTSIDERS = ("member_other_cycle", ANONYMOUS)

# What stands in one field, the others as the page had them.
VALUES: dict[str, bytes] = {
    "nothing": b"",
    "a megabyte": b"x" * 2**20,
    "many words": b"word " * 60_000,
    "NUL": b"a\x00b",
    "only NUL": b"\x00",
    "text for a number": b"three",
    "a huge number": b"1" + b"0" * 30,
    "a negative number": b"-1",
    "a number beyond 32 bits": b"4294967296",
    "a number beyond 64 bits": b"9223372036854775808",
    "not a number": b"NaN",
    "infinity": b"1e400",
    "other digits": "٣٤٥".encode(),
    "a digit that is no number": "²".encode(),
    "four thousand digits": b"9" * 5_000,
    "a day that is none": b"9999-99-99",
    "the last minute": b"9999-12-31T23:59",
    "the last day": b"9999-12-31",
    "year 0": b"0000-01-01T00:00",
    "the first minute": b"0001-01-01T00:00",
    "broken UTF-8": b"\xff\xfe\xc3(",
    "half a surrogate": b"\xed\xa0\x80",
    "right to left": "\u202eabc\u2066".encode(),
    "line ends": b"a\r\nBcc: x@y.example\r\n\r\nb",
    "a list as JSON": b"[1, 2]",
    "deep JSON": b"[" * 100_000,
    "huge numbers as JSON": b'{"family_name": 1' + b"0" * 5_000 + b"}",
    "markup": b"<script>alert(1)</script>{{ 7*7 }}%(x)s{0}",
}
# For one argument of an address.
ARGUMENTS = {
    "a huge number": "1" + "0" * 30,
    "beyond 64 bits": "9223372036854775808",
    "five thousand digits": "9" * 5_000,
    "year 0": "0",
    "negative": "-1",
    "NUL": "%00",
    "broken UTF-8": "%ff%fe",
    "other digits": quote("٣٤٥"),
    "letters of a far script": quote("ⅷ²漢"),
    "five thousand letters": "a" * 5_000,
    "a way up": "..%2f..%2fetc",
    "a quote": "'%22;--",
}


@dataclass(frozen=True)
class Case:
    name: str
    actor: str
    method: str
    path: str
    body: bytes = b""
    content_type: str = FORM


@dataclass
class Answers:
    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    deviations: list[str] = field(default_factory=list)


def cases(found: list[Sent], references: list[str]) -> Iterator[Case]:
    for form in found:
        for actor in (form.actor, *OUTSIDERS):
            yield from _of_the_whole(form, actor)
        for name in form.names:
            for what, value in VALUES.items():
                yield Case(f"{what} in {name}", form.actor, "POST", form.path, _urlencoded(form, {name: value}))
            for ref in references:
                yield Case(
                    f"another's id in {name}", form.actor, "POST", form.path, _urlencoded(form, {name: ref.encode()})
                )
            yield Case(
                f"a megabyte in {name}", OUTSIDERS[0], "POST", form.path, _urlencoded(form, {name: b"x" * 2**20})
            )


def _of_the_whole(form: Sent, actor: str) -> Iterator[Case]:
    """Bodies that are wrong as a whole."""
    here = (actor, "POST", form.path)
    usual = _urlencoded(form, {})
    yield Case("nothing", *here)
    yield Case("everything twice", *here, usual + b"&" + usual)
    yield Case("names of lists", *here, b"&".join(quote(n).encode() + b"[]=1" for n in form.names))
    yield Case("JSON", *here, b'{"a": [1, {}]}', "application/json")
    yield Case("a list as JSON", *here, b"[1, 2]", "application/json")
    yield Case("no boundary", *here, usual, "multipart/form-data")
    yield Case("half a multipart", *here, b'--B\r\nContent-Disposition: form-data; name="a"', MULTIPART)
    yield Case("no form at all", *here, b"\x00\xff" * 1_000, "application/octet-stream")
    yield Case("files for texts", *here, _multipart(dict.fromkeys(form.names, b"%PDF-1.7"), as_files=True), MULTIPART)
    texts = dict.fromkeys(form.names, b"a text")
    yield Case("texts for files", *here, _multipart(texts, as_files=False), MULTIPART)
    yield Case("NUL in every field", *here, _urlencoded(form, dict.fromkeys(form.names, b"a\x00b")))
    yield Case("2,000 fields", *here, b"&".join(b"f%d=1" % n for n in range(2_000)))


def references(stage: Stage) -> list[str]:
    """Of things that exist and belong elsewhere: another's file, person and cycle."""
    world = stage.world
    files = list(world.files.values())
    return [files[-1].ref, world.people["observer"].ref, str(files[-1].id), str(world.people["observer"].id)]


def any_address(stage: Stage) -> str:
    """Of any file: a body that is too large is not looked at."""
    return f"/nominations/{next(iter(stage.world.files.values())).ref}/withdraw"


def addresses(stage: Stage) -> Iterator[Case]:
    """Every argument of every route, as somebody who may and with the others as they are."""
    for route in guarded_routes(stage.app):
        if route.arguments:
            values = places(route, stage.world)[-1].values
            for name in route.arguments:
                for what, text in ARGUMENTS.items():
                    for actor in ("secretariat", "nominator", "member"):
                        yield Case(f"{what} for {name}", actor, route.method, route.path({**values, name: text}))


def some(found: Iterable[Case], share: float, seed: int) -> Iterator[Case]:
    """Made one by one: a megabyte in every field of every form would fill the machine."""
    chance = Random(seed)
    return (case for case in found if chance.random() < share)


def send(stage: Stage, case: Case, answers: Answers, *, reset: bool = True) -> Any:
    answer = stage.send(
        case.actor, case.method, case.path, input_stream=io.BytesIO(case.body), content_type=case.content_type,
        content_length=len(case.body),
    )  # fmt: skip
    answers.cases += 1
    answers.statuses[answer.status_code] += 1
    wrong = _wrong(answer)
    if wrong:
        raised = f" raised {stage.raised[0]!r:.300}" if stage.raised else ""
        answers.deviations.append(f"{case.actor} {case.method} {case.path:.100}, {case.name}: {wrong}{raised}")
    if reset and case.method == "POST" and answer.status_code not in (403, 404, 413):
        stage.reset()
    return answer


def _wrong(answer: Any) -> str:
    if answer.status_code >= 500:
        return str(answer.status_code)
    if b"Traceback (most recent" in answer.data:
        return "a traceback"
    if answer.status_code not in (301, 302, 303, 308) and answer.mimetype == "text/html" and b"<h1" not in answer.data:
        return f"{answer.status_code} without a page"
    return ""


def _urlencoded(form: Sent, changed: dict[str, bytes]) -> bytes:
    values = {**{name: text.encode() for name, text in form.values.items()}, **changed}
    return b"&".join(f"{quote(name)}={quote_from_bytes(value)}".encode() for name, value in values.items())


def _multipart(values: dict[str, bytes], *, as_files: bool) -> bytes:
    more = b'; filename="a.pdf"\r\nContent-Type: application/pdf' if as_files else b""
    parts = [
        b'--B\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (name.encode(), more, value)
        for name, value in values.items()
    ]
    return b"".join(parts) + b"--B--\r\n"
