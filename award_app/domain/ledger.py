"""The keyed hash chain: each row is sealed together with the seal before it, so that no row can be changed, taken out,
moved or doubled without the key; and cutting the end off shows against an anchor stored elsewhere."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import rfc8785

# A seal is never valid as anything else that may one day be made with the same key.
_PURPOSE = b"laurel ledger v1\x00"
GENESIS = hashlib.sha256(b"laurel ledger v1 genesis").digest()


class Break(StrEnum):
    SEQUENCE = "sequence"  # a row is missing, doubled or out of place
    UNKNOWN_KEY = "unknown_key"  # the row names a key that is not at hand
    SEAL = "seal"  # the row is not what was sealed here
    ANCHOR = "anchor"  # all seals hold, but the history is another than the anchored one
    TRUNCATED = "truncated"  # the chain ends before the anchor


@dataclass(frozen=True)
class Entry:
    """One row. `seq` counts from 1; `body` is JSON of ids and codes; `hash` is its seal of 32 bytes."""

    seq: int
    key_id: str
    body: Mapping[str, object]
    hash: bytes

    @property
    def content(self) -> dict[str, object]:
        return content(self.seq, self.key_id, self.body)


@dataclass(frozen=True)
class Verdict:
    """`count` rows hold, `head` is the seal of the last of them; `broken_at` is the place where the next should be."""

    ok: bool
    count: int
    head: bytes
    broken_at: int | None = None
    reason: Break | None = None


def canonical(thing: object) -> bytes:
    """Canonical JSON (RFC 8785) in UTF-8. Raises ValueError for what has none: NaN, whole numbers beyond 2**53 - 1,
    lone surrogates, keys that are not text, anything that is not JSON."""
    try:
        return rfc8785.dumps(thing)  # type: ignore[arg-type]  # it checks by itself, and says so with its own error
    except (rfc8785.CanonicalizationError, UnicodeError, TypeError, AttributeError) as error:
        raise ValueError(f"not JSON: {error}") from error


def digest(thing: object) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal: binds an endorsement to a text."""
    return hashlib.sha256(canonical(thing)).hexdigest()


def content(seq: int, key_id: str, body: Mapping[str, object]) -> dict[str, object]:
    """What is sealed of a row: its place and its key as well as its body."""
    return {"seq": seq, "key": key_id, "body": dict(body)}


def seal(key: bytes, previous: bytes, entry: Mapping[str, object]) -> bytes:
    """HMAC-SHA-256 (RFC 2104) over purpose, previous seal and canonical JSON. `previous` is always 32 bytes, so that
    the parts cannot be shifted against each other. Raises ValueError for another length or an empty key."""
    if len(previous) != hashlib.sha256().digest_size or not key:
        raise ValueError("a seal needs a key and the 32 bytes of the seal before it")
    return hmac.new(key, _PURPOSE + previous + canonical(entry), hashlib.sha256).digest()


def next_entry(key_id: str, key: bytes, body: Mapping[str, object], *, after: tuple[int, bytes] | None) -> Entry:
    """The row that follows `after`, the (seq, seal) of the last one; None when the chain is empty."""
    seq, previous = after or (0, GENESIS)
    return Entry(seq + 1, key_id, dict(body), seal(key, previous, content(seq + 1, key_id, body)))


def verify(
    keys: Mapping[str, bytes],
    entries: Iterable[Entry],
    *anchors: tuple[int, bytes],
    after: tuple[int, bytes] = (0, GENESIS),
) -> Verdict:
    """Walk the chain from its beginning, or from behind `after`, (seq, seal) of a row up to which it was walked, in the
    order given (by `seq`). One row is held in memory at a time. `anchors` are (seq, seal) as they were stored elsewhere;
    two that disagree about one row cannot both be met."""
    (count, head), anchored = after, _by_seq(anchors)
    for entry in entries:
        reason = _break(keys, entry, count + 1, head, anchored)
        if reason is not None:
            return Verdict(False, count, head, count + 1, reason)
        count, head = entry.seq, entry.hash
    if count < max(anchored, default=0):
        return Verdict(False, count, head, count + 1, Break.TRUNCATED)
    return Verdict(True, count, head)


def _by_seq(anchors: Iterable[tuple[int, bytes]]) -> Mapping[int, set[bytes]]:
    found: dict[int, set[bytes]] = {}
    for seq, stored in anchors:
        found.setdefault(seq, set()).add(stored)
    return found


def _break(
    keys: Mapping[str, bytes], entry: Entry, seq: int, previous: bytes, anchored: Mapping[int, set[bytes]]
) -> Break | None:
    if entry.seq != seq:
        return Break.SEQUENCE
    if entry.key_id not in keys:
        return Break.UNKNOWN_KEY
    if not _sealed(keys[entry.key_id], previous, entry):
        return Break.SEAL
    if not all(hmac.compare_digest(stored, entry.hash) for stored in anchored.get(seq, ())):
        return Break.ANCHOR
    return None


def _sealed(key: bytes, previous: bytes, entry: Entry) -> bool:
    try:
        return hmac.compare_digest(seal(key, previous, entry.content), entry.hash)
    except ValueError:  # a body that is no JSON was never sealed
        return False
