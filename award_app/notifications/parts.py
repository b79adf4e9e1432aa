"""What comes with a letter beside its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Part:
    """`main` and `sub` name the kind of content, `more` what its Content-Type says beyond."""

    name: str
    main: str
    sub: str
    content: bytes
    more: Mapping[str, str] = field(default_factory=dict)
