"""What came of asking the same checks again and again: kept, gone on with, told as a table."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from worksample.checks import Verdict

ON_ONE, ON_MANY = "on one", "on many"
HEAD = (
    "stack",
    "defect",
    "found; median, worst time to it",
    "the same beside a busy neighbour",
    "by 50 requests on one thing",
    "by 25 pairs of requests",
)


@dataclass(slots=True)
class Row:
    """All questions to a mutant (or, without one, to a reference), in the order of asking.

    Each run asks every one of `checks` once: `asked` holds verdict and seconds of run 0, then those
    of run 1, and so on. `bursts` say for each burst of a sort whether it showed the defect. `odd`
    tells what did not come as it should. `source` is a digest of all that made the row.
    """

    stack: str
    mutant: str
    kind: str
    busy: bool
    checks: list[str]
    source: str
    asked: list[tuple[str, float]] = field(default_factory=list)
    bursts: dict[str, list[bool]] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str, bool]:
        """What the row is about."""
        return self.stack, self.mutant, self.kind, self.busy

    @property
    def runs(self) -> int:
        """How many runs are whole."""
        return len(self.asked) // len(self.checks)

    @property
    def found(self) -> int:
        """In how many of them every check failed."""
        width = len(self.checks)
        whole = [self.asked[width * run : width * (run + 1)] for run in range(self.runs)]
        return sum(all(verdict == Verdict.FAIL for verdict, _ in run) for run in whole)

    @property
    def false_findings(self) -> int:
        """How many questions ended in a finding: on a reference, each is a wrong one."""
        return len(self.seconds_to_finding)

    @property
    def seconds_to_finding(self) -> list[float]:
        """The seconds from the beginning of a check to its finding, of all findings."""
        return [seconds for verdict, seconds in self.asked if verdict == Verdict.FAIL]

    def line(self) -> str:
        """What is known of this row alone, as a line of the table."""
        return _line([self], self.stack, self.mutant or f"{self.kind}: none planted")


class ResultsFile:
    """Rows in a file: saved as they grow, gone on with unless what made them has changed."""

    def __init__(self, path: Path | None, *, anew: bool = False) -> None:
        self._path = path
        known = json.loads(path.read_text("utf-8")) if path and path.exists() and not anew else []
        self.rows = {row.key: row for row in (Row(**each) for each in known)}

    def row(self, fresh: Row) -> Row:
        """Return the row to go on with: the one that is there, or `fresh`."""
        there = self.rows.get(fresh.key)
        if there is None or (there.source, there.checks) != (fresh.source, fresh.checks):
            self.rows[fresh.key] = there = fresh
        return there

    def save(self) -> None:
        """Write all rows, so that what is there is whole whenever we are stopped."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps([asdict(row) for row in self.rows.values()]) + "\n", "utf-8")
        new.replace(self._path)


def head() -> str:
    """The head of the table."""
    return f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}"


def table(rows: Iterable[Row]) -> str:
    """All rows in Markdown, what was quiet and what was busy in one line; then their sums."""
    known = [row for row in rows if row.asked]
    named = dict.fromkeys((row.stack, row.mutant, row.kind) for row in known)
    lines = [
        _line([row for row in known if row.key[:3] == name], name[0], name[1])
        for name in sorted(named)
        if name[1]
    ]
    return "\n".join([head(), *lines, *_sums(known)])


def _sums(rows: Sequence[Row]) -> list[str]:
    lines = []
    for kind in sorted({row.kind for row in rows}):
        mutants = [row for row in rows if row.kind == kind and row.mutant]
        references = [row for row in rows if row.kind == kind and not row.mutant]
        count = len({(row.stack, row.mutant) for row in mutants})
        lines += [_line(mutants, "all", f"{kind}: {count} planted")] if mutants else []
        lines += [_line(references, "all", f"{kind}: none planted")] if references else []
    return lines


def _line(rows: Sequence[Row], stack: str, defect: str) -> str:
    quiet, busy = ([row for row in rows if row.busy is kind] for kind in (False, True))
    sent = [row for row in quiet if row.bursts] or busy
    cells = (stack, defect, _found(quiet), _found(busy), *(_shown(sent, s) for s in SORTS))
    return f"| {' | '.join(cells)} |"


SORTS = (ON_ONE, ON_MANY)


def _found(rows: Sequence[Row]) -> str:
    seconds_to_finding = [seconds for row in rows for seconds in row.seconds_to_finding]
    time = (
        f"; {statistics.median(seconds_to_finding):.2f} s, {max(seconds_to_finding):.2f} s"
        if seconds_to_finding
        else ""
    )
    if any(row.mutant for row in rows):
        return f"{_sum(rows, lambda row: row.found)} of {_sum(rows, lambda row: row.runs)}{time}"
    asked = _sum(rows, lambda row: len(row.asked))
    return (
        f"{_sum(rows, lambda row: row.false_findings)} of {asked} questions{time}" if rows else "–"
    )


def _shown(rows: Sequence[Row], sort: str) -> str:
    sent = [shown for row in rows for shown in row.bursts.get(sort, ())]
    return f"{sum(sent)} of {len(sent)}" if sent else "–"


def _sum(rows: Sequence[Row], of: Callable[[Row], int]) -> str:
    return f"{sum(map(of, rows)):,}"
