"""Nothing sent to the panel's addresses leads to an error of ours; on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from tests.conftest import Clock
from tests.panel.test_views import Year

pytestmark = pytest.mark.usefixtures("app")

NUL = "a\x00b"
SENT: tuple[dict[str, str], ...] = (
    {},
    {"once": NUL, "answer": NUL, "reason": NUL, "kind": NUL, "then": NUL},
    {"once": "k" * 5000, "answer": "none", "reason": "x" * 100_000, "kind": "other"},
    {"answer": "nominated_endorsed_or_wrote", "reason": "x", "kind": "nominated_endorsed_or_wrote"},
    {"value_1": NUL, "comment_1": NUL, "value_999999": "3", "value_2": "99999999999999999999"},
    {"value_1": "3", "comment_1": f"with a {NUL} in it", "then": "next"},
)


def test_whatever_is_sent_gets_an_answer(as_: Callable[[Person], FlaskClient], clock: Clock) -> None:
    year = Year(2)
    year.declare(year.files[1])
    browser = as_(year.member)
    addresses = [f"{year.list}/{f.ref}/{rest}" for f in year.files for rest in ("declaration", "step-out", "scores")]
    addresses += [f"{year.list}/finish", f"{year.list}/nothing/scores", "/panel/9999/nothing/declaration"]
    for address in addresses:
        for data in SENT:
            status = browser.post(address, data=data).status_code
            assert status in {302, 400, 403, 404, 409, 422}, (address, data)


@pytest.mark.parametrize(
    "address",
    ["/panel/99999999999999999999", "/panel/-1", "/panel/x", "/panel/2026/%00", "/panel/0", "/panel/2026/a/b"],
)
def test_addresses_of_nothing_are_not_found(as_: Callable[[Person], FlaskClient], clock: Clock, address: str) -> None:
    assert as_(Year(1).member).get(address).status_code == 404
