"""T2 and T2-E: their structure and a sample. `make integrity` runs every secret, everybody, every search."""

from __future__ import annotations

import pytest

from tests.integrity.twins import addresses, crawl, embargo, masks, rows
from tests.integrity.twins.compare import Comparison
from tests.integrity.twins.late import PLANTS
from tests.integrity.twins.planted import PLANTED, is_found
from tests.integrity.twins.secrets import EXISTENCE, NAMED, SECRETS, TERMS, VALUE
from tests.integrity.twins.stage import EVERYBODY, Twins

LEAST_SECRETS, LEAST_TERMS, LEAST_ADDRESSES = 8, 50, 50


def test_one_secret_on_every_second_page(worlds: Twins) -> None:
    """That a member gave a score. The chair sees how many there are; whoever is recused from the file meets two equal
    worlds."""
    comparison = Comparison(worlds, (), actors=("chair", "member_recused"), each=2)
    comparison.against(NAMED["a score"])
    report = comparison.report
    assert report.leaks == []
    assert (report.unseen, report.cleared > 0, report.fewest >= LEAST_ADDRESSES) == ([], True, True)


@pytest.mark.parametrize("kind", PLANTED)
def test_a_leak_that_was_planted_is_found(worlds: Twins, kind: str) -> None:
    """Where nothing is planted the same two answers are equal."""
    _leak, secret, actor, _address = PLANTED[kind]
    assert actor not in NAMED[secret].cleared
    assert is_found(worlds, kind)


def test_every_place_where_worlds_part_is_a_secret_of_the_table(worlds: Twins) -> None:
    if not worlds.has():
        worlds.build()
    assert {secret.name for secret in SECRETS} - worlds.passed == set()
    assert {secret.name for secret in SECRETS if secret.kind == EXISTENCE} == set(PLANTS)
    assert {secret.kind for secret in SECRETS} == {VALUE, EXISTENCE}
    assert all(secret.sentence and secret.cleared <= set(EVERYBODY) for secret in SECRETS)
    assert len(SECRETS) >= LEAST_SECRETS
    assert len(TERMS) >= LEAST_TERMS


@pytest.mark.parametrize(
    "name", ["score, closed", "a declared conflict", "winner, told", "a draft", "contact data, review"]
)
def test_worlds_part_in_their_secret_and_in_nothing_else(worlds: Twins, name: str) -> None:
    """T2 asks it of every secret before it looks at the first page."""
    if not worlds.has():
        worlds.build()
    worlds.build(name)
    assert rows.parted(worlds.file_of(), worlds.file_of(name)) == rows.TABLES[name]
    assert rows.TABLES.keys() == NAMED.keys()
    worlds.forget(name)


def test_a_list_leads_to_its_pages_searches_and_files(worlds: Twins) -> None:
    if not worlds.has():
        worlds.build()
    worlds.show()
    parts = {
        "people",
        "letters",
        "screening",
        "reports",
        "panel",
        "results",
        "announcements",
        "account",
        "home",
        "2031",
    }
    but = addresses.elsewhere(2031) | parts  # the walk would go on through the whole house
    found = crawl.crawl(worlds.stage, "secretariat", ["/cycles"], ("Okoro",), but=but)
    lists = {address for address in found if address.startswith("/cycles?")}
    assert {"/cycles?q=Okoro", "/cycles?page=2", "/cycles?as=csv", "/cycles?as=xlsx"} <= lists
    assert "/cycles/new" in found


def test_every_route_is_walked(worlds: Twins) -> None:
    """Also those that somebody adds tomorrow: an argument without values raises KeyError."""
    if not worlds.has():
        worlds.build()
    worlds.show()
    known = addresses.known(worlds.stage.app, 2036)
    urls = worlds.stage.app.url_map.bind("localhost")
    walked = {urls.match(path)[0] for path in known if path not in addresses.NOT_THERE}
    asked = {rule.endpoint for rule in worlds.stage.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert asked - walked == addresses.NO_PAGES


def test_a_mask_keeps_the_length() -> None:
    page = b'<input type="hidden" name="once" value="0123abcd"><b>name="once"</b>'
    assert masks.body(page) == b'<input type="hidden" name="once" value="********"><b>name="once"</b>'


def test_the_embargo_in_the_eyes_of_the_public(worlds: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the release, after it, taken back: with pages kept in memory, as a server keeps them."""
    monkeypatch.setitem(worlds.stage.app.config, "KEEP_PAGES", True)
    report = embargo.run(worlds, ("anonymous",))
    assert report.deviations == []
    assert report.changed == 2 * len(embargo.PUBLIC)
