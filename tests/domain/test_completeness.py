"""What a nomination needs before it is handed in."""

from collections.abc import Collection, Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from award_app.domain.completeness import Problem, ProblemCode, check_value, count_words, problems
from award_app.domain.form import Field, fields

CODE = ProblemCode
CRITERIA = ("impact", "leadership")
WINDOW = (date(2026, 1, 1), date(2026, 12, 31))
COMPLETE = {
    "family_name": "Mugabo",
    "given_names": "Claire",
    "publish_name": "Claire Mugabo",
    "rank_original": "Chief Inspector of Police",
    "rank_english": "Chief Inspector",
    "country": "RW",
    "home_service": "Rwanda National Police",
    "kind": "IPO",
    "un_function": "Gender adviser",
    "unit": "Sector South",
    "duty_place": "Team site Alpha",
    "mission_start": "2025-06-01",
    "tour_end": "2026-06-01",
    "years_of_service": "12",
    "career": "Twelve years of community policing.",
    "contact_email": "claire@example.org",
    "contact_phone": "+250 788 000 000",
    "working_language": "en",
    "reason": "She opened the desks.",
    "achievements.0.before": "Nobody reported.",
    "achievements.0.action": "She opened a desk.",
    "achievements.0.result": "Reports came in.",
    "achievements.0.dates": "March to June 2026",
    "achievements.0.place": "Alpha",
    "citation": "For the desks she opened.",
    "answer.impact": "Much.",
    "answer.leadership": "She led.",
    "true_and_complete": "yes",
    "identifies_survivor": "no",
    "consent": "given",
}
FILES = ("endorsement_letter", "cv")


def found(
    changes: Mapping[str, str] | None = None,
    *,
    files: Collection[str] = FILES,
    letters: int = 0,
    without: tuple[str, ...] = (),
) -> tuple[Problem, ...]:
    answers = {key: text for key, text in COMPLETE.items() if key not in without} | dict(changes or {})
    return problems(answers, criteria=CRITERIA, attachments=files, service_window=WINDOW, letters=letters)


def test_a_complete_file_has_no_problem() -> None:
    assert found() == ()
    assert found({"photo_credit": "UN Photo/invented"}, files=(*FILES, "photo"), letters=2) == ()


def test_an_empty_file_lacks_everything_that_is_required_page_by_page() -> None:
    required = [item for item in fields(CRITERIA, {}) if item.required]
    lacking = [Problem(item.key, CODE.MISSING) for item in required if item.key != "true_and_complete"]
    files = [Problem("endorsement_letter", CODE.MISSING_FILE), Problem("cv", CODE.MISSING_FILE)]
    statements = [Problem("true_and_complete", CODE.NOT_TICKED), *lacking[-2:]]
    assert list(problems({}, criteria=CRITERIA, attachments=(), service_window=WINDOW, letters=0)) == [
        *lacking[:-2],
        *files,
        *statements,
    ]


@pytest.mark.parametrize("key", [key for key in COMPLETE if key != "true_and_complete"])
def test_each_answer_is_missed_by_itself(key: str) -> None:
    assert found(without=(key,)) == (Problem(key, CODE.MISSING),)
    assert found({key: " \n\t"}) == (Problem(key, CODE.MISSING),)


