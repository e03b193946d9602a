"""Validation of `costs.json`, with file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from worksample.catalogue.cost_validation import mistakes_in_costs
from worksample.checks import STAYS_UP, Aspect, Check


async def _nothing(world: Any) -> None: ...


CHECKS = [
    STAYS_UP,
    *(Check(name, name, Aspect.BEHAVIOUR, 1, "S1", "w", _nothing) for name in ("doors", "bells")),
    Check("no-leaks", "no leaks", Aspect.SECURITY, 1, "S1", "w", passive_check=str),
]


def mistakes(folder: Path, text: str) -> list[tuple[int, str]]:
    """Return line and message of each mistake in `text` as the costs of `CHECKS`."""
    (folder / "costs.json").write_text(text)
    return [(each.line, each.message) for each in mistakes_in_costs(folder, CHECKS)]


def test_unmeasured_challenge_is_no_mistake(tmp_path: Path) -> None:
    assert list(mistakes_in_costs(tmp_path, CHECKS)) == []


def test_cost_of_every_check_that_sends_requests_is_enough(tmp_path: Path) -> None:
    text = '{\n  "bells": {"seconds": 0.1},\n  "doors": {"seconds": 2, "defects": [0, 3]}\n}\n'
    assert mistakes(tmp_path, text) == []


def test_reports_check_without_a_cost(tmp_path: Path) -> None:
    assert mistakes(tmp_path, '{"doors": {"seconds": 2}}') == [
        (0, "bells has no cost: measure again")
    ]


@pytest.mark.parametrize("name", ["windows", "no-leaks", "the-server-stays-up"])
def test_reports_cost_of_no_such_check(tmp_path: Path, name: str) -> None:
    text = (
        f'{{\n"bells": {{"seconds": 1}},\n"doors": {{"seconds": 1}},\n"{name}": {{"seconds": 1}}}}'
    )
    assert mistakes(tmp_path, text) == [
        (4, f"{name}: there is no check of this id that sends requests")
    ]


@pytest.mark.parametrize(
    ("cost", "problem"),
    [
        ('{"seconds": -0.5}', "seconds and numbers of defects are not negative"),
        ('{"seconds": 1, "defects": [-1]}', "seconds and numbers of defects are not negative"),
        ('{"defects": [1]}', "Object missing required field `seconds`"),
        ('{"seconds": "long"}', "Expected `float`, got `str` - at `$.seconds`"),
    ],
)
def test_reports_cost_that_is_none(tmp_path: Path, cost: str, problem: str) -> None:
    text = f'{{\n"bells": {{"seconds": 1}},\n"doors": {cost}\n}}'
    assert mistakes(tmp_path, text) == [(3, f"doors: {problem}")]


def test_reports_broken_file(tmp_path: Path) -> None:
    ((line, said),) = mistakes(tmp_path, '{"doors": ')
    assert line == 0
    assert said.startswith("is broken: ")
