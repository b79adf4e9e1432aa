"""The secrets, each with the people who are cleared for it, by hand from DOMAIN's "Who may know what".

`value`: both worlds have it, with another content. `existence`: only world B has it. The other actors must find the two
worlds equal. Where the table of DOMAIN leaves two readings, the narrower one stands here.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.integrity.twins.years import NUMBERS

VALUE, EXISTENCE = "value", "existence"

SECRETARIAT = frozenset({"secretariat", "secretariat_undeclared"})  # without a conflict
ALL_SECRETARIAT = SECRETARIAT | {"secretariat_conflict"}
# The deputy acts for the whole decision where the chair is recused, and reads with her.
LEADS = frozenset({"chair", "deputy"})
HERE = frozenset({"nominator", "authority"})
THERE = frozenset({"nominator_other", "authority_other"})


@dataclass(frozen=True)
class Secret:
    name: str  # of the fork
    kind: str
    cleared: frozenset[str]
    sentence: str  # of DOMAIN, or of DESIGN where it says so
    terms: tuple[str, ...] = ()  # what one would search for who wants to find it

    @property
    def number(self) -> int:
        """The award year it belongs to."""
        return NUMBERS[self.name.partition(", ")[2] or _YEARS[self.name]]


_SCORE = '"A score or comment: its author; after the round closes the chair and the secretariat without a conflict"'
_SCORE_EXISTS = '"secretariat and chair: finished or not per member, number of scores per file"'
_DECIDED = (
    '"Result, shortlist, decision: chair, the members present at the decision, secretariat without a conflict; observer '
    'after the decision"'
)
_OUTCOME = LEADS | SECRETARIAT
# Her conflict is in the first file; of the others she reads scores, in the result computed without the first.
_OF_Y = _OUTCOME | {"secretariat_conflict"}
_AFTER_DECISION = _OUTCOME | {"member", "observer"}  # the member was present
_FILE = '"Submitted file: its mission, secretariat without a conflict"'
_EXISTS = '"Submitted file: may know that it exists: its mission, secretariat"'
_CONFLICT = '"A declared conflict: its member, chair, secretariat"'

SECRETS = (
    # who scored, and what: while scores are given, and after the round
    Secret("who scored, review", VALUE, frozenset({"deputy"}), f'{_SCORE}; "who scored what: as the score"'),
    Secret("who scored, closed", VALUE, _OUTCOME, f'{_SCORE}; "who scored what: as the score"'),
    Secret("who scored, decided", VALUE, _OUTCOME | {"observer", "member"}, f'{_SCORE}; "observer after the decision"'),
    Secret("score, review", VALUE, frozenset(), f"{_SCORE}: here nobody who walks"),
    Secret("score, closed", VALUE, _OF_Y, _SCORE),
    Secret("score of a closed file, closed", VALUE, _OUTCOME, f'{_SCORE}; "a recusal hides every aggregate"'),
    Secret("score, decided", VALUE, _AFTER_DECISION | _OF_Y, f'{_SCORE}; "observer after the decision"'),
    Secret("a score", EXISTENCE, _OUTCOME, _SCORE_EXISTS),
    # comments
    Secret("comment, review", VALUE, frozenset(), _SCORE, ("doubt", "nobody there remembers")),
    Secret("comment, closed", VALUE, _OF_Y, _SCORE, ("Well told",)),
    Secret("a comment", EXISTENCE, frozenset(), f"{_SCORE_EXISTS}: a comment is not counted", ("wanted to say",)),
    # conflicts
    Secret(
        "declared conflict, review", VALUE, ALL_SECRETARIAT | LEADS | {"member_recused"}, _CONFLICT, ("sum of money",)
    ),
    Secret(
        "declared conflict, closed", VALUE, ALL_SECRETARIAT | LEADS | {"member_recused"}, _CONFLICT, ("trained together",)
    ),
    Secret("a declared conflict", EXISTENCE, ALL_SECRETARIAT | LEADS, _CONFLICT, ("brother's wife",)),
    Secret("a conflict in the secretariat", EXISTENCE, ALL_SECRETARIAT | LEADS, _CONFLICT, ("my neighbour",)),
    # the outcome
    Secret("shortlist", VALUE, _OUTCOME, _DECIDED),
    Secret("a proposed shortlist", EXISTENCE, _OUTCOME, _DECIDED, ("These two",)),
    Secret("a shortlist", EXISTENCE, _OUTCOME, _DECIDED),
    Secret("winner, decided", VALUE, _AFTER_DECISION, _DECIDED, ("Awa Bélanger", "Castellanos")),
    Secret("a decision", EXISTENCE, _OUTCOME | {"member", "observer"}, _DECIDED, ("widest effect",)),
    Secret(
        "winner, told",
        VALUE,
        _AFTER_DECISION | {"authority", "authority_other"},
        '"Laureate: as the decision; her mission\'s authority from told; everybody from release"',
        ("laureate",),
    ),
    Secret("citation", VALUE, SECRETARIAT, 'DESIGN: "all texts hang from the announcement, which only cleared people can load"', ("Nyala", "three hundred nights")),
    Secret("release instant", VALUE, SECRETARIAT | {"authority_other"}, '"A planned letter about any of these: as the thing itself"; her mission\'s authority from told'),
    Secret("a planned letter", EXISTENCE, _OUTCOME | {"authority_other"}, '"A planned letter about any of these: as the thing itself"'),
    # files of a mission
    Secret("text of a file", VALUE, HERE | {"secretariat"}, f'{_FILE}; "declares conflicts too, before screening a file"', ("wells", "asked at every door")),
    Secret("nominee of another mission", VALUE, THERE | ALL_SECRETARIAT, _EXISTS, ("Fatou", "Grünwald", "Zimmermann-Quist")),
    Secret("text of a draft", VALUE, THERE, '"Draft: its nominators and authority"', ("garage", "no lamp in it")),
    Secret("a draft", EXISTENCE, THERE | ALL_SECRETARIAT, '"Draft: the secretariat (count per mission only)"', ("Ingrid", "Kovač")),
    Secret("remark of a return", VALUE, THERE | {"secretariat", "secretariat_conflict"}, _FILE, ("whom she trained", "no source at all")),
    Secret("a return", EXISTENCE, HERE | ALL_SECRETARIAT, _EXISTS, ("second letter",)),
    Secret("text that came too late", VALUE, frozenset({"nominator"}), 'DESIGN: "only its author sees it"', ("closed at noon", "an hour was left")),
    Secret("contact data, review", VALUE, HERE | {"secretariat"}, '"Contact data: its mission, secretariat"', ("awa@field", "a.belanger.private")),
    Secret("conduct reference, closed", VALUE, frozenset({"secretariat"}), '"Conduct reference: secretariat"', ("CDT 0", "OIOS/77")),
    Secret("a conduct reference", EXISTENCE, frozenset({"secretariat", "secretariat_conflict"}), '"Conduct reference: secretariat"', ("CDT 900",)),
)  # fmt: skip
# Of those whose name does not say it.
_YEARS = {
    **dict.fromkeys(("nominee of another mission", "text of a draft", "a draft"), "open"),
    **dict.fromkeys(("text of a file", "remark of a return", "a return", "text that came too late"), "screening"),
    **dict.fromkeys(
        ("a score", "a comment", "a declared conflict", "a conflict in the secretariat", "a conduct reference"),
        "review",
    ),
    **dict.fromkeys(("a proposed shortlist", "a shortlist"), "closed"),
    **dict.fromkeys(("shortlist", "a decision"), "listed"),
    **dict.fromkeys(("citation", "release instant", "a planned letter"), "told"),
}
NAMED = {secret.name: secret for secret in SECRETS}

_GENERAL = (
    *("Okoro", "Nadia", "Bintu", "Chandra", "Dlamini", "Hansen", "Gita", "Hadja", "Efua", "Dina", "Colleague"),
    *("chair", "member", "secretariat", "laureate", "runner", "HERE", "THERE", "draft", "accepted", "score", "recuse"),
    *("SN", "KE", "Senegal", "Kenya", "%", "_", "'", '"', "\\", "*", "a", "e", "ä", "2034", "1", "told", "decide"),
    *("close tie", "conflict", "reserve", "waiting", "example", "nominator", "ZZZ nothing"),
)
TERMS = tuple(dict.fromkeys([*_GENERAL, *(term for secret in SECRETS for term in secret.terms)]))
