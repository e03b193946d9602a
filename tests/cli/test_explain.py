"""`worksample explain` as a user runs it."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pytest

from tests.support import reports
from tests.support.counters import CATALOGUE, ENVIRONMENT
from tests.support.running import worksample
from worksample.catalogue import answers, load, load_folder
from worksample.checks import CheckResult, Verdict
from worksample.cli._explaining import show_proof
from worksample.grading import Report, Workspace
from worksample.reports.text.page import page_for

CHECK = "only-the-author-may-edit"


def explain(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return worksample("explain", *words, cwd=folder)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return the message of a command that could not be run as given."""
    assert done.returncode == 2, done.stdout
    assert not done.stdout
    return done.stderr


def fields_of(output: str) -> dict[str, str]:
    """Return the text of each label, up to the first empty line."""
    found: dict[str, str] = {}
    label = ""
    for line in output.split("\n\n", 1)[0].splitlines()[1:]:
        label = line[2:18].strip() or label
        found[label] = f"{found.get(label, '')} {line[18:]}".strip()
    return found


def test_explains_a_check(tmp_path: Path) -> None:
    done = explain(tmp_path, CHECK, "--challenge", "conduit")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Only the author may edit an article\n")
    found = fields_of(done.stdout)
    assert found["stage"] == "3  Articles"
    assert found["aspect"] == "security"
    assert found["requirement"] == "R8  Only the author may edit or delete an article."
    assert found["see"].startswith("OWASP API1:2023")
    assert found["why it matters"]
    _, on_each = found["proven"].split(" must fail it: ")
    assert re.fullmatch(r"(\d+ on [a-z-]+, )+\d+ on [a-z-]+ and 2 on python-fastapi", on_each)
    assert "1 on node-express" in on_each
    assert "CWE-639" in found["defects"]


def test_finds_challenge_by_check_and_names_its_operations(tmp_path: Path) -> None:
    found = fields_of(explain(tmp_path, "publishing-sets-nothing-else").stdout)
    assert "POST /" in found["operations"]


def test_never_names_a_mutant(tmp_path: Path) -> None:
    challenge = load("conduit")
    known = challenge.answers("a test")
    named = [each for name in known.solutions for each in known.mutants(name)]
    ids = [each.id for each in named if CHECK in each.killed_by]
    shown = explain(tmp_path, CHECK).stdout
    assert ids
    assert not [name for name in ids if name in shown or name.replace("-", " ") in shown]


def test_says_plainly_that_answers_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "PACKAGED", CATALOGUE.resolve())
    monkeypatch.setattr(answers, "PACKAGE", "no_such_answers")
    challenge = load_folder(CATALOGUE / "counter")
    file = io.StringIO()
    show_proof(page_for(file, 100), challenge, challenge.checks[1])
    said = " ".join(file.getvalue().split())
    assert "The solutions and mutants of counter are not installed" in said
    assert "pip install worksample-answers" in said


def counter_run(*results: CheckResult) -> Report:
    return reports.report(results, challenge="counter")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a workspace whose latest run failed one check and passed another."""
    (tmp_path / "worksample.toml").write_text('challenge = "counter"\n')
    failed = reports.failed(reports.check("a-name-is-text", title="A name is text"))
    passed = CheckResult(reports.check("a-counter-can-be-made"), Verdict.PASS)
    assert Workspace.open(tmp_path).save(counter_run(failed, passed))
    return tmp_path


def shown_of(folder: Path, check: str) -> str:
    done = worksample("explain", check, cwd=folder, env=ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_shows_failure_of_latest_run(folder: Path) -> None:
    shown = shown_of(folder, "a-name-is-text")
    assert "not at all: no mutant of the challenge names it" in shown
    assert "Run 20261123-184212-3fa9: fail" in shown
    assert "expected        201 Created" in shown
    assert "`worksample replay 1`" in shown
    assert "201 Created" not in shown_of(folder, "a-counter-can-be-made")
    assert "Run " not in shown_of(folder, "a-counter-can-be-read")


def test_explains_check_beside_a_run_that_cannot_be_read(folder: Path) -> None:
    for path in (folder / ".worksample" / "runs").glob("*/report.json"):
        path.write_text('{"format": 2}')
    shown = shown_of(folder, "a-name-is-text")
    assert shown.startswith("A name is text\n")
    assert "has format 2" in " ".join(shown.split())


def test_refuses_unknown_check_with_close_matches(tmp_path: Path) -> None:
    said = refused(explain(tmp_path, "only-the-autor-may-edit", "--challenge", "conduit"))
    assert "No check of conduit is called 'only-the-autor-may-edit'." in said
    assert "Did you mean only-the-author-may-edit" in said
    assert "`worksample checks` lists all of them" in refused(explain(tmp_path, "qqqq"))


def test_refuses_check_of_two_challenges_and_unknown_challenge(tmp_path: Path) -> None:
    said = refused(explain(tmp_path, "the-server-stays-up"))
    assert "booking and conduit have a check called 'the-server-stays-up'." in said
    assert "--challenge" in said
    assert "There is no challenge called 'x'" in refused(
        explain(tmp_path, CHECK, "--challenge", "x")
    )
    assert "There is no folder nowhere" in refused(explain(tmp_path, CHECK, "nowhere"))
