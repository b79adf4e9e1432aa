"""World A against each of its twins, for everybody: what differs for somebody who is not cleared is a leak."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.integrity.twins import addresses, crawl, rows
from tests.integrity.twins.answers import difference
from tests.integrity.twins.crawl import Found, Read
from tests.integrity.twins.secrets import TERMS, Secret
from tests.integrity.twins.stage import EVERYBODY, Twins


@dataclass
class Report:
    addresses: int = 0  # compared, each of them for one actor in one pair of worlds
    bytes: int = 0
    fewest: int = 0  # addresses of the actor who has the fewest
    leaks: list[str] = field(default_factory=list)
    by_secret: dict[str, Counter[str]] = field(default_factory=dict)
    unseen: list[str] = field(default_factory=list)  # secrets that nobody who is cleared ever met

    @property
    def cleared(self) -> int:
        """Answers in which somebody cleared truly met a secret."""
        return sum(counts["cleared views"] for counts in self.by_secret.values())


@dataclass
class Comparison:
    """World A is crawled once for each actor and award year, whatever the number of its twins; `also` is what only a twin
    led to, asked there later."""

    twins: Twins
    terms: Sequence[str] = TERMS
    actors: Sequence[str] = EVERYBODY
    each: int = 1  # of the addresses that are known: all, or every second one, and so on
    read: Read = crawl.ask
    report: Report = field(default_factory=Report)
    a: dict[tuple[str, int], Found] = field(default_factory=dict)
    also: dict[tuple[str, int], Found] = field(default_factory=dict)
    _but: frozenset[str] = frozenset()

    def against(self, secret: Secret) -> None:
        known = self._known_in_a(secret)
        self.twins.build(secret.name)
        self._compare_rows(secret)
        known += addresses.known(self.twins.stage.app, secret.number)[:: self.each]
        counts = self.report.by_secret.setdefault(secret.name, Counter())
        b = {actor: self._other_world(actor, secret, known) for actor in self.actors}
        for actor, found in b.items():
            self._complete(actor, secret, found)
            if actor in secret.cleared:
                counts["cleared views"] += len(self._differences(actor, secret, found, found))
            else:
                self._judge(actor, secret, found, counts)
        if secret.cleared & set(self.actors) and not counts["cleared views"]:
            self.report.unseen.append(secret.name)

    def _compare_rows(self, secret: Secret) -> None:
        """Worlds that part in more than their secret would show a leak that is none, or hide one."""
        parted = rows.parted(self.twins.file_of(), self.twins.file_of(secret.name))
        if parted != rows.TABLES[secret.name]:
            self.report.leaks.append(f"{secret.name}: the worlds part in {sorted(parted)}")

    def _known_in_a(self, secret: Secret) -> list[str]:
        """What the address of each page can name there. Each year is crawled once, by everybody."""
        if not self.twins.has():
            self.twins.build()
        self.twins.show()
        known = addresses.known(self.twins.stage.app, secret.number)[:: self.each]
        self._but = addresses.elsewhere(secret.number)
        for actor in self.actors:
            if (actor, secret.number) not in self.a:
                self.twins.show()
                self.a[actor, secret.number] = {**self._crawl(actor, known, self.terms), **crawl.letters(actor)}
                self.also[actor, secret.number] = {}
        return known

    def _other_world(self, actor: str, secret: Secret, known: Sequence[str]) -> Found:
        """In the order of world A, then what is new here. Who is cleared meets the secret on its pages: no searches."""
        self.twins.show(secret.name)
        pages = [one for one in self.a[actor, secret.number] if not _is_letter(one)]
        if actor in secret.cleared:
            return {**self._crawl(actor, [one for one in known if "?" not in one], ()), **crawl.letters(actor)}
        return {**self._crawl(actor, [*pages, *known], self.terms), **crawl.letters(actor)}

    def _complete(self, actor: str, secret: Secret, found: Found) -> None:
        """What only world B led to is asked in world A too."""
        have = (self.a[actor, secret.number], self.also[actor, secret.number])
        missing = [one for one in found if not _is_letter(one) and not any(one in there for there in have)]
        if missing:
            self.twins.show()
            self.also[actor, secret.number] |= self._crawl(actor, missing, ())

    def _judge(self, actor: str, secret: Secret, found: Found, counts: Counter[str]) -> None:
        wanted = {**self.a[actor, secret.number], **found}
        for address, differs in self._differences(actor, secret, found, wanted).items():
            counts["leaks"] += 1
            self.report.leaks.append(f"{secret.name}: {actor} {address}: {differs}")
        counts["actors"] += 1
        counts["addresses"] += len(wanted)
        self.report.addresses += len(wanted)
        self.report.bytes += sum(answer.size for answer in found.values())
        self.report.fewest = min(self.report.fewest or len(wanted), len(wanted))

    def _differences(self, actor: str, secret: Secret, found: Found, wanted: Found) -> dict[str, str]:
        here = {**self.also[actor, secret.number], **self.a[actor, secret.number]}
        compared = {address: difference(here.get(address), found.get(address)) for address in wanted}
        return {address: differs for address, differs in compared.items() if differs}

    def _crawl(self, actor: str, first: Sequence[str], terms: Sequence[str]) -> Found:
        if terms:
            return crawl.crawl(self.twins.stage, actor, first, terms, but=self._but, read=self.read)
        return crawl.only(self.twins.stage, actor, first, read=self.read)


def _is_letter(address: str) -> bool:
    return not address.startswith("/")
