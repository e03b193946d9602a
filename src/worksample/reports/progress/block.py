"""Progress on a terminal: one block of lines, redrawn in place and erased at the end."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from typing import TextIO

from rich.cells import cell_len, set_cell_size

from worksample.checks import Check, CheckResult, Verdict
from worksample.checks.formatting import printable
from worksample.probes.exchange import Exchange
from worksample.reports.progress.counts import Counts, summary_line
from worksample.reports.support.formatting import duration, pluralize

_REDRAW_INTERVAL = 0.2
_MIN_SHOWN_SECONDS = 2.0
_RED, _DIM, _RESET = "\x1b[31m", "\x1b[2m", "\x1b[0m"


class Block:
    """Draws the step, the time, counts by aspect, the running checks and the last failure.

    A failure is drawn at once, everything else five times a second, also while nothing happens.
    The cursor is never hidden and no terminal mode is changed, so the terminal is unchanged
    whenever the program ends.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._counts = Counts()
        self._height = 0
        self._drawn = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._coloured = not os.environ.get("NO_COLOR")

    def __enter__(self) -> Block:
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._file.write(self._erase_sequence())
        self._file.flush()
        self._height = 0

    def step(self, name: str, detail: str = "") -> None:
        """Show the step that begins."""
        self._counts.step(name, detail)
        self._draw()
        if self._timer is None:
            self._tick()

    def line(self, text: str) -> None:
        """Show the last line that a build printed."""
        self._counts.line(text)
        self._draw_later()

    def note(self, sentence: str) -> None:
        """Do nothing: the report contains it."""

    def detected(self, *sentences: str, stack: str = "", digest: str = "") -> None:
        """Do nothing: the report contains it."""

    def planned(self, checks: Sequence[Check]) -> None:
        """Show how many checks there are."""
        self._counts.planned(checks)
        self._draw_later()

    def check_started(self, check: Check) -> None:
        """Show the check that starts."""
        self._counts.check_started(check)
        self._draw_later()

    def check_finished(self, result: CheckResult) -> None:
        """Show a failure at once, any other result with the next redraw."""
        self._counts.check_finished(result)
        if result.verdict is Verdict.FAIL:
            self._draw()
        else:
            self._draw_later()

    def request_finished(self, exchange: Exchange) -> None:
        """Count a request."""
        self._counts.request_finished(exchange)

    def _tick(self) -> None:
        """Redraw regularly to update the time; without a running event loop, do nothing."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._draw_later()
        self._timer = loop.call_later(_REDRAW_INTERVAL, self._tick)

    def _draw_later(self) -> None:
        if time.monotonic() - self._drawn >= _REDRAW_INTERVAL:
            self._draw()

    def _draw(self) -> None:
        width = _width(self._file)
        lines = [
            _cut(text, width, style if self._coloured else "") for text, style in self._content()
        ]
        self._file.write(self._erase_sequence() + "".join(f"{line}\n" for line in lines))
        self._file.flush()
        self._height = len(lines)
        self._drawn = time.monotonic()

    def _erase_sequence(self) -> str:
        return f"\x1b[{self._height}A\r\x1b[J" if self._height else ""

    def _content(self) -> list[tuple[str, str]]:
        counts = self._counts
        lines = [(f"{duration(counts.elapsed):>7}  {counts.name} {counts.detail}".rstrip(), "")]
        if counts.last_line:
            lines.append((f"         {counts.last_line.strip()}", _DIM))
        if counts.total:
            lines += [(f"         {self._totals()}", ""), *self._aspects()]
        for title, seconds in counts.running_checks:
            lines.append((f"  running {title}{_elapsed_text(seconds)}", _DIM))
        if counts.last_failure is not None:
            lines.append((f"  failed {summary_line(counts.last_failure)}", _RED))
        return lines

    def _totals(self) -> str:
        counts = self._counts
        done = f"{len(counts.results)} of {pluralize(counts.total, 'check')}"
        return f"{done}, {counts.failed} failed, {pluralize(counts.requests, 'request')}"

    def _aspects(self) -> list[tuple[str, str]]:
        """Return the counts by aspect, on as many lines as they need."""
        lines: list[str] = []
        for aspect, verdicts in self._counts.by_aspect().items():
            failed = f" ✗{verdicts[Verdict.FAIL]}" if verdicts[Verdict.FAIL] else ""
            text = f"{aspect} ✓{verdicts[Verdict.PASS]}{failed}"
            if lines and len(lines[-1]) + 2 + len(text) <= _width(self._file):
                lines[-1] += f"  {text}"
            else:
                lines.append(f"         {text}")
        return [(line, "") for line in lines]


def _elapsed_text(seconds: float) -> str:
    """Return the elapsed time of a check that takes long, else an empty text."""
    return f" ({seconds:.0f} s)" if seconds >= _MIN_SHOWN_SECONDS else ""


def _width(file: TextIO) -> int:
    """Return the maximum width of a line: one cell less than the terminal, so that none wraps."""
    try:
        columns = os.get_terminal_size(file.fileno()).columns
    except (OSError, ValueError):
        columns = 80
    return max(10, (columns or 80) - 1)


def _cut(text: str, width: int, style: str) -> str:
    words = printable(text[: width * 4])
    if cell_len(words) > width:
        words = set_cell_size(words, width - 1) + "…"
    return f"{style}{words}{_RESET}" if style else words
