"""A passkey made of a few lines: what a browser and its authenticator would answer, also where they would lie."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, HAS_KEY = 0x01, 0x40


@dataclass
class SoftKey:
    """`host` and `origin` are what it believes the page to be; `count` what it has signed so far."""

    host: str = "localhost"
    origin: str = "http://localhost:8000"
    name: bytes = b"a soft key of the tests"
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: str) -> str:
        """The answer to navigator.credentials.create."""
        asked = json.loads(options)
        client = self._client("webauthn.create", asked["challenge"])
        data = self._data(PRESENT | HAS_KEY) + bytes(16) + len(self.name).to_bytes(2, "big") + self.name + self._cose()
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": _text(client), "attestationObject": _text(attestation)})

    def show(self, options: str) -> str:
        """The answer to navigator.credentials.get."""
        client = self._client("webauthn.get", json.loads(options)["challenge"])
        self.count += 1
        data = self._data(PRESENT)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer({part: _text(value) for part, value in parts.items()})

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _cose(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = (value.to_bytes(32, "big") for value in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _answer(self, response: dict[str, Any]) -> str:
        name = _text(self.name)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
