"""Which actions are asked of which kind of thing, and the words their answers have in expected_access.csv."""

from __future__ import annotations

from award_app.domain.policy import PARTS, POLICY
from award_app.domain.vocabulary import Action, Refusal

OF_A_FILE = {rule.action for rule in POLICY if rule.states} | {Action.READ, Action.DECLARE_AS_SECRETARIAT, *PARTS}
OF_THE_SERVICE = (
    Action.SEE_HOME,
    Action.SEE_ACCOUNT,
    Action.LIST_CYCLES,
    Action.CREATE_CYCLE,
    Action.SEE_PEOPLE,
    Action.INVITE,
    Action.APPOINT,
    Action.SEE_LEDGER,
    Action.SEE_LETTERS,
    Action.MANAGE_LETTER,
    Action.MEND_ADDRESS,
    Action.ASK_FACTOR_RESET,
    Action.CONFIRM_FACTOR_RESET,
    Action.CANCEL_FACTOR_RESET,
)


def actions(state: str, phase: str) -> tuple[Action, ...]:
    """`-` for a state or a phase means that the thing has none."""
    if state != "-":
        return tuple(a for a in Action if a in OF_A_FILE)
    if phase == "-":
        return OF_THE_SERVICE
    return tuple(a for a in Action if a not in OF_A_FILE and a not in OF_THE_SERVICE)


def word(refusal: Refusal | None) -> str:
    if refusal is None:
        return "yes"
    return "404" if refusal is Refusal.NOT_FOUND else refusal.value
