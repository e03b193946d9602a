"""A server in Spring Boot, started and checked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.java import NO_JAVA

APP = Path(__file__).parents[2] / "support" / "apps" / "spring-counters"
CATALOGUE = Path(__file__).parents[2] / "scenarios" / "_catalogue"

pytestmark = [NO_JAVA, pytest.mark.slow]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A copy of the project that may be changed."""
    return Path(shutil.copytree(APP, tmp_path / "app"))


def test_server_is_checked(app: Path) -> None:
    (app / "worksample.toml").write_text('challenge = "counter"\n')
    done = subprocess.run(
        [sys.executable, "-m", "worksample", "check", "--json"],
        cwd=app,
        env={**os.environ, "WORKSAMPLE_CHALLENGES": str(CATALOGUE)},
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout)
    assert done.returncode == 0, found
    assert found["stack"] == "java-spring"
    assert {each["verdict"] for each in found["checks"]} == {"pass"}
