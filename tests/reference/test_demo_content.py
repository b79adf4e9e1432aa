"""The invented content of the demonstration keeps what the form, the rules of conflict and the story need."""

import json
from collections import Counter
from datetime import date, timedelta
from math import floor
from pathlib import Path
from typing import Any

import pytest

from award_app.domain.completeness import check_value, problems
from award_app.domain.conflicts import File, Member, Rule, Stint, Supervisor, find
from award_app.domain.form import field
from award_app.domain.names import same_name
from award_app.domain.ranking import Score, Summary, summarise
from award_app.domain.words import count_words
from award_app.reference.rubric import default_criteria

REFERENCE = Path(__file__).parents[2] / "award_app" / "reference"
TODAY = date(2026, 6, 1)
# The day on which the panel of each year declares, in days before today.
DECLARED_DAYS_AGO = {"nominations_last": 330, "nominations_this": 0}
YEARS = tuple(DECLARED_DAYS_AGO)
# First and last day of each service window, in days before today.
SERVICE_WINDOW = {"nominations_last": (845, 465), "nominations_this": (480, 100), "nominations_next": (300, -80)}
RELATIVE_DATES = {
    "mission_start_days_ago": -1,
    "tour_end_days_ahead": 1,
    "from_days_ago": -1,
    "to_days_ago": -1,
}

Data = dict[str, Any]


def load(name: str) -> Any:
    return json.loads((REFERENCE / "demo" / f"{name}.json").read_text("utf-8"))


PEOPLE, SCORES, CYCLE = load("people"), load("scores"), load("cycle")
FILES: dict[str, list[Data]] = {name: load(name) for name in (*YEARS, "nominations_next")}
CRITERIA = [item.code for item in default_criteria() if item.kind == "scale"]
WEIGHTS = {number: float(item.weight) for number, item in enumerate(default_criteria())}


def answers(nomination: Data) -> dict[str, str]:
    """As the form stores them: days turned into dates, everything a text."""
    texts = {}
    for key, value in nomination["answers"].items():
        last = key.rsplit(".", 1)[-1]
        if last in RELATIVE_DATES:
            day = TODAY + timedelta(days=RELATIVE_DATES[last] * value)
            texts[key.removesuffix("_days_ago").removesuffix("_days_ahead")] = day.isoformat()
        else:
            texts[key] = value
    return texts


def accepted(year: str) -> list[tuple[int, Data]]:
    return [(number, item) for number, item in enumerate(FILES[year]) if item["screening"] != "ineligible"]


def everybody() -> list[Data]:
    return [item for items in FILES.values() for item in items]


def ago(days: int | None) -> date | None:
    return None if days is None else TODAY - timedelta(days=days)


def member(number: int, person: Data) -> Member:
    stints = tuple(
        Stint(stint["mission"], TODAY - timedelta(days=stint["start_days_ago"]), ago(stint["end_days_ago"]))
        for stint in person["stints"]
    )
    return Member(number, person["email"], person["name"], person["nationality"], person["home_service"], stints)


def supervisors(given: dict[str, str]) -> tuple[Supervisor, ...]:
    rows = [{part: given.get(f"supervisors.{n}.{part}", "") for part in ("name", "email", "level", "from", "to")}
            for n in range(4)]  # fmt: skip
    return tuple(
        Supervisor(r["name"], r["email"], r["level"], date.fromisoformat(r["from"]), date.fromisoformat(r["to"]))
        for r in rows
        if r["name"]
    )


def rules(person: Data, nomination: Data, year: str) -> set[Rule]:
    given = answers(nomination)
    letters = frozenset(letter["author_email"] for letter in nomination["supporting_letters"])
    file = File(nomination["mission"], given["country"], given["home_service"], supervisors(given),
                letter_emails=letters)  # fmt: skip
    on = TODAY - timedelta(days=DECLARED_DAYS_AGO[year])
    return {finding.rule for finding in find(member(0, person), file, on)}


def marked(mark: str) -> Data:
    (person,) = [person for person in PEOPLE["panel"] if person.get(mark)]
    return dict(person)


def recusals(year: str) -> dict[str, set[int]]:
    return {p["email"]: {n for n, item in accepted(year) if rules(p, item, year)} for p in PEOPLE["panel"]}


def value(nomination: int, reviewer: int, criterion: int, wanted: float) -> int:
    dither = (0.6180339887498949 * (35 * nomination + 5 * reviewer + criterion)) % 1
    return max(1, min(5, floor(wanted + dither)))


def result(year: str) -> dict[int, Summary]:
    steps_out, rows = recusals(year), []
    for number, _ in accepted(year):
        for reviewer, person in enumerate(PEOPLE["panel"]):
            if number in steps_out[person["email"]]:
                continue
            for criterion, code in enumerate(CRITERIA):
                wanted = SCORES["quality"][year][str(number)][code] - SCORES["severity"][person["email"]]
                rows.append(Score(number, reviewer, criterion, value(number, reviewer, criterion, wanted)))
    return summarise(rows, WEIGHTS)


@pytest.mark.parametrize("year", YEARS)
def test_a_year_has_21_files_of_8_missions_two_screened_out_and_one_returned_first(year: str) -> None:
    kinds = Counter(item["screening"] for item in FILES[year])
    assert kinds == {"accepted": 20, "returned": 1, "ineligible": 2}
    assert len({item["mission"] for _, item in accepted(year)}) == 8
    assert all(item["remarks"] for item in FILES[year] if item["screening"] != "accepted")
    reasons = {item["reason_code"] for item in FILES[year] if item["screening"] == "ineligible"}
    assert reasons < {"not_serving", "outside_window", "not_police"}
    assert len(reasons) == 2


