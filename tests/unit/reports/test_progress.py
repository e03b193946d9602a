"""Progress: lines for pipes, lines redrawn in place for terminals, failures at once."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import pytest
from rich.cells import cell_len

from tests.support import reports
from worksample.checks import CheckResult, Verdict
from worksample.grading import Progress
from worksample.reports.progress import open_progress
from worksample.reports.progress.lines import Lines
from worksample.reports.progress.live import LiveDisplay

ERASE_LINE_ABOVE = "\x1b[1A\x1b[2K"
CHECKS = [reports.check(name) for name in ("one", "two", "three")]


def run(progress: Progress) -> None:
    """Send the events of a small run with one failure to `progress`."""
    progress.step("building", "python")
    progress.line("Collecting \x1b[31mfastapi")
    progress.note("packages from requirements.txt")
    progress.step("asking")
    progress.planned(CHECKS)
    for check in CHECKS:
        progress.check_started(check)
    progress.request_finished(reports.exchange())
    progress.check_finished(CheckResult(CHECKS[0], Verdict.PASS))
    progress.check_finished(reports.failed(CHECKS[1], reports.finding(actual="\x1b[2J500")))
    progress.check_finished(CheckResult(CHECKS[2], Verdict.BLOCKED, blocked_by="two"))


def test_lines_show_steps_notes_and_failures() -> None:
    buffer = io.StringIO()
    with open_progress(buffer) as progress:
        run(progress)
    lines = [line.split("  ", 1)[1].strip() for line in buffer.getvalue().splitlines()]
    assert [line.split(" ms  ")[-1].strip() for line in lines] == [
        "building python",
        "packages from requirements.txt",
        "running checks",
        "3 checks to run",
        "fail: Two: expected 201 Created, got \\u001b[2J500",
    ]
    assert "\x1b" not in buffer.getvalue()


def test_live_display_on_terminal_and_lines_on_dumb_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with terminal() as (_, file):
        monkeypatch.setenv("TERM", "xterm")
        assert isinstance(open_progress(file), LiveDisplay)
        monkeypatch.setenv("TERM", "dumb")
        assert isinstance(open_progress(file), Lines)


def test_live_display_shows_counts_in_one_line_then_erases_itself() -> None:
    with terminal() as (leader, file):
        with LiveDisplay(file) as display:
            run(display)
        output = read(leader)
    plain = re.sub(r"\x1b\[[\d;]*\w", "", output)
    assert "running checks, 2 of 3, 1 failed" in plain
    assert "expected" not in plain
    assert output.endswith(f"\r{ERASE_LINE_ABOVE}")
    assert output.count("\n") == 1


def test_live_display_lines_never_wrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    wide = reports.failed(reports.check("wide", title="記事" * 60))
    with terminal() as (leader, file):
        with LiveDisplay(file) as display:
            run(display)
            display.check_finished(wide)
        lines = [re.sub(r"\x1b\[[\d;]*\w", "", line) for line in read(leader).splitlines()]
    assert all(cell_len(line) <= 30 for line in lines), lines


def test_live_display_leaves_cursor_and_terminal_modes_unchanged() -> None:
    with terminal() as (leader, file):
        before = termios.tcgetattr(file.fileno())
        with pytest.raises(KeyboardInterrupt), LiveDisplay(file) as display:
            run(display)
            raise KeyboardInterrupt
        assert termios.tcgetattr(file.fileno()) == before
        assert "\x1b[?" not in read(leader)


def test_no_color_disables_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with terminal() as (leader, file):
        with LiveDisplay(file) as display:
            run(display)
        assert "\x1b[31m" not in read(leader)


def test_live_display_redraws_while_idle() -> None:
    with terminal() as (leader, file), LiveDisplay(file) as display:
        display.step("building")
        output = ""
        while output.count("building") < 3:
            select.select([leader], [], [])
            output += read(leader)


def test_live_display_shows_the_last_line_of_a_build() -> None:
    with terminal() as (leader, file), LiveDisplay(file) as display:
        display.step("building", "python")
        display.line("Collecting \x1b[31mfastapi")
        output = ""
        while "building python, Collecting \\u001b[31mfastapi" not in (
            re.sub(r"\x1b\[[\d;]*\w", "", output)
        ):
            select.select([leader], [], [])
            output += read(leader)


@contextmanager
def terminal() -> Iterator[tuple[int, TextIO]]:
    """Give the two ends of a pseudoterminal: the leader, and the file that a program writes to."""
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (24, 80))
    try:
        with os.fdopen(follower, "w", encoding="utf-8") as file:
            yield leader, file
    finally:
        os.close(leader)


def read(leader: int) -> str:
    """Return everything written so far."""
    os.set_blocking(leader, False)
    data = b""
    while True:
        try:
            data += os.read(leader, 65536)
        except BlockingIOError:
            return data.decode("utf-8")


def test_live_display_names_the_lab_check_that_runs_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labs = [reports.check(name, lab=True) for name in ("race", "crash")]
    with terminal() as (leader, file):
        display = LiveDisplay(file)
        monkeypatch.setattr(time, "monotonic", lambda: display.began)
        display.planned(labs)
        display.check_started(labs[0])
        monkeypatch.setattr(time, "monotonic", lambda: display.began + 7.3)
        display.check_started(labs[1])
        with display:
            display.step("asking")
            display.check_postponed(labs[0])
            display.step("stopping")
        output = re.sub(r"\x1b\[[\d;]*\w", "", read(leader))
    assert "running checks, 0 of 2, Race (7 s)" in output
    assert "stopping, 0 of 2, Crash" in output


def test_lines_show_a_count_every_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.StringIO()
    lines = Lines(buffer)
    began = time.monotonic()
    for second in (30, 61, 90, 125):
        monkeypatch.setattr(time, "monotonic", lambda at=began + second: at)
        lines.check_finished(CheckResult(reports.check(str(second)), Verdict.PASS))
    assert [line.split("  ")[-1] for line in buffer.getvalue().splitlines()] == [
        "2 of 0 done, 0 failed",
        "4 of 0 done, 0 failed",
    ]


def test_lines_show_what_a_long_build_does_every_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.StringIO()
    lines = Lines(buffer)
    began = time.monotonic()
    for second in (30, 61, 90, 125):
        monkeypatch.setattr(time, "monotonic", lambda at=began + second: at)
        lines.line(f"Building wheel for p{second}: still running...\n")
        lines.line("\n")
    assert [line.split("  ")[-1] for line in buffer.getvalue().splitlines()] == [
        "Building wheel for p61: still running...",
        "Building wheel for p125: still running...",
    ]


def test_lines_show_number_of_lab_checks() -> None:
    buffer = io.StringIO()
    Lines(buffer).planned([*CHECKS, reports.check("race", lab=True)])
    assert "4 checks to run, 1 of them on copies of the server" in buffer.getvalue()
