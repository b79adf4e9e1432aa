"""The policy table as a page for people: docs/workflow.md is what this prints, and a test keeps it so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .policy import EXISTENCE, POLICY, Rule
from .vocabulary import Action, NominationState

_HEAD = """# Who may do what, in which state, and when

Printed by `flask --app wsgi print-workflow` from `award_app/domain/policy.py`. Change it there, never here.

What one may not see is "not found". What one sees but may not do is refused with the reason. Out of time, or in another
state, is refused with that reason and what was typed is kept.

"""


def markdown() -> str:
    """The whole page in GitHub's Markdown, the states drawn by Mermaid; it ends with a line break."""
    return _HEAD + "\n".join((*_states(), "", *_rules(), "", *_existence())) + "\n"


def _states() -> Iterator[str]:
    yield "## A nomination's states"
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {NominationState.DRAFT}"
    for rule in POLICY:
        for state in NominationState:
            if rule.to and rule.states and state in rule.states:
                yield f"    {state} --> {rule.to}: {rule.action.value}"
    yield f"    {NominationState.ENDORSED} --> {NominationState.DRAFT}: edit a file (returned, if it had been returned)"
    yield "```"


def _rules() -> Iterator[str]:
    yield "## Rules"
    yield ""
    yield "| Step | Who | In these states | During | Leads to |"
    yield "|---|---|---|---|---|"
    for rule in POLICY:
        yield f"| {rule.action.value} | {rule.role.value} | {_in_states(rule)} | {_during(rule)} | {rule.to or ''} |"


def _in_states(rule: Rule) -> str:
    return "any" if rule.states is None else _listed(state.value for state in NominationState if state in rule.states)


def _during(rule: Rule) -> str:
    return rule.during.value if rule.during else "any time"


def _existence() -> Iterator[str]:
    yield "## Who learns that a thing exists"
    yield ""
    yield "A step is refused with its reason only to whoever may know that the thing exists; to all others it is not found."
    yield ""
    yield "| May know by being allowed to | For these steps |"
    yield "|---|---|"
    for existence in Action:
        steps = [action.value for action, shown_by in EXISTENCE.items() if shown_by is existence]
        if steps:
            yield f"| {existence.value} | {_listed(steps)} |"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
