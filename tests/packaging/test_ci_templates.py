"""The steps of the CI templates in docs/ci, run here as GitHub's and GitLab's runners run them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
import yaml

from tests.packaging.conftest import ROOT, Distributions
from tests.packaging.installation import environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
TEMPLATES = ROOT / "docs" / "ci"
FAILS, PASSES = "an-address-signs-in-however-it-is-typed", "registering-opens-an-account"


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the runner's temporary folder: what one test installs there, the next one finds."""
    return tmp_path_factory.mktemp("runner")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a copy of the junior's server, as a runner checks it out."""
    ignored = shutil.ignore_patterns(".worksample", "__pycache__")
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / "examples" / "conduit-junior", folder, ignore=ignored)
    return folder


def run(script: str, folder: Path, variables: Mapping[str, str]) -> int:
    """Run a step as both runners do (`set -eo pipefail`); return its exit code."""
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**environment(), **variables},
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


def github_steps() -> list[dict[str, Any]]:
    action = yaml.safe_load((TEMPLATES / "github" / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    steps: list[dict[str, Any]] = action["runs"]["steps"]
    return steps


def run_github_step(
    step: dict[str, Any], inputs: Mapping[str, str], folder: Path, temporary: Path
) -> int:
    """Run a step of the composite action with `inputs` in place of its expressions."""

    def value(expression: str) -> str:
        return re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: inputs[found[1]], expression)

    variables = {name: value(text) for name, text in step.get("env", {}).items()}
    where = folder / value(step.get("working-directory", "."))
    return run(step["run"], where, {**variables, "RUNNER_TEMP": str(temporary)})


def test_github_action(distributions: Distributions, repository: Path, temporary: Path) -> None:
    install, check, *uploads = github_steps()
    inputs = {"folder": ".", "package": str(distributions.wheel), "options": f"--only {FAILS}"}
    assert run_github_step(install, inputs, repository, temporary) == 0
    assert run_github_step(check, inputs, repository, temporary) == 1
    report = temporary / "worksample-report"
    (result,) = json.loads((report / "worksample.sarif").read_text())["runs"][0]["results"]
    assert result["ruleId"] == FAILS
    assert Xml.parse(report / "junit.xml").find(f".//testcase[@name='{FAILS}']/failure") is not None
    assert (report / "report.html").stat().st_size > 10_000
    assert all(each["if"] == "always()" for each in uploads)
    assert "runner.temp }}/worksample-report" in str(uploads[0]["with"])
    passing = {**inputs, "options": f"--only {PASSES}"}
    assert run_github_step(check, passing, repository, temporary) == 0
    assert json.loads((report / "worksample.sarif").read_text())["runs"][0]["results"] == []


def test_gitlab_job(distributions: Distributions, repository: Path, temporary: Path) -> None:
    job = yaml.safe_load((TEMPLATES / "gitlab" / "worksample.yml").read_text())["worksample"]
    variables = {
        **job["variables"],
        "WORKSAMPLE_PACKAGE": str(distributions.wheel),
        "WORKSAMPLE_OPTIONS": f"--only {FAILS}",
        "CI_PROJECT_DIR": str(repository),
        "TMPDIR": str(temporary),
    }
    assert run("\n".join(job["script"]), repository, variables) == 1
    reports = job["artifacts"]["reports"]
    (entry,) = json.loads((repository / reports["codequality"]).read_text())
    assert entry["check_name"] == FAILS
    assert {"description", "fingerprint", "severity", "location"} <= set(entry)
    assert Xml.parse(repository / reports["junit"]).find(".//failure") is not None
    assert [repository / each for each in job["artifacts"]["paths"]] == [
        repository / "worksample-report"
    ]
