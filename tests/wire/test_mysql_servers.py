"""A server on MySQL is built, started and checked as a whole, its database behind the wire.

$STAGES_SEED chooses the defect.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.mariadb import needs_mariadb
from worksample.catalogue import Challenge
from worksample.catalogue.discovery import load_folder
from worksample.catalogue.services import ServiceNeeds
from worksample.checks import Verdict
from worksample.grading import Report, RunRequest, RunVerdict, grade
from worksample.services.mysql import MariadbServer
from worksample.services.mysql.login import rows
from worksample.stacks import load_settings

pytestmark = [needs_mariadb, pytest.mark.slow]

SEED = os.environ.get("STAGES_SEED", "1")
TESTS = Path(__file__).parents[1]
COUNTER = TESTS / "scenarios" / "_catalogue" / "counter"
EXPERIMENTS = TESTS / "scenarios" / "_labs" / "experiments.py"
APP = TESTS / "support" / "apps" / "mysql-counters"
#: What a defect changes in store.py.
DEFECTS = {
    "counts by reading first": (" FOR UPDATE", ""),
    "commits too early": (
        'cursor.execute("UPDATE',
        'cursor.connection.commit()\n        cursor.execute("UPDATE',
    ),
}


@pytest.fixture(scope="module")
def challenge(tmp_path_factory: pytest.TempPathFactory) -> Challenge:
    """The counter challenge on a database of choice, with its experiments, under its own name."""
    folder = tmp_path_factory.mktemp("challenges") / "counter-on-mysql"
    shutil.copytree(COUNTER, folder)
    shutil.copy(EXPERIMENTS, folder / "checks")
    needs = ServiceNeeds(choices={"database": ("postgres", "mysql")})
    return replace(load_folder(folder), services=needs)


def request_for(challenge: Challenge, folder: Path, url: str = "") -> RunRequest:
    """Return a request for all checks of the server in `folder`, on the MySQL server at `url`."""
    return RunRequest(
        challenge=challenge,
        folder=folder,
        settings=load_settings(folder),
        seed=7,
        service_urls={"mysql": url} if url else {},
    )


def checked(challenge: Challenge, folder: Path, defect: tuple[str, str] | None = None) -> Report:
    """Check the server, or one with a defect, by all checks of the counter challenge."""
    app = shutil.copytree(APP, folder / "app")
    if defect is not None:
        source = (app / "store.py").read_text()
        assert source.count(defect[0]) == 1
        (app / "store.py").write_text(source.replace(*defect))
    return asyncio.run(grade(request_for(challenge, app)))


def test_correct_server_is_accepted(challenge: Challenge, tmp_path: Path) -> None:
    report = checked(challenge, tmp_path)
    wrong = {each.check.id: each.reason for each in report.results if each.verdict != Verdict.PASS}
    assert wrong == {}
    assert report.verdict == RunVerdict.ACCEPTED
    assert set(report.services) == {"mysql"}
    assert "MySQL (MariaDB), because requirements.txt names pymysql" in report.notes
    assert any("planted defects on PostgreSQL than on MySQL" in each for each in report.notes)


def test_defect_is_found_on_the_wire(challenge: Challenge, tmp_path: Path) -> None:
    defect = random.Random(SEED).choice(sorted(DEFECTS))
    report = checked(challenge, tmp_path, DEFECTS[defect])
    failed = [each for each in report.results if each.verdict == Verdict.FAIL]
    assert "two-who-count-at-once-both-count" in [each.check.id for each in failed]
    assert not [each for each in report.results if each.verdict == Verdict.ERROR]
    assert report.verdict == RunVerdict.REJECTED


def test_external_server_is_used_for_all_checks(challenge: Challenge, tmp_path: Path) -> None:
    app = shutil.copytree(APP, tmp_path / "app")

    async def run() -> Report:
        async with MariadbServer.run() as theirs:
            report = await grade(request_for(challenge, app, theirs.admin.url("")))
            left = await theirs.admin.run("", lambda here: rows(here, "SHOW DATABASES LIKE 'app%'"))
            assert left == []
            return report

    report = asyncio.run(run())
    wrong = {each.check.id: each.reason for each in report.results if each.verdict != Verdict.PASS}
    assert wrong == {}
    assert report.verdict == RunVerdict.ACCEPTED
    assert "MariaDB" in report.services["mysql"]
