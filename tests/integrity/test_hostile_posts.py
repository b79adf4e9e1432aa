"""Bad input gets a page with a sentence and never a failure: a seeded share here, all of it in `make integrity`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import pytest

from tests.integrity import hostile
from tests.integrity.forms import Sent, forms
from tests.integrity.hostile import Answers
from tests.integrity.routes import guarded_routes
from tests.integrity.stage import ANONYMOUS, Stage, staged
from tests.servers import fresh_database

SHARE, SEED = 0.01, 1


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("hostile")) as built:
        yield built


@pytest.fixture(scope="module")
def found(stage: Stage) -> list[Sent]:
    return forms(stage)


def test_every_post_route_answers_bad_input_with_a_sentence(stage: Stage, found: list[Sent]) -> None:
    answers = Answers()
    posts = {route.endpoint for route in guarded_routes(stage.app) if route.method == "POST"}
    assert posts - {form.endpoint for form in found} == set()
    cases = chain(hostile.cases(found, hostile.references(stage)), [*hostile.addresses(stage)])
    for case in hostile.some(cases, SHARE, SEED):
        hostile.send(stage, case, answers)
    print(f"{answers.cases} cases: {dict(answers.statuses)}")
    assert answers.deviations == []
    assert answers.statuses[422] > 20  # so many were truly looked at
    assert answers.statuses[404] > 10


def test_a_body_too_large_is_answered_with_a_page(stage: Stage) -> None:
    """Beyond the largest attachment and what stands around it."""
    body = b"reason=" + b"x" * int(stage.app.config["MAX_CONTENT_LENGTH"])
    case = hostile.Case("too large", "authority", "POST", hostile.any_address(stage), body)
    answer = hostile.send(stage, case, Answers())
    assert answer.status_code == 413
    assert b"<h1" in answer.data


def test_a_form_without_its_token_changes_nothing(
    stage: Stage, found: list[Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither missing nor forged, neither for those who may nor for anybody else."""
    monkeypatch.setitem(stage.app.config, "WTF_CSRF_ENABLED", True)
    before = stage.fingerprint()
    for form in found:
        for body in (b"", b"csrf_token=forged", b"csrf_token="):
            for actor in (form.actor, ANONYMOUS):
                answer = stage.send(
                    actor, "POST", form.path, data=body, content_type="application/x-www-form-urlencoded"
                )
                assert (form.endpoint, answer.status_code) == (form.endpoint, 400)
                assert b"<h1" in answer.data
    assert stage.fingerprint() == before


@pytest.mark.served
def test_postgresql_refuses_what_it_cannot_keep_and_nobody_sees_a_failure(
    postgres_server: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """NUL, numbers beyond its columns and days beyond the calendar, on every form and in every address."""
    answers = Answers()
    with fresh_database(postgres_server) as url, staged(tmp_path_factory.mktemp("pg"), DATABASE_URL=url) as stage:
        hard = ("NUL", "number", "digits", "surrogate", "UTF-8", "day", "minute", "year 0", "beyond")
        cases = chain(hostile.cases(forms(stage), []), [*hostile.addresses(stage)])
        chosen = (case for case in cases if any(word in case.name for word in hard))
        for case in hostile.some(chosen, SHARE * 2, SEED):
            hostile.send(stage, case, answers)
    print(f"{answers.cases} cases on PostgreSQL: {dict(answers.statuses)}")
    assert answers.deviations == []
    assert answers.cases > 100
