"""The five-minute tour of the README, walked in an installation without a checkout."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT
from tests.packaging.installation import Installation, environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
#: What the output of each command contains, in the order of the tour.
SHOWS = {
    "work": "conduit",
    "start": "worksample check --stage 1",
    "check --stage 1": "ACCEPTED",
    "check --watch": "NOT YET",
    "replay": "POST /api/users",
    "report --html": "report.html",
}
_PATIENCE = 600.0


def tour() -> list[str]:
    """Return the commands of the README's section, without their comments."""
    section = (ROOT / "README.md").read_text().split("## In five minutes")[1].split("\n## ")[0]
    lines = re.findall(r"^ {4}(\S.*?)(?:\s+#.*)?$", section, re.MULTILINE)
    assert len(lines) == len(SHOWS) + 1, lines
    return lines


def run(program: Path, words: list[str], folder: Path) -> str:
    """Run a command to its end, or until a watch has shown its first report; return its output."""
    process = subprocess.Popen(
        [program, *words],
        cwd=folder,
        env={**environment(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    watchdog = threading.Timer(_PATIENCE, process.kill)
    watchdog.start()
    assert process.stdout is not None
    shown = ""
    try:
        for line in process.stdout:
            shown += line
            if "--watch" in words and line.startswith("Waiting for a change"):
                process.send_signal(signal.SIGINT)
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        process.stdout.close()
    return shown


def test_tour_of_the_readme_works_as_installed(learner: Installation, tmp_path: Path) -> None:
    program, folder = learner.programs / "worksample", tmp_path
    expected = iter(SHOWS.items())
    for line in tour():
        command, *words = shlex.split(line)
        if command == "cd":
            folder = folder / words[0]
            continue
        assert command == "worksample"
        name, part = next(expected)
        assert " ".join(words).startswith(name)
        assert part in run(program, words, folder), line
