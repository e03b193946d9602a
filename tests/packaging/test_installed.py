"""The distributions as a learner and a grader install them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import worksample
from tests.packaging.conftest import ROOT, Distributions
from tests.packaging.installation import Installation, environment
from worksample.catalogue import load

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
MUTANT = "the-last-departure-comes-first"
PLUGINS = ROOT / "tests" / "kinds" / "plugins"


@pytest.fixture(scope="module")
def grader(
    learner: Installation, distributions: Distributions, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    """Return an environment with the answers too; it sees the packages of the learner's."""
    made = Installation(tmp_path_factory.mktemp("grader") / "venv")
    (made.packages / "learner.pth").write_text(f"{learner.packages}\n")
    made.install(distributions.answers_wheel)
    assert not list(made.packages.glob("worksample-*"))
    return made


def test_installed_files_are_not_those_of_the_checkout(
    learner: Installation, tmp_path: Path
) -> None:
    python = learner.programs / "python"
    code = "import worksample; print(worksample.__file__)"
    done = subprocess.run(
        [python, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, text=True
    )
    assert Path(done.stdout.strip()).is_relative_to(learner.packages), done.stderr
    assert not any(ROOT.as_posix() in each.read_text() for each in learner.packages.glob("*.pth"))


def test_learner_starts_and_checks_without_answers(learner: Installation, tmp_path: Path) -> None:
    listed = learner.run("work", cwd=tmp_path)
    assert listed.returncode == 0, listed.stderr
    assert "booking" in listed.stdout
    assert "conduit" in listed.stdout
    started = learner.run("start", "booking", "--stack", "python-fastapi", "mine", cwd=tmp_path)
    assert started.returncode == 0, started.stderr
    checked = learner.run("check", "mine", "--stage", "1", "--seed", "1", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "ACCEPTED" in checked.stdout
    (tmp_path / "ad.txt").write_text("Backend Engineer\n\nRequirements\n- REST APIs\n")
    planned = learner.run("plan", "ad.txt", cwd=tmp_path)
    assert planned.returncode == 0, planned.stderr


def test_learner_starts_shipped_task_without_answers(
    learner: Installation, grader: Installation, tmp_path: Path
) -> None:
    words = ("start", "booking", "--kind", "fix", "--stack", "python-fastapi")
    started = learner.run(*words, "mine", cwd=tmp_path)
    assert started.returncode == 0, started.stderr
    assert "tasks 1, 2 and 3 come with Worksample" in started.stdout
    assert (tmp_path / "mine" / "tickets" / "1.md").is_file()
    checked = learner.run("check", "mine", cwd=tmp_path)
    assert checked.returncode == 1, checked.stderr
    assert "nothing is changed yet" in checked.stdout
    assert learner.run(*words, "--seed", "2", "two", cwd=tmp_path).returncode == 0
    assert grader.run(*words, "--seed", "2", "made", cwd=tmp_path).returncode == 0
    for name in ("task.sealed", "backlog.md"):
        assert (tmp_path / "two" / name).read_bytes() == (tmp_path / "made" / name).read_bytes()


def test_other_tasks_need_the_answers(learner: Installation, tmp_path: Path) -> None:
    words = ("start", "booking", "--kind", "fix", "--stack", "python-fastapi", "--seed", "77")
    refused = learner.run(*words, "mine", cwd=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.splitlines() == [
        "Worksample comes with the tasks 1, 2 and 3 of the kind fix for booking in python-fastapi; "
        "making task 77 needs solutions and mutants, which are not installed.",
        "→ Without them, the task seed must be 1, 2 or 3.",
        "→ Authors and graders install them: "
        f"`pip install worksample-answers=={worksample.__version__}`.",
    ]
    assert not (tmp_path / "mine").exists()


def test_calibrate_without_answers_says_what_to_install(
    learner: Installation, tmp_path: Path
) -> None:
    done = learner.run("calibrate", "booking", "--mutant", MUTANT, cwd=tmp_path)
    assert done.returncode == 2, done.stdout
    assert done.stderr.splitlines() == [
        "The solutions and mutants of booking are not installed; calibration needs them.",
        "→ Authors and graders install them: "
        f"`pip install worksample-answers=={worksample.__version__}`.",
    ]


def test_validate_says_that_it_did_not_look_at_answers(
    learner: Installation, tmp_path: Path
) -> None:
    done = learner.run("catalogue", "validate", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"Without worksample-answers {worksample.__version__}, solutions and mutants were not "
        "looked at: booking, conduit.",
        "booking, conduit: no mistakes",
    ]


def test_grader_calibrates_with_answers(grader: Installation, tmp_path: Path) -> None:
    words = ("--stack", "python-fastapi", "--mutant", MUTANT)
    done = grader.run("calibrate", "booking", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"ok    python-fastapi/{MUTANT}: killed by " in done.stdout
    validated = grader.run("catalogue", "validate", "booking", cwd=tmp_path)
    assert (validated.returncode, validated.stdout) == (0, "booking: no mistakes\n")


@pytest.fixture
def offered(learner: Installation) -> Iterator[str]:
    """Let the installed `booking` offer the toy kind `spot`; return the plugin folder to use."""
    settings = learner.packages / "worksample" / "_challenges" / "booking" / "challenge.toml"
    before = settings.read_text()
    settings.write_text(f"{before}\n[kinds.spot]\nhours = 1\n")
    yield str(PLUGINS)
    settings.write_text(before)


def test_task_made_from_answers_is_checked_without_them(
    learner: Installation, grader: Installation, offered: str, tmp_path: Path
) -> None:
    words = ("start", "booking", "--kind", "spot", "--stack", "python-fastapi", "mine")
    refused = learner.run(*words, cwd=tmp_path, plugins=offered)
    assert refused.returncode == 2
    assert "are not installed; the kind of work spot needs them." in refused.stderr
    assert "pip install worksample-answers==" in refused.stderr
    assert not (tmp_path / "mine").exists()
    made = grader.run(*words, cwd=tmp_path, plugins=offered)
    assert made.returncode == 0, made.stderr
    mutant = load("booking").answers("this test").mutants("python-fastapi")[0]
    (tmp_path / "mine" / "checks.txt").write_text(" ".join(mutant.killed_by))
    checked = learner.run("check", "mine", cwd=tmp_path, plugins=offered)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "ACCEPTED" in checked.stdout
