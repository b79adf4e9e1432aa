"""Where two worlds part: in one place, which has a name. World A is nobody's secret; each world B has one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

Value = TypeVar("Value")


@dataclass
class Fork:
    """`secret` is the name of the one place where this world is the other one; empty in world A."""

    secret: str = ""
    passed: set[str] = field(default_factory=set)

    def pick(self, name: str, one: Value, other: Value) -> Value:
        self.passed.add(name)
        return other if self.secret == name else one

    def parts(self, name: str) -> bool:
        """For what exists in world B only."""
        return self.pick(name, False, True)