@pytest.mark.parametrize("year", FILES)
def test_no_mission_exceeds_its_quota_and_every_nominator_exists(year: str) -> None:
    missions = {mission["acronym"]: mission for mission in PEOPLE["missions"]}
    for acronym, count in Counter(item["mission"] for item in FILES[year]).items():
        assert count <= missions[acronym]["quota"]
    for item in FILES[year]:
        assert item["nominator"] in range(len(missions[item["mission"]]["nominators"]))


@pytest.mark.parametrize("year", FILES)
def test_every_file_but_a_draft_could_be_handed_in(year: str) -> None:
    first, last = SERVICE_WINDOW[year]
    for item in FILES[year]:
        if item["screening"] == "draft":
            continue
        found = problems(
            answers(item),
            criteria=CRITERIA,
            attachments={"endorsement_letter", "cv"} | ({"photo"} if item["photo"] else set()),
            service_window=(TODAY - timedelta(days=first), TODAY - timedelta(days=last)),
            letters=len(item["supporting_letters"]),
        )
        assert (item["answers"]["publish_name"], found) == (item["answers"]["publish_name"], ())


def test_of_the_drafts_one_is_ready_to_be_endorsed() -> None:
    assert Counter(item["screening"] for item in FILES["nominations_next"]) == {"draft": 5, "ready": 1}


def test_every_answer_of_every_file_and_draft_is_one_the_form_knows_and_allows() -> None:
    for item in everybody():
        for key, text in answers(item).items():
            known = field(key, CRITERIA)
            assert (key, known is not None) == (key, True)
            assert known is None or check_value(known, text) is None


def test_addresses_are_unique() -> None:
    missions = PEOPLE["missions"]
    people = [*PEOPLE["secretariat"], *PEOPLE["observer"], *PEOPLE["panel"], *(m["authority"] for m in missions)]
    people += [person for mission in missions for person in mission["nominators"]]
    emails = [person["email"] for person in people]
    emails += [item["answers"]["contact_email"] for item in everybody()]
    assert len(emails) == len(set(emails))
    assert all(email.endswith("@laurel.example") for email in emails)


def test_the_panel_has_seven_members_of_seven_countries() -> None:
    assert len({person["nationality"] for person in PEOPLE["panel"]}) == len(PEOPLE["panel"]) == 7


@pytest.mark.parametrize("year", YEARS)
def test_each_of_the_five_rules_holds_somewhere_but_never_for_chair_or_deputy(year: str) -> None:
    held = set().union(*(rules(p, item, year) for p in PEOPLE["panel"] for _, item in accepted(year)))
    assert held == set(Rule)
    steps_out = recusals(year)
    assert steps_out[marked("chair")["email"]] == steps_out[marked("deputy")["email"]] == set()


def test_the_recusal_of_the_harsh_member_changes_who_is_first() -> None:
    planted = SCORES["planted"]["nominations_this"]
    assert recusals("nominations_this")[marked("harsh")["email"]] == {planted["harsh_member_recused_from"]}
    lines = result("nominations_this")
    first, adjusted = planted["first_by_weighted_mean"], planted["first_by_adjusted_order"]
    assert (lines[first].mean_rank, lines[first].adjusted_rank) == (1, 2)
    assert (lines[adjusted].mean_rank, lines[adjusted].adjusted_rank) == (2, 1)


def test_last_years_laureate_leads_both_orders() -> None:
    laureate = CYCLE["announcement"]["laureate"]
    line = result(laureate["file"])[laureate["index"]]
    assert (line.mean_rank, line.adjusted_rank) == (1, 1)
    assert FILES[laureate["file"]][laureate["index"]]["answers"]["consent"] == "given"


def test_forty_comments_of_eight_to_thirty_words() -> None:
    comments = [text for texts in SCORES["comments"].values() for text in texts]
    assert len(set(comments)) == 40
    assert [text for text in comments if not 8 <= count_words(text) <= 30] == []


def test_each_value_of_each_criterion_has_its_own_level_description_in_both_languages() -> None:
    for item in default_criteria():
        assert list(item.levels) == (["1", "2"] if item.kind == "concern" else ["1", "2", "3", "4", "5"])
        for language in ("en", "fr"):
            texts = [level[language] for level in item.levels.values()]
            assert len(set(texts)) == len(texts)
            assert [text for text in texts if not 8 <= count_words(text) <= 25] == []
    assert sum(WEIGHTS.values()) == 100


def test_nobody_invented_bears_the_name_of_a_real_laureate() -> None:
    table = (REFERENCE / "data" / "laureates.csv").read_text("utf-8").splitlines()[1:]
    real = [line.split(",")[2] for line in table]
    invented = [item["answers"]["publish_name"] for item in everybody()]
    invented += [person["name"] for person in PEOPLE["panel"] + PEOPLE["secretariat"] + PEOPLE["observer"]]
    for mission in PEOPLE["missions"]:
        invented += [person["name"] for person in [mission["authority"], *mission["nominators"]]]
    assert [(one, other) for one in invented for other in real if same_name(one, other)] == []


def test_the_numbers_of_achievements_stay_between_2_and_300() -> None:
    numbers = [
        int(text) for item in everybody() for key, text in answers(item).items() if key.endswith(".number") and text
    ]
    assert [number for number in numbers if not 2 <= number <= 300] == []
