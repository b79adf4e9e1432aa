"""The one list of what may differ between two worlds: chance that nobody can avoid, and the hour. Everything else is
compared to the byte."""

from __future__ import annotations

import re
from typing import Final

# A header that says when, or which request it was. Its presence is compared, its value is not.
HEADERS: Final = frozenset({"Date", "X-Request-ID"})
# A cookie is signed with the second it was made in and carries the session's own token: its name and flags are compared.
COOKIE: Final = re.compile(r"^(?P<name>[^=]+)=[^;]*")
# In pages: the key that makes a second sending harmless, and the token against forgery. In a PDF: the second in which it
# was made, by the machine's own clock, and the ids that the typesetter makes of it.
TOKENS: Final = (
    re.compile(rb'(name="(?:\w+-)?(?:once|csrf_token)"(?: type="hidden")? value=")([^"]*)'),
    re.compile(rb"(Date\(D:)([0-9]{14})"),
    re.compile(rb"(<xmp:(?:Create|Modify)Date>)([^<]+)"),
    re.compile(rb"(<xmpMM:(?:Instance|Document)ID>)([^<]+)"),
    re.compile(rb"(/ID ?\[\()([^\]]+)"),
)


def body(content: bytes) -> bytes:
    """Of the same length as before: a mask that shortened would hide a difference in length."""
    for token in TOKENS:
        content = token.sub(lambda found: found[1] + b"*" * len(found[2]), content)
    return content


def header(name: str, value: str) -> str:
    if name in HEADERS:
        return "*"
    return COOKIE.sub(r"\g<name>=*", value) if name == "Set-Cookie" else value
