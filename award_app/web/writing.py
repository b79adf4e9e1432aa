"""How templates become Python: as Jinja does it, but for words without values. `{{ _("…") }}` says the same on each page
of a language: it is asked of the catalogue once. What is escaped, and how, is Jinja's alone."""

from __future__ import annotations

from typing import Final

from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

from award_app.web import i18n

_WORDS: Final = "_"


class Writer(CodeGenerator):
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
    said = staticmethod(i18n.said)
