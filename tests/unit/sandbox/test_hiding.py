"""Programs that see no other processes, and find folders empty."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from worksample.errors import InternalError
from worksample.sandbox.hiding import can_hide, hiding, require_hidden

pytestmark = pytest.mark.skipif(not can_hide(), reason="needs namespaces")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "secret").write_text("x")
    (tmp_path / "shown").write_text("y")
    return tmp_path


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = hiding(("/bin/sh", "-c", script), [folder / "hidden"])
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=30)


def test_folder_is_empty_and_the_rest_is_as_it_was(folder: Path) -> None:
    done = run("ls hidden; cat shown; id -u; pwd; echo y > new", folder)
    assert done.stdout.split() == ["y" + str(os.getuid()), str(folder)]
    assert (folder / "new").exists()
    assert (folder / "hidden" / "secret").exists()


def test_nothing_can_be_uncovered(folder: Path) -> None:
    done = run("umount hidden; unshare -U -m umount hidden; touch hidden/x; ls hidden", folder)
    assert done.stdout == ""
    assert done.returncode == 0


def test_no_other_process_is_seen(folder: Path) -> None:
    done = run(f"ls -d /proc/[0-9]*; kill -0 {os.getpid()}", folder)
    assert len(done.stdout.split()) <= 4
    assert done.returncode != 0


@pytest.mark.parametrize(
    ("script", "code"),
    [("exit 7", 7), ("kill -TERM $$", -signal.SIGTERM), ("kill -KILL $$", -signal.SIGKILL)],
)
def test_exit_is_that_of_the_program(folder: Path, script: str, code: int) -> None:
    assert run(script, folder).returncode == code


def test_missing_program_is_told(folder: Path) -> None:
    done = subprocess.run(
        hiding(("no-such-program",), [folder / "hidden"]), capture_output=True, text=True
    )
    assert done.returncode == 127
    assert "no-such-program: No such file or directory" in done.stderr


def test_run_that_cannot_be_hidden_is_our_error(folder: Path) -> None:
    done = subprocess.run(hiding(("true",), [folder / "none"]), capture_output=True, text=True)
    with pytest.raises(InternalError, match="apart from others: No such file"):
        require_hidden(done.returncode, done.stderr)
    require_hidden(125, "exit code of the program itself")


def test_what_the_program_leaves_is_ended(folder: Path) -> None:
    done = run("setsid sleep 600 & echo $! > pid; exit 0", folder)
    assert done.returncode == 0
    assert not _running("sleep 600", folder)


def test_sigterm_reaches_the_program(folder: Path) -> None:
    script = "trap 'echo bye > said; exit 3' TERM; echo > ready; while :; do sleep 0.01; done"
    command = hiding(("/bin/sh", "-c", script), [folder / "hidden"])
    with subprocess.Popen(command, cwd=folder) as process:
        deadline = time.monotonic() + 30
        while not (folder / "ready").exists():
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 3
    assert (folder / "said").read_text() == "bye\n"


def _running(command: str, folder: Path) -> bool:
    """Return whether a process runs `command` in `folder`."""
    for each in Path("/proc").glob("[0-9]*"):
        try:
            line = (each / "cmdline").read_text().replace("\0", " ").strip()
            if line == command and (each / "cwd").readlink() == folder:
                return True
        except OSError:
            continue
    return False
