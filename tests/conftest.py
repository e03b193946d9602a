"""Options and fixtures of all tests."""

from __future__ import annotations

import os

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--record`."""
    parser.addoption(
        "--record",
        action="store_true",
        help="write the expected reports of scenarios instead of comparing them",
    )


@pytest.fixture
def record(request: pytest.FixtureRequest) -> bool:
    """Whether expected reports are written instead of compared."""
    return bool(request.config.getoption("--record") or os.environ.get("WORKSAMPLE_RECORD"))
