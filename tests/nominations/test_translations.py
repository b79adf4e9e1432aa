"""A translation beside the original: never part of the file, and marked by whose it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from award_app.accounts.models import Person
from award_app.db import db, transaction
from award_app.domain.vocabulary import NominationState, Refusal
from award_app.nominations import operations, queries, screening
from award_app.nominations.models import Nomination, Translation
from award_app.nominations.translations import operations as translating
from award_app.nominations.translations import queries as translations
from tests import factories as make
from tests.conftest import Clock
from tests.nominations.conftest import Place
from tests.nominations.test_operations import refusal

As = Callable[[Person], FlaskClient]
on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
REASON = "Elle a ouvert un bureau auquel on fait confiance."


def write(file: Nomination, by: Person, clock: Clock, language: str = "fr", **texts: str) -> tuple[str, ...]:
    given = {key.replace("__", "."): text for key, text in texts.items()}
    seen = {key: row.revision for key, row in translations.into(file, language).items()}
    with transaction():
        return translating.translate(file, language, given, seen=seen, by=by, now=clock.now)


def cleared(place: Place, file: Nomination, clock: Clock) -> None:
    with transaction():
        screening.declare_as_secretariat(file, conflict=False, reason=None, by=place.secretariat, now=clock.now)


def test_a_translation_changes_no_digest_and_voids_no_endorsement(place: Place, clock: Clock) -> None:
    file = place.endorsed(clock.now)
    digest = queries.file_digest(file)
    assert write(file, place.nominator, clock, reason=REASON, unit="Police de proximité") == ("reason", "unit")
    assert (queries.file_digest(file), file.state) == (digest, NominationState.ENDORSED)
    with transaction():
        operations.hand_in(file, by=place.authority, now=clock.now)
    assert file.submitted_digest == digest


def test_only_what_changed_is_a_revision_and_an_empty_text_takes_it_away(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    write(file, place.nominator, clock, reason=REASON, unit="Police")
    assert write(file, place.nominator, clock, reason=REASON, unit="") == ("unit",)
    assert [row.text for row in translations.newest(file)["reason"]] == [REASON]
    assert "unit" not in translations.newest(file)
    assert db.session.query(Translation).count() == 3


def test_a_page_opened_long_ago_takes_nothing_back(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    write(file, place.nominator, clock, reason="Un.")
    write(file, place.nominator, clock, reason="Deux.")
    old = {"reason": "Un.", "unit": "Police"}
    with transaction():
        seen = {"reason": 1}
        changed = translating.translate(file, "fr", old, seen=seen, by=place.nominator, now=clock.now)
    assert changed == ("unit",)
    assert translations.into(file, "fr")["reason"].text == "Deux."


@pytest.mark.parametrize(
    ("language", "texts", "problems"),
    [
        ("en", {"reason": "The original is English."}, ()),
        ("de", {"reason": "Not one of the six."}, ()),
        ("fr", {"family_name": "Names have no language."}, ()),
        ("fr", {"contact_email": "Nor have addresses."}, ()),
        ("fr", {"rank": "There is no such answer."}, ()),
        ("fr", {"reason": "x" * 2401}, ("reason",)),
    ],
)
def test_what_has_no_words_is_not_translated(
    place: Place, clock: Clock, language: str, texts: dict[str, str], problems: tuple[str, ...]
) -> None:
    file = place.file(clock.now)
    said = refusal(lambda: translating.translate(file, language, texts, seen={}, by=place.nominator, now=clock.now))
    assert (said.refusal, said.problems) == (Refusal.INVALID, problems)


def test_the_language_of_the_original_is_its_writers_until_she_says_another(place: Place, clock: Clock) -> None:
    with transaction():
        place.nominator.locale = "fr"
    file = place.file(clock.now)
    assert (translations.language_of(file), "fr" in translations.targets(file)) == ("fr", False)
    endorsed = queries.file_digest(file)
    with transaction():
        operations.save(file, {}, seen={}, operation_id="x", language="ar", by=place.nominator, now=clock.now)
    assert (translations.language_of(file), queries.file_digest(file)) == ("ar", endorsed)


def test_it_says_whether_the_mission_or_the_secretariat_wrote_it(place: Place, clock: Clock) -> None:
    file = place.file(clock.now)
    write(file, place.nominator, clock, reason=REASON, citation="Une porte.")
    with transaction():
        place.endorse(file, clock.now)
    with transaction():
        operations.hand_in(file, by=place.authority, now=clock.now)
    cleared(place, file, clock)
    write(file, place.secretariat, clock, citation="Une porte reste ouverte.")
    found = translations.newest(file)
    assert [(key, found[key][0].by_mission) for key in ("reason", "citation")] == [
        ("reason", True),
        ("citation", False),
    ]


@on_sqlite
def test_it_is_written_page_by_page_and_stands_beside_the_original(place: Place, clock: Clock, as_: As) -> None:
    file, writer = place.file(clock.now), as_(place.nominator)
    address = f"/nominations/{file.ref}/translate/case?to=fr"
    html = writer.get(address).text
    assert ("From English into French." in html, make.ANSWERS["reason"] in html) == (True, True)
    sent = {"to.reason": REASON, "to.achievements.0.source": "Registre du bureau", "seen": "{}"}
    onward = writer.post(address, data=sent).location
    assert onward == f"/nominations/{file.ref}/translate/criteria?to=fr"
    html = writer.get(f"/nominations/{file.ref}/check").text
    assert f'<div class="prose" lang="fr" dir="auto">{REASON}</div>' in html
    assert f'<div class="prose" lang="en" dir="auto">{make.ANSWERS["reason"]}</div>' in html
    assert "In French, translated by the mission" in html
    long = writer.post(address, data={"to.reason": "y" * 2401})
    assert (long.status_code, "y" * 2401 in long.text, 'id="to-reason-error"' in long.text) == (422, True, True)


@on_sqlite
def test_the_panel_reads_it_and_the_receipt_does_not_hold_it(place: Place, clock: Clock, as_: As) -> None:
    file = place.handed_in(clock.now)
    cleared(place, file, clock)
    write(file, place.secretariat, clock, reason=REASON)
    with transaction():
        screening.accept(file, by=place.secretariat, now=clock.now)
        member, observer = make.member(place.cycle), make.observer()
        make.declaration(file, member)
    pages = {
        place.secretariat: f"/screening/files/{file.ref}",
        member: f"/panel/{place.cycle.award_year}/{file.ref}",
        observer: f"/nominations/{file.ref}",
        place.nominator: f"/nominations/{file.ref}/receipt",
    }
    assert [REASON in as_(person).get(page).text for person, page in pages.items()] == [True, True, True, False]


@on_sqlite
@pytest.mark.parametrize("page", ["nominee", "service", "contact", "files", "statements"])
def test_every_page_of_the_form_answers_and_what_there_is_not_is_not_found(
    place: Place, clock: Clock, as_: As, page: str
) -> None:
    file, writer = place.file(clock.now), as_(place.nominator)
    assert writer.get(f"/nominations/{file.ref}/translate/{page}").status_code == 200
    for odd in ("case?to=en", "case?to=de", "nothing"):
        assert writer.get(f"/nominations/{file.ref}/translate/{odd}").status_code == 404


@on_sqlite
def test_too_late_is_said_with_what_was_typed(place: Place, clock: Clock, as_: As) -> None:
    file = place.file(clock.now)
    clock.move_to(place.cycle.closes_at)
    answer = as_(place.nominator).post(f"/nominations/{file.ref}/translate/case?to=fr", data={"to.reason": REASON})
    assert (answer.status_code, REASON in answer.text) == (409, True)


@on_sqlite
def test_the_first_page_of_the_form_asks_for_the_language(place: Place, clock: Clock, as_: As) -> None:
    file, writer = place.file(clock.now), as_(place.nominator)
    address = f"/nominations/{file.ref}/edit/nominee"
    assert "In which language do you write this file?" in writer.get(address).text
    assert writer.post(address, data={"language": "es"}).status_code == 302
    assert writer.post(address, data={"language": "klingon"}).status_code == 302
    assert translations.language_of(db.session.get_one(Nomination, file.id)) == "es"
    assert "In which language" not in writer.get(f"/nominations/{file.ref}/edit/service").text
