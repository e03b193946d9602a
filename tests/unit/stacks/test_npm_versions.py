"""Version ranges of npm."""

from __future__ import annotations

import pytest

from worksample.stacks.node.versions import parse, satisfies


@pytest.mark.parametrize(
    ("version", "requirement", "fits"),
    [
        ("20.20.2", "", True),
        ("20.20.2", ">=18.0.0 <23", True),
        ("20.20.2", ">= 22", False),
        ("20.20.2", ">20", False),
        ("20.20.2", "<=20", True),
        ("20.20.2", "<20", False),
        ("20.20.2", "18 || 20", True),
        ("20.20.2", "18.x", False),
        ("20.20.2", "20.x", True),
        ("20.20.2", "=20.20.2", True),
        ("20.20.2", "^18 || ^22", False),
        ("20.20.2", "^20.1", True),
        ("20.20.2", "~20.19", False),
        ("20.20.2", "18 - 21", True),
        ("0.3.1", "^0.2.3", False),
        ("0.2.9", "^0.2.3", True),
        ("20.20.2", "lts/*", True),
    ],
)
def test_satisfies(version: str, requirement: str, fits: bool) -> None:
    assert satisfies(parse(version), requirement) is fits


def test_parse_returns_leading_numbers() -> None:
    assert parse("v20.11.1-rc1") == (20, 11, 1)
    assert parse("none") == ()
