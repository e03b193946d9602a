"""The numbers of checks that the README says are those of the catalogue."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from worksample.catalogue import Challenge, load_all

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize("challenge", load_all(), ids=lambda each: each.id)
def test_readme_counts_checks_of_each_aspect(challenge: Challenge) -> None:
    (cell,) = re.findall(rf"^\| `{challenge.id}` \| (\d.*?) \|", README.read_text(), re.MULTILINE)
    total, by_aspect = cell.split(": ")
    counted = Counter(check.aspect for check in challenge.checks)
    assert int(total) == counted.total()
    assert {name: int(count) for count, name in map(str.split, by_aspect.split(", "))} == counted
