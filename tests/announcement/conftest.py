"""The visitor of the public pages, as in tests/web."""

from tests.web.conftest import public_app, visitor

__all__ = ["public_app", "visitor"]
