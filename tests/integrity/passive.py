"""What a passive scanner would say about an answer: the baseline rules of OWASP ZAP that apply to a service like this,
written anew from what they look for. Nothing is sent; each rule looks at one request and its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from werkzeug.datastructures import Headers

from tests.integrity.observatory import directives


@dataclass(frozen=True)
class Seen:
    """One request as `actor` sent it, and what came back."""

    actor: str
    method: str
    path: str
    status: int
    headers: Headers
    body: bytes
    secure: bool

    @property
    def kind(self) -> str:
        return self.headers.get("Content-Type", "").split(";")[0]

    @property
    def is_page(self) -> bool:
        return self.kind == "text/html"

    @property
    def is_static(self) -> bool:
        return self.path.startswith("/static/")

    @property
    def is_public(self) -> bool:
        """For everybody, whoever asks: pages in a language, the feed, robots.txt, what stands at well-known places."""
        return bool(re.match(r"/(?:en|fr|ar|zh|es|ru)(?:/|$)|/robots\.txt|/sitemap\.xml|/\.well-known/|/$", self.path))

    @property
    def policy(self) -> dict[str, set[str]]:
        return directives(self.headers.get("Content-Security-Policy", ""))


Rule = Callable[[Seen], Iterator[str]]
RULES: list[Rule] = []


def rule(one: Rule) -> Rule:
    RULES.append(one)
    return one


def findings(seen: Seen) -> list[str]:
    where = f"{seen.actor} {seen.method} {seen.path[:120]} ({seen.status})"
    return [f"{where}: {one.__name__}: {said}" for one in RULES for said in one(seen)]


_COMMENT = re.compile(rb"<!--|\b(?:TODO|FIXME|XXX|HACK)\b")
_FAILURES = re.compile(
    rb"Traceback \(most recent|(?:sqlite3|psycopg|sqlalchemy|werkzeug|jinja2)\.\w+|[A-Z]\w+Error:|SQLSTATE|"
    rb"at 0x[0-9a-f]{6}|Internal Server Error\b|[sS]yntax error at or near|File \"/"
)
_CODE = re.compile(rb"<\?php|\{%|\{\{|\bdef \w+\(self|^import \w+$", re.MULTILINE)
_PRIVATE_ADDRESS = re.compile(rb"\b(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+\b")
_NUMBER_OF_A_CARD = re.compile(rb"(?<![\w.])(?:4\d{15}|5[1-5]\d{14})(?![\w.])")
_TIMESTAMP = re.compile(rb"(?<![\w.#-])1[6-9]\d{8}(?![\w.])")
_SECRET_IN_ADDRESS = re.compile(r"[?&](?:token|password|session|email|csrf_token|key|secret|name)=", re.IGNORECASE)


@rule
def content_type_is_said(seen: Seen) -> Iterator[str]:
    if not seen.kind and seen.body:
        yield "no Content-Type"


@rule
def charset_is_utf8(seen: Seen) -> Iterator[str]:
    said = seen.headers.get("Content-Type", "").lower()
    if seen.body and said.startswith(("text/html", "text/csv", "text/plain")) and "charset=utf-8" not in said:
        yield said
    if seen.is_page and b'<html lang="' in seen.body and b'<meta charset="utf-8">' not in seen.body:
        yield "the page says another charset"


@rule
def types_are_not_guessed(seen: Seen) -> Iterator[str]:
    if seen.headers.get("X-Content-Type-Options") != "nosniff":
        yield "no nosniff"


@rule
def cannot_be_framed(seen: Seen) -> Iterator[str]:
    if seen.headers.get("X-Frame-Options") != "DENY" or seen.policy.get("frame-ancestors") != {"'none'"}:
        yield "may be framed"


@rule
def policy_is_said_once(seen: Seen) -> Iterator[str]:
    if len(seen.headers.getlist("Content-Security-Policy")) != 1:
        yield str(seen.headers.getlist("Content-Security-Policy"))


@rule
def policy_has_no_hole(seen: Seen) -> Iterator[str]:
    values = {value for some in seen.policy.values() for value in some}
    if seen.policy.get("default-src") != {"'none'"} or values - {"'none'", "'self'"}:
        yield str(sorted(values))


@rule
def policy_names_what_has_no_default(seen: Seen) -> Iterator[str]:
    missing = {"base-uri", "form-action", "frame-ancestors"} - set(seen.policy)
    if missing:
        yield str(sorted(missing))


@rule
def a_file_is_boxed_in(seen: Seen) -> Iterator[str]:
    if not seen.is_page and seen.body and "sandbox" not in seen.policy:
        yield seen.kind


@rule
def an_upload_is_taken_away(seen: Seen) -> Iterator[str]:
    is_upload = re.fullmatch(r"/files/\w+", seen.path) and seen.status == 200
    if is_upload and not seen.headers.get("Content-Disposition", "").startswith("attachment"):
        yield "opened in our context"


@rule
def transport_is_strict(seen: Seen) -> Iterator[str]:
    said = seen.headers.getlist("Strict-Transport-Security")
    if said != (["max-age=63072000; includeSubDomains"] if seen.secure else []):
        yield str(said)


@rule
def referrers_stay_here(seen: Seen) -> Iterator[str]:
    if seen.headers.get("Referrer-Policy") != "same-origin":
        yield str(seen.headers.get("Referrer-Policy"))


@rule
def features_are_off(seen: Seen) -> Iterator[str]:
    if "camera=()" not in seen.headers.get("Permissions-Policy", ""):
        yield "no Permissions-Policy"


@rule
def origins_are_apart(seen: Seen) -> Iterator[str]:
    wanted = (("Opener", "same-origin"), ("Resource", "same-origin"), ("Embedder", "require-corp"))
    for name, value in wanted:
        if seen.headers.get(f"Cross-Origin-{name}-Policy") != value:
            yield name


@rule
def nothing_is_shared_with_other_origins(seen: Seen) -> Iterator[str]:
    yield from (name for name, _ in seen.headers if name.lower().startswith("access-control-"))


@rule
def software_is_not_named(seen: Seen) -> Iterator[str]:
    for name in ("X-Powered-By", "X-AspNet-Version", "X-Generator", "X-Runtime", "Via", "X-Backend-Server"):
        if name in seen.headers:
            yield name
    if re.search(r"\d", seen.headers.get("Server", "")):
        yield seen.headers["Server"]


@rule
def no_debugging_header(seen: Seen) -> Iterator[str]:
    yield from (name for name, _ in seen.headers if re.match(r"x-(?:debug|chrome|trace|profil)", name.lower()))


@rule
def cookies_are_shut(seen: Seen) -> Iterator[str]:
    for line in seen.headers.getlist("Set-Cookie"):
        for name, cookie in SimpleCookie(line).items():
            if not cookie["httponly"] or cookie["samesite"] != "Lax" or cookie["domain"] or cookie["path"] != "/":
                yield line.replace(cookie.value, "…")
            if seen.secure and not (cookie["secure"] and name.startswith("__Host-")):
                yield f"{name} is no cookie of this host alone"


@rule
def public_answers_set_no_cookie(seen: Seen) -> Iterator[str]:
    if (seen.is_public or seen.is_static) and seen.status < 400 and "Set-Cookie" in seen.headers:
        yield "a cookie"


@rule
def what_is_private_is_not_kept(seen: Seen) -> Iterator[str]:
    if not seen.is_static and not (seen.is_public and seen.status < 400):
        if seen.headers.getlist("Cache-Control") != ["no-store"]:
            yield str(seen.headers.getlist("Cache-Control"))
    elif "Cache-Control" not in seen.headers:
        yield "nothing said about keeping"


@rule
def nothing_came_out_of_a_cache(seen: Seen) -> Iterator[str]:
    if {"Age", "X-Cache"} & set(seen.headers.keys()):
        yield "from a cache"


@rule
def scripts_and_styles_are_ours(seen: Seen) -> Iterator[str]:
    if seen.is_page:
        for tag in re.findall(rb"<(?:script|link|img|iframe|object|embed|audio|video|source)\b[^>]*>", seen.body):
            source = re.search(rb'\b(?:src|href|data)="([^"]*)"', tag)
            loads = not tag.startswith(b"<link") or re.search(rb'rel="(?:stylesheet|icon|preload|manifest)"', tag)
            if loads and source and not re.match(rb"/(?!/)", source[1]):
                yield tag.decode(errors="replace")


@rule
def nothing_stands_inline(seen: Seen) -> Iterator[str]:
    if seen.is_page:
        inline = rb"<style|<script(?![^>]*\bsrc=)|<[^>]*\s(?:style|on\w+)=|(?:href|src|action)=\"(?:javascript|data|vbscript):"
        yield from (found.decode(errors="replace") for found in re.findall(inline, seen.body))


@rule
def no_mixed_content(seen: Seen) -> Iterator[str]:
    if seen.is_page and re.search(rb'(?:src|action)="http:', seen.body):
        yield "http: in a page"


@rule
def forms_carry_their_token(seen: Seen) -> Iterator[str]:
    if seen.is_page and seen.method == "GET":
        for form in re.findall(rb"<form\b.*?</form>", seen.body, re.DOTALL):
            if b'method="post"' in form and not re.search(rb'name="[\w-]*csrf_token"', form):
                yield form[:80].decode(errors="replace")


@rule
def links_to_elsewhere_keep_our_window(seen: Seen) -> Iterator[str]:
    if seen.is_page and re.search(rb"<a\b(?=[^>]*target=)(?![^>]*rel=\"[^\"]*noopener)[^>]*>", seen.body):
        yield "target without noopener"


@rule
def redirects_stay_here_and_say_little(seen: Seen) -> Iterator[str]:
    where = seen.headers.get("Location")
    if where is not None:
        parts = urlsplit(where)  # the slash that was forgotten is added with the address in full
        if parts.netloc not in ("", "localhost") or not parts.path.startswith("/") or "\\" in where:
            yield f"leads to {where}"
        if len(seen.body) > 1000 + len(where):
            yield f"{len(seen.body)} bytes beside a redirect"


@rule
def no_failure_shows_its_inside(seen: Seen) -> Iterator[str]:
    if seen.is_page:
        yield from (found.decode(errors="replace") for found in _FAILURES.findall(seen.body))


@rule
def no_comment_is_left(seen: Seen) -> Iterator[str]:
    if seen.is_page or (seen.is_static and seen.kind in ("text/javascript", "text/css")):
        yield from (found.decode(errors="replace") for found in _COMMENT.findall(seen.body))


@rule
def no_source_is_shown(seen: Seen) -> Iterator[str]:
    if seen.is_page and _CODE.search(seen.body):
        yield "source of a template or a programme"


@rule
def no_inner_address_is_shown(seen: Seen) -> Iterator[str]:
    if seen.is_page and _PRIVATE_ADDRESS.search(seen.body):
        yield "an address of a private network"


@rule
def no_number_that_pays_and_no_second_of_a_clock(seen: Seen) -> Iterator[str]:
    if seen.is_page and (_NUMBER_OF_A_CARD.search(seen.body) or _TIMESTAMP.search(seen.body)):
        yield "a card's number or a time in seconds"


@rule
def no_secret_stands_in_an_address(seen: Seen) -> Iterator[str]:
    links = re.findall(rb'(?:href|action|src)="([^"]*)"', seen.body) if seen.is_page else []
    for address in (seen.path, seen.headers.get("Location", ""), *(link.decode(errors="replace") for link in links)):
        if _SECRET_IN_ADDRESS.search(address.replace("&amp;", "&")):
            yield address


@rule
def no_listing_of_a_folder(seen: Seen) -> Iterator[str]:
    if re.search(rb"<title>(?:Index of|Directory listing)", seen.body):
        yield "a folder's list"


@rule
def script_answers_know_nobody(seen: Seen) -> Iterator[str]:
    if "script" in seen.kind and not seen.is_static:
        yield "a script made for somebody"


@rule
def no_window_into_the_machine(seen: Seen) -> Iterator[str]:
    if "WWW-Authenticate" in seen.headers or "X-Sendfile" in seen.headers or "X-SourceMap" in seen.headers:
        yield "a header of the machine"
