"""What the two distributions hold: the answers are in one of them only."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

import worksample
from tests.packaging.conftest import ROOT, Distributions
from worksample.catalogue import load_all

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ANSWERS = ("solutions", "mutants")


def contents_of(path: Path) -> dict[str, bytes]:
    """Return the files of a wheel or an sdist, by name."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            return {name: wheel.read(name) for name in wheel.namelist()}
    found: dict[str, bytes] = {}
    with tarfile.open(path) as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            assert content is not None, entry.name
            found[entry.name.partition("/")[2]] = content.read()
    return found


def below(folder: str, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files in `folder`, by their names there."""
    return {
        name.removeprefix(folder): content
        for name, content in contents.items()
        if name.startswith(folder)
    }


def challenge_files() -> dict[str, bytes]:
    """Return the files of all challenges in the repository, by `conduit/brief.md`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "challenges"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return {
        path.relative_to(ROOT / "challenges").as_posix(): path.read_bytes()
        for path in paths
        if path.is_file()
    }


def is_answer(name: str) -> bool:
    return name.split("/")[1] in ANSWERS


def is_task(name: str) -> bool:
    return name.split("/")[1] == "tasks"


def test_challenges_are_divided_between_the_two(distributions: Distributions) -> None:
    everything = challenge_files()
    answers = {name: content for name, content in everything.items() if is_answer(name)}
    rest = {name: content for name, content in everything.items() if not is_answer(name)}
    assert answers
    for path, folder in (
        (distributions.wheel, "worksample/_challenges/"),
        (distributions.sdist, "challenges/"),
    ):
        found = below(folder, contents_of(path))
        assert {name: text for name, text in found.items() if not is_task(name)} == rest
    for path, folder in (
        (distributions.answers_wheel, "worksample_answers/challenges/"),
        (distributions.answers_sdist, "challenges/"),
    ):
        assert below(folder, contents_of(path)) == answers


def test_ten_tasks_of_each_kind_are_shipped(distributions: Distributions) -> None:
    for path, folder in (
        (distributions.wheel, "worksample/_challenges/"),
        (distributions.sdist, "challenges/"),
    ):
        tasks = [name.split("/") for name in below(folder, contents_of(path)) if is_task(name)]
        kinds = Counter(kind for _, _, kind, _, _ in tasks)
        assert kinds["fix"] >= 10
        assert min(kinds.values()) >= 10, kinds
        fixes = {(challenge, stack) for challenge, _, kind, stack, _ in tasks if kind == "fix"}
        assert {challenge for challenge, _ in fixes} == {"booking", "conduit"}
        assert {stack for _, stack in fixes} >= {"node-express", "python-django", "python-fastapi"}


def test_main_distribution_shows_no_solution_and_no_defect(distributions: Distributions) -> None:
    everything = challenge_files()
    checks = {check.id.encode() for challenge in load_all() for check in challenge.checks}
    patches = [Path(name) for name in everything if "/mutants/" in name and name.endswith(".patch")]
    defects = {path.stem.encode() for path in patches} - checks
    shown = {content for name, content in everything.items() if not is_answer(name)}
    solutions = {
        hashlib.sha256(content).digest()
        for name, content in everything.items()
        if is_answer(name) and content not in shown and content.strip()
    }
    for path in (distributions.wheel, distributions.sdist):
        for name, content in contents_of(path).items():
            assert not set(Path(name).parts) & set(ANSWERS), name
            assert hashlib.sha256(content).digest() not in solutions, name
            seen = [each for each in defects if each in content or each in name.encode()]
            assert not seen, f"{name}: {seen}"


def test_answers_need_the_same_version(distributions: Distributions) -> None:
    contents = contents_of(distributions.answers_wheel)
    (metadata,) = [text.decode() for name, text in contents.items() if name.endswith("/METADATA")]
    assert f"\nVersion: {worksample.__version__}\n" in metadata
    assert f"\nRequires-Dist: worksample=={worksample.__version__}\n" in metadata


def test_answers_hold_nothing_else(distributions: Distributions) -> None:
    names = contents_of(distributions.answers_wheel)
    rest = {name for name in names if "/challenges/" not in name and ".dist-info/" not in name}
    assert rest == {"worksample_answers/__init__.py"}
