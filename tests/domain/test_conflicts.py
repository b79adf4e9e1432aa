"""The five rules of DOMAIN.md: for each what fires it and what just does not, to the day."""

from dataclasses import replace
from datetime import date

import pytest

from award_app.domain.conflicts import File, Finding, Member, Rule, Stint, Supervisor, find, months_before
from award_app.domain.names import fold, same_name

ON = date(2026, 8, 31)
MEMBER = Member(7, "a.diallo@example.org", "Aïssatou Diallo", "SN", "Police nationale du Sénégal")
FILE = File("UNMISS", "RW", "Rwanda National Police")


def test_strangers_have_no_conflict() -> None:
    assert find(MEMBER, FILE, ON) == ()


def supervisor(**changes: object) -> Supervisor:
    plain = Supervisor("Aïssatou Diallo", "", "direct", date(2020, 1, 1), None)
    return replace(plain, **changes)  # type: ignore[arg-type]


SUGGESTED = [
    ("her own country", Rule.SAME_COUNTRY, MEMBER, replace(FILE, country="SN")),
    ("the code in small letters", Rule.SAME_COUNTRY, MEMBER, replace(FILE, country="sn")),
    ("the same service", Rule.SAME_SERVICE, MEMBER, replace(FILE, home_service="Police nationale du Sénégal")),
    (
        "the same service in capitals, without accents and with other punctuation",
        Rule.SAME_SERVICE,
        MEMBER,
        replace(FILE, home_service="POLICE NATIONALE (DU SENEGAL)"),
    ),
    (
        "serving in the mission now",
        Rule.MISSION_24_MONTHS,
        replace(MEMBER, stints=(Stint("UNMISS", ON, None),)),
        FILE,
    ),
    (
        "left the mission on the last day that counts: August 31 less 24 months",
        Rule.MISSION_24_MONTHS,
        replace(MEMBER, stints=(Stint("MINUSCA", ON, None), Stint("UNMISS", date(2019, 1, 1), date(2024, 8, 31)))),
        FILE,
    ),
    (
        "a direct supervisor still, found by her address",
        Rule.SUPERVISOR_36_MONTHS,
        MEMBER,
        replace(FILE, supervisors=(supervisor(name="Someone", email="A.Diallo@Example.org "),)),
    ),
    (
        "a second-level supervisor, found by her name in another order and without the dots",
        Rule.SUPERVISOR_36_MONTHS,
        MEMBER,
        replace(FILE, supervisors=(supervisor(name="DIALLO, Aissatou", level="second"),)),
    ),
    (
        "a supervisor until the last day that counts: August 31 less 36 months",
        Rule.SUPERVISOR_36_MONTHS,
        MEMBER,
        replace(FILE, supervisors=(supervisor(end=date(2023, 8, 31)),)),
    ),
]


@pytest.mark.parametrize(("rule", "member", "file"), [case[1:] for case in SUGGESTED], ids=[c[0] for c in SUGGESTED])
def test_a_rule_that_suggests(rule: Rule, member: Member, file: File) -> None:
    assert find(member, file, ON) == (Finding(rule, bar=False),)


BARRED = [
    ("she nominated", replace(FILE, nominator_ids=frozenset({3, 7}))),
    ("she endorsed", replace(FILE, endorser_ids=frozenset({7}))),
    ("she wrote a letter", replace(FILE, letter_emails=frozenset({"A.DIALLO@example.org"}))),
]


@pytest.mark.parametrize("file", [case[1] for case in BARRED], ids=[case[0] for case in BARRED])
def test_the_rule_that_bars(file: File) -> None:
    assert find(MEMBER, file, ON) == (Finding(Rule.NOMINATED_ENDORSED_OR_WROTE, bar=True),)


