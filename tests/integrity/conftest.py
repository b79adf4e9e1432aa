"""Fixtures that the trust tests share with a feature's own, and what they find once for all of them."""

from __future__ import annotations

import pytest

from tests.integrity import forms
from tests.notifications.conftest import post_box

__all__ = ["post_box"]


@pytest.fixture(scope="session", autouse=True)
def forms_found_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """By one worker, for all."""
    own = tmp_path_factory.getbasetemp()
    forms.kept = (own.parent if hasattr(request.config, "workerinput") else own) / "forms.json"
