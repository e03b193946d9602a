"""What all tests share."""

from __future__ import annotations

import os

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch that records scenarios anew."""
    parser.addoption("--record", action="store_true", help="write scenarios' expected reports anew")


@pytest.fixture
def record(request: pytest.FixtureRequest) -> bool:
    """Whether expected reports are written rather than compared."""
    return bool(request.config.getoption("--record") or os.environ.get("WORKSAMPLE_RECORD"))
