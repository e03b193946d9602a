"""Which Python a project gets."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from worksample.errors import BuildFailed, WorkspaceError
from worksample.stacks.python import interpreters
from worksample.stacks.python.interpreters import (
    Interpreter,
    chosen_interpreter,
    find_interpreter,
)
from worksample.stacks.settings import load_settings

RUNNING = Interpreter(Path("python3.11"), Version("3.11.7"))


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [Interpreter(Path(f"python{each}"), Version(each)) for each in ("3.12.9", "3.13.0")]
    monkeypatch.setattr(interpreters, "running_interpreter", lambda: RUNNING)
    monkeypatch.setattr(interpreters, "interpreters", lambda: [RUNNING, *others])


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


@pytest.mark.parametrize(
    ("version", "chosen"),
    [("3", "3.11.7"), ("3.11", "3.11.7"), ("3.12", "3.12.9"), ("3.13.0", "3.13.0")],
)
def test_worksample_toml_chooses_interpreter(tmp_path: Path, version: str, chosen: str) -> None:
    settings = load_settings(tmp_path)
    assert str(chosen_interpreter(settings, version).version) == chosen


def test_names_the_place_of_a_choice_that_this_machine_does_not_have(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_text('[build]\npython = "3.9"\n')
    settings = load_settings(tmp_path)
    assert settings.versions == {"python": "3.9"}
    told = r"toml:2: build.python: this machine has no Python 3.9; it has 3.11.7, 3.12.9, 3.13.0"
    with pytest.raises(WorkspaceError, match=told):
        chosen_interpreter(settings, "3.9")
