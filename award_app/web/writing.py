"""How templates become Python: as Jinja does it, without the long ways round that a page goes hundreds of times.

What is written out is joined into one text at once, so a text that is safe needs no new wrapping for it. And words without
values, `{{ _("…") }}`, are the same for each page of a language: they are asked of the catalogue once.
"""

from __future__ import annotations

from typing import Any, Final

from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape
from markupsafe._speedups import _escape_inner

from award_app.web import i18n

_WORDS: Final = "_"


def escaped(value: object) -> str:
    """As `markupsafe.escape`, but a plain text: only for what is written out."""
    if type(value) is str:
        return _escape_inner(value)
    return value if isinstance(value, Markup) else escape(value)


class Writer(CodeGenerator):
    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        plain = frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None
        if plain:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        if _is_words_alone(node) and frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write(f"environment.said({node.args[0].as_const()!r})")
        else:
            super().visit_Call(node, frame, forward_caller=forward_caller)


def _is_words_alone(node: nodes.Call) -> bool:
    if not isinstance(node.node, nodes.Name) or node.node.name != _WORDS:
        return False
    more = node.kwargs or node.dyn_args or node.dyn_kwargs
    return len(node.args) == 1 and isinstance(node.args[0], nodes.Const) and not more


class Templates(Environment):
    code_generator_class = Writer
    escaped = staticmethod(escaped)
    said = staticmethod(i18n.said)
