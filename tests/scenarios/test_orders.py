"""Verdicts depend neither on the order of the checks nor on which others are asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "stores-what-it-should-refuse"


def verdicts(variant: str) -> dict[str, str]:
    """Return the expected verdicts of a variant by check."""
    expected = json.loads((HERE / f"expected.{variant}.json").read_text(encoding="utf-8"))
    checks: dict[str, str] = expected["checks"]
    return checks


@pytest.mark.parametrize("variant", ["shuffle-1", "shuffle-2"])
def test_verdicts_are_the_same_in_another_order(variant: str) -> None:
    assert verdicts(variant) == verdicts("usual")


@pytest.mark.parametrize("path", sorted(HERE.glob("expected.*-alone.json")), ids=lambda p: p.stem)
def test_verdict_of_a_check_asked_alone_is_the_same(path: Path) -> None:
    alone = verdicts(path.stem.removeprefix("expected."))
    together = verdicts("usual")
    assert "fail" in alone.values()
    assert alone == {check: together[check] for check in alone}
