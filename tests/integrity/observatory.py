"""A score for the headers of one answer after the published method of Mozilla's HTTP Observatory (scoring.md): 100 to
begin with, so much more or less for each finding, bonuses only where the score without them is 90 or more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie

HALF_A_YEAR = 15_768_000
PRIVATE_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


@dataclass(frozen=True)
class Finding:
    name: str
    points: int


def score(headers: Mapping[str, str], cookies: list[str], body: bytes, *, secure: bool) -> tuple[int, list[Finding]]:
    """`cookies` are the Set-Cookie lines. At most 130 here: a place on the browsers' preload list is not the code's."""
    policy = directives(headers.get("Content-Security-Policy", ""))
    found = [
        *_policy(policy),
        *_cookies(cookies, "Strict-Transport-Security" in headers),
        *_sharing(headers),
        *_transport(headers, secure),
        *_referrer(headers),
        *_scripts(headers, body),
        *_sniffing(headers),
        *_framing(headers, policy),
    ]
    lost = 100 + sum(one.points for one in found if one.points < 0)
    return lost + (sum(one.points for one in found if one.points > 0) if lost >= 90 else 0), found


def directives(policy: str) -> dict[str, set[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name.lower(): set(values) for name, *values in parts}


def _policy(policy: Mapping[str, set[str]]) -> Iterator[Finding]:
    if not policy:
        yield Finding("no policy", -25)
        return
    default = policy.get("default-src", {"*"})
    scripts, styles = policy.get("script-src", default), policy.get("style-src", default)
    if any(value.startswith(("http:", "ftp:")) for values in policy.values() for value in values):
        yield Finding("a policy that allows http", -20)
    elif "'unsafe-inline'" in scripts or {"*", "data:", "https:"} & scripts:
        yield Finding("a policy that allows inline code or code from anywhere", -20)
    elif "'unsafe-eval'" in scripts:
        yield Finding("a policy that allows eval", -10)
    elif "'unsafe-inline'" in styles:
        yield Finding("a policy that allows inline style", 0)
    else:
        yield Finding("a policy without anything unsafe", 10 if default == {"'none'"} else 5)


def _cookies(lines: list[str], strict: bool) -> Iterator[Finding]:
    for line in lines:
        jar = SimpleCookie(line)
        cookie = next(iter(jar.values()), None)
        if cookie is None or not cookie["secure"]:
            yield Finding("a session cookie without Secure", -10 if strict else -40)
        elif not cookie["httponly"]:
            yield Finding("a session cookie without HttpOnly", -30)
        elif str(cookie["samesite"]) not in ("Lax", "Strict"):
            yield Finding("a cookie without SameSite", -20)
        else:
            yield Finding("cookies with everything", 5)


def _sharing(headers: Mapping[str, str]) -> Iterator[Finding]:
    if "Access-Control-Allow-Origin" in headers:
        yield Finding("shared with other origins", -50 if "Access-Control-Allow-Credentials" in headers else 0)


def _transport(headers: Mapping[str, str], secure: bool) -> Iterator[Finding]:
    age = re.search(r"max-age=(\d+)", headers.get("Strict-Transport-Security", ""))
    if not secure or age is None:
        yield Finding("no strict transport", -20)
    elif int(age[1]) < HALF_A_YEAR:
        yield Finding("strict transport for less than half a year", -10)


def _referrer(headers: Mapping[str, str]) -> Iterator[Finding]:
    said = headers.get("Referrer-Policy")
    if said is not None:
        yield Finding(f"referrer policy {said}", 5 if said in PRIVATE_REFERRERS else -5)


def _scripts(headers: Mapping[str, str], body: bytes) -> Iterator[Finding]:
    if not headers.get("Content-Type", "").startswith("text/html"):
        return
    sources = re.findall(rb'<script[^>]*\bsrc="([^"]*)"', body)
    if any(source.startswith((b"http:", b"//")) for source in sources):
        yield Finding("a script over http", -50)
    elif any(not source.startswith(b"/") for source in sources):
        yield Finding("a script of somebody else", -5)


def _sniffing(headers: Mapping[str, str]) -> Iterator[Finding]:
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield Finding("types may be guessed", -5)


def _framing(headers: Mapping[str, str], policy: Mapping[str, set[str]]) -> Iterator[Finding]:
    if "frame-ancestors" in policy:
        yield Finding("framing forbidden by the policy", 5)
    elif headers.get("X-Frame-Options") not in ("DENY", "SAMEORIGIN"):
        yield Finding("may be framed", -20)
