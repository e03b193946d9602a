"""Where the answers of a challenge are found, and what is said where they are not."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

import pytest

import worksample
from worksample.catalogue import answers, load
from worksample.catalogue.answers import answers_of
from worksample.catalogue.validation import find_answers
from worksample.cli._hints import hints_of
from worksample.errors import MissingAnswers

ROOT = Path(__file__).parents[3]


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a challenge of an installed package, without answers."""
    folder = tmp_path / "worksample" / "_challenges" / "ferry"
    folder.mkdir(parents=True)
    monkeypatch.setattr(answers, "PACKAGED", folder.parent)
    return folder


def install(site: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> Path:
    """Install answers of `version` into `site`; return the folder of the challenge `ferry`."""
    folder = site / "worksample_answers" / "challenges" / "ferry"
    (folder / "solutions" / "python").mkdir(parents=True)
    (site / "worksample_answers" / "__init__.py").touch()
    metadata = site / f"worksample_answers-{version}.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.4\nName: worksample-answers\nVersion: {version}\n")
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "worksample_answers", raising=False)
    return folder


def test_checkout_has_them_beside_the_challenge() -> None:
    conduit = load("conduit")
    found = conduit.answers("this test")
    assert found.folder == conduit.folder
    assert set(found.solutions) >= {"node-express", "python-fastapi"}
    assert found.mutants("node-express")


def test_folder_of_ones_own_has_them_beside_the_challenge_even_if_there_are_none(
    tmp_path: Path,
) -> None:
    found = answers_of(tmp_path, "this test")
    assert (found.folder, dict(found.solutions)) == (tmp_path, {})
    assert found.mutants("python") == []


def test_installed_package_without_answers_says_who_needs_them(packaged: Path) -> None:
    with pytest.raises(MissingAnswers) as raised:
        answers_of(packaged, "calibration")
    assert str(raised.value) == (
        "The solutions and mutants of ferry are not installed; calibration needs them."
    )
    (hint,) = hints_of(raised.value)
    assert f"`pip install worksample-answers=={worksample.__version__}`" in hint
    assert find_answers(packaged) is None


def test_installed_package_finds_them_in_the_second_one(
    packaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = install(tmp_path / "site", monkeypatch, worksample.__version__)
    found = answers_of(packaged, "calibration")
    assert found.folder == folder
    assert dict(found.solutions) == {"python": folder / "solutions" / "python"}
    assert find_answers(packaged) == found


def test_second_package_of_another_version_is_refused(
    packaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", monkeypatch, "0.0.7")
    assert importlib.metadata.version("worksample-answers") == "0.0.7"
    with pytest.raises(MissingAnswers, match=r"installed in version 0\.0\.7, and this is"):
        answers_of(packaged, "calibration")
    assert find_answers(packaged) is None


def test_folder_of_ones_own_never_gets_installed_answers(
    packaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", monkeypatch, worksample.__version__)
    own = tmp_path / "mine" / packaged.name
    own.mkdir(parents=True)
    assert answers_of(own, "calibration").folder == own


def test_copy_plants_the_mutant(tmp_path: Path) -> None:
    found = load("booking").answers("this test")
    mutant = found.mutants("node-express")[0]
    sound = found.copy("node-express", tmp_path / "sound")
    broken = found.copy("node-express", tmp_path / "broken", mutant)
    assert (sound / mutant.review_where).read_bytes() != (broken / mutant.review_where).read_bytes()
