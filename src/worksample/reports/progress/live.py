"""Progress on a terminal: a few lines that rich redraws in place and erases at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.text import Text

from worksample.checks import CheckResult, Verdict
from worksample.checks.formatting import printable
from worksample.messages import message
from worksample.reports.progress.counts import Counts, summary_line
from worksample.reports.support.formatting import duration, pluralize

_REDRAWS_PER_SECOND = 5
_MIN_SHOWN_SECONDS = 2.0
_INDENT = " " * 9


class LiveDisplay(Counts):
    """Shows the step, the time, counts by aspect, the running checks and the last failure.

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

    def _render(self) -> Group:
        return Group(*self._parts())

    def _parts(self) -> Iterator[RenderableType]:
        if not self.name:
            return
        yield _line(f"{duration(self.elapsed):>7}  {self.name} {self.detail}".rstrip())
        if self.last_line:
            yield _line(f"{_INDENT}{self.last_line.strip()}", "dim")
        if self.total:
            yield _line(_INDENT + self._totals())
            yield Padding(Columns(self._aspects(), padding=(0, 2)), (0, 0, 0, len(_INDENT)))
        for title, seconds in self.running_checks:
            yield _line(
                message("  running {title}{elapsed}", title=title, elapsed=_elapsed_text(seconds)),
                "dim",
            )
        if self.last_failure is not None:
            yield _line(
                message("  failed {summary}", summary=summary_line(self.last_failure)), "red"
            )

    def _totals(self) -> str:
        return message(
            "{count} of {checks}, {failed} failed, {requests}",
            count=len(self.results),
            checks=pluralize(self.total, "check"),
            failed=self.failed,
            requests=pluralize(self.requests, "request"),
        )

    def _aspects(self) -> Iterator[str]:
        for aspect, verdicts in self.by_aspect().items():
            failed = f" ✗{verdicts[Verdict.FAIL]}" if verdicts[Verdict.FAIL] else ""
            yield f"{aspect} ✓{verdicts[Verdict.PASS]}{failed}"


class _Console(Console):
    """Never hides the cursor, so that the terminal is as before even after `kill -9`."""

    def show_cursor(self, show: bool = True) -> bool:
        """Do nothing."""
        return False


def _line(text: str, style: str = "") -> Text:
    """Return a line that is cut where the terminal ends; control characters become visible."""
    return Text(printable(text), style, no_wrap=True, overflow="ellipsis")


def _elapsed_text(seconds: float) -> str:
    """Return the elapsed time of a check that takes long, else an empty text."""
    return f" ({seconds:.0f} s)" if seconds >= _MIN_SHOWN_SECONDS else ""
