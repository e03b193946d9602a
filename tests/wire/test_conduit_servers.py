"""Whole servers in Spring Boot, as somebody may bring them: accepted as they are.

$STAGES_SEED chooses the aspect of which the checks are asked; `STAGES_SEED=all`, for this file
alone, asks all of them.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.checking import WHOLE_CHECK, check, verdicts
from tests.support.java import NO_JAVA
from tests.support.machine import OF_THE_MACHINE
from worksample.checks import Aspect

APPS = Path(__file__).parents[1] / "support" / "apps"
SEED = os.environ.get("STAGES_SEED", "1")
ASPECTS = sorted(Aspect)


def of_one_aspect(app: str, stack: str, mark: pytest.MarkDecorator) -> Any:
    """Return a test of the server `app` with the aspect that the seed chooses."""
    chosen = ASPECTS if SEED == "all" else [random.Random(f"{SEED} {app}").choice(ASPECTS)]
    name = f"{app}, seed {SEED}: {' '.join(chosen)}"
    return pytest.param(app, stack, chosen, marks=mark, id=name)


SERVERS = [
    of_one_aspect("spring-conduit", "java-spring", NO_JAVA),
]

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(WHOLE_CHECK)]


@pytest.mark.parametrize(("app", "stack", "only"), SERVERS)
def test_server_is_accepted(app: str, stack: str, only: list[str], tmp_path: Path) -> None:
    server = shutil.copytree(APPS / app, tmp_path / "conduit")
    options = ("--challenge", "conduit", "--spec", "brief", "--only", ",".join(only))
    code, report = check(server, *options)
    if "download" in str(report["problem"]):
        pytest.skip(f"{OF_THE_MACHINE}what {stack} needs cannot be downloaded")
    assert (code, report["verdict"]) == (0, "accepted"), verdicts(report, "fail")
    assert report["stack"] == stack
    assert not verdicts(report, "blocked") | verdicts(report, "undecided")
