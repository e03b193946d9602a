"""Progress on a terminal: a line that rich redraws in place and erases at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from worksample.checks import CheckResult, Verdict
from worksample.checks.formatting import printable
from worksample.messages import message
from worksample.reports.progress.counts import Counts
from worksample.reports.support.formatting import duration

_REDRAWS_PER_SECOND = 5
_MIN_SHOWN_SECONDS = 2.0


class LiveDisplay(Counts):
    """Shows the time, the step, the counts and one of the running checks, in one line.

    A failure is drawn at once, everything else five times a second, also while nothing happens: a
    thread of rich calls `_render`, which therefore reads copies of what changes.
    """

    def __init__(self, file: TextIO) -> None:
        super().__init__()
        self._live = Live(
            console=_Console(file=file, highlight=False, soft_wrap=False),
            get_renderable=self._render,
            refresh_per_second=_REDRAWS_PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> LiveDisplay:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def step(self, name: str, detail: str = "") -> None:
        """Show the step that begins."""
        super().step(name, detail)
        self._live.refresh()

    def check_finished(self, result: CheckResult) -> None:
        """Show a failure at once, any other result with the next redraw."""
        super().check_finished(result)
        if result.verdict is Verdict.FAIL:
            self._live.refresh()

    def _render(self) -> RenderableType:
        if not self.name:
            return Group()
        line = Text(f"{duration(self.elapsed):>7}  ", no_wrap=True, overflow="ellipsis")
        line.append(printable(f"{self.name} {self.detail}".rstrip()))
        for words, style in self._now():
            line.append(", ").append(printable(words), style)
        return line

    def _now(self) -> Iterator[tuple[str, str]]:
        """Yield what a step does now: the last line of a build, or the counts and a check."""
        if self.last_line:
            yield self.last_line.strip(), "dim"
        if not self.total:
            return
        yield message("{count} of {total}", count=len(self.results), total=self.total), ""
        if self.failed:
            yield message("{failed} failed", failed=self.failed), "red"
        for title, seconds in self.running_checks[:1]:
            yield f"{title}{_elapsed_text(seconds)}", "dim"


class _Console(Console):
    """Never hides the cursor, so that the terminal is as before even after `kill -9`."""

    def show_cursor(self, show: bool = True) -> bool:
        """Do nothing."""
        return False


def _elapsed_text(seconds: float) -> str:
    """Return the elapsed time of a check that takes long, else an empty text."""
    return f" ({seconds:.0f} s)" if seconds >= _MIN_SHOWN_SECONDS else ""
