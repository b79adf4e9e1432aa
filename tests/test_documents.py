"""What is written about the product is what the product is."""

from __future__ import annotations

import re
from pathlib import Path

import config
from award_app.domain import workflow

ROOT = Path(__file__).resolve().parent.parent


def test_the_workflow_page_is_printed_from_the_policy() -> None:
    assert (ROOT / "docs/workflow.md").read_text() == workflow.markdown()


def test_every_setting_is_explained_in_the_guide() -> None:
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))
    assert told == {setting.name for setting in config.SETTINGS}


def test_every_folder_and_file_that_the_readme_names_is_there() -> None:
    text = (ROOT / "README.md").read_text()
    named = set(re.findall(r"\]\(([^)#:]+)\)", text)) | set(
        re.findall(r"`((?:award_app|workers|migrations|tests|docs|bench)/[\w./]*)`", text)
    )
    assert {name for name in named if not (ROOT / name).exists()} == set()
    assert len(named) > 10


def test_every_decision_has_context_decision_and_consequences() -> None:
    pages = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert [p.name[:4] for p in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    for page in pages:
        assert re.findall(r"^## (.+)$", page.read_text(), re.MULTILINE) == ["Context", "Decision", "Consequences"], (
            page.name
        )


def test_nothing_names_a_machine_or_a_registry() -> None:
    forbidden = re.compile(r"/work/|/root/|https?://(pypi|registry|files\.pythonhosted)", re.IGNORECASE)
    files = [*ROOT.glob("*.txt"), *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("award_app/**/*.py")]
    assert [str(f.relative_to(ROOT)) for f in files if forbidden.search(f.read_text())] == []
