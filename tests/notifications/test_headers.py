"""What a header may hold: one line, nothing that steers it, one address."""

from __future__ import annotations

import pytest

from award_app.notifications import headers
from award_app.notifications.message import HEADERS, checked

# Typed text → what stands in the header.
LINES = [
    ("Nadia Okoro", "Nadia Okoro"),
    ("a\rb", "a b"),
    ("a\nb", "a b"),
    ("a\r\nBcc: evil@x.example", "a Bcc: evil@x.example"),
    ("a\x00b", "a b"),
    ("a\x85b", "a b"),
    ("a\u2028b\u2029c", "a b c"),
    ("=?UTF-8?Q?a=0ABcc=3A_x=40evil?=", "= ?UTF-8?Q?a=0ABcc=3A_x=40evil?="),
    ("=\x00?utf-8?b?Cg==?=", "= ?utf-8?b?Cg== ?="),
    ("=\u200b?utf-8?b?Cg==?=", "= ?utf-8?b?Cg== ?="),
    ("==??", "== ??"),
    ("abc\u202efdp\u2066x\u2069", "abcfdpx"),
    ("half\ud800pair", "halfpair"),
    ("می\u200cخواهم", "می\u200cخواهم"),
    ("  wide \t space ", "wide space"),
    ("100 % of Zoë’s 警察", "100 % of Zoë’s 警察"),
]


@pytest.mark.parametrize(("typed", "stands"), LINES)
def test_text_becomes_one_harmless_line(typed: str, stands: str) -> None:
    assert headers.one_line(typed) == stands


def test_a_long_value_is_cut() -> None:
    assert headers.subject("x" * 2000) == "x" * 149 + "…"
    assert headers.address("y" * 2000, "a@b.example").display_name == "y" * 59 + "…"


ADDRESSES = [
    "a@b.example",
    "first.last+tag@sub.domain.example",
    "o'brien@b.example",
    "laurel@localhost",
    "x%y@b.example",
]
NO_ADDRESSES = [
    "",
    "a",
    "a@",
    "@b.example",
    "a@b.example,c@d.example",
    "a@b.example;c@d.example",
    "a@b.example c@d.example",
    '"a" <c@d.example>',
    "a <c@d.example>",
    "a@b.example\r\nBcc: c@d.example",
    "a@b.example\n",
    "a@b.example\x00",
    "a@b.example\x85",
    "a@b.example\u2028",
    "a(comment)@b.example",
    '"a b"@b.example',
    "=?utf-8?q?a?=@b.example",
    "a@b..example",
    "a@-b.example",
    "a.@b.example",
    ".a@b.example",
    "a@[127.0.0.1]",
    "é@b.example",
    "a@é.example",
    "a@b@c.example",
    "a" * 250 + "@b.example",
]


@pytest.mark.parametrize("mailbox", ADDRESSES)
def test_a_plain_address_stays_as_it_is(mailbox: str) -> None:
    assert headers.address("Nadia", mailbox).addr_spec == mailbox


@pytest.mark.parametrize("mailbox", NO_ADDRESSES)
def test_anything_else_is_no_address(mailbox: str) -> None:
    with pytest.raises(headers.Unsafe):
        headers.address("Nadia", mailbox)


# The second lock, for what a library might write in spite of it all.
@pytest.mark.parametrize(
    "head",
    [
        [*HEADERS, "Bcc"],
        [name for name in HEADERS if name != "To"],
        [*HEADERS[:2], "To", *HEADERS[2:]],
        [*HEADERS[:-1], "X: y\nBcc"],
        [*HEADERS[:-1], "Content-Language: en\x00"],
    ],
)
def test_other_headers_than_ours_never_leave(head: list[str]) -> None:
    good = "".join(f"{name}: x\r\n" for name in HEADERS).encode() + b"\r\nbody"
    assert checked(good) == good
    with pytest.raises(ValueError, match="headers"):
        checked("".join(f"{name}: x\r\n" for name in head).encode() + b"\r\nbody")
