"""How the table answers: yes with where it leads, or no with the reason."""

from __future__ import annotations

import pytest

from award_app.domain.policy import Situation, Verdict, decide
from award_app.domain.vocabulary import Action, NominationState, Refusal, Role, Timing, Window

S, R, W = NominationState, Role, Window


@pytest.mark.parametrize(
    ("action", "roles", "state", "open_windows", "verdict"),
    [
        # the authority hands in an endorsed file in time: it is submitted
        (Action.HAND_IN, {R.AUTHORITY}, S.ENDORSED, {W.ENTRY}, Verdict(to=S.SUBMITTED)),
        # the nominator sees the file, but handing in is not hers
        (Action.HAND_IN, {R.NOMINATOR}, S.ENDORSED, {W.ENTRY}, Verdict(Refusal.NOT_YOURS)),
        # a draft cannot be handed in: it was not endorsed
        (Action.HAND_IN, {R.AUTHORITY}, S.DRAFT, {W.ENTRY}, Verdict(Refusal.WRONG_STATE)),
        # after the deadline
        (Action.HAND_IN, {R.AUTHORITY}, S.ENDORSED, set(), Verdict(Refusal.TOO_LATE)),
        # a stranger learns nothing, whatever the state and time
        (Action.HAND_IN, {R.PERSON}, S.ENDORSED, {W.ENTRY}, Verdict(Refusal.NOT_FOUND)),
        (Action.HAND_IN, set(), S.ENDORSED, {W.ENTRY}, Verdict(Refusal.NOT_FOUND)),
        # a member does not even learn that a submitted file exists
        (Action.READ, {R.MEMBER, R.MEMBER_UNDECLARED}, S.SUBMITTED, set(), Verdict(Refusal.NOT_FOUND)),
        # once accepted she must declare before she opens it
        (Action.READ, {R.MEMBER, R.MEMBER_UNDECLARED}, S.ACCEPTED, set(), Verdict(Refusal.DECLARE_FIRST)),
        (Action.READ, {R.MEMBER, R.MEMBER_RECUSED}, S.ACCEPTED, set(), Verdict(Refusal.CONFLICT)),
        (Action.READ, {R.MEMBER, R.MEMBER_CLEAR}, S.ACCEPTED, set(), Verdict()),
        # the secretariat declares before it screens
        (Action.ACCEPT, {R.SECRETARIAT}, S.SUBMITTED, {W.SCREENING}, Verdict(Refusal.DECLARE_FIRST)),
        (
            Action.ACCEPT,
            {R.SECRETARIAT, R.SECRETARIAT_CONFLICTED},
            S.SUBMITTED,
            {W.SCREENING},
            Verdict(Refusal.CONFLICT),
        ),
        (Action.ACCEPT, {R.SECRETARIAT, R.SECRETARIAT_CLEAR}, S.SUBMITTED, {W.SCREENING}, Verdict(to=S.ACCEPTED)),
        (Action.ACCEPT, {R.SECRETARIAT, R.SECRETARIAT_CLEAR}, S.RETURNED, {W.SCREENING}, Verdict(Refusal.WRONG_STATE)),
        # a member of the panel who is also somebody else keeps the better relation
        (Action.READ, {R.AUTHORITY, R.MEMBER, R.MEMBER_RECUSED}, S.ACCEPTED, set(), Verdict()),
        # the result is nothing a member may know of before the decision
        (Action.SEE_RESULT, {R.PERSON, R.MEMBER}, None, {W.AFTER_CLOSE}, Verdict(Refusal.NOT_FOUND)),
        # a draft has nothing to withdraw for the secretariat: it does not see it
        (
            Action.WITHDRAW,
            {R.SECRETARIAT, R.SECRETARIAT_CLEAR},
            S.SUBMITTED,
            {W.BEFORE_CLOSE},
            Verdict(Refusal.NOT_YOURS),
        ),
    ],
)
def test_the_table_answers(
    action: Action, roles: set[Role], state: NominationState | None, open_windows: set[Window], verdict: Verdict
) -> None:
    timing = {window: Timing.OPEN if window in open_windows else Timing.AFTER for window in Window}
    assert decide(action, Situation(frozenset(roles), state, timing)) == verdict


def test_before_its_time_it_is_too_early() -> None:
    chair = frozenset({Role.PERSON, Role.MEMBER, Role.CHAIR})
    before = Situation(chair, None, {Window.AFTER_CLOSE: Timing.BEFORE})
    assert decide(Action.SEE_RESULT, before) == Verdict(Refusal.TOO_EARLY)
