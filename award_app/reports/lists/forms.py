"""The filter bar of a list, read from the address: it works without scripts, and a link to it can be kept or sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from award_app.reports.lists.queries import Page, Wanted

LONGEST_SEARCH: Final = 100  # signs
_SEARCH, _PAGE, _FILE = "q", "page", "as"
FORMATS: Final = ("csv", "xlsx")


@dataclass(frozen=True)
class Choice:
    """A filter: `options` are pairs of a value in the address and its words. Other values mean that it is open."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Bar:
    """`hint` says what a search looks at. `file` is the format that was asked for, or ""."""

    choices: tuple[Choice, ...]
    hint: str
    wanted: Wanted
    file: str = ""

    @property
    def narrowed(self) -> bool:
        return bool(self.wanted.search or self.wanted.chosen)

    @property
    def kept(self) -> dict[str, str]:
        """What a link from this list carries, so that the reader comes back to the same rows."""
        return ({_SEARCH: self.wanted.search} if self.wanted.search else {}) | dict(self.wanted.chosen)

    def at(self, page: int) -> dict[str, str]:
        return self.kept | ({_PAGE: str(page)} if page > 1 else {})

    def as_file(self, form: str) -> dict[str, str]:
        return self.kept | {_FILE: form}

    def turns(self, page: Page[object]) -> Iterator[tuple[str, dict[str, str]]]:
        """Where one can go from this page: ("previous" or "next", what the link carries)."""
        if page.number > 1:
            yield "previous", self.at(page.number - 1)
        if page.number < page.pages:
            yield "next", self.at(page.number + 1)


def bar(args: Mapping[str, str], *choices: Choice, hint: str) -> Bar:
    """Whatever stands in the address: what no page of ours has made is left out."""
    search = " ".join(args.get(_SEARCH, "").replace("\0", "")[:LONGEST_SEARCH].split())
    offered = {choice.name: {value for value, _words in choice.options} for choice in choices}
    chosen = {name: args[name] for name, values in offered.items() if args.get(name) and args[name] in values}
    file = args.get(_FILE, "") if args.get(_FILE) in FORMATS else ""
    return Bar(choices, hint, Wanted(search, chosen, _number(args.get(_PAGE, "")), whole=bool(file)), file)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
