"""Fixtures that the trust tests share with a feature's own."""

from __future__ import annotations

from tests.notifications.conftest import post_box

__all__ = ["post_box"]
