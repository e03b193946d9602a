"""Version requirements of Python (PEP 440) and npm."""

from __future__ import annotations

import pytest

from worksample.stacks.support.versions import parse, satisfies


@pytest.mark.parametrize(
    ("version", "requirement", "fits"),
    [
        ("3.11.7", "", True),
        ("3.11.7", ">=3.11", True),
        ("3.10.1", ">=3.11", False),
        ("3.13.0", ">=3.11,<3.13", False),
        ("3.12.9", ">=3.11,<3.13", True),
        ("3.12.9", "<=3.12", True),
        ("3.12.9", ">3.12", False),
        ("3.13.0", ">3.12", True),
        ("3.12.1", "^3.11", True),
        ("4.0.0", "^3.11", False),
        ("3.12.1", "~3.11", False),
        ("3.11.9", "~3.11", True),
        ("3.12.1", "~=3.11", True),
        ("3.11.9", "~=3.11.2", True),
        ("3.12.0", "~=3.11.2", False),
        ("3.12.0", "==3.12.*", True),
        ("3.12.0", "!=3.12.*", False),
        ("20.20.2", ">=18.0.0 <23", True),
        ("20.20.2", ">= 22", False),
        ("20.20.2", "18 || 20", True),
        ("20.20.2", "18.x", False),
        ("20.20.2", "20.x", True),
        ("20.20.2", "^18 || ^22", False),
        ("20.20.2", "18 - 21", True),
        ("0.3.1", "^0.2.3", False),
        ("0.2.9", "^0.2.3", True),
        ("20.20.2", "lts/*", True),
    ],
)
def test_satisfies(version: str, requirement: str, fits: bool) -> None:
    assert satisfies(parse(version), requirement) is fits


def test_parse_returns_leading_numbers() -> None:
    assert parse("v3.13.0rc1") == (3, 13, 0)
    assert parse("none") == ()