ONE_WRONG = [
    ("a word too many", {"reason": "word " * 41}, Problem("reason", CODE.TOO_LONG, 40)),
    ("a text without spaces has a bound too", {"reason": "x" * 801}, Problem("reason", CODE.TOO_MANY_CHARS, 800)),
    ("a line too long", {"unit": "x" * 201}, Problem("unit", CODE.TOO_MANY_CHARS, 200)),
    ("a day that does not exist", {"tour_end": "2026-02-30"}, Problem("tour_end", CODE.NOT_A_DATE)),
    ("a day in another order", {"tour_end": "01.06.2026"}, Problem("tour_end", CODE.NOT_A_DATE)),
    ("a date in the short ISO form", {"tour_end": "20260601"}, Problem("tour_end", CODE.NOT_A_DATE)),
    ("years in words", {"years_of_service": "ten"}, Problem("years_of_service", CODE.NOT_A_NUMBER, 50)),
    ("more than fifty years", {"years_of_service": "51"}, Problem("years_of_service", CODE.NOT_A_NUMBER, 50)),
    ("less than none", {"years_of_service": "-1"}, Problem("years_of_service", CODE.NOT_A_NUMBER, 50)),
    ("half a year", {"years_of_service": "1.5"}, Problem("years_of_service", CODE.NOT_A_NUMBER, 50)),
    ("digits of another script", {"years_of_service": "²"}, Problem("years_of_service", CODE.NOT_A_NUMBER, 50)),
    ("an address without @", {"contact_email": "claire.example.org"}, Problem("contact_email", CODE.NOT_AN_EMAIL)),
    (
        "an address with a line break",
        {"contact_email": "a@b.org\nBcc:c@d.org"},
        Problem("contact_email", CODE.NOT_AN_EMAIL),
    ),
    ("two addresses", {"contact_email": "a@b.org,c@d.org"}, Problem("contact_email", CODE.NOT_AN_EMAIL)),
    ("a domain without a dot", {"contact_email": "a@b"}, Problem("contact_email", CODE.NOT_AN_EMAIL)),
    ("a phone with too few digits", {"contact_phone": "ext. 12"}, Problem("contact_phone", CODE.NOT_A_NUMBER)),
    ("an area is not a country", {"country": "EH"}, Problem("country", CODE.NOT_A_CHOICE)),
    ("a kind that does not exist", {"kind": "ipo"}, Problem("kind", CODE.NOT_A_CHOICE)),
    ("neither yes nor no", {"identifies_survivor": "maybe"}, Problem("identifies_survivor", CODE.NOT_A_CHOICE)),
    ("a statement refused", {"true_and_complete": "no"}, Problem("true_and_complete", CODE.NOT_TICKED)),
    ("a statement left open", {"true_and_complete": ""}, Problem("true_and_complete", CODE.NOT_TICKED)),
    ("a tour that ends before it starts", {"tour_end": "2025-05-31"}, Problem("tour_end", CODE.ENDS_BEFORE_START)),
    (
        "a tour over a day before the service window",
        {"tour_end": "2025-12-31"},
        Problem("mission_start", CODE.OUTSIDE_SERVICE_WINDOW),
    ),
    (
        "a tour that starts a day after it",
        {"mission_start": "2027-01-01", "tour_end": "2027-06-01"},
        Problem("mission_start", CODE.OUTSIDE_SERVICE_WINDOW),
    ),
    (
        "a number without what it counts",
        {"achievements.0.number": "40", "achievements.0.source": "Annual report"},
        Problem("achievements.0.number_unit", CODE.NEEDS_UNIT),
    ),
    (
        "a number from nowhere",
        {"achievements.0.number": "40", "achievements.0.number_unit": "desks"},
        Problem("achievements.0.source", CODE.NEEDS_SOURCE),
    ),
    ("a row too many", {"achievements.5.place": "Beta"}, Problem("achievements", CODE.TOO_MANY_ROWS, 5)),
]


@pytest.mark.parametrize(("changes", "problem"), [case[1:] for case in ONE_WRONG], ids=[case[0] for case in ONE_WRONG])
def test_one_thing_wrong_is_one_problem(changes: dict[str, str], problem: Problem) -> None:
    assert found(changes) == (problem,)


STILL_FINE = [
    ("exactly the words allowed", {"reason": "word " * 40}),
    ("no year of service and fifty", {"years_of_service": "0"}),
    ("fifty years", {"years_of_service": "50"}),
    ("the last day of the tour is the first of the window", {"tour_end": "2026-01-01"}),
    ("the first day is the last of the window", {"mission_start": "2026-12-31", "tour_end": "2027-06-01"}),
    ("a tour of one day", {"mission_start": "2026-03-01", "tour_end": "2026-03-01"}),
    ("a unit and a source without a number", {"achievements.0.source": "x", "achievements.0.number_unit": "y"}),
    ("an answer to a criterion that the cycle no longer has", {"answer.gone": "x " * 999}),
    ("a key the form does not have", {"country_of_birth": "x"}),
    ("a space around a choice", {"kind": " FPU "}),
    ("a phone number in Arabic digits", {"contact_phone": "٠١٢٣٤٥"}),
    ("an address with letters beyond ASCII", {"contact_email": "zoé@exämple.org"}),
]


