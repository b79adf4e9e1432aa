"""Passkeys (WebAuthn): what a browser is asked, and whether its answer is right.

They are asked for beside a password, so that somebody was present is enough. A key belongs to the host of BASE_URL, and
its answer must come from a page of that address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

import structlog
from flask import current_app
from sqlalchemy import CursorResult, select, update

from award_app import chance
from award_app.accounts.factors.models import Passkey
from award_app.accounts.models import Person
from award_app.db import db
from award_app.domain.vocabulary import Refusal, Refused

log = structlog.get_logger()


@dataclass(frozen=True)
class Site:
    host: str
    origin: str


def site() -> Site:
    address = urlsplit(str(current_app.config["BASE_URL"]))
    return Site(address.hostname or "", f"{address.scheme}://{address.netloc}")


def to_create(person: Person, challenge: str, known: Sequence[Passkey]) -> str:
    """What a browser needs to make one, as JSON. A device that holds one of hers makes no second."""
    import webauthn  # here, because most processes never meet one
    from webauthn.helpers import structs

    options = webauthn.generate_registration_options(
        rp_id=site().host,
        rp_name="Laurel",
        user_id=person.ref.encode(),
        user_name=person.email,
        user_display_name=person.name,
        challenge=bytes.fromhex(challenge),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=key.credential_id) for key in known],
    )
    return webauthn.options_to_json(options)


def to_show(challenge: str, known: Sequence[Passkey]) -> str:
    """What a browser needs to show one of these, as JSON."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_authentication_options(
        rp_id=site().host,
        challenge=bytes.fromhex(challenge),
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=key.credential_id) for key in known],
    )
    return webauthn.options_to_json(options)


def made(person: Person, answer: str, label: str, *, challenge: str, now: datetime) -> Passkey:
    """Keep the key a browser made. Raises INVALID where the answer is not one to this challenge from our own page."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        right = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=bytes.fromhex(challenge),
            expected_rp_id=site().host,
            expected_origin=site().origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        log.info("a new passkey is refused", reason=type(error).__name__)
        raise Refused(Refusal.INVALID) from None
    if db.session.scalar(select(Passkey.id).where(Passkey.credential_id == right.credential_id)) is not None:
        raise Refused(Refusal.ALREADY_DONE)
    key = Passkey(
        ref=chance.reference(),
        person_id=person.id,
        credential_id=right.credential_id,
        public_key=right.credential_public_key,
        sign_count=right.sign_count,
        label=label,
        created_at=now,
    )
    db.session.add(key)
    db.session.flush()
    return key


def shown(known: Sequence[Passkey], answer: str, *, challenge: str, now: datetime) -> Passkey | None:
    """The key that signed the challenge. A count that does not go on tells of a copy: that is refused too."""
    import webauthn
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        credential = parse_authentication_credential_json(answer)
        key = next((one for one in known if one.credential_id == credential.raw_id), None)
        if key is None:
            return None
        right = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=bytes.fromhex(challenge),
            expected_rp_id=site().host,
            expected_origin=site().origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        log.info("a passkey is refused", reason=type(error).__name__)
        return None
    return key if _note_use(key, right.new_sign_count, now) else None


def _note_use(key: Passkey, count: int, now: datetime) -> bool:
    """Of two that show the same count at once, one does."""
    same = (Passkey.id == key.id, Passkey.sign_count == key.sign_count, Passkey.removed_at.is_(None))
    noted = update(Passkey).where(*same).values(sign_count=count, used_at=now)
    return cast("CursorResult[Any]", db.session.execute(noted)).rowcount == 1
