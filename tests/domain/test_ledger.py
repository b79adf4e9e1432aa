"""The chain finds every edit, deletion, swap and doubling, and with an anchor every cut and every rewriting."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from award_app.domain.ledger import (
    GENESIS,
    Break,
    Entry,
    Verdict,
    canonical,
    content,
    digest,
    next_entry,
    seal,
    verify,
)

KEYS = {"2026": b"k" * 32, "2027": b"n" * 32}
N = 48


def chain(length: int, keys: dict[str, bytes] = KEYS, start: Iterable[Entry] = ()) -> list[Entry]:
    rows = list(start)
    for seq in range(len(rows) + 1, length + 1):
        key_id = "2026" if seq <= length // 2 else "2027"
        after = (rows[-1].seq, rows[-1].hash) if rows else None
        rows.append(next_entry(key_id, keys[key_id], {"act": "scored", "thing": seq * 7 % 5, "by": None}, after=after))
    return rows


ROWS = chain(N)
HEAD = (N, ROWS[-1].hash)


def test_an_untouched_chain_holds_also_over_a_change_of_key() -> None:
    assert verify(KEYS, ROWS) == Verdict(True, N, ROWS[-1].hash)
    assert verify(KEYS, ROWS, HEAD) == Verdict(True, N, ROWS[-1].hash)
    assert verify(KEYS, ROWS, (20, ROWS[19].hash)) == Verdict(True, N, ROWS[-1].hash)


def test_an_empty_chain_holds_unless_something_was_anchored() -> None:
    assert verify(KEYS, []) == Verdict(True, 0, GENESIS)
    assert verify(KEYS, [], HEAD) == Verdict(False, 0, GENESIS, 1, Break.TRUNCATED)


def test_every_single_edit_is_found_where_it_was_made() -> None:
    for index, row in enumerate(ROWS):
        for changed in (
            replace(row, body={**row.body, "thing": 99}),
            replace(row, body={**row.body, "more": 1}),
            replace(row, key_id="2027" if row.key_id == "2026" else "2026"),
            replace(row, hash=bytes(32)),
            replace(row, hash=b""),
            replace(row, body={"act": float("nan")}),
        ):
            verdict = verify(KEYS, [*ROWS[:index], changed, *ROWS[index + 1 :]])
            assert verdict == Verdict(False, index, ROWS[index - 1].hash if index else GENESIS, index + 1, Break.SEAL)


def renumbered(rows: list[Entry]) -> list[Entry]:
    return [replace(row, seq=seq) for seq, row in enumerate(rows, start=1)]


def test_every_deletion_swap_and_doubling_is_found_renumbered_or_not() -> None:
    for index in range(N - 1):
        deleted = [*ROWS[:index], *ROWS[index + 1 :]]
        swapped = [*ROWS[:index], ROWS[index + 1], ROWS[index], *ROWS[index + 2 :]]
        doubled = [*ROWS[: index + 1], ROWS[index], *ROWS[index + 1 :]]
        for rows, place in ((deleted, index + 1), (swapped, index + 1), (doubled, index + 2)):
            plain, smooth = verify(KEYS, rows), verify(KEYS, renumbered(rows))
            assert (plain.broken_at, plain.reason) == (place, Break.SEQUENCE)
            assert (smooth.broken_at, smooth.reason) == (place, Break.SEAL)


def test_every_truncation_is_found_against_an_anchor() -> None:
    for length in range(N):
        assert verify(KEYS, ROWS[:length]).ok
        verdict = verify(KEYS, ROWS[:length], HEAD)
        assert (verdict.ok, verdict.broken_at, verdict.reason) == (False, length + 1, Break.TRUNCATED)


def test_a_chain_made_again_without_the_key_is_found_at_its_first_row() -> None:
    forged = chain(N, {"2026": b"guess", "2027": b"guess"})
    assert verify(KEYS, forged) == Verdict(False, 0, GENESIS, 1, Break.SEAL)


def test_a_chain_made_again_with_the_key_is_found_against_an_anchor() -> None:
    first = replace(
        ROWS[0], body={"act": "other"}, hash=seal(KEYS["2026"], GENESIS, content(1, "2026", {"act": "other"}))
    )
    forged = chain(N, start=[first])
    assert verify(KEYS, forged).ok
    assert verify(KEYS, forged, HEAD) == Verdict(False, N - 1, forged[-2].hash, N, Break.ANCHOR)


def test_a_key_that_is_not_at_hand_is_said() -> None:
    assert verify({"2026": KEYS["2026"]}, ROWS) == Verdict(
        False, N // 2, ROWS[N // 2 - 1].hash, N // 2 + 1, Break.UNKNOWN_KEY
    )


def test_a_chain_that_does_not_begin_at_its_beginning_is_broken() -> None:
    assert verify(KEYS, ROWS[1:]) == Verdict(False, 0, GENESIS, 1, Break.SEQUENCE)


def test_a_seal_is_the_hmac_of_purpose_previous_and_canonical_json() -> None:
    expected = hmac.new(b"key", b"laurel ledger v1\x00" + GENESIS + b'{"a":1,"b":[true]}', hashlib.sha256).digest()
    assert seal(b"key", GENESIS, {"b": [True], "a": 1}) == expected


def test_the_place_and_the_name_of_the_key_are_sealed_with_the_body() -> None:
    assert ROWS[0].content == {"seq": 1, "key": "2026", "body": {"act": "scored", "thing": 2, "by": None}}
    row = replace(next_entry("2026", b"same", {}, after=None), key_id="2027")
    assert verify({"2026": b"same", "2027": b"same"}, [row]) == Verdict(False, 0, GENESIS, 1, Break.SEAL)


@pytest.mark.parametrize(("key", "previous"), [(b"", GENESIS), (b"key", GENESIS[:31]), (b"key", GENESIS + b"x")])
def test_no_seal_without_a_key_and_a_whole_previous_seal(key: bytes, previous: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal(key, previous, {})


@pytest.mark.parametrize("thing", [float("nan"), float("inf"), 2**53, {1: 2}, {"a": object()}, "\ud800", {"a": {1}}])
def test_what_is_no_json_has_no_canonical_form(thing: object) -> None:
    with pytest.raises(ValueError, match="not JSON"):
        canonical(thing)


def test_a_digest_is_the_sha_256_of_the_canonical_json() -> None:
    assert digest({"b": "é", "a": 1.0}) == hashlib.sha256('{"a":1,"b":"é"}'.encode()).hexdigest()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcé", max_size=3), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=50, deadline=None)
@given(one=json_values, other=json_values)
def test_two_things_have_one_digest_exactly_when_they_are_the_same_json(one: object, other: object) -> None:
    assert (digest(one) == digest(other)) == (canonical(one) == canonical(other))
    assert digest([one, other]) != digest([[one, other]])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_rearrangement_of_rows_is_found(data: st.DataObject) -> None:
    rows = ROWS[:12]
    other = data.draw(st.lists(st.sampled_from(rows), min_size=12, max_size=14))
    assert verify(KEYS, other, (12, rows[-1].hash)).ok == (other == rows)
