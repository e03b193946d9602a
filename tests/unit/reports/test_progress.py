"""Progress: lines for pipes, a block for terminals, failures at once."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TextIO

import pytest
from rich.cells import cell_len

from tests.support import reports
from worksample.checks import Aspect, CheckResult, Verdict
from worksample.grading import Progress
from worksample.reports.progress import open_progress
from worksample.reports.progress.block import Block
from worksample.reports.progress.lines import Lines

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
        "asking",
        "3 checks to run",
        "fail: Two: expected 201 Created, got \\u001b[2J500",
    ]
    assert "\x1b" not in buffer.getvalue()


def test_block_on_terminal_and_lines_on_dumb_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal() as (_, file):
        monkeypatch.setenv("TERM", "xterm")
        assert isinstance(open_progress(file), Block)
        monkeypatch.setenv("TERM", "dumb")
        assert isinstance(open_progress(file), Lines)


def test_block_shows_counts_and_failure_then_erases_itself() -> None:
    with terminal() as (leader, file):
        with Block(file) as block:
            run(block)
        screens = read(leader).split("\x1b[J")
    assert "2 of 3 checks, 1 failed, 1 request" in screens[-2]
    assert "behaviour ✓1 ✗1" in screens[-2]
    assert "failed Two: expected 201 Created, got \\u001b[2J500" in screens[-2]
    assert screens[-1] == ""


def test_block_lines_never_wrap() -> None:
    with terminal(columns=30) as (leader, file):
        with Block(file) as block:
            run(block)
            block.check_finished(reports.failed(reports.check("wide", title="記事" * 60)))
        output = read(leader)
    for screen in output.split("\x1b[J"):
        lines = [strip(line) for line in screen.split("\r\n")[:-1]]
        assert all(cell_len(line) < 30 for line in lines), lines


def test_block_moves_up_as_many_lines_as_it_wrote() -> None:
    with terminal() as (leader, file):
        with Block(file) as block:
            run(block)
        parts = read(leader).split("\x1b[J")
    for before, _ in pairwise(parts):
        written = before.count("\r\n")
        assert before.endswith(f"\x1b[{written}A\r")


def test_block_leaves_cursor_and_terminal_modes_unchanged() -> None:
    with terminal() as (leader, file):
        before = termios.tcgetattr(file.fileno())
        with pytest.raises(KeyboardInterrupt), Block(file) as block:
            run(block)
            raise KeyboardInterrupt
        assert termios.tcgetattr(file.fileno()) == before
        assert "\x1b[?" not in read(leader)


def test_no_color_disables_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with terminal() as (leader, file):
        with Block(file) as block:
            run(block)
        output = read(leader)
    assert "\x1b[31m" not in output
    assert "\x1b[2m" not in output


def test_block_redraws_while_idle() -> None:
    output = io.StringIO()

    async def silence(block: Block) -> None:
        block.step("building")
        while output.getvalue().count("building") < 3:
            await asyncio.sleep(0.01)

    with Block(output) as block:
        asyncio.run(asyncio.wait_for(silence(block), 30))


@contextmanager
def terminal(columns: int = 80) -> Iterator[tuple[int, TextIO]]:
    """Give the two ends of a pseudoterminal: the leader, and the file that a program writes to."""
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (24, columns))
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


def strip(line: str) -> str:
    """Return a line without the escape sequences that Block writes."""
    for code in ("\x1b[31m", "\x1b[2m", "\x1b[0m"):
        line = line.replace(code, "")
    assert "\x1b" not in line or line.startswith("\x1b["), line
    return line


def test_block_lists_running_lab_checks_with_duration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labs = [reports.check(name, lab=True) for name in ("race", "crash")]
    with terminal() as (leader, file):
        with Block(file) as block:
            block.planned(labs)
            began = time.monotonic()
            monkeypatch.setattr(time, "monotonic", lambda: began)
            block.check_started(labs[0])
            monkeypatch.setattr(time, "monotonic", lambda: began + 7.3)
            block.check_started(labs[1])
        screens = read(leader).split("\x1b[J")
    assert "  running Race (7 s)" in screens[-2]
    assert "  running Crash\x1b" in screens[-2]


def test_aspect_counts_wrap_onto_more_lines() -> None:
    checks = [reports.check(aspect.value, aspect=aspect) for aspect in Aspect]
    with terminal(columns=50) as (leader, file):
        with Block(file) as block:
            block.planned(checks)
            for check in checks:
                block.check_finished(reports.failed(check))
        screens = read(leader).split("\x1b[J")
    assert all(f"{aspect} ✓0 ✗1" in screens[-2] for aspect in Aspect)


def test_lines_show_number_of_lab_checks() -> None:
    buffer = io.StringIO()
    Lines(buffer).planned([*CHECKS, reports.check("race", lab=True)])
    assert "4 checks to run, 1 of them on copies of the server" in buffer.getvalue()
