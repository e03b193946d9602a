"""A pytest plugin that runs the tests in reverse order, in the environment of the tests."""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Reverse the tests that were collected."""
    items.reverse()
