"""Who may do what, in which state, when, and where it leads: one table.

Refusals, transitions, buttons, lists and docs/workflow.md come out of it; the tests' expectations do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .vocabulary import Action, AppointmentRole, NominationState, Refusal, Role, Timing, Window

S = NominationState
OPEN = frozenset({S.DRAFT, S.ENDORSED, S.RETURNED})
LIVE = frozenset({S.DRAFT, S.ENDORSED, S.SUBMITTED, S.RETURNED, S.ACCEPTED})


@dataclass(frozen=True)
class Rule:
    action: Action
    role: Role
    states: frozenset[NominationState] | None = None
    during: Window | None = None
    to: NominationState | None = None


def _s(*states: NominationState) -> frozenset[NominationState]:
    return frozenset(states)


POLICY = (
    # the service
    Rule(Action.SEE_HOME, Role.PERSON),
    Rule(Action.SEE_ACCOUNT, Role.PERSON),
    Rule(Action.LIST_CYCLES, Role.SECRETARIAT),
    Rule(Action.CREATE_CYCLE, Role.SECRETARIAT),
    Rule(Action.SEE_PEOPLE, Role.SECRETARIAT),
    Rule(Action.INVITE, Role.SECRETARIAT),
    Rule(Action.APPOINT, Role.SECRETARIAT),
    Rule(Action.SEE_LEDGER, Role.OBSERVER),
    Rule(Action.SEE_LETTERS, Role.SECRETARIAT),
    Rule(Action.MANAGE_LETTER, Role.SECRETARIAT),
    Rule(Action.MEND_ADDRESS, Role.SECRETARIAT),
    Rule(Action.ASK_FACTOR_RESET, Role.SECRETARIAT),
    Rule(Action.CONFIRM_FACTOR_RESET, Role.SECRETARIAT),
    Rule(Action.CANCEL_FACTOR_RESET, Role.SECRETARIAT),
    # a cycle
    Rule(Action.SEE_CYCLE, Role.SECRETARIAT),
    Rule(Action.SEE_CYCLE, Role.OBSERVER),
    Rule(Action.SEE_CYCLE, Role.NOMINATOR),
    Rule(Action.SEE_CYCLE, Role.AUTHORITY),
    Rule(Action.SEE_CYCLE, Role.MEMBER),
    Rule(Action.MANAGE_CYCLE, Role.SECRETARIAT),
    Rule(Action.EDIT_CYCLE, Role.SECRETARIAT, None, Window.PREPARING),
    Rule(Action.OPEN_CYCLE, Role.SECRETARIAT, None, Window.PREPARING),
    Rule(Action.SEE_COCKPIT, Role.SECRETARIAT),
    Rule(Action.SEND_CALL, Role.SECRETARIAT, None, Window.CALLING),
    Rule(Action.MOVE_DATE, Role.SECRETARIAT, None, Window.RUNNING),
    Rule(Action.EXTEND, Role.SECRETARIAT, None, Window.RUNNING),
    Rule(Action.HAND_OVER, Role.SECRETARIAT, None, Window.RUNNING),
    Rule(Action.REMIND, Role.SECRETARIAT, None, Window.RUNNING),
    Rule(Action.ANSWER_CALL, Role.AUTHORITY, None, Window.NOMINATING),
    Rule(Action.LIST_MISSION_FILES, Role.NOMINATOR),
    Rule(Action.LIST_MISSION_FILES, Role.AUTHORITY),
    Rule(Action.CREATE, Role.NOMINATOR, None, Window.NOMINATING),
    Rule(Action.LIST_SCREENING, Role.SECRETARIAT),
    Rule(Action.LIST_PANEL, Role.MEMBER),
    Rule(Action.FINISH, Role.MEMBER, None, Window.REVIEW),
    Rule(Action.CANNOT_FINISH, Role.MEMBER, None, Window.REVIEW),
    Rule(Action.ANSWER_MEMBER, Role.SECRETARIAT),
    Rule(Action.CLOSE_ROUND, Role.DECIDER, None, Window.CLOSING),
    Rule(Action.SEE_PROGRESS, Role.SECRETARIAT),
    Rule(Action.SEE_PROGRESS, Role.CHAIR),
    Rule(Action.SEE_PROGRESS, Role.DEPUTY),
    Rule(Action.SEE_RESULT, Role.CHAIR, None, Window.AFTER_CLOSE),
    Rule(Action.SEE_RESULT, Role.DEPUTY, None, Window.AFTER_CLOSE),
    Rule(Action.SEE_RESULT, Role.SECRETARIAT, None, Window.AFTER_CLOSE),
    Rule(Action.SEE_RESULT, Role.PRESENT, None, Window.AFTER_DECISION),
    Rule(Action.SEE_RESULT, Role.OBSERVER, None, Window.AFTER_DECISION),
    Rule(Action.SEE_SHORTLIST, Role.CHAIR, None, Window.AFTER_CLOSE),
    Rule(Action.SEE_SHORTLIST, Role.DEPUTY, None, Window.AFTER_CLOSE),
    Rule(Action.SEE_SHORTLIST, Role.SECRETARIAT, None, Window.AFTER_CLOSE),
    Rule(Action.SEE_SHORTLIST, Role.PRESENT_CLEAR, None, Window.AFTER_DECISION),
    Rule(Action.SEE_SHORTLIST, Role.OBSERVER, None, Window.AFTER_DECISION),
    Rule(Action.PROPOSE_SHORTLIST, Role.DECIDER, None, Window.RESULT),
    Rule(Action.CONFIRM_SHORTLIST, Role.DECIDER, None, Window.RESULT),
    Rule(Action.DECIDE, Role.DECIDER, None, Window.DECIDING),
    Rule(Action.SEE_DECISION, Role.CHAIR, None, Window.AFTER_DECISION),
    Rule(Action.SEE_DECISION, Role.DEPUTY, None, Window.AFTER_DECISION),
    Rule(Action.SEE_DECISION, Role.PRESENT, None, Window.AFTER_DECISION),
    Rule(Action.SEE_DECISION, Role.SECRETARIAT, None, Window.AFTER_DECISION),
    Rule(Action.SEE_DECISION, Role.OBSERVER, None, Window.AFTER_DECISION),
    Rule(Action.PROPOSE_CHANGE, Role.SECRETARIAT, None, Window.AFTER_CLOSE),
    Rule(Action.CONFIRM_CHANGE, Role.DECIDER, None, Window.AFTER_CLOSE),
    Rule(Action.SEE_ANNOUNCEMENT, Role.SECRETARIAT, None, Window.AFTER_DECISION),
    Rule(Action.PREPARE_ANNOUNCEMENT, Role.SECRETARIAT, None, Window.EMBARGO),
    Rule(Action.APPROVE_RELEASE, Role.SECRETARIAT, None, Window.EMBARGO),
    Rule(Action.TELL, Role.SECRETARIAT, None, Window.EMBARGO),
    Rule(Action.TAKE_BACK, Role.SECRETARIAT, None, Window.AFTER_DECISION),
    # a nomination; SECRETARIAT holds only for files that were handed in once
    Rule(Action.SEE, Role.NOMINATOR),
    Rule(Action.SEE, Role.AUTHORITY),
    Rule(Action.SEE, Role.SECRETARIAT),
    Rule(Action.SEE, Role.MEMBER, _s(S.ACCEPTED)),
    Rule(Action.SEE, Role.OBSERVER, _s(S.ACCEPTED)),
    Rule(Action.READ, Role.NOMINATOR),
    Rule(Action.READ, Role.AUTHORITY),
    Rule(Action.READ, Role.SECRETARIAT_CLEAR),
    Rule(Action.READ, Role.MEMBER_CLEAR, _s(S.ACCEPTED)),
    Rule(Action.READ, Role.OBSERVER, _s(S.ACCEPTED)),
    # parts of it, for those who may open it
    *(
        Rule(part, role)
        for part in (Action.SEE_CONTACT, Action.SEE_PHOTO, Action.SEE_STATEMENTS)
        for role in (Role.NOMINATOR, Role.AUTHORITY, Role.SECRETARIAT_CLEAR)
    ),
    Rule(Action.SEE_CONDUCT, Role.SECRETARIAT_CLEAR),
    Rule(Action.EDIT, Role.NOMINATOR, OPEN, Window.ENTRY),
    Rule(Action.SEND_TO_NOMINATOR, Role.AUTHORITY, OPEN, Window.ENTRY),
    Rule(Action.TRANSLATE, Role.NOMINATOR, OPEN, Window.ENTRY),
    Rule(Action.TRANSLATE, Role.SECRETARIAT_CLEAR, _s(S.SUBMITTED, S.ACCEPTED), Window.BEFORE_CLOSE),
    Rule(Action.ENDORSE, Role.AUTHORITY, _s(S.DRAFT, S.RETURNED), Window.ENTRY, S.ENDORSED),
    Rule(Action.HAND_IN, Role.AUTHORITY, _s(S.ENDORSED), Window.ENTRY, S.SUBMITTED),
    Rule(Action.WITHDRAW, Role.AUTHORITY, LIVE, Window.BEFORE_CLOSE, S.WITHDRAWN),
    Rule(Action.REQUEST_WITHDRAWAL, Role.AUTHORITY, LIVE, Window.AFTER_REVIEW),
    Rule(Action.SEE_OUTCOME, Role.TOLD, _s(S.ACCEPTED)),
    Rule(Action.DECLARE_AS_SECRETARIAT, Role.SECRETARIAT),
    Rule(Action.ACCEPT, Role.SECRETARIAT_CLEAR, _s(S.SUBMITTED), Window.SCREENING, S.ACCEPTED),
    Rule(Action.RETURN, Role.SECRETARIAT_CLEAR, _s(S.SUBMITTED), Window.SCREENING, S.RETURNED),
    Rule(Action.PROPOSE_INELIGIBLE, Role.SECRETARIAT_CLEAR, _s(S.SUBMITTED), Window.SCREENING),
    Rule(Action.CONFIRM_INELIGIBLE, Role.SECRETARIAT_CLEAR, _s(S.SUBMITTED), Window.SCREENING, S.INELIGIBLE),
    Rule(Action.EXTEND_FILE, Role.SECRETARIAT_CLEAR, _s(S.RETURNED, S.ENDORSED), Window.BEFORE_CLOSE),
    Rule(Action.CLEAR_CONDUCT, Role.SECRETARIAT_CLEAR, _s(S.SUBMITTED, S.ACCEPTED)),
    Rule(Action.RECORD_CONSENT, Role.SECRETARIAT_CLEAR, _s(S.SUBMITTED, S.ACCEPTED)),
    Rule(Action.DECLARE, Role.MEMBER_UNDECLARED, _s(S.ACCEPTED), Window.BEFORE_RELEASE),
    Rule(Action.RECUSE, Role.MEMBER_UNDECLARED, _s(S.ACCEPTED), Window.BEFORE_RELEASE),
    Rule(Action.RECUSE, Role.MEMBER_CLEAR, _s(S.ACCEPTED), Window.BEFORE_RELEASE),
    Rule(Action.SCORE, Role.MEMBER_CLEAR, _s(S.ACCEPTED), Window.REVIEW),
)

# Who shows a second factor besides the password before anything of the award opens. The others may.
NEEDS_SECOND_FACTOR = frozenset({AppointmentRole.SECRETARIAT, AppointmentRole.MEMBER, AppointmentRole.OBSERVER})


def needs_second_factor(held: Iterable[AppointmentRole]) -> bool:
    """Of the appointments that hold now. Chair and deputy are members."""
    return not NEEDS_SECOND_FACTOR.isdisjoint(held)


# What a file holds beyond what the panel reads. Their existence is as secret as they are.
PARTS = frozenset({Action.SEE_CONTACT, Action.SEE_PHOTO, Action.SEE_STATEMENTS, Action.SEE_CONDUCT})

# Which action says that the thing exists at all for this person. What is not named here says it of itself.
EXISTENCE: Mapping[Action, Action] = {
    **dict.fromkeys(
        (
            *(Action.READ, Action.EDIT, Action.ENDORSE, Action.HAND_IN, Action.WITHDRAW, Action.DECLARE_AS_SECRETARIAT),
            *(Action.ACCEPT, Action.RETURN, Action.PROPOSE_INELIGIBLE, Action.CONFIRM_INELIGIBLE),
            *(Action.RECORD_CONSENT, Action.DECLARE, Action.RECUSE, Action.SCORE),
            *(Action.SEND_TO_NOMINATOR, Action.TRANSLATE, Action.REQUEST_WITHDRAWAL),
            *(Action.EXTEND_FILE, Action.CLEAR_CONDUCT),
        ),
        Action.SEE,
    ),
    **dict.fromkeys(
        (
            *(Action.EDIT_CYCLE, Action.OPEN_CYCLE, Action.CREATE, Action.FINISH, Action.DECIDE),
            *(Action.SEND_CALL, Action.MOVE_DATE, Action.EXTEND, Action.HAND_OVER, Action.REMIND, Action.ANSWER_CALL),
            *(Action.CANNOT_FINISH, Action.ANSWER_MEMBER, Action.CLOSE_ROUND),
        ),
        Action.SEE_CYCLE,
    ),
    **dict.fromkeys(
        (
            *(Action.SEE_RESULT, Action.SEE_SHORTLIST, Action.PROPOSE_SHORTLIST, Action.CONFIRM_SHORTLIST),
            *(Action.SEE_DECISION, Action.PROPOSE_CHANGE, Action.CONFIRM_CHANGE),
            *(Action.SEE_ANNOUNCEMENT, Action.PREPARE_ANNOUNCEMENT, Action.APPROVE_RELEASE),
            *(Action.TELL, Action.TAKE_BACK),
        ),
        Action.SEE_PROGRESS,
    ),
}

# Closed to whoever has a conflict in any accepted file of the cycle, whether the decision names that file or not:
# a refusal that depended on it would tell.
CLOSED_BY_A_CONFLICT = frozenset(
    {
        Action.ANSWER_MEMBER,  # what a member writes may be about any file
        *(Action.SEE_SHORTLIST, Action.SEE_DECISION, Action.PROPOSE_CHANGE, Action.CONFIRM_CHANGE),
        *(Action.SEE_ANNOUNCEMENT, Action.PREPARE_ANNOUNCEMENT, Action.APPROVE_RELEASE, Action.TELL, Action.TAKE_BACK),
    }
)

# Steps that cannot be called back, and whatever changes what people may do: who takes them proves anew who she is, if she
# has not done so lately. Exports of lists ask for the same (reports/lists/views.py).
PROVED_ANEW = frozenset(
    {
        *(Action.DECIDE, Action.CONFIRM_SHORTLIST, Action.CONFIRM_CHANGE, Action.APPROVE_RELEASE, Action.TAKE_BACK),
        *(Action.INVITE, Action.APPOINT, Action.MEND_ADDRESS),
        *(Action.ASK_FACTOR_RESET, Action.CONFIRM_FACTOR_RESET),
    }
)

# A relation that explains a "no" better than "this is not yours", where the step is open to the relation beside it.
_EXPLAINED = (
    ({Role.MEMBER_RECUSED}, Role.MEMBER_CLEAR, Refusal.CONFLICT),
    ({Role.MEMBER_RECUSED}, Role.MEMBER_UNDECLARED, Refusal.CONFLICT),
    ({Role.MEMBER_UNDECLARED}, Role.MEMBER_CLEAR, Refusal.DECLARE_FIRST),
    ({Role.MEMBER_CLEAR}, Role.MEMBER_UNDECLARED, Refusal.ALREADY_DONE),
    ({Role.SECRETARIAT_CONFLICTED}, Role.SECRETARIAT_CLEAR, Refusal.CONFLICT),
    ({Role.SECRETARIAT}, Role.SECRETARIAT_CLEAR, Refusal.DECLARE_FIRST),
    ({Role.CHAIR, Role.KEPT_FROM}, Role.DECIDER, Refusal.CONFLICT),
    ({Role.DEPUTY, Role.KEPT_FROM}, Role.DECIDER, Refusal.CONFLICT),
)


@dataclass(frozen=True)
class Situation:
    """A person's relations to a thing, and how the thing stands at a moment."""

    roles: frozenset[Role]
    state: NominationState | None = None
    timing: Mapping[Window, Timing] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    refusal: Refusal | None = None
    to: NominationState | None = None

    @property
    def allowed(self) -> bool:
        return self.refusal is None


