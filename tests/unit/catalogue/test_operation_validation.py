"""Tests of validating the operations that a challenge's world names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from worksample.catalogue.validation import validate
from worksample.grading.kinds import kinds

CONTRACT = """\
openapi: 3.1.0
info: {title: Toy, version: '1'}
paths:
  /doors:
    get: {operationId: listDoors, responses: {"200": {description: Doors}}}
    post: {operationId: paint, responses: {"201": {description: Painted}}}
"""
CHECKS = """\
from typing import Any
from worksample.checks import Aspect, check

WORDS = {"aspect": Aspect.BEHAVIOUR, "clause": "S1", "why": "w", "skills": ("rest",)}

@check(title="Doors are listed", stage=1, **WORDS)
async def doors_are_listed(world: Any) -> None: ...

@check(title="Doors are painted", stage=2, **WORDS)
async def doors_are_painted(world: Any) -> None: ...
"""
OPERATIONS = """\
from worksample.checks import StagedOperation

LIST = StagedOperation("listDoors", 1, "doors-are-listed")
PAINT = StagedOperation("paint", 2, "doors-are-painted")
"""
WORLD = """\
from worksample.checks import World
from .operations import LIST, PAINT

class Toy(World):
    operations = (LIST, PAINT)
"""


@pytest.fixture
def checks(tmp_path: Path) -> Iterator[Path]:
    """The folder `checks` of a challenge with valid operations; forgotten afterwards."""
    folder = tmp_path / "operations-toy"
    found = folder / "checks"
    found.mkdir(parents=True)
    texts = {"__init__": "", "doors": CHECKS, "operations": OPERATIONS, "world": WORLD}
    for name, text in texts.items():
        (found / f"{name}.py").write_text(text)
    (folder / "brief.md").write_text("- **S1.** Doors are green.\n")
    (folder / "openapi.yaml").write_text(CONTRACT)
    (folder / "challenge.toml").write_text("")
    yield found
    package = "worksample_challenge_operations_toy"
    for name in [name for name in sys.modules if name.startswith(package)]:
        del sys.modules[name]


def mistakes_in(checks: Path, name: str) -> list[tuple[int, str]]:
    """Return line and message of each mistake in the file `name` of `checks`."""
    found = validate(checks.parent, kinds())
    return [(each.line, each.message) for each in found if each.path == checks / name]


def replace(path: Path, old: str, new: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_valid_operations_are_no_mistake(checks: Path) -> None:
    assert mistakes_in(checks, "operations.py") == mistakes_in(checks, "world.py") == []


def test_world_without_operations_is_no_mistake(checks: Path) -> None:
    replace(checks / "world.py", "operations = (LIST, PAINT)", "pass")
    assert mistakes_in(checks, "world.py") == []


def test_reports_operation_that_the_contract_lacks(checks: Path) -> None:
    replace(checks / "operations.py", '"paint"', '"varnish"')
    assert mistakes_in(checks, "operations.py") == [(4, "the contract has no operation 'varnish'")]


def test_reports_operation_of_the_contract_that_the_world_lacks(checks: Path) -> None:
    replace(checks / "world.py", "(LIST, PAINT)", "(LIST,)")
    assert mistakes_in(checks, "world.py") == [(5, "`operations` lacks 'paint' of the contract")]


def test_reports_proof_that_is_no_check(checks: Path) -> None:
    replace(checks / "operations.py", "doors-are-painted", "doors-are-wet")
    expected = "the operation 'paint' is proven by 'doors-are-wet', which is no check"
    assert mistakes_in(checks, "operations.py") == [(4, expected)]


def test_reports_proof_of_another_stage(checks: Path) -> None:
    replace(checks / "operations.py", "doors-are-painted", "doors-are-listed")
    expected = (
        "the operation 'paint' of stage 2 is proven by 'doors-are-listed' of stage 1; "
        "name a check of stage 2"
    )
    assert mistakes_in(checks, "operations.py") == [(4, expected)]


def test_reports_profile_that_leaves_out_the_rule_of_a_proof(checks: Path) -> None:
    path = checks.parent / "challenge.toml"
    path.write_text('[profiles.open]\ntitle = "open doors"\nremarks = [\n  "S1",\n]\n')
    found = validate(checks.parent, kinds())
    told = [(each.line, each.message) for each in found if "leaves out" in each.message]
    assert told == [
        (
            4,
            "the profile 'open' leaves out 'S1', the rule of the check 'doors-are-painted' that "
            "proves the operation 'paint': without it no server may pass",
        )
    ]
