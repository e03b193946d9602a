"""`worksample up`: the server of a workspace runs until Ctrl-C, and nothing is left."""

from __future__ import annotations

import signal
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.support.counters import ENVIRONMENT, counter_workspace
from tests.support.running import running_process, worksample


def test_server_runs_until_it_is_interrupted(tmp_path: Path) -> None:
    folder = counter_workspace("correct", tmp_path / "mine")
    with running_process(["up", "mine"], cwd=tmp_path, extra=ENVIRONMENT) as up:
        url = up.wait_for_line("server ").split()[1]
        assert "postgresql://" in up.wait_for_line("DATABASE_URL")
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{url}/counters/nobody")
        assert up.stop(signal.SIGINT) == 0
        assert "Stopped; nothing was left running." in up.lines[-1]
    assert folder.is_dir()


def test_folder_that_is_no_workspace_is_told(tmp_path: Path) -> None:
    done = worksample("up", cwd=tmp_path)
    assert done.returncode == 2
    assert "is not a workspace" in done.stderr
