"""Which answers the nomination file has."""

import pytest

from award_app.domain.form import CONTACT_FIELDS, ROW_GROUPS, STEPS, Field, Kind, field, fields, row_counts

CRITERIA = ("impact", "leadership")


def test_the_form_without_optional_rows_in_its_order() -> None:
    assert [(item.step, item.key) for item in fields(CRITERIA, {})] == [
        *(
            ("nominee", key)
            for key in (
                "family_name", "given_names", "publish_name", "rank_original", "rank_english", "country",
                "home_service", "kind",
            )
        ),
        *(
            ("service", key)
            for key in (
                "un_function", "unit", "duty_place", "mission_start", "tour_end", "years_of_service", "career",
            )
        ),
        *(("contact", key) for key in ("contact_email", "contact_phone", "working_language")),
        ("case", "reason"),
        *(
            ("case", f"achievements.0.{part}")
            for part in ("before", "action", "result", "dates", "place", "number", "number_unit", "source")
        ),
        ("case", "citation"),
        ("criteria", "answer.impact"),
        ("criteria", "answer.leadership"),
        ("files", "photo_credit"),
        *(("statements", key) for key in ("true_and_complete", "identifies_survivor", "consent")),
    ]  # fmt: skip


def test_the_pages_come_in_the_order_of_the_steps() -> None:
    steps = [item.step for item in fields(CRITERIA, {"earlier": 2, "supervisors": 1})]
    assert tuple(dict.fromkeys(steps)) == STEPS
    assert steps == sorted(steps, key=STEPS.index)


def test_rows_stand_one_after_the_other() -> None:
    keys = [item.key for item in fields((), {"earlier": 2}) if item.key.startswith("earlier")]
    assert keys == [f"earlier.{number}.{part}" for number in (0, 1) for part in ("mission", "from", "to", "role")]


LIMITS = [
    # word limits as DOMAIN.md has them
    ("career", 150),
    ("reason", 40),
    ("achievements.4.result", 200),
    ("citation", 120),
    ("answer.impact", 300),
    ("unit", None),
]


@pytest.mark.parametrize(("key", "words"), LIMITS)
def test_word_limits(key: str, words: int | None) -> None:
    item = field(key, CRITERIA)
    assert item is not None
    assert item.max_words == words


def test_every_field_is_found_under_its_key() -> None:
    everything = fields(CRITERIA, {group: rows.max for group, rows in ROW_GROUPS.items()})
    assert [field(item.key, CRITERIA) for item in everything] == list(everything)


def test_only_these_may_stay_empty() -> None:
    rows = dict.fromkeys(ROW_GROUPS, 1)
    assert [item.key for item in fields(CRITERIA, rows) if not item.required] == [
        "supervisors.0.email",
        "supervisors.0.to",
        "achievements.0.number",
        "achievements.0.number_unit",
        "achievements.0.source",
        "photo_credit",
    ]


FOREIGN = [
    "", "score", "country ", "Country", "answer.", "answer.conduct", "answer", "earlier", "earlier.0", "earlier.10.role",
    "earlier.-1.role", "earlier.00.role", "earlier.0.name", "earlier.٠.role", "earlier.0.role\n", "achievements.5.before",
    "supervisors.4.name", "teams.0.name", "earlier.99999999999.role", "earlier.0.role.x",
]  # fmt: skip


@pytest.mark.parametrize("key", FOREIGN)
def test_a_key_the_form_does_not_have(key: str) -> None:
    assert field(key, CRITERIA) is None


def test_row_counts() -> None:
    assert row_counts({}) == {"earlier": 0, "supervisors": 0, "achievements": 1}
    # up to the last row with anything in it; a row emptied again does not count
    answers = {"earlier.2.role": "x", "earlier.5.role": " ", "achievements.1.place": "y", "supervisors.3.name": "z"}
    assert row_counts(answers) == {"earlier": 3, "supervisors": 4, "achievements": 2}
    # too many is said, but never shown
    assert row_counts({"earlier.4711.role": "x"})["earlier"] == 4712
    assert len([item for item in fields((), {"earlier": 4712}) if item.key.startswith("earlier")]) == 40


def test_what_the_panel_never_sees() -> None:
    assert set(CONTACT_FIELDS) == {
        "contact_email",
        "contact_phone",
        "working_language",
        "supervisors.0.email",
        "supervisors.1.email",
        "supervisors.2.email",
        "supervisors.3.email",
    }


def test_choices() -> None:
    choices = {item.key: item.choices for item in fields((), {"supervisors": 1}) if item.kind is Kind.CHOICE}
    assert choices == {
        "kind": ("IPO", "FPU", "SPT", "contracted"),
        "supervisors.0.level": ("direct", "second"),
        "working_language": ("ar", "zh", "en", "fr", "ru", "es"),
        "consent": ("given", "not_told", "refused"),
    }
    country = field("country", ())
    assert isinstance(country, Field)
    assert len(set(country.choices)) == 195
