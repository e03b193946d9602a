"""A whole server in Django, as somebody may bring it: accepted as it is, rejected with a defect.

$STAGES_SEED chooses the aspects that are checked, and the defects; `STAGES_SEED=all`, for this file
alone, checks the whole and tries all.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from tests.support.checking import WHOLE_CHECK, Report, check, verdicts
from tests.support.machine import OF_THE_MACHINE
from worksample.catalogue.mutants import Mutant, mutants_in
from worksample.checks import Aspect

APPS = Path(__file__).parents[1] / "support" / "apps"
SEED = os.environ.get("STAGES_SEED", "1")
MUTANTS = mutants_in(APPS / "django-conduit.mutants")
CHOSEN = MUTANTS if SEED == "all" else random.Random(SEED).sample(MUTANTS, 2)
ASPECTS = sorted(Aspect) if SEED == "all" else random.Random(SEED).sample(sorted(Aspect), 2)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(WHOLE_CHECK)]


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """A copy of the server that may be changed."""
    return Path(shutil.copytree(APPS / "django-conduit", tmp_path / "conduit"))


def checked(server: Path, only: list[str]) -> tuple[int, Report]:
    """Check by the brief, of all checks only these, or those of these aspects."""
    options = ("--challenge", "conduit", "--spec", "brief", "--only", ",".join(only))
    code, report = check(server, *options)
    if "installing the Python packages" in str(report["problem"]):
        pytest.skip(f"{OF_THE_MACHINE}the packages of Django cannot be installed")
    return code, report


def test_server_in_django_is_accepted(server: Path) -> None:
    code, report = checked(server, list(ASPECTS))
    assert (code, report["verdict"]) == (0, "accepted"), verdicts(report, "fail")
    assert report["stack"] == "python-django"
    assert not verdicts(report, "blocked") | verdicts(report, "undecided")


@pytest.mark.parametrize("mutant", CHOSEN, ids=lambda each: f"{each.id}, seed {SEED}")
def test_defect_of_a_server_in_django_is_found(server: Path, mutant: Mutant) -> None:
    mutant.apply(server)
    code, report = checked(server, sorted(mutant.killed_by))
    assert code == 1
    assert verdicts(report, "fail") >= set(mutant.killed_by)
