"""What production is made of, as CycloneDX 1.5: each package of requirements.txt with its version, hashes and licence.

No time and no number of the document's own: the same packages give the same file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import Any, Final, cast

ROOT: Final = Path(__file__).resolve().parent.parent
_PIN = re.compile(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)([^\n\\]*)", re.MULTILINE)
_LICENCE = re.compile(r"License :: OSI Approved :: (.+)")
# Not installed on this system or interpreter, so that what they say of themselves cannot be read; or silent.
KNOWN: Final = {"async-timeout": "Apache-2.0", "brotlicffi": "MIT", "colorama": "BSD-3-Clause", "pysqlite3": "Zlib"}


def requirements() -> str:
    return (ROOT / "requirements.txt").read_text()


def document(pinned: str) -> dict[str, Any]:
    """Errors: LookupError for a package whose licence is not known."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "laurel", "version": "0.1.0"}},
        "components": list(components(pinned)),
    }


def components(pinned: str) -> Iterator[dict[str, Any]]:
    found = list(_PIN.finditer(pinned))
    for one, following in zip(found, [*found[1:], None], strict=True):
        name, version, _marker = one.groups()
        block = pinned[one.end() : following.start() if following else None]
        yield {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name.lower()}@{version}",
            "hashes": [{"alg": "SHA-256", "content": digest} for digest in re.findall(r"sha256:([0-9a-f]{64})", block)],
            "licenses": [{"license": {"name": licence(name)}}],
        }


def licence(name: str) -> str:
    """As the package says it of itself: an expression, else its classifiers, else the first line of its licence."""
    if name in KNOWN:
        return KNOWN[name]
    told = cast(Message, metadata.metadata(name))
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    classified = [match[1] for line in told.get_all("Classifier") or [] if (match := _LICENCE.match(line))]
    said = " AND ".join(classified) or str(told.get("License") or "").strip().split("\n")[0]
    if not said:
        raise LookupError(f"{name} does not say its licence")
    return said
