"""Tests of loading and validating the checks of a challenge that uses a suite."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from worksample.catalogue import loading
from worksample.catalogue.validation import validate
from worksample.errors import CatalogueError
from worksample.grading.kinds import kinds

PRELUDE = """\
from typing import Any, Protocol
from worksample.checks import Aspect, Suite, Words

class Door(Protocol):
    colour: str

SUITE = Suite[Door]("doors", Door, aspect=Aspect.SECURITY, skills=("rest",))

@SUITE.check(title="It is green", why="It looks better.")
async def it_is_green(world: Any, door: Door) -> None:
    assert door.colour == "green"

class Blue:
    def __init__(self, world: Any) -> None:
        self.color = "blue"

class Green:
    colour = "green"
    def __init__(self, world: Any) -> None:
        pass

"""
FIRST = PRELUDE.count("\n") + 1
WORLD = "from worksample.checks import World\nclass Toy(World):\n    pass\n"
CONTRACT = "openapi: 3.1.0\ninfo: {title: Toy, version: '1'}\npaths: {}\n"


@pytest.fixture
def challenge(tmp_path: Path) -> Iterator[Path]:
    """A challenge with an empty folder `checks/security`; forgotten by Python afterwards."""
    folder = tmp_path / "suite-toy"
    security = folder / "checks" / "security"
    security.mkdir(parents=True)
    for package in (security, security.parent):
        (package / "__init__.py").write_text("")
    (security.parent / "world.py").write_text(WORLD)
    (folder / "brief.md").write_text("- **S1.** Doors are green.\n")
    (folder / "openapi.yaml").write_text(CONTRACT)
    (folder / "challenge.toml").write_text("")
    yield folder
    for name in [name for name in sys.modules if name.startswith("worksample_challenge_suite_toy")]:
        del sys.modules[name]


def write(challenge: Path, name: str, *lines: str) -> Path:
    path = challenge / "checks" / name
    path.write_text(PRELUDE + "\n".join(lines) + "\n")
    return path


def mistakes_in(challenge: Path, path: Path) -> list[tuple[int, str]]:
    return [(each.line, each.message) for each in validate(challenge, kinds()) if each.path == path]


def test_loads_checks_of_a_suite_from_a_folder(challenge: Path) -> None:
    write(challenge, "security/doors.py", "CHECKS = SUITE.checks(Green, clause='S1', stage=1)")
    assert [check.id for check in loading.checks_of(challenge)] == ["it-is-green"]


def test_sorts_modules_by_name_whatever_their_folder(challenge: Path) -> None:
    for name in ("b.py", "security/a.py", "security/c.py"):
        identity = f"green-{Path(name).stem}"
        line = f"CHECKS = it_is_green.declare(Green, id={identity!r}, clause='S1', stage=1)"
        write(challenge, name, line)
    found = [check.id for check in loading.checks_of(challenge)]
    assert found == ["green-a", "green-b", "green-c"]


def test_reports_all_mistakes_with_file_and_line(challenge: Path) -> None:
    first = write(
        challenge,
        "security/first.py",
        "CHECKS = [",
        "    *SUITE.checks(Green, clause='S1', stage=1),",
        "    *SUITE.checks(Green, clause='S1', stage=1),",
        "    *it_is_green.declare(Blue, id='blue', clause='S9', stage=1),",
        "]",
    )
    second = write(
        challenge,
        "second.py",
        "CHECKS = SUITE.checks(Green, clause='S1', stage=1, words={'it-is-red': Words(id='x')})",
    )
    twice, clause, adapter = mistakes_in(challenge, first)
    assert twice == (
        FIRST + 2, f"it-is-green: two checks have this id; see {first}:{FIRST + 1}"
    )  # fmt: skip
    assert clause == (FIRST + 3, "blue: the brief has no rule 'S9'")
    assert adapter[0] == FIRST + 3 and "the adapter Blue lacks `colour`" in adapter[1]
    word, again = mistakes_in(challenge, second)
    assert again[0] == FIRST and "two checks have this id" in again[1]
    assert word == (FIRST, "doors has no check it-is-red")


def test_loading_raises_all_mistakes(challenge: Path) -> None:
    write(challenge, "first.py", "CHECKS = SUITE.checks(Blue, clause='S1', stage=1)")
    write(challenge, "second.py", "CHECKS = it_is_green.declare(Green, id='x', clause='S1')")
    with pytest.raises(CatalogueError) as caught:
        loading.checks_of(challenge)
    assert [line.rpartition("/")[2].split(":")[0] for line in str(caught.value).splitlines()] == [
        "first.py", "second.py",
    ]  # fmt: skip


def test_reports_operation_that_the_contract_lacks(challenge: Path) -> None:
    path = write(
        challenge,
        "doors.py",
        "from worksample.checks import StagedOperation",
        "CHECKS = SUITE.checks(Green, clause='S1', operations=[StagedOperation('paint', 1)])",
    )
    found = mistakes_in(challenge, path)
    assert found == [(FIRST + 1, "it-is-green: the contract has no operation 'paint'")]


def test_reports_a_module_that_cannot_be_imported_beside_other_mistakes(challenge: Path) -> None:
    broken = write(challenge, "broken.py", "raise RuntimeError('no')")
    other = write(challenge, "other.py", "CHECKS = SUITE.checks(Blue, clause='S1', stage=1)")
    assert mistakes_in(challenge, broken) == [(1, "cannot be imported: RuntimeError: no")]
    assert len(mistakes_in(challenge, other)) == 1
