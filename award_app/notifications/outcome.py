"""What became of one attempt to send a letter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Fate(Enum):
    SENT = auto()
    REFUSED = auto()  # for good: this letter will never be taken
    LATER = auto()  # not taken, and surely not delivered
    DOUBTFUL = auto()  # the whole letter left, no answer came back
    HELD = auto()  # the letter could not be made: a person looks
    SKIPPED = auto()  # no longer due: overtaken by events
    CANCELLED = auto()  # called off: what it says no longer holds


@dataclass(frozen=True)
class Outcome:
    """`note` is a code such as "smtp 550", never text of a server or a person. `line` is true where the connection
    itself failed: then the next letter would fail too."""

    fate: Fate
    note: str
    line: bool = False
