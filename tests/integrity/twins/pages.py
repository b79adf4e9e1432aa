"""What a page leads on to: its links, and every list's filters and search, as a reader could use them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

_LINKS = {"a": "href", "img": "src", "link": "href", "source": "src", "iframe": "src", "object": "data"}
_SEARCHED = ("", "text", "search")


@dataclass
class Filter:
    """A form that asks: the addresses it can make."""

    action: str
    texts: list[str] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)

    def addresses(self, terms: Sequence[str]) -> Iterator[str]:
        """Each option and each term alone, one page further, and one term on each option: orders and counts show there."""
        base = urlsplit(self.action).path
        for name in self.texts:
            for term in terms:
                yield f"{base}?{urlencode({name: term})}"
        for name, values in self.options.items():
            for value in values:
                yield f"{base}?{urlencode({name: value})}"
        for query in ("page=2", "page=9", "as=csv", "as=xlsx", "sort=score", "order=desc"):
            yield f"{base}?{query}"
        for name in self.texts[:1]:
            yield f"{base}?{urlencode({name: terms[0], 'as': 'csv'})}"


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.links: list[str] = []
        self.filters: list[Filter] = []
        self._open: Filter | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if given.get(_LINKS.get(tag, "")):
            self._link(given[_LINKS[tag]])
        if tag == "form" and given.get("method", "get").lower() == "get":
            self._open = Filter(urljoin(self.page, given.get("action") or self.page))
            self.filters.append(self._open)
        elif self._open is not None:
            self._field(tag, given)

    def _link(self, address: str) -> None:
        parts = urlsplit(urljoin(self.page, address))
        if parts.scheme in ("", "http", "https") and parts.netloc in ("", "localhost"):
            self.links.append(parts.path + (f"?{parts.query}" if parts.query else ""))

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._open is not None
        name = given.get("name", "")
        if tag == "input" and name and given.get("type", "") in _SEARCHED:
            self._open.texts.append(name)
        elif tag == "input" and name:
            self._open.options.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "select" and name:
            self._select = name
            self._open.options.setdefault(name, [])
        elif tag == "option" and self._select in self._open.options:
            self._open.options[self._select].append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def leads_to(page: str, html: str) -> tuple[list[str], list[Filter]]:
    reader = _Reader(page)
    reader.feed(html)
    return [link for link in dict.fromkeys(reader.links) if not link.startswith("/static/")], reader.filters
