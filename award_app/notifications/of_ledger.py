"""Facts of the letter that keeps the ledger's head in a mailbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from award_app.audit import LedgerAnchor
from award_app.notifications import spoken
from award_app.web.moments import in_zones

_GROUP: Final = 8  # digits that are read out together


def facts(anchor: LedgerAnchor, reader: str | None) -> Mapping[str, Any]:
    """The seal and its moment. No number: it would count acts that the reader may not know of."""
    digits = anchor.seal.hex()
    groups = [digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP)]
    return {
        "at": in_zones(anchor.at, reader),
        "seal": [" ".join(groups[:4]), " ".join(groups[4:])],
        "link": spoken.address("/home"),
    }
