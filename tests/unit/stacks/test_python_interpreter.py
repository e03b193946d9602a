"""Which Python a project gets."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from worksample.errors import BuildFailed
from worksample.stacks.python import environment
from worksample.stacks.python.environment import Interpreter, find_interpreter

RUNNING = Interpreter(Path("python3.11"), Version("3.11.7"))


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [Interpreter(Path(f"python{each}"), Version(each)) for each in ("3.12.9", "3.13.0")]
    monkeypatch.setattr(environment, "running_interpreter", lambda: RUNNING)
    monkeypatch.setattr(environment, "interpreters", lambda: [RUNNING, *others])


@pytest.mark.parametrize(
    ("requirement", "preference", "chosen"),
    [
        ("", "", "3.11.7"),
        (">=3.11", "", "3.11.7"),
        (">=3.12", "", "3.13.0"),
        (">=3.12,<3.13", "", "3.12.9"),
        ("~=3.12.2", "", "3.12.9"),
        ("!=3.11.*", "==3.12.*", "3.12.9"),
        (">=3.11", "==3.9.*", "3.11.7"),
        ("three or more", "", "3.11.7"),
    ],
)
def test_chooses_interpreter(requirement: str, preference: str, chosen: str) -> None:
    assert str(find_interpreter(requirement, preference).version) == chosen


def test_names_requirement_and_installed_versions() -> None:
    with pytest.raises(BuildFailed, match=r"requires Python >=3.14; .* 3.11.7, 3.12.9, 3.13.0"):
        find_interpreter(">=3.14")
