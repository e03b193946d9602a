"""A whole server in Go, as somebody may bring it: built, started, and asked everything."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.checking import check, verdicts
from tests.support.machine import OF_THE_MACHINE
from worksample.stacks.go.toolchain import toolchains

APP = Path(__file__).parents[1] / "support" / "apps" / "go-conduit"

pytestmark = [
    pytest.mark.skipif(not any(toolchains()), reason="Go is not installed"),
    pytest.mark.slow,
]


def test_server_in_go_is_accepted(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(APP, tmp_path / "conduit"))
    code, report = check(folder, "--challenge", "conduit", "--spec", "brief")
    if "downloading the Go modules" in str(report["problem"]):
        pytest.skip(f"{OF_THE_MACHINE}the modules of Go cannot be downloaded")
    assert (code, report["verdict"]) == (0, "accepted"), verdicts(report, "fail")
    assert report["stack"] == "go-nethttp"
    assert not verdicts(report, "blocked") | verdicts(report, "undecided")
