"""A letter's text for somebody it was not written to: what opens a door is left out of its links."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

MASK: Final = "••••••"
_LINK: Final = re.compile(r"https?://\S+")
_LONGEST: Final = 16  # letters and digits of what merely names something; a token is longer


def masked(text: str) -> str:
    """Every part of a link that is long enough to be a token is masked, whatever it is: a new kind of link is safe too."""
    return _LINK.sub(lambda found: _link(found[0]), text)


def as_html(text: str) -> Markup:
    """The masked text with its links set apart; they are shown, not followed."""
    parts = re.split(f"({_LINK.pattern})", masked(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if i % 2 else escape(part) for i, part in enumerate(parts)
    )


def _link(link: str) -> str:
    scheme, _sep, rest = link.partition("://")
    host, *parts = re.split(r"([/?&=#])", rest)
    return f"{scheme}://{host}" + "".join(MASK if len(part) > _LONGEST else part for part in parts)
