"""The kind of work `test`, as a learner does it: with good tests, and with none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.kinds.testing import CHALLENGE, NEEDED, PLANTED, SEED, answer, settings, start
from tests.support.checking import WHOLE_CHECK, check, failed
from tests.support.running import worksample
from worksample.catalogue import load
from worksample.tasks.testing import make_test_task

FIRST_FAILURE_ENDS = 'command = "python -m pytest -x"'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return start(tmp_path_factory.mktemp("test"))


@pytest.fixture
def task(made: Path, tmp_path: Path) -> Path:
    """Return a new task for tests of the booking server."""
    shutil.copytree(made, tmp_path / "mine")
    return tmp_path / "mine"


def test_untouched_task_is_rejected_with_a_friendly_word(task: Path) -> None:
    done = worksample("check", cwd=task)
    assert done.returncode == 1, done.stderr
    assert "NOT YET" in done.stdout
    assert "nothing is changed yet" in done.stdout
    assert "Begin with backlog.md" in done.stdout
    assert f"defects found: 0 of {PLANTED}" in done.stdout


def test_task_says_what_is_wanted(task: Path) -> None:
    backlog = " ".join((task / "backlog.md").read_text().split())
    assert f"at least {NEEDED} of {PLANTED} defects" in backlog
    assert "6 hours" in backlog
    shown = b"".join(each.read_bytes() for each in task.rglob("*") if each.is_file())
    for mutant in ("a-page-holds-ten", "only-404-is-expected"):
        assert mutant.encode() not in shown


@pytest.mark.slow
@pytest.mark.timeout(WHOLE_CHECK)
def test_good_tests_are_accepted_and_defects_revealed_then(task: Path) -> None:
    early = worksample("reveal", cwd=task)
    assert early.returncode == 2
    answer(task, "booking-tests")
    settings(task, FIRST_FAILURE_ENDS)
    code, report = check(task)
    assert (code, failed(report)) == (0, {})
    assert report["score"]["name"] == "defects found"
    assert report["score"]["best"] == PLANTED
    assert report["score"]["value"] >= NEEDED
    assert "the correct servers are go-nethttp, node-express and python-fastapi" in report["notes"]
    assert "the tests ran in reverse order, too" in report["notes"]
    shown = worksample("reveal", cwd=task)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.count("diff --git") >= PLANTED


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(WHOLE_CHECK)
def test_good_tests_of_conduit_are_accepted_and_none_are_not(tmp_path: Path) -> None:
    task = start(tmp_path, "conduit")
    code, report = check(task)
    assert (code, report["score"]["value"]) == (1, 0)
    assert "nothing is changed yet" in failed(report)["tests-find-planted-defects"]
    answer(task, "conduit-tests")
    settings(task, FIRST_FAILURE_ENDS)
    code, report = check(task)
    assert (code, failed(report)) == (0, {})
    assert report["score"]["value"] >= NEEDED


@pytest.mark.slow
@pytest.mark.timeout(WHOLE_CHECK)
def test_survivors_of_a_small_suite_in_javascript_are_named(tmp_path: Path) -> None:
    task = start(tmp_path, stack="node-express")
    answer(task, "booking-tests-node")
    code, report = check(task)
    assert code == 1
    assert {"tests-find-planted-defects"} == {
        each for each in failed(report) if not each.startswith("defect-")
    }
    found = load(CHALLENGE)
    made = make_test_task(found, found.answers("a test"), "node-express", int(SEED))
    verdicts = {each["id"]: each["verdict"] for each in report["checks"]}
    of_mutant = {
        each.id: verdicts[f"defect-{number}-is-found"]
        for number, each in enumerate(made.mutants, 1)
    }
    stages = {each.id: each.stage for each in found.checks}
    of_reservations = {
        each.id for each in made.mutants if min(stages[name] for name in each.killed_by) in (4, 5)
    }
    killed = {name for name, verdict in of_mutant.items() if verdict == "pass"}
    assert killed >= {"no-password-is-the-wrong-password", "what-is-taken-makes-no-sense"}
    assert not killed & of_reservations
    assert report["score"]["value"] == len(killed)
    symptoms = {" ".join(each.symptom.split()): each.id for each in made.mutants}
    for each in report["checks"]:
        symptom = each["title"].partition(": ")[2]
        if each["id"].startswith("defect-"):
            assert of_mutant[symptoms[symptom]] == each["verdict"]


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (("--stage", "1"), "Check everything: no stage"),
        (("--url", "http://127.0.0.1:9"), "not on one that runs already"),
    ],
)
def test_parts_cannot_be_checked(task: Path, option: tuple[str, str], told: str) -> None:
    done = worksample("check", *option, cwd=task)
    assert done.returncode == 2
    assert told in done.stderr