def decide(action: Action, situation: Situation) -> Verdict:
    """Yes, with the state it leads to, or no with the reason. What may not be seen is NOT_FOUND whatever else holds."""
    mine = [rule for rule in POLICY if rule.action is action and rule.role in situation.roles]
    if mine and action in CLOSED_BY_A_CONFLICT and Role.KEPT_FROM in situation.roles:
        return Verdict(Refusal.CONFLICT)
    fitting = [rule for rule in mine if rule.states is None or situation.state in rule.states]
    for rule in fitting:
        if rule.during is None or situation.timing.get(rule.during) is Timing.OPEN:
            return Verdict(to=rule.to)
    existence = EXISTENCE.get(action, action)
    if existence is action or not decide(existence, situation).allowed:
        return Verdict(Refusal.NOT_FOUND)
    if not mine:
        return Verdict(_reason(action, situation.roles))
    if not fitting:
        return Verdict(Refusal.WRONG_STATE)
    timings = {situation.timing.get(rule.during) for rule in fitting if rule.during}
    return Verdict(Refusal.TOO_EARLY if timings == {Timing.BEFORE} else Refusal.TOO_LATE)


def _reason(action: Action, roles: frozenset[Role]) -> Refusal:
    open_to = {rule.role for rule in POLICY if rule.action is action}
    for mine, theirs, refusal in _EXPLAINED:
        if mine <= roles and theirs in open_to:
            return refusal
    return Refusal.NOT_YOURS