@pytest.mark.parametrize("changes", [case[1] for case in STILL_FINE], ids=[case[0] for case in STILL_FINE])
def test_what_is_no_problem(changes: dict[str, str]) -> None:
    assert found(changes) == ()


def test_a_row_once_begun_must_be_finished() -> None:
    assert found({"earlier.1.mission": "UNMIL"}) == (
        Problem("earlier.1.from", CODE.MISSING),
        Problem("earlier.1.to", CODE.MISSING),
        Problem("earlier.1.role", CODE.MISSING),
    )


def test_a_supervisor_may_have_no_address_and_no_end() -> None:
    row = {"supervisors.0.name": "A. Ba", "supervisors.0.level": "direct", "supervisors.0.from": "2025-01-01"}
    assert found(row) == ()
    assert found(row | {"supervisors.0.to": "2024-12-31"}) == (Problem("supervisors.0.to", CODE.ENDS_BEFORE_START),)


def test_one_achievement_is_enough_wherever_it_stands() -> None:
    first = tuple(key for key in COMPLETE if key.startswith("achievements.0."))
    moved = {key.replace(".0.", ".3."): COMPLETE[key] for key in first}
    assert found(moved, without=first) == ()


def test_files() -> None:
    assert found(files=()) == (Problem("endorsement_letter", CODE.MISSING_FILE), Problem("cv", CODE.MISSING_FILE))
    assert found(files=(*FILES, "photo")) == (Problem("photo_credit", CODE.NEEDS_CREDIT),)
    assert found(letters=3) == (Problem("letters", CODE.TOO_MANY_LETTERS, 2),)


WORDS = [
    ("nothing", "", 0),
    ("only space", " \n\u00a0\u3000", 0),
    ("a hyphen joins, a dash between spaces is no word", "Gender-based — yes", 2),
    ("apostrophes join", "l'officière n'a rien dit", 4),
    ("numbers and signs", "40 % of 3,000 women • 2026", 5),
    ("Arabic", "ضابطة شرطة الأمم المتحدة", 4),
    ("Russian", "Она открыла три кабинета.", 4),
    ("each Han character, not the punctuation", "她开设了三个办公室。", 9),
    ("Han and Latin together", "UN警察 2026年", 5),
    ("each kana", "ひらがな カタカナ", 8),
    ("Thai: a word for every four letters begun", "ตำรวจ", 2),
    ("Korean has spaces", "유엔 여성 경찰", 3),
    ("a zero-width space separates", "one\u200btwo", 2),
]


@pytest.mark.parametrize(("text", "words"), [case[1:] for case in WORDS], ids=[case[0] for case in WORDS])
def test_counting_words(text: str, words: int) -> None:
    assert count_words(text) == words


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("abcñé女ไขก-—3", max_size=6), max_size=5))
def test_words_are_counted_alike_whatever_the_space_between(parts: list[str]) -> None:
    assert count_words(" ".join(parts)) == count_words("\n\n\t".join(parts)) == sum(map(count_words, parts))


def test_while_typing_an_empty_answer_is_fine() -> None:
    for item in fields(CRITERIA, {"earlier": 1, "supervisors": 1}):
        assert check_value(item, "") is None
        assert check_value(item, "  ") is None


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(fields(CRITERIA, {"earlier": 1, "supervisors": 1})), st.text(max_size=30))
def test_what_is_wrong_while_typing_is_wrong_at_the_end(item: Field, text: str) -> None:
    problem = check_value(item, text)
    assert problem is None or problem in found({item.key: text})
