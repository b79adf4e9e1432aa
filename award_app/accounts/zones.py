"""Time zones as people name them: by a city. Few are offered, all that this machine knows are understood."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import available_timezones

from award_app.accounts.models import Person
from award_app.cycles.models import Mission

SEATS_OF_OFFICES = (
    "America/New_York",
    "Europe/Brussels",
    "Africa/Addis_Ababa",
    "UTC",
)  # where much of the work is done


@lru_cache(maxsize=1)
def known() -> dict[str, str]:
    """What somebody may write, without case → the zone; reading the zones goes to the disk, so once."""
    zones = ["UTC", *sorted(z for z in available_timezones() if "/" in z and not z.startswith(("Etc/", "SystemV/")))]
    cities: dict[str, str] = {}
    for zone in zones:
        cities.setdefault(_plain(zone.rpartition("/")[2]), zone)
    return {**cities, **{_plain(zone): zone for zone in zones}}


def find(written: str) -> str | None:
    """`juba`, `New York` or `Africa/Juba` → the zone's name; None for what is no place with a zone of its own."""
    return known().get(_plain(written))


def shown(zone: str) -> str:
    return zone.replace("_", " ")


def offered(person: Person, missions: Iterable[Mission]) -> list[str]:
    """Her missions' zones first, then those of all missions, then where offices are; each once."""
    own = [a.mission.timezone for a in person.appointments if a.mission and a.ended_at is None]
    others = sorted({mission.timezone for mission in missions if mission.timezone})
    return list(dict.fromkeys([*filter(None, own), *others, *SEATS_OF_OFFICES]))


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold()
