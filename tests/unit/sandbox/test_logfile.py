"""The log file: bounded size, slices by position, lines."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from worksample.sandbox import Command, LogFile, run
from worksample.sandbox.supervisor import LogWriter

HEAD, TAIL = 100, 300


def written(path: Path, *pieces: bytes) -> LogFile:
    log = LogWriter(str(path), HEAD, TAIL)
    for piece in pieces:
        log.write(piece)
    return LogFile(path, HEAD, TAIL)


def test_missing_log_is_empty(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "none")
    assert (log.position, log.text(), log.lines()) == (0, "", "")


def test_slice_returns_output_between_two_positions(tmp_path: Path) -> None:
    log = written(tmp_path / "log", b"before|")
    start = log.position
    LogWriter(str(log.path), HEAD, TAIL).write(b"during|")
    end = log.position
    LogWriter(str(log.path), HEAD, TAIL).write(b"after|")
    assert log.slice(start, end) == b"during|"
    assert log.slice(0) == b"before|during|after|"
    assert log.slice(end, start) == b""


@pytest.mark.parametrize("total", [99, 100, 101, 399, 400])
def test_keeps_everything_up_to_the_limit(tmp_path: Path, total: int) -> None:
    data = bytes(each % 251 for each in range(total))
    assert written(tmp_path / "log", data).slice(0) == data


@pytest.mark.parametrize("total", [401, 700, 5000])
def test_keeps_head_and_tail_beyond_the_limit(tmp_path: Path, total: int) -> None:
    data = bytes(65 + each % 26 for each in range(total))
    log = written(tmp_path / "log", data[:150], data[150:])
    dropped = total - HEAD - TAIL
    note = f"\n[{dropped} bytes of output were dropped here]\n".encode()
    assert log.slice(0) == data[:HEAD] + note + data[-TAIL:]
    assert log.position == total
    assert log.slice(total - 10) == data[-10:]
    assert log.path.stat().st_size <= HEAD + TAIL + 24


def test_fully_dropped_slice_is_replaced_by_a_note(tmp_path: Path) -> None:
    log = written(tmp_path / "log", b"x" * 5000)
    assert log.slice(200, 300) == b"\n[100 bytes of output were dropped here]\n"


def test_lines_returns_the_last_lines(tmp_path: Path) -> None:
    log = written(tmp_path / "log", b"".join(b"line %d\n" % each for each in range(30)))
    assert log.lines(3) == "line 27\nline 28\nline 29"
    assert len(log.lines(100).splitlines()) == 30


def test_invalid_utf8_becomes_replacement_character(tmp_path: Path) -> None:
    assert written(tmp_path / "log", b"a\xffb").text() == "a\ufffdb"


def test_large_output_is_bounded_on_disk_and_does_not_block(tmp_path: Path) -> None:
    code = "import sys\nfor _ in range(400): sys.stdout.write('x' * 99_999 + '\\n')\nprint('end')"
    command = Command([sys.executable, "-I", "-S", "-c", code], tmp_path, {})
    log = LogFile(tmp_path / "log")
    done = asyncio.run(run(command, log, timeout=120))
    assert done.ok
    assert log.position == 400 * 100_000 + 4
    assert log.path.stat().st_size <= log.head + log.tail + 24
    assert log.lines(1) == "end"
