"""Who stands where once somebody has left the outcome."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from .vocabulary import Outcome

File = TypeVar("File")


def moved_up(
    places: Sequence[tuple[Outcome, Sequence[File]]], left: Collection[File]
) -> list[tuple[Outcome, list[File]]]:
    """The decision's places without those who left, everybody behind moved up by one.

    `places` are the laureate (one or none), the runners-up and the reserve, each in its order. The order of succession
    runs through all three: who stands first after them becomes laureate; there are as many runners-up as the decision
    named, while there is somebody to follow; who remains is the reserve. Nobody left to follow: no laureate.
    """
    line = [file for _outcome, files in places for file in files if file not in left]
    named: list[tuple[Outcome, list[File]]] = []
    for outcome, files in places:
        room = len(line) if outcome is Outcome.RESERVE else len(files)
        named.append((outcome, line[:room]))
        line = line[room:]
    return named