SILENT = [
    ("another country", MEMBER, replace(FILE, country="ML")),
    ("two countries not known are not the same one", replace(MEMBER, nationality=""), replace(FILE, country="")),
    (
        "another service of the same words but one",
        MEMBER,
        replace(FILE, home_service="Gendarmerie nationale du Sénégal"),
    ),
    ("two services not known", replace(MEMBER, home_service=" - "), replace(FILE, home_service="")),
    ("another mission", replace(MEMBER, stints=(Stint("MINUSCA", date(2020, 1, 1), None),)), FILE),
    (
        "left the mission a day too early to count",
        replace(MEMBER, stints=(Stint("UNMISS", date(2019, 1, 1), date(2024, 8, 30)),)),
        FILE,
    ),
    ("goes to the mission tomorrow", replace(MEMBER, stints=(Stint("UNMISS", date(2026, 9, 1), None),)), FILE),
    (
        "a supervisor until a day too early to count",
        MEMBER,
        replace(FILE, supervisors=(supervisor(end=date(2023, 8, 30)),)),
    ),
    ("another supervisor", MEMBER, replace(FILE, supervisors=(supervisor(name="Aïssatou Ba", email="b@example.org"),))),
    ("higher than the second level", MEMBER, replace(FILE, supervisors=(supervisor(level="third"),))),
    (
        "a supervisor without name, a member without name",
        replace(MEMBER, name="", email=""),
        replace(FILE, supervisors=(supervisor(name="", email=""),)),
    ),
    (
        "others nominated, endorsed and wrote",
        MEMBER,
        replace(
            FILE, nominator_ids=frozenset({1}), endorser_ids=frozenset({2}), letter_emails=frozenset({"c@example.org"})
        ),
    ),
    (
        "a letter without address, a member without one",
        replace(MEMBER, email=""),
        replace(FILE, letter_emails=frozenset({""})),
    ),
]


@pytest.mark.parametrize(("member", "file"), [case[1:] for case in SILENT], ids=[case[0] for case in SILENT])
def test_what_is_no_conflict(member: Member, file: File) -> None:
    assert find(member, file, ON) == ()


def test_all_rules_at_once_stand_in_their_order() -> None:
    member = replace(MEMBER, stints=(Stint("UNMISS", ON, None),))
    file = replace(
        FILE,
        country="SN",
        home_service=MEMBER.home_service,
        supervisors=(supervisor(),),
        nominator_ids=frozenset({7}),
    )
    assert find(member, file, ON) == tuple(Finding(rule, rule is Rule.NOMINATED_ENDORSED_OR_WROTE) for rule in Rule)


MONTHS = [
    # the plain case
    (date(2026, 8, 15), 24, date(2024, 8, 15)),
    # the 31st of a month that becomes one of thirty days
    (date(2026, 7, 31), 1, date(2026, 6, 30)),
    # a leap day, in a year that has none
    (date(2028, 2, 29), 24, date(2026, 2, 28)),
    # a leap day, in a year that has one
    (date(2028, 2, 29), 48, date(2024, 2, 29)),
    # the end of February does not become the end of the other month
    (date(2026, 2, 28), 36, date(2023, 2, 28)),
    # over the turn of a year
    (date(2026, 1, 10), 1, date(2025, 12, 10)),
    # not at all
    (date(2026, 1, 10), 0, date(2026, 1, 10)),
]


@pytest.mark.parametrize(("day", "months", "expected"), MONTHS)
def test_months_are_counted_to_the_day(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


FOLDED = [
    # accents, strokes and ligatures
    ("Łukasz Ørsted-Æbelø", "lukasz orsted aebelo"),
    # the Turkish capital I with its dot, and the small one without
    ("İPEK Yıldız", "ipek yildiz"),
    # full-width letters and a sharp s
    ("ＡＢ Straße", "ab strasse"),
    # Arabic short vowels go
    ("مُحَمَّد", "محمد"),
    # the vowel signs of Hindi stay
    ("सीता", "सीता"),
    ("", ""),
    ("—", ""),
]


@pytest.mark.parametrize(("text", "expected"), FOLDED)
def test_folding(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_names_are_the_same_in_any_order_but_not_in_part() -> None:
    assert same_name("Jean-Pierre MUGABO", "Mugabo Jean Pierre")
    assert not same_name("Jean Mugabo", "Jean Pierre Mugabo")
    assert not same_name("", "")
