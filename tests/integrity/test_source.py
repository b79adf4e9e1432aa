"""What the source itself must not do: call typed text markup, make a statement or a template out of it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted([*ROOT.glob("award_app/**/*.py"), *ROOT.glob("workers/*.py"), ROOT / "config.py", ROOT / "wsgi.py"])
TEMPLATES = sorted(path for path in ROOT.glob("award_app/templates/**/*") if path.is_file())

# Text that is markup though no constant: how often, and why it is none of anybody's typing.
MARKUP = {
    "award_app/web/i18n.py": (
        2,
        "a sentence of our own catalogues, with values (escaped) and without, as Jinja's own extension does",
    ),
    "award_app/web/forms.py": (1, "attributes: the names are ours, the values are escaped there"),
    "award_app/announcement/embargo/web.py": (1, "one of our own templates, which has escaped what it was given"),
}
# Statements that are no constant: how often, and why no typing reaches them.
STATEMENTS = {
    "award_app/db.py": (2, "the pragmas of SQLite, from a list beside it, and one of two words to begin with"),
    "award_app/backup/restoring.py": (2, "triggers as the database itself names and wrote them"),
}


def _calls(path: Path) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_markup(call: ast.Call) -> bool:
    return _name(call) == "Markup" and not (call.args and isinstance(call.args[0], ast.Constant))


def _is_statement(call: ast.Call) -> bool:
    """SQL in a text that is not a constant of the source."""
    if not call.args or isinstance(call.args[0], ast.Constant):
        return False
    if _name(call) in ("exec_driver_sql", "literal_column", "DDL", "executescript"):
        return True
    if _name(call) == "text" and isinstance(call.func, ast.Name):
        return True
    return _name(call) in ("execute", "executemany") and _is_put_together(call.args[0])


def _is_put_together(text: ast.expr) -> bool:
    if isinstance(text, ast.Call):
        return _name(text) == "format"
    return isinstance(text, ast.JoinedStr) or (isinstance(text, ast.BinOp) and isinstance(text.op, ast.Mod | ast.Add))


def _where(found: Callable[[ast.Call], bool]) -> Counter[str]:
    return Counter(str(path.relative_to(ROOT)) for path in CODE for call in _calls(path) if found(call))


def test_no_text_is_called_markup_but_by_name() -> None:
    assert _where(_is_markup) == {path: often for path, (often, _why) in MARKUP.items()}


def test_no_template_trusts_what_it_is_given() -> None:
    trusting = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup|\|\s*tojson|\|\s*urlize")
    assert [str(path.relative_to(ROOT)) for path in TEMPLATES if trusting.search(path.read_text())] == []
    assert {path.suffix for path in TEMPLATES} <= {
        ".html",
        ".xml",
        ".txt",
    }  # Flask escapes in the first two; a letter is plain text


def test_no_attribute_stands_without_quotes() -> None:
    """Escaping holds inside quotes only."""
    bare = re.compile(r"<[a-z][^<>]*\s[\w-]+=\{\{")
    assert [str(path.relative_to(ROOT)) for path in TEMPLATES if bare.search(path.read_text())] == []


def test_no_statement_is_put_together_from_text() -> None:
    assert _where(_is_statement) == {path: often for path, (often, _why) in STATEMENTS.items()}


def test_no_template_is_made_from_text() -> None:
    made = {"render_template_string", "from_string", "Template", "compile_expression", "eval", "exec", "format_map"}
    assert _where(lambda call: _name(call) in made) == {}


def test_the_test_sees_what_it_bans() -> None:
    source = (
        "Markup(said)",
        "text(f'SELECT {x}')",
        "c.execute('DELETE ' + x)",
        "c.execute('SELECT %s' % x)",
        "text(sql)",
    )
    calls = [next(node for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Call)) for line in source]
    assert [_is_markup(call) or _is_statement(call) for call in calls] == [True] * len(source)
