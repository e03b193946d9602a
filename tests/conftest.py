"""Options and fixtures of all tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Iterator

import pytest

from tests.support.hanging import StacksOnStderr
from tests.support.machine import fails_in_ci

# A script starts what it puts in the background with SIGINT ignored, and a child inherits that.
# Tests that interrupt programs need them as a terminal starts them.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The projects of learners have tests of their own.
collect_ignore = ["support/apps", "stages/grown"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--record`."""
    parser.addoption(
        "--record",
        action="store_true",
        help="write the expected reports of scenarios instead of comparing them",
    )


def pytest_configure(config: pytest.Config) -> None:
    """In a process of pytest-xdist, show where a test hangs: its stdout leads nowhere."""
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(StacksOnStderr(os.dup(2)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI, turn a skip for want of a package into a failure."""
    report = yield
    if problem := fails_in_ci(report):
        report.outcome, report.longrepr = "failed", problem
    return report


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what Worksample remembers of the user apart: reports depend on it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture
def record(request: pytest.FixtureRequest) -> bool:
    """Whether expected reports are written instead of compared."""
    return bool(request.config.getoption("--record") or os.environ.get("WORKSAMPLE_RECORD"))
